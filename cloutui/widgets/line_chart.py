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
from cloutui.widgets.glyphs import ASCII, FULL
from cloutui.widgets.lines import MOVE, VIEW, Lines
from cloutui.widgets.look import Look
from cloutui.widgets.plot import Area, Braille, Canvas, runs, ticks
from cloutui.widgets.text import Piece, cut

_BELOW = 3
"""Lines below the curve: the axis, its labels, and what the cursor reads."""

_ROWS_A_TICK = 3
_LEAST_BETWEEN_LABELS = 4


@dataclass(frozen=True, slots=True)
class Point:
    """A value on a day; None is one that nobody knows."""

    day: date
    value: float | None


@dataclass(frozen=True, slots=True)
class _Axis:
    """The values that are shown, and how high each lies."""

    marks: Sequence[float]

    def height(self, value: float) -> float:
        """From 0 at the lowest mark to 1 at the highest."""
        return (value - self.marks[0]) / (self.marks[-1] - self.marks[0])


class LineChart(Lines):
    """One curve under a title rule."""

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
        self._write: Callable[[float], str] = str
        self._base = 1000
        self._drawn: list[list[Piece]] = []

    def show(self, points: Sequence[Point], write: Callable[[float], str], *, base: int = 1000) -> None:
        """Show these, oldest first. `write` says how a value reads; `base` is 1024 for bytes."""
        self.points = [Point(p.day, p.value if p.value is not None and isfinite(p.value) else None) for p in points]
        self._write, self._base = write, base
        self.place = len(self.points) - 1
        self.waiting, self.notice = False, ()
        self.redraw()

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
        known = [point.value for point in self.points if point.value is not None]
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

    def _canvas(self, width: int, rows: int) -> Canvas:
        glyphs = self.look.glyphs
        if glyphs == FULL:
            return Braille(width, rows)
        return Area(width, rows, "#" if glyphs == ASCII else "▄█")

    def _curve(self, axis: _Axis, width: int, rows: int) -> list[str]:
        canvas = self._canvas(width, rows)
        ats = [float(point.day.toordinal()) for point in self.points]
        span = ats[-1] - ats[0] or 1.0
        for run in runs([(at, point.value) for at, point in zip(ats, self.points, strict=True)]):
            dots = [((at - ats[0]) / span, axis.height(value)) for at, value in run]
            for start, end in zip(dots, dots[1:] or dots, strict=False):
                canvas.line(start, end)
        return canvas.rows()

    def _columns(self, width: int) -> list[int]:
        """The cell of each point."""
        first = self.points[0].day
        span = (self.points[-1].day - first).days or 1
        return [round((point.day - first).days / span * (width - 1)) for point in self.points]

    def _plot(self, axis: _Axis, labels: int, width: int, rows: int) -> list[list[Piece]]:
        palette, divider = self.look.palette, self.look.glyphs.divider
        cross = "+" if self.look.glyphs == ASCII else "┤"
        places = {rows - 1 - round(axis.height(mark) * (rows - 1)): self._label(mark) for mark in axis.marks}
        at = self._columns(width)[self.place]
        drawn: list[list[Piece]] = []
        for place, text in enumerate(self._curve(axis, width, rows)):
            label = places.get(place, "")
            edge = f"  {label.rjust(labels)} {cross if label else divider}"
            under = text[at] if text[at] != " " else divider
            drawn.append(
                [
                    (edge, palette.style("muted")),
                    (text[:at], palette.style("accent")),
                    (under, palette.style("text", bold=True)),
                    (text[at + 1 :], palette.style("accent")),
                ]
            )
        return drawn

    def _below(self, labels: int, width: int) -> list[list[Piece]]:
        """The axis of days, with as many of them as there is room for."""
        palette, rule = self.look.palette, self.look.glyphs.rule
        corner, cross = ("+", "+") if self.look.glyphs == ASCII else ("┼", "┬")
        axis, days = [rule] * width, ""
        for place, at in self._dated(self._columns(width)):
            text = formats.dense_day(self.points[place].day)
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

    def _reading(self, axis: _Axis) -> list[Piece]:
        """What the cursor reads, and where the axis starts."""
        palette, point = self.look.palette, self.points[self.place]
        value = "unknown" if point.value is None else self._label(point.value)
        told = f"   axis starts at {self._label(axis.marks[0])}, z for zero" if axis.marks[0] > 0 else ""
        day = formats.short_day(point.day)
        room = self.inner_width - cell_len(day) - cell_len(value) - 7
        return [
            (f"  {day}   ", palette.style("muted")),
            (value, palette.style("unknown" if point.value is None else "text", bold=True)),
            (cut(told, max(0, room), self.look.glyphs.cut), palette.style("muted")),
        ]
