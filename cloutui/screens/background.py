"""Questions that are asked while the reader goes on."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, cast

from textual.dom import DOMNode


def ask_in_background(node: DOMNode, work: Callable[[], Coroutine[Any, Any, None]], group: str) -> None:
    """Start the work; what the node still does in the same group is no longer wanted and is cancelled.

    The work is given as a function: one that is cancelled before it begins must not leave a coroutine behind.
    """
    # Textual declares the types of a coroutine's send and yield as None, Python's own inference as Any.
    node.run_worker(cast("Callable[[], None]", work), exclusive=True, group=group)
