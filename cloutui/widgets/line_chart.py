"""A line chart of values over time, with axes and a cursor that reads exact values.

Our own, though libraries draw such charts: the best of them needs numpy, which is longer to load than the console.
What is not known is a gap, never a line across, and an axis that does not start at zero says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType

from cloutui.model import formats
from cloutui.model.safe_text import safe
from cloutui.widgets.curves import Point, layers, woven
from cloutui.widgets.glyphs import ASCII
from cloutui.widgets.lines import MOVE, VIEW, Lines
from cloutui.widgets.look import Look
from cloutui.widgets.plot import ticks
from cloutui.widgets.text import Piece, cut

__all__ = ["LineChart", "Point"]

_BELOW = 3
"""Lines below the curve: the axis, its labels, and what the cursor reads."""

_ROWS_A_TICK = 3
_LEAST_BETWEEN_LABELS = 4
_YEARS_FROM = 300
"""Days: an axis as long as that says which year."""


@dataclass(frozen=True, slots=True)
class _Axis:
    """The values that are shown, and how high each lies."""

    marks: Sequence[float]

    def height(self, value: float) -> float:
        """From 0 at the lowest mark to 1 at the highest."""
        return (value - self.marks[0]) / (self.marks[-1] - self.marks[0])


class LineChart(Lines):
    """A curve under a title rule: with one it is compared with, and with what is expected, where there is that."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h,left", "read(-1)", "reading cursor back", id="chart.left", show=False, group=MOVE),
        Binding("l,right", "read(1)", "reading cursor on", id="chart.right", show=False, group=MOVE),
        Binding("home", "read_edge(0)", "first value", id="chart.first", show=False, group=MOVE),
        Binding("end", "read_edge(-1)", "last value", id="chart.last", show=False, group=MOVE),
        Binding("z", "zero", "axis from zero", id="chart.zero", group=VIEW),
    ]

    def __init__(self, look: Look, title: str = "", *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(look, title, id=id)
        self.points: Sequence[Point] = ()
        self.place = 0
        """The point that the cursor reads."""
        self.from_zero = False
        self.other_name = ""
        self._write: Callable[[float], str] = str
        self._base = 1000
        self._drawn: list[list[Piece]] = []

    def show(
        self, points: Sequence[Point], write: Callable[[float], str], *, base: int = 1000, other: str = ""
    ) -> None:
        """Show these, oldest first. `write` says how a value reads; `base` is 1024 for bytes.

        `other`: what the points are compared with. The cursor stays on its day; on the newest it goes on with it.
        """
        at = None if self.place == self._newest() else self.day
        self.points = [_finite(point) for point in points]
        self._write, self._base, self.other_name = write, base, other
        self.place = next((place for place, point in enumerate(self.points) if point.day == at), self._newest())
        self.waiting, self.notice = False, ()
        self.redraw()

    def _newest(self) -> int:
        """The place of the last point that is not merely expected."""
        return max((place for place, point in enumerate(self.points) if not point.is_expected), default=0)

    @property
    def day(self) -> date | None:
        """The day that the cursor reads."""
        return self.points[self.place].day if self.points else None

    def read_day(self, day: date | None) -> None:
        """Put the cursor on a day, if it is shown."""
        place = next((place for place, point in enumerate(self.points) if point.day == day), None)
        if place is not None:
            self._read(place)

    # What a pane of lines asks.

    def count(self) -> int:
        """The lines of the drawing."""
        return len(self._drawn)

    def row(self, index: int) -> list[Piece]:
        """A line of the drawing."""
        return self._drawn[index]

    def position(self) -> str:
        """Which of the values is read."""
        return f"{self.place + 1}/{len(self.points)}" if self.points else ""

    def move_to(self, index: int) -> None:
        """A chart has no row cursor."""
        del index

    def marker(self, index: int, *, on: str = "background") -> Piece:
        """Nor a mark for one."""
        del index
        return (" ", self.look.palette.style(on=on))

    def on_resize(self) -> None:
        """Another size is another drawing."""
        self.redraw()

    def leave_gap(self, lines: int) -> None:
        """Fewer lines are another drawing."""
        super().leave_gap(lines)
        self.redraw()

    # The reading cursor.

    def action_read(self, step: int) -> None:
        """One value on, or back."""
        self._read(self.place + step)

    def action_read_edge(self, place: int) -> None:
        """The first value, or the last."""
        self._read(place % max(1, len(self.points)))

    def _read(self, place: int) -> None:
        place = max(0, min(place, len(self.points) - 1))
        if place != self.place:
            self.place = place
            self.redraw()
            self.post_message(self.Moved(self))

    def action_zero(self) -> None:
        """Start the axis at zero, or where the values are."""
        self.from_zero = not self.from_zero
        self.redraw()

    def clicked(self, index: int, x: int) -> None:
        """Read the value under the mouse."""
        del index
        if self.points and (axis := self._axis()) is not None:
            left = self._label_width(axis) + 3
            columns = self._columns(max(1, self.inner_width - left - 1))
            self._read(min(range(len(columns)), key=lambda place: abs(columns[place] - (x - left))))

    # Drawing.

    def redraw(self) -> None:
        """Draw anew, for the size there is."""
        self._drawn = self._drawing() if self.points and self.size.width else []
        self.cursor = self.top = 0
        self.refresh()

    def _drawing(self) -> list[list[Piece]]:
        axis, rows = self._axis(), self.page_rows - _BELOW
        muted = self.look.palette.style("muted")
        if axis is None:
            return [[("  No value is known in this time.", muted)]]
        labels = self._label_width(axis)
        width = self.inner_width - labels - 4
        if rows < 1 or width < 2:
            return [self._reading(axis)]
        return [*self._plot(axis, labels, width, rows), *self._below(labels, width), self._reading(axis)]

    def _axis(self) -> _Axis | None:
        known = [value for point in self.points for value in point.values if value is not None]
        if not known:
            return None
        least, most = min(known), max(known)
        if self.from_zero:
            least, most = min(0.0, least), max(0.0, most)
        return _Axis(ticks(least, most, max(2, (self.page_rows - _BELOW) // _ROWS_A_TICK), base=self._base))

    def _label_width(self, axis: _Axis) -> int:
        return max(cell_len(self._label(mark)) for mark in axis.marks)

    def _label(self, value: float) -> str:
        return safe(self._write(value))

    def _columns(self, width: int) -> list[int]:
        """The cell of each point."""
        first = self.points[0].day
        span = (self.points[-1].day - first).days or 1
        return [round((point.day - first).days / span * (width - 1)) for point in self.points]

    def _plot(self, axis: _Axis, labels: int, width: int, rows: int) -> list[list[Piece]]:
        look, muted = self.look, self.look.palette.style("muted")
        cross = "+" if look.glyphs == ASCII else "┤"
        places = {rows - 1 - round(axis.height(mark) * (rows - 1)): self._label(mark) for mark in axis.marks}
        found = layers(self.points, axis.height, width, rows, look.glyphs)
        drawn: list[list[Piece]] = []
        for place, pieces in enumerate(woven(found, look, at=self._columns(width)[self.place])):
            label = places.get(place, "")
            drawn.append([(f"  {label.rjust(labels)} {cross if label else look.glyphs.divider}", muted), *pieces])
        return drawn

    def _below(self, labels: int, width: int) -> list[list[Piece]]:
        """The axis of days, with as many of them as there is room for."""
        palette, rule = self.look.palette, self.look.glyphs.rule
        corner, cross = ("+", "+") if self.look.glyphs == ASCII else ("┼", "┬")
        axis, days = [rule] * width, ""
        for place, at in self._dated(self._columns(width)):
            text = self._dated_as(self.points[place].day)
            start = max(0, min(at - len(text) // 2, width - len(text)))
            if days and start < len(days) + _LEAST_BETWEEN_LABELS:
                continue
            axis[at] = cross
            days = days.ljust(start) + text
        indent = " " * (labels + 3)
        return [
            [(indent + corner + "".join(axis), palette.style("muted"))],
            [(f"{indent} ", palette.style()), (days[:width], palette.style("muted"))],
        ]

    def _dated(self, columns: Sequence[int]) -> list[tuple[int, int]]:
        """Points that may be named, with their cells: the first, the last, and what is evenly between."""
        last, parts = len(columns) - 1, max(1, columns[-1] // 14)
        return [(place, columns[place]) for place in sorted({round(last * part / parts) for part in range(parts + 1)})]

    def _dated_as(self, day: date) -> str:
        is_long = (self.points[-1].day - self.points[0].day).days > _YEARS_FROM
        return f"{formats.month(day)} {day.year}" if is_long else formats.dense_day(day)

    def _reading(self, axis: _Axis) -> list[Piece]:
        """What the cursor reads, and where the axis starts."""
        palette, point = self.look.palette, self.points[self.place]
        value = "unknown" if point.value is None else self._label(point.value)
        day = formats.short_day(point.day)
        told = self._beside(point)
        if axis.marks[0] > 0:
            told.append(f"axis starts at {self._label(axis.marks[0])}, z for zero")
        room = self.inner_width - cell_len(day) - cell_len(value) - 7
        return [
            (f"  {day}   ", palette.style("muted")),
            (value, palette.style("unknown" if point.value is None else "text", bold=True)),
            (cut("".join(f"   {text}" for text in told), max(0, room), self.look.glyphs.cut), palette.style("muted")),
        ]

    def _beside(self, point: Point) -> list[str]:
        """What is to be said of a value: where it may lie, or how it grew; and what it is compared with."""
        told = []
        if point.low is not None and point.high is not None:
            told.append(f"expected, {self._label(point.low)} to {self._label(point.high)}")
        elif point.value is not None and self.place and (before := self.points[self.place - 1].value):
            told.append(formats.growth(point.value / before - 1))
        if point.other is not None:
            told.append(f"{safe(self.other_name)} {self._label(point.other)}")
        return told


def _finite(point: Point) -> Point:
    """What is no number is unknown."""
    return Point(point.day, *(value if value is not None and isfinite(value) else None for value in point.values))
