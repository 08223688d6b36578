"""The matrix: one row a node, one column a day, each cell the worst status of that day; its keys and its mouse.

Rows may be others (units, servers, schedules) and columns longer (weeks, months): the owner asks for them and hands
them in with `show`.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from cloutui.model.status import Status
from cloutui.model.step import Step
from cloutui.widgets.lines import ACT, MOVE, VIEW
from cloutui.widgets.matrix_block import Corner
from cloutui.widgets.matrix_display import Display
from cloutui.widgets.matrix_rows import MatrixRows, Order
from cloutui.widgets.matrix_view import BAD_WIDTH, LEAD, RUN_WIDTH, MatrixView

_ORDERS = list(Order)


class Matrix(MatrixView):
    """Rows × columns of statuses under a cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open", id="matrix.open", group=ACT),
        Binding("space", "mark", "mark", id="row.mark", show=False, group=ACT),
        Binding("v", "block", "block: rows by days", id="matrix.block", show=False, group=ACT),
        Binding("asterisk", "mark_all", "mark all", id="row.mark-all", key_display="*", show=False, group=ACT),
        Binding("U", "unmark_all", "unmark all", id="row.unmark-all", show=False, group=ACT),
        Binding("n", "problem(1)", "next problem", id="matrix.next-problem", group=MOVE),
        Binding("N", "problem(-1)", "previous problem", id="matrix.previous-problem", show=False, group=MOVE),
        Binding("h,left", "day(-1)", "day back", id="matrix.left", show=False, group=MOVE),
        Binding("l,right", "day(1)", "day on", id="matrix.right", show=False, group=MOVE),
        Binding("H", "days(-1)", "page of days back", id="matrix.page-left", show=False, group=MOVE),
        Binding("L", "days(1)", "page of days on", id="matrix.page-right", show=False, group=MOVE),
        Binding("home", "first_day", "first day", id="matrix.home", show=False, group=MOVE),
        Binding("end", "last_day", "last day", id="matrix.end", show=False, group=MOVE),
        Binding("w", "width", "width", id="matrix.width", group=VIEW),
        Binding("M", "display", "signs, letters, figures", id="matrix.display", show=False, group=VIEW),
        Binding("less_than_sign", "order(-1)", "order before", id="matrix.order-before", key_display="<", show=False,
                group=VIEW),
        Binding("greater_than_sign", "order(1)", "next order", id="matrix.order", key_display=">", show=False,
                group=VIEW),
        Binding("S", "reverse", "reverse the order", id="matrix.reverse", show=False, group=VIEW),
    ]  # fmt: skip

    @dataclass
    class Beyond(Message):
        """The reader went past the first or the last column there is, by so many."""

        columns: int

    @dataclass
    class WidthChanged(Message):
        """A column is now drawn wider or narrower: another number of them fits."""

        sign_width: int

    @dataclass
    class DisplayChanged(Message):
        """Cells show something else now, for which figures may be needed."""

        display: Display

    @dataclass
    class Ordered(Message):
        """The rows stand in another order now."""

        order: Order

    # What is shown.

    def show(self, rows: MatrixRows, *, key: Hashable = None, day: date | None = None) -> None:
        """Show these rows, in the order they are in. The cursor goes to the key and the day given, or stays on its own.

        Where these do not exist any more it stays at its place.
        """
        key = self.key if key is None else key
        day = self.day if day is None else day
        self.rows, self.muted, self.waiting, self.notice = rows, False, False, ()
        self._labels.clear()
        self.cursor = self.cursor if key is None else rows.index.get(key, self.cursor)
        self.column = rows.column_of(day)
        self._follow_day()
        if self.corner is not None and self.corner.key not in rows.index:
            self.corner = None
        self.changed()
        self.post_message(self.Moved(self))

    def expect(self, days: Sequence[date], step: Step = Step.DAY) -> None:
        """Heads for these days, and dots in place of rows: the answer is on its way."""
        self.rows, self.waiting, self.notice = MatrixRows(days=days, step=step), True, ()
        self.column = len(days) - 1
        self._follow_day()
        self.changed()

    def mute(self) -> None:
        """The rows stay until others come, and look like it."""
        self.muted = True
        self.refresh()

    def unmark(self) -> None:
        """No row is marked any more, and no block is drawn: rows will be of another kind."""
        self.marks.clear()
        self.corner = None
        self.refresh()

    @property
    def key(self) -> Hashable:
        """What the cursor row stands for."""
        return self.rows.keys[self.cursor] if self.cursor < len(self.rows) else None

    @property
    def name_under_cursor(self) -> str:
        """As it was given: not yet safe to draw."""
        return self.rows.names[self.cursor] if self.cursor < len(self.rows) else ""

    # Copies.

    def cell_text(self) -> str:
        """The word of the cell."""
        return self.status.word if self.count() else ""

    def row_text(self) -> str:
        """The block, else the marked rows, of which there may be none here, else the cursor row: tabs, under heads."""
        if self.notice or self.waiting or not self.count():
            return ""
        if (block := self.block) is not None:
            columns = slice(block.columns.start, block.columns.stop)
            lines = [[self.noun, *(str(day) for day in self.rows.days[columns])]]
            lines += [[self.rows.names[place], *self._words(place, columns)] for place in block.rows]
            return "\n".join("\t".join(fields) for fields in lines)
        marked = [place for place, key in enumerate(self.rows.keys) if key in self.marks]
        heads = [self.noun, *(str(day) for day in self.rows.days), "bad", "run"]
        lines = [heads, *(self._row_fields(place) for place in marked or [self.cursor])]
        return "\n".join("\t".join(fields) for fields in lines)

    def _row_fields(self, index: int) -> list[str]:
        rows = self.rows
        return [rows.names[index], *self._words(index, slice(None)), str(rows.bad[index]), str(rows.run[index])]

    def _words(self, index: int, columns: slice) -> list[str]:
        return [Status(status).key for status in self.rows.statuses[index][columns]]

    # Moving.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without rows there is nothing to open; where a row is only a word, a column has no width."""
        del parameters
        if action in {"open", "problem", "mark", "mark_all"}:
            return bool(self.count()) and not self.notice
        if action == "block":
            return bool(self.count()) and not self.notice and not self.narrow
        if action == "unmark_all":
            return bool(self.marks)
        if action == "width":
            return not self.narrow and self.display_as.is_resizable(self.rows.step)
        return not (action == "display" and self.narrow)

    def _move_day(self, column: int) -> None:
        if not self.rows.days:
            return
        left, self.column = self.left, max(0, min(column, len(self.rows.days) - 1))
        self._follow_day()
        if self.left != left or self.narrow or self.corner is not None:
            self.refresh()
        else:
            self.refresh_lines(2, self._line_of(self.cursor))
        self.post_message(self.Moved(self))

    def move_to(self, index: int) -> None:
        """A block reaches as far as the cursor."""
        super().move_to(index)
        if self.corner is not None:
            self.refresh()

    def _follow_day(self) -> None:
        shown = self.visible_days
        if self.column < self.left:
            self.left = self.column
        elif self.column >= self.left + shown:
            self.left = self.column - shown + 1
        self.left = max(0, min(self.left, len(self.rows.days) - shown))

    def action_day(self, step: int) -> None:
        """One column; past the last one there is, others are asked for."""
        if 0 <= self.column + step < len(self.rows.days):
            self._move_day(self.column + step)
        else:
            self.post_message(self.Beyond(step))

    def action_days(self, direction: int) -> None:
        """As many columns as are drawn."""
        self.action_day(direction * self.visible_days)

    def action_first_day(self) -> None:
        """The oldest column there is."""
        self._move_day(0)

    def action_last_day(self) -> None:
        """The newest column there is."""
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

    # Marks, and the block.

    def has_marks(self) -> bool:
        """Shown or not; or a block."""
        return len(self.marks) > 0 or self.corner is not None

    def clear_marks(self) -> None:
        """The block is let go; without one no row is marked any more."""
        if self.corner is not None:
            self.corner = None
        else:
            self.marks.clear()
        self.refresh()
        self.post_message(self.Moved(self))

    def action_block(self) -> None:
        """Begin a block at this cell; the second time, let it go."""
        if self.key is not None and self.day is not None:
            self.corner = Corner(self.key, self.day) if self.corner is None else None
            self.refresh()
            self.post_message(self.Moved(self))

    def action_mark(self) -> None:
        """Mark the row, or take its mark away, and go on to the next. With a block, mark its rows."""
        if (block := self.block) is not None:
            self.marks.add(self.rows.keys[place] for place in block.rows)
            self.clear_marks()
        elif self.key is not None:
            self.marks.flip(self.key)
            self.refresh_lines(self._line_of(self.cursor))
            self.action_down()
            self.post_message(self.Moved(self))

    def action_mark_all(self) -> None:
        """Mark every row there is."""
        self.marks.add(self.rows.keys)
        self.refresh()
        self.post_message(self.Moved(self))

    def action_unmark_all(self) -> None:
        """No row is marked any more."""
        self.unmark()
        self.post_message(self.Moved(self))

    # How it looks.

    def action_width(self) -> None:
        """Three cells a column, two, one, and again three."""
        self.sign_width = {3: 2, 2: 1, 1: 3}[self.sign_width]
        self._follow_day()
        self.refresh()
        self.post_message(self.WidthChanged(self.sign_width))

    def action_display(self) -> None:
        """Signs, letters, bytes, duration, failed files."""
        self.show_as(self.display_as.following)
        self.post_message(self.DisplayChanged(self.display_as))

    def show_as(self, display: Display) -> None:
        """Let cells show this."""
        self.display_as = display
        self._follow_day()
        self.refresh()

    # Order.

    def action_order(self, step: int) -> None:
        """The next order, or the one before."""
        self.sort_by(_ORDERS[(_ORDERS.index(self.order) + step) % len(_ORDERS)])

    def action_reverse(self) -> None:
        """The other way round."""
        self.sort_by(self.order, backwards=not self.is_backwards)

    def sort_by(self, order: Order, *, backwards: bool = False) -> None:
        """Who stands on the first row wants to see what comes first; anybody else stays on their row."""
        key = self.key if self.cursor else None
        self.order, self.is_backwards = order, backwards
        self.rows = self.rows.ordered(order, backwards=backwards)
        self._labels.clear()
        self.cursor = self.rows.index.get(key, 0)
        self.changed()
        self.post_message(self.Ordered(order))
        self.post_message(self.Moved(self))

    # The mouse.

    def on_click(self, event: events.Click) -> None:
        """A click on a head sorts by it, or goes to its column; a click on the foot to its column."""
        on_head = self.gap < event.y <= self.HEADS + self.gap
        on_foot = self._foot_rows and event.y == self.size.height - 1
        if not (on_head or on_foot) or self.notice or self.waiting or self.narrow:
            return
        event.stop()
        event.prevent_default()
        column = self._column_at(event.x)
        if column is not None:
            self._move_day(column)
        elif on_head and (order := self._order_at(event.x)) is not None:
            self.sort_by(order, backwards=order is self.order and not self.is_backwards)

    def _column_at(self, x: int) -> int | None:
        place = (x - LEAD - self.name_width) // self.cell_width
        return self.left + place if 0 <= place < self.visible_days else None

    def _order_at(self, x: int) -> Order | None:
        if x < LEAD + self.name_width:
            return Order.NAME
        beyond = x - LEAD - self.name_width - self.visible_days * self.cell_width
        return Order.BAD if beyond < BAD_WIDTH else Order.RUN if beyond < BAD_WIDTH + RUN_WIDTH else None

    def clicked(self, index: int, x: int) -> None:
        """A click goes to the cell; on the cursor's cell it opens."""
        column = self._column_at(x)
        column = self.column if column is None else column
        if (index, column) == (self.cursor, self.column):
            self.action_open()
            return
        if column != self.column:
            self._move_day(column)
        self.move_to(index)

    def on_mouse_scroll_left(self, event: events.MouseScrollLeft) -> None:
        """The wheel sideways goes through the columns there are."""
        event.stop()
        self._move_day(self.column - 1)

    def on_mouse_scroll_right(self, event: events.MouseScrollRight) -> None:
        """The wheel sideways goes through the columns there are."""
        event.stop()
        self._move_day(self.column + 1)

    def on_resize(self) -> None:
        """The cursor's cell stays in view."""
        super().on_resize()
        self._follow_day()
