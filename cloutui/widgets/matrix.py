"""The matrix: one row a node, one column a day, each cell the worst status of that day.

Made for 10,000 rows of a year: the statuses of a row are bytes, and only what is in view is drawn. Names, heads and
totals stay where they are while the days scroll. The cursor is a crosshair: row name and day head are reversed and
the cell stands in brackets, so that it is found without colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from cloutui.model import formats
from cloutui.model.status import Status
from cloutui.widgets.lines import ACT, MOVE, VIEW, Lines
from cloutui.widgets.look import Look
from cloutui.widgets.matrix_grid import Grid
from cloutui.widgets.matrix_rows import MatrixRows
from cloutui.widgets.text import Piece, cut, labels, line, pad

_BAD_WIDTH, _RUN_WIDTH = 5, 5
_LEAST_NAME = 12
_LONG_RUN = 2
"""Bad days in a row from which a row is told apart: one may be an accident."""


class Matrix(Lines):
    """Rows × days of statuses, with a cursor on one cell."""

    HEADS: ClassVar[int] = 2

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open", id="matrix.open", group=ACT),
        Binding("n", "problem(1)", "next problem", id="matrix.next-problem", group=MOVE),
        Binding("N", "problem(-1)", "previous problem", id="matrix.previous-problem", show=False, group=MOVE),
        Binding("h,left", "day(-1)", "day back", id="matrix.left", show=False, group=MOVE),
        Binding("l,right", "day(1)", "day on", id="matrix.right", show=False, group=MOVE),
        Binding("H", "days(-1)", "page of days back", id="matrix.page-left", show=False, group=MOVE),
        Binding("L", "days(1)", "page of days on", id="matrix.page-right", show=False, group=MOVE),
        Binding("home", "first_day", "first day", id="matrix.home", show=False, group=MOVE),
        Binding("end", "last_day", "last day", id="matrix.end", show=False, group=MOVE),
        Binding("w", "width", "width", id="matrix.width", group=VIEW),
    ]

    @dataclass
    class Beyond(Message):
        """The reader went past the first or the last day there is, by so many days."""

        days: int

    @dataclass
    class WidthChanged(Message):
        """A day is now drawn wider or narrower: another number of them fits."""

        cell_width: int

    def __init__(self, look: Look, title: str = "", *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(look, title, id=id)
        self.rows = MatrixRows()
        self.column = 0
        self.left = 0
        """The first day drawn."""
        self.cell_width = 3
        self.totals = True
        self.muted = False
        self.narrow = False
        """Whether a row is only glyph, name and word of the cursor's day."""
        self._labels: dict[int, list[str]] = {}

    # What is shown.

    def show(self, rows: MatrixRows, *, key: int | None = None, day: date | None = None) -> None:
        """Show these rows. The cursor goes to the key and the day given, or stays on its own where they still exist."""
        key = self.key if key is None else key
        day = self.day if day is None else day
        self.rows, self.muted, self.waiting, self.notice = rows, False, False, ()
        self._labels.clear()
        self.cursor = self.cursor if key is None else rows.index.get(key, self.cursor)
        self.column = rows.column_of(day)
        self._follow_day()
        self.changed()
        self.post_message(self.Moved(self))

    def expect(self, days: Sequence[date]) -> None:
        """Heads for these days, and dots in place of rows: the answer is on its way."""
        self.rows, self.waiting, self.notice = MatrixRows(days=days), True, ()
        self.column = len(days) - 1
        self._follow_day()
        self.changed()

    def mute(self) -> None:
        """The rows stay until others come, and look like it."""
        self.muted = True
        self.refresh()

    @property
    def key(self) -> int | None:
        """What the cursor row stands for."""
        return self.rows.keys[self.cursor] if self.cursor < len(self.rows) else None

    @property
    def name_under_cursor(self) -> str:
        """As it was given: not yet safe to draw."""
        return self.rows.names[self.cursor] if self.cursor < len(self.rows) else ""

    @property
    def day(self) -> date | None:
        """The cursor's day."""
        return self.rows.days[self.column] if self.column < len(self.rows.days) else None

    @property
    def status(self) -> Status:
        """The cell under the cursor."""
        return Status(self.rows.statuses[self.cursor][self.column]) if len(self.rows) else Status.NONE

    def capacity(self, name_width: int) -> int:
        """How many days fit beside names of that width."""
        return max(1, (self.inner_width - 2 - name_width - self._totals_width) // self.cell_width)

    # What a pane of lines asks.

    def count(self) -> int:
        """One row a name."""
        return len(self.rows)

    def cell_text(self) -> str:
        """The word of the cell."""
        return self.status.word if self.count() else ""

    def position(self) -> str:
        """`1/28  21 Nov`."""
        if not self.count() or self.day is None:
            return ""
        return f"{super().position()}  {formats.dense_day(self.day)}"

    def head(self, index: int) -> list[Piece]:
        """The months, and the days."""
        if self.narrow:
            return self._narrow_head(index)
        palette, grid = self.look.palette, self._grid()
        if index == 0:
            return [(" " * (2 + self._name_width), palette.style()), *grid.months()]
        muted = palette.style("muted")
        totals = [("bad".rjust(_BAD_WIDTH), muted), ("run".rjust(_RUN_WIDTH), muted)] if self.totals else []
        return [("  ", palette.style()), (pad("node", self._name_width), muted), *grid.heads(), *totals]

    def row(self, index: int) -> Strip:
        """Marker, name, cells, totals."""
        if self.narrow:
            return line(self._narrow_row(index), self.inner_width, self.look.palette.style())
        is_cursor = index == self.cursor
        shown = self.rows.statuses[index][self.left : self.left + self.visible_days]
        pieces = [
            *self._row_name(index),
            *self._grid().cells(shown, crosshair=is_cursor),
            *(self._row_totals(index) if self.totals else ()),
        ]
        return line(pieces, self.inner_width, self.look.palette.style())

    def placeholder(self) -> list[Piece]:
        """Dots where a row will be."""
        faint, dot = self.look.palette.style("faint"), self.look.glyphs.nothing
        name = pad(dot * min(10, self._name_width - 1), self._name_width)
        return [("  ", faint), (name, faint), (dot.center(self.cell_width) * self.visible_days, faint)]

    # Drawing.

    @property
    def _totals_width(self) -> int:
        return _BAD_WIDTH + _RUN_WIDTH + 1 if self.totals else 0  # a blank at the edge

    @property
    def visible_days(self) -> int:
        """How many days are drawn."""
        room = (self.inner_width - 2 - _LEAST_NAME - self._totals_width) // self.cell_width
        return max(1, min(room, len(self.rows.days)))

    @property
    def _name_width(self) -> int:
        return self.inner_width - 2 - self._totals_width - self.visible_days * self.cell_width

    def _grid(self) -> Grid:
        days = self.rows.days[self.left : self.left + self.visible_days]
        place = self.column - self.left
        return Grid(
            look=self.look,
            days=days,
            cell_width=self.cell_width,
            cursor=place if 0 <= place < len(days) and not self.waiting else None,
            focused=self.has_focus,
            muted=self.muted,
        )

    def _row_name(self, index: int) -> list[Piece]:
        palette, is_cursor = self.look.palette, index == self.cursor
        lit = is_cursor and self.has_focus
        on = "cursor-ground" if lit else "background"
        style = palette.style(
            "muted" if self.muted else "text",
            on,
            bold=lit or self.rows.run[index] >= _LONG_RUN,
            under=is_cursor and not lit,
        )
        width = self._name_width
        if width not in self._labels:
            self._labels = {width: labels(self.rows.names, width - 1, self.look.glyphs.cut)}
        name = self._labels[width][index]
        return [self.marker(index), (" ", palette.style()), (pad(name, width - 1), style), (" ", palette.style())]

    def _row_totals(self, index: int) -> list[Piece]:
        palette, nothing = self.look.palette, self.look.glyphs.nothing
        bad, run = self.rows.bad[index], self.rows.run[index]
        loud = palette.style("error") if run >= _LONG_RUN and not self.muted else palette.style("muted")
        faint = palette.style("faint")
        return [
            ((formats.count(bad) if bad else nothing).rjust(_BAD_WIDTH), loud if bad else faint),
            ((f"{run}d" if run else nothing).rjust(_RUN_WIDTH), loud if run else faint),
        ]

    def _narrow_head(self, index: int) -> list[Piece]:
        palette = self.look.palette
        if index == 0 or self.day is None:
            return []
        return [
            ("    node".ljust(self.inner_width - 14), palette.style("muted")),
            (formats.short_day(self.day), palette.style(bold=True)),
        ]

    def _narrow_row(self, index: int) -> list[Piece]:
        palette, status = self.look.palette, Status(self.rows.statuses[index][self.column])
        on = "cursor-ground" if index == self.cursor and self.has_focus else "background"
        room = self.inner_width - 4 - 14
        name = pad(cut(self.rows.names[index], room - 1, self.look.glyphs.cut), room)
        return [
            self.marker(index, on=on),
            (f" {self.look.glyphs.status[status]} ", palette.status(status, on)),
            (name, palette.style("muted" if self.muted else "text", on, bold=self.rows.run[index] >= _LONG_RUN)),
            (status.word.ljust(15), palette.status(status, on)),
        ]

    # Moving.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without rows there is nothing to open; where a row is only a word, a day has no width."""
        del parameters
        if action in {"open", "problem"}:
            return bool(self.count()) and not self.notice
        return not (action == "width" and self.narrow)

    def _move_day(self, column: int) -> None:
        if not self.rows.days:
            return
        left, self.column = self.left, max(0, min(column, len(self.rows.days) - 1))
        self._follow_day()
        if self.left != left or self.narrow:
            self.refresh()
        else:
            self.refresh_lines(2, self._line_of(self.cursor))
        self.post_message(self.Moved(self))

    def _follow_day(self) -> None:
        shown = self.visible_days
        if self.column < self.left:
            self.left = self.column
        elif self.column >= self.left + shown:
            self.left = self.column - shown + 1
        self.left = max(0, min(self.left, len(self.rows.days) - shown))

    def action_day(self, step: int) -> None:
        """One day; past the last one there is, others are asked for."""
        if 0 <= self.column + step < len(self.rows.days):
            self._move_day(self.column + step)
        else:
            self.post_message(self.Beyond(step))

    def action_days(self, direction: int) -> None:
        """As many days as are drawn."""
        step = direction * self.visible_days
        if 0 <= self.column + step < len(self.rows.days):
            self._move_day(self.column + step)
        else:
            self.post_message(self.Beyond(step))

    def action_first_day(self) -> None:
        """The oldest day there is."""
        self._move_day(0)

    def action_last_day(self) -> None:
        """The newest day there is."""
        self._move_day(len(self.rows.days) - 1)

    def action_problem(self, step: int) -> None:
        """The next warning or worse: down this day, then down the day before it."""
        found = self.rows.next_problem(self.cursor, self.column, step) if len(self.rows) else None
        if found is None:
            return
        row, column = found
        if column != self.column:
            self._move_day(column)
        self.move_to(row)

    def action_open(self) -> None:
        """Open the cell under the cursor."""
        if self.count() and not self.notice:
            self.post_message(self.Opened(self))

    def action_width(self) -> None:
        """Three cells a day, two, one, and again three."""
        self.cell_width = {3: 2, 2: 1, 1: 3}[self.cell_width]
        self._follow_day()
        self.refresh()
        self.post_message(self.WidthChanged(self.cell_width))

    def clicked(self, index: int, x: int) -> None:
        """A click goes to the cell; on the cursor's cell it opens."""
        place = (x - 2 - self._name_width) // self.cell_width
        column = self.left + place if 0 <= place < self.visible_days else self.column
        if (index, column) == (self.cursor, self.column):
            self.action_open()
            return
        if column != self.column:
            self._move_day(column)
        self.move_to(index)

    def on_resize(self) -> None:
        """The cursor's cell stays in view."""
        super().on_resize()
        self._follow_day()
