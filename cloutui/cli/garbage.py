"""Garbage collection starts when what lives for ever has been loaded.

Loading makes many objects that live as long as the process: looking for garbage among them takes a tenth of the time to
the first paint, and would be done again at every later collection.
"""

from __future__ import annotations

import gc


def hold_garbage() -> None:
    """Collect none until `collect_garbage`."""
    gc.disable()


def collect_garbage() -> None:
    """From now on, and not among what has been loaded so far."""
    gc.freeze()
    gc.enable()
