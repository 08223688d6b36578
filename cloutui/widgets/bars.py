"""Bars in one line of text: a share of a whole, and the parts of one. The value is always printed beside them."""

from __future__ import annotations

from collections.abc import Sequence

from cloutui.widgets.look import Look
from cloutui.widgets.text import Piece


def bar(share: float | None, width: int, look: Look, role: str = "accent", on: str = "background") -> list[Piece]:
    """`━━━━━━────`: a share from 0 to 1. Of an unknown one, and of nothing, only the ground is drawn.

    What is more than nothing has a cell, what is less than all leaves one.
    """
    ascii_only, safe_only = look.glyphs.rule.isascii(), look.glyphs.enter == "enter"
    filled = "=" if ascii_only else "█" if safe_only else "━"
    cells = 0
    if share is not None and share > 0:
        cells = width if share >= 1 else max(1, min(width - 1, round(share * width)))
    return [
        (filled * cells, look.palette.style(role, on)),
        (look.glyphs.rule * (width - cells), look.palette.style("line", on)),
    ]


def shares(counts: Sequence[int], width: int) -> list[int]:
    """How many of `width` cells each count gets: in proportion, and one at least for each that is not 0."""
    total = sum(counts)
    if not total or width <= 0:
        return [0] * len(counts)
    cells = [max(1, count * width // total) if count else 0 for count in counts]
    # What rounding leaves over or lacks is the largest's: there it shows least.
    while (excess := sum(cells) - width) != 0:
        largest = max(range(len(cells)), key=lambda place: cells[place])
        if excess > 0 and cells[largest] <= 1:
            break  # more kinds than cells
        cells[largest] -= excess if excess < 0 else min(excess, cells[largest] - 1)
    return cells
