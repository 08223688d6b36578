"""Terminal widgets that know no product and no database. They are given values, and say what the reader did.

Every pane is drawn line by line (Textual's Line API): no widget per row or cell, no markup, and colours by role.
"""
