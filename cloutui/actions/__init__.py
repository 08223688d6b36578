"""Actions: the only way anything changes. One module for each capability; faces call `perform` and nothing else.

This package loads nothing by itself: `cloutui.actions.registry` knows every action.
"""
