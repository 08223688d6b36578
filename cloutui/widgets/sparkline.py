"""A sparkline: the shape of some values in one line of text, on a scale of its own.

It never stands alone: whoever draws it prints the last value beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from cloutui.widgets.glyphs import ASCII, SAFE, Glyphs

WIDTH = 14

_LEVELS = "▁▂▃▄▅▆▇█"
_SAFE_LEVELS = "─▄█"
_ASCII_LEVELS = "_-="


def sparkline(values: Sequence[float | None], glyphs: Glyphs, width: int = WIDTH) -> str:
    """The values in `width` cells, oldest first. More values than cells are averaged, None leaves its cell blank.

    Fewer values than cells stand at the right end, where the newest is always found.
    """
    levels = _ASCII_LEVELS if glyphs == ASCII else _SAFE_LEVELS if glyphs == SAFE else _LEVELS
    cells = _averaged([value if value is not None and isfinite(value) else None for value in values], width)
    known = [value for value in cells if value is not None]
    least, span = min(known, default=0.0), max(known, default=0.0) - min(known, default=0.0)
    text = "".join(" " if value is None else levels[_level(value - least, span, len(levels))] for value in cells)
    return text.rjust(width)


def _level(above: float, span: float, levels: int) -> int:
    """Which of the levels. Values that are all the same lie on the lowest: a full bar would look like a limit."""
    return 0 if span <= 0 else min(levels - 1, int(above / span * levels))


def _averaged(values: Sequence[float | None], width: int) -> list[float | None]:
    if len(values) <= width:
        return list(values)
    edges = [place * len(values) // width for place in range(width + 1)]
    shares = ([v for v in values[edges[cell] : edges[cell + 1]] if v is not None] for cell in range(width))
    return [sum(share) / len(share) if share else None for share in shares]
