"""A result in an order: by which columns it is sorted, which of them are shown, and new rows in place of old ones.

What is here is sorted and narrowed in a thread, while the old order stays. When only a page is here, the owner of the
rest is asked. Cursor and view stay on their row by key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.message import Message

from cloutui.model.table import Answer, Column, Kind
from cloutui.widgets.lines import MOVE, VIEW
from cloutui.widgets.result_rows import Narrowing, ResultRows, SortKey
from cloutui.widgets.result_view import ResultView

_MOST_SORT_KEYS = 3
"""By how many columns the keys sort: those chosen before decide between rows that are equal."""

_UP_FIRST = {Kind.TEXT, Kind.DAY, Kind.TIME, Kind.AGE}
"""Kinds that are first sorted upwards: names from A, ages from the oldest. Of the others the most comes first."""


class OrderedResult(ResultView):
    """Rows that can be sorted, narrowed and replaced, and columns that can be chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h,left", "column(-1)", "column left", id="table.left", show=False, group=MOVE),
        Binding("l,right", "column(1)", "column right", id="table.right", show=False, group=MOVE),
        Binding("s", "sort", "sort by this column", id="table.sort", show=False, group=VIEW),
        Binding(
            "less_than_sign", "sort_beside(-1)", "sort by column left", id="table.sort-left",
            key_display="<", show=False, group=VIEW,
        ),
        Binding(
            "greater_than_sign", "sort_beside(1)", "sort by column right", id="table.sort-right",
            key_display=">", show=False, group=VIEW,
        ),
        Binding("S", "sort_reverse", "reverse the order", id="table.sort-reverse", show=False, group=VIEW),
        Binding("vertical_line", "columns", "columns", id="table.columns", key_display="|", show=False, group=VIEW),
    ]  # fmt: skip

    @dataclass
    class Asked(Message):
        """The reader wants what only the owner of the rows, or of the screen, can do."""

        lines: OrderedResult

        @property
        def control(self) -> OrderedResult:
            """The table, so that `@on` can name it."""
            return self.lines

    @dataclass
    class SortAsked(Asked):
        """Only a page is here: the owner is to bring it in this order."""

        sort: tuple[SortKey, ...]

    @dataclass
    class ColumnsAsked(Asked):
        """The reader wants to choose columns."""

    @dataclass
    class Sorted(Asked):
        """The rows stand in another order now."""

    narrowing: Narrowing | None = None

    # What is shown.

    def show(
        self,
        answer: Answer,
        *,
        key: Sequence[str] = (),
        offset: int = 0,
        sort: Sequence[SortKey] | None = None,
        cursor: Hashable = None,
        stay: bool = True,
    ) -> None:
        """Show these rows. The cursor goes to the row with the key `cursor`, or stays on its own, or at its place.

        `key` names the columns that tell rows apart. Of a page, `offset` is where it begins in the whole answer, and
        `sort` says in which order the owner has it. Without `stay` it is another question: from the first row on.
        """
        self.waiting, self.notice = False, ()
        rows = ResultRows(
            answer.rows, key=key or self.rows.key, offset=offset, total=max(answer.total, offset + answer.rows.num_rows)
        )
        if not stay:
            self.cursor = self.top = 0
            self.forget_widths()
            self.marks.range_from = None
        self.take_columns([column for column in answer.columns if column.name in answer.rows.column_names])
        if sort is not None:
            self.sort = tuple(sort)
        self.sort = tuple(by for by in self.sort if by.column in answer.rows.column_names)
        is_in_order = not self.sort or sort is not None
        if rows.is_paged or (is_in_order and not self.narrowing):
            self._swap(rows, cursor=cursor)
        else:
            self._arrange(rows, cursor)

    def expect(self, columns: Sequence[Column]) -> None:
        """Heads, and dots in place of rows: the answer is on its way."""
        self.rows, self.waiting, self.notice = ResultRows(key=self.rows.key), True, ()
        self.take_columns(columns)
        self.forget_written()
        self.changed()

    def tick(self) -> None:
        """Write ages and times anew: the clock has moved on."""
        self.forget_written()
        self.changed()

    def _swap(self, rows: ResultRows, cursor: Hashable = None, *, from_top: bool = False) -> None:
        """Show other rows, with the cursor's row on the line where it was, or from the top."""
        wanted = self.key if cursor is None else cursor
        line_of_cursor = self.cursor - self.top
        range_from = self.rows.keys(self.marks.range_from, 1) if self.marks.range_from is not None else []
        self.rows = rows
        self.marks.range_from = rows.place_of(range_from[0]) if range_from else None
        place = rows.place_of(wanted) if wanted is not None else None
        if from_top:
            self.cursor = self.top = 0
        elif place is not None:
            self.cursor = place
            self.top = place - line_of_cursor
        self._asked = None
        self.forget_written()
        self.changed()
        self.post_message(self.Moved(self))

    @work(exclusive=True, group="arrange")
    async def _arrange(self, rows: ResultRows, cursor: Hashable = None, *, from_top: bool = False) -> None:
        arranged = await asyncio.to_thread(rows.arranged, self.sort, self.narrowing)
        self._swap(arranged, cursor, from_top=from_top)
        self.post_message(self.Sorted(self))

    # Order.

    def sort_by(self, sort: Sequence[SortKey]) -> None:
        """Sort by these columns, the first decides first. None at all is the order of the report.

        Who stands on the first row wants to see what comes first; anybody else stays on their row.
        """
        sortable = {column.name for column in self.columns if column.kind is not Kind.STATUSES}
        first: dict[str, SortKey] = {}
        for by in sort:
            if by.column in sortable:
                first.setdefault(by.column, by)
        wanted = tuple(first.values())
        if self.rows.is_paged:
            self.post_message(self.SortAsked(self, wanted))
            return
        self.sort = wanted
        self._arrange(self.rows, from_top=self.cursor == 0)

    def narrow(self, narrowing: Narrowing | None) -> None:
        """Show only some of the rows that are here, or all again. A filter proper is the owner's."""
        self.narrowing = narrowing
        self._arrange(self.rows)

    def action_sort(self) -> None:
        """Sort by the column under the cursor; by the one that already leads, the other way round."""
        if self.column is not None:
            self._lead_with(self.column)

    def _lead_with(self, name: str) -> None:
        if self.sort and self.sort[0].column == name:
            self.action_sort_reverse()
            return
        others = [by for by in self.sort if by.column != name]
        first = SortKey(name, descending=self._named[name].kind not in _UP_FIRST)
        self.sort_by([first, *others][:_MOST_SORT_KEYS])

    def action_sort_reverse(self) -> None:
        """The leading column the other way round."""
        if self.sort:
            first = SortKey(self.sort[0].column, descending=not self.sort[0].descending)
            self.sort_by([first, *self.sort[1:]])

    def action_sort_beside(self, step: int) -> None:
        """Sort by the column left or right of the one that leads; by the cursor's when none does."""
        order = self.layout_of_columns.order
        if not order:
            return
        at = order.index(self.sort[0].column) + step if self.sort and self.sort[0].column in order else None
        name = self.column if at is None else order[max(0, min(at, len(order) - 1))]
        if name is not None and not (self.sort and self.sort[0].column == name):
            self.sort_by([SortKey(name, descending=self._named[name].kind not in _UP_FIRST)])

    # Columns.

    def choose_columns(self, names: Iterable[str]) -> None:
        """Show these columns, in this order; none at all are those of the report. What is no column is passed over."""
        self.choice = tuple(dict.fromkeys(name for name in names if name in self._named))
        self.take_columns(self.columns)
        self.forget_written()
        self.changed()

    def action_columns(self) -> None:
        """Somebody else shows what can be chosen."""
        self.post_message(self.ColumnsAsked(self))

    def action_column(self, step: int) -> None:
        """The column cursor one on; what lies beyond the edge comes into view."""
        order = self.layout_of_columns.order
        if self.column in order:
            self.to_column(order[max(0, min(order.index(self.column) + step, len(order) - 1))])

    def to_column(self, name: str) -> None:
        """Put the column cursor on a column."""
        if name == self.column or name not in self.chosen:
            return
        self.column = name
        self.prepare()
        self.refresh_lines(1, self._line_of(self.cursor))
        self.post_message(self.Moved(self))
