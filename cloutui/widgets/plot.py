"""Curves as text: dots in cells, and where an axis has its marks. Pure.

A cell of braille holds 2 × 4 dots and shows a line. Terminals without it get the area below the line instead, in half
and full blocks, or in `#`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil, floor, log10
from typing import Protocol

_NOTHING = 1e-9
"""Differences below this part of the values, and values below it, are noise."""

Dot = tuple[float, float]
"""Right and up, each from 0 to 1."""


class Canvas(Protocol):
    """Takes lines between dots, gives rows of text."""

    def line(self, start: Dot, end: Dot) -> None:
        """Draw from one dot to another."""

    def rows(self) -> list[str]:
        """What was drawn, from the top; blanks where nothing was."""


class Braille:
    """A line, in eight dots a cell; a dotted one leaves every other cell out."""

    _BITS = ((0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08))
    """By column and height: the dots of a braille sign, as Unicode numbers them from U+2800."""

    def __init__(self, width: int, height: int, *, dotted: bool = False) -> None:
        self._cells = [[0] * width for _ in range(height)]
        self._dotted = dotted
        self._across, self._up = 2 * width - 1, 4 * height - 1

    def line(self, start: Dot, end: Dot) -> None:
        """Draw from one dot to another."""
        x0, y0 = start[0] * self._across, start[1] * self._up
        x1, y1 = end[0] * self._across, end[1] * self._up
        steps = max(1, ceil(max(abs(x1 - x0), abs(y1 - y0))))
        for step in range(steps + 1):
            x, y = round(x0 + (x1 - x0) * step / steps), round(y0 + (y1 - y0) * step / steps)
            self._cells[len(self._cells) - 1 - y // 4][x // 2] |= self._BITS[x % 2][y % 4]

    def rows(self) -> list[str]:
        """What was drawn."""
        return [
            "".join(chr(0x2800 + bits) if bits and not (self._dotted and x % 2) else " " for x, bits in enumerate(row))
            for row in self._cells
        ]


class Signs:
    """A line of one sign a cell: what stands beside a curve and must not be taken for it."""

    def __init__(self, width: int, height: int, sign: str) -> None:
        self._cells = [[" "] * width for _ in range(height)]
        self._sign = sign

    def line(self, start: Dot, end: Dot) -> None:
        """Draw from one dot to another, from left to right."""
        height, width = len(self._cells), len(self._cells[0])
        first, last = (round(x * (width - 1)) for x in (start[0], end[0]))
        for x in range(first, last + 1):
            up = start[1] if last == first else start[1] + (end[1] - start[1]) * (x - first) / (last - first)
            self._cells[height - 1 - round(up * (height - 1))][x] = self._sign

    def rows(self) -> list[str]:
        """What was drawn."""
        return ["".join(row) for row in self._cells]


class Area:
    """What lies below a line, in one column a cell."""

    def __init__(self, width: int, height: int, signs: str) -> None:
        """`signs` fill a cell from the lowest part to the whole."""
        self._tops: list[float | None] = [None] * width
        self._height, self._signs = height, signs

    def line(self, start: Dot, end: Dot) -> None:
        """Draw from one dot to another, from left to right."""
        x0, x1 = (round(x * (len(self._tops) - 1)) for x in (start[0], end[0]))
        for x in range(x0, x1 + 1):
            self._tops[x] = start[1] if x1 == x0 else start[1] + (end[1] - start[1]) * (x - x0) / (x1 - x0)

    def rows(self) -> list[str]:
        """What was drawn. A known value fills a part of a cell at least: it is not a gap."""
        parts = len(self._signs)
        filled = [0 if top is None else max(1, round(top * self._height * parts)) for top in self._tops]
        rows = []
        for row in reversed(range(self._height)):
            levels = (max(0, min(parts, fill - row * parts)) for fill in filled)
            rows.append("".join(self._signs[level - 1] if level else " " for level in levels))
        return rows


def runs(points: Sequence[tuple[float, float | None]]) -> Iterator[list[tuple[float, float]]]:
    """The points in runs without a gap: a missing value parts them, and so does twice the usual distance."""
    distances = sorted(right[0] - left[0] for left, right in pairwise(points))
    usual = distances[len(distances) // 2] if distances else 0.0
    run: list[tuple[float, float]] = []
    for at, value in points:
        if run and (value is None or at - run[-1][0] > 1.5 * usual):
            yield run
            run = []
        if value is not None:
            run.append((at, value))
    if run:
        yield run


def ticks(least: float, most: float, count: int, *, base: int = 1000) -> list[float]:
    """Round values that span least to most, about `count` of them: 1, 2 or 5 in the unit that fits.

    With `base` 1024 they are round in KiB, MiB, ... Two at least, also where all values are the same.
    """
    size, span = max(abs(least), abs(most)), most - least
    if span <= max(size * _NOTHING, _NOTHING):
        span = size if size > _NOTHING else 1.0
    unit = 1.0
    while base == 1024 and max(abs(least), abs(most)) / unit >= base:
        unit *= base
    step = _round_step(span / max(1, count - 1) / unit) * unit
    first, last = floor(least / step), ceil(most / step)
    return [number * step for number in range(first, max(last, first + 1) + 1)]


def _round_step(step: float) -> float:
    power = 10.0 ** floor(log10(step))
    return float(next(nice * power for nice in (1, 2, 5, 10) if nice * power >= step * 0.999))
