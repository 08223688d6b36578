"""The curves of a chart as coloured text: what is known, what it is compared with, and what is to be expected. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from cloutui.widgets.glyphs import ASCII, FULL, Glyphs
from cloutui.widgets.look import Look
from cloutui.widgets.plot import Area, Braille, Canvas, Signs, runs
from cloutui.widgets.text import Piece


@dataclass(frozen=True, slots=True)
class Point:
    """A value on a day; None is one that nobody knows."""

    day: date
    value: float | None
    other: float | None = None
    """What it is compared with."""
    low: float | None = None
    """Of a value that is expected: it is to be no lower than this, ..."""
    high: float | None = None
    """... and no higher than this."""

    @property
    def is_expected(self) -> bool:
        """Whether the value is yet to come."""
        return self.low is not None and self.high is not None

    @property
    def values(self) -> tuple[float | None, ...]:
        """All that must be on the paper."""
        return self.value, self.other, self.low, self.high


@dataclass(frozen=True, slots=True)
class Layer:
    """Rows of text in one role, blank where nothing is."""

    rows: Sequence[str]
    role: str


Series = Sequence[tuple[date, float | None]]
Height = Callable[[float], float]
"""From 0 at the lower edge to 1 at the upper one."""


def layers(points: Sequence[Point], height: Height, width: int, rows: int, glyphs: Glyphs) -> list[Layer]:
    """The curves, those on top last. A filled area lies below all: it would hide them."""
    known: Series = [(point.day, None if point.is_expected else point.value) for point in points]
    compared: Series = [(point.day, point.other) for point in points]
    drawn = {
        "known": Layer(_drawn(known, points, height, _known(width, rows, glyphs)), "accent"),
        "other": Layer(_drawn(compared, points, height, _other(width, rows, glyphs)), "muted"),
    }
    below = ("other", "known") if glyphs == FULL else ("known", "other")
    found = [drawn[name] for name in below]
    if any(point.is_expected for point in points):
        edges = (_drawn(edge, points, height, Signs(width, rows, glyphs.nothing)) for edge in _edges(points))
        found += [Layer(edge, "faint") for edge in edges]
        found.append(Layer(_drawn(_expected(points), points, height, _ahead(width, rows, glyphs)), "accent"))
    return found


def woven(found: Sequence[Layer], look: Look, *, at: int) -> Iterator[list[Piece]]:
    """Line by line, the topmost sign of each cell, with a rule through the column that is read."""
    palette, divider = look.palette, look.glyphs.divider
    for lines in zip(*(layer.rows for layer in found), strict=True):
        cells = []
        for column, stacked in enumerate(zip(*lines, strict=True)):
            top = next((place for place in reversed(range(len(stacked))) if stacked[place] != " "), None)
            sign, role = (" ", "accent") if top is None else (stacked[top], found[top].role)
            cells.append((divider if sign == " " else sign, "text") if column == at else (sign, role))
        yield [
            ("".join(sign for sign, _ in run), palette.style(role, bold=role == "text"))
            for role, run in groupby(cells, key=lambda cell: cell[1])
        ]


def _known(width: int, rows: int, glyphs: Glyphs) -> Canvas:
    return Braille(width, rows) if glyphs == FULL else Area(width, rows, "#" if glyphs == ASCII else "▄█")


def _other(width: int, rows: int, glyphs: Glyphs) -> Canvas:
    return Braille(width, rows) if glyphs == FULL else Signs(width, rows, glyphs.rule)


def _ahead(width: int, rows: int, glyphs: Glyphs) -> Canvas:
    return Braille(width, rows, dotted=True) if glyphs == FULL else Signs(width, rows, "+" if glyphs == ASCII else "•")


def _expected(points: Sequence[Point]) -> Series:
    """From the last known value on."""
    last = next((place for place, point in reversed([*enumerate(points)]) if _is_known(point)), None)
    return [
        (point.day, point.value if point.is_expected or place == last else None) for place, point in enumerate(points)
    ]


def _edges(points: Sequence[Point]) -> tuple[Series, Series]:
    return [(point.day, point.low) for point in points], [(point.day, point.high) for point in points]


def _is_known(point: Point) -> bool:
    return point.value is not None and not point.is_expected


def _drawn(series: Series, points: Sequence[Point], height: Height, canvas: Canvas) -> list[str]:
    first = points[0].day.toordinal()
    span = points[-1].day.toordinal() - first or 1
    for run in runs([(float(day.toordinal()), value) for day, value in series]):
        dots = [((at - first) / span, height(value)) for at, value in run]
        for start, end in zip(dots, dots[1:] or dots, strict=False):
            canvas.line(start, end)
    return canvas.rows()
