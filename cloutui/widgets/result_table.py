"""The result table: the rows of any report, a million of them, to walk through, sort, mark, search and copy.

Rows are marked by key, so that a mark stays on its row. Values are copied exact, not as they are drawn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, work
from textual.binding import Binding, BindingType
from textual.strip import Strip

from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.model.table import Column
from cloutui.widgets.lines import ACT, MOVE, Lines
from cloutui.widgets.result_copy import exact, tab_separated
from cloutui.widgets.result_order import OrderedResult
from cloutui.widgets.result_rows import ResultRows, Test
from cloutui.widgets.result_seek import problems, with_text
from cloutui.widgets.text import Piece, line

if TYPE_CHECKING:
    pass

_MOST_COPIED = 10_000
"""Rows that are copied as text; more is an export."""


class ResultTable(OrderedResult):
    """Rows and columns under a cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open", id="row.open", group=ACT),
        Binding("space", "mark", "mark", id="row.mark", group=ACT),
        Binding("v", "range", "range mark", id="row.range", show=False, group=ACT),
        Binding("asterisk", "mark_all", "mark all", id="row.mark-all", key_display="*", show=False, group=ACT),
        Binding("U", "unmark_all", "unmark all", id="row.unmark-all", show=False, group=ACT),
        Binding("n", "problem(1)", "next problem", id="row.next-problem", group=MOVE),
        Binding("N", "problem(-1)", "previous problem", id="row.previous-problem", show=False, group=MOVE),
        Binding("ctrl+f", "find", "find text", id="table.find", show=False, group=MOVE),
    ]  # fmt: skip

    @dataclass
    class RowChosen(Lines.Opened):
        """The row under the cursor is to be opened."""

        key: Hashable
        row: dict[str, Any]
        """Its values, also those of columns that are not shown."""

    @dataclass
    class SeekAsked(OrderedResult.Asked):
        """What is sought is not among the rows that are here: a text, or the next problem when it is None."""

        text: str | None
        start: int
        step: int

    @dataclass
    class MarkAllAsked(OrderedResult.Asked):
        """All rows are to be marked, but only a page is here: the owner is to say their keys to `mark`."""

    @dataclass
    class MarksChanged(OrderedResult.Asked):
        """Other rows are marked."""

        count: int

    least_problem = Status.WARNING
    """From which status on a row is one that `n` goes to."""
    sought: str | None = None
    """What is being typed to be found; None when nothing is."""
    _sought_from = 0
    _last_sought = ""

    # Marks.

    def mark(self, keys: Iterable[Hashable]) -> None:
        """Mark the rows with these keys too, whether they are shown or not."""
        self.marks.add(keys)
        self._marks_changed()

    def action_mark(self) -> None:
        """Mark the row, or take its mark away, and go on to the next. With a range, mark the range."""
        if self.marks.range_from is not None:
            self.action_range()
        elif (key := self.key) is not None:
            self.marks.flip(key)
            self._marks_changed()
            self.action_down()

    def action_range(self) -> None:
        """Begin a range at this row; the second time, mark what lies between."""
        if self.marks.range_from is None:
            self.marks.range_from = self.cursor if self.key is not None else None
        else:
            rows = self.marks.range_to(self.cursor)
            self.marks.range_from = None
            self.marks.add(self.rows.keys(rows.start, len(rows)))
        self._marks_changed()

    def action_mark_all(self) -> None:
        """Mark every row that is shown."""
        if self.rows.is_paged:
            self.post_message(self.MarkAllAsked(self))
        elif self.rows.key:
            self._mark_all(self.rows)

    @work(exclusive=True, group="mark")
    async def _mark_all(self, rows: ResultRows) -> None:
        self.mark(await asyncio.to_thread(rows.keys, 0, len(rows)))

    def action_unmark_all(self) -> None:
        """No row is marked any more, shown or not."""
        self.clear_marks()

    def has_marks(self) -> bool:
        """Shown or not."""
        return len(self.marks) > 0

    def clear_marks(self) -> None:
        """No mark, and no range."""
        self.marks.clear()
        self._marks_changed()

    def _marks_changed(self) -> None:
        self.refresh()
        self.post_message(self.MarksChanged(self, len(self.marks)))

    def move_to(self, index: int) -> None:
        """A range follows the cursor."""
        super().move_to(index)
        if self.marks.range_from is not None:
            self.refresh()

    # Going to what is sought.

    def action_problem(self, step: int) -> None:
        """The next row with a problem; after the last one comes the first."""
        if self._status_column is None:
            return
        test = problems(self._status_column, self.least_problem)
        found = self.rows.find(test, self.cursor + step, step)
        if found is None and self.rows.is_paged:
            self.post_message(self.SeekAsked(self, None, self.cursor + step, step))
            return
        if found is None:
            found = self.rows.find(test, 0 if step > 0 else len(self.rows) - 1, step)
        if found is not None:
            self.move_to(found)

    def find(self, text: str, start: int, step: int = 1) -> None:
        """Go to the next row, from `start` on, that shows this text; after the last one comes the first."""
        if text and self.count():
            test = with_text([self._named[name] for name in self.chosen], text)
            self._find(test, text, start, step)

    @work(exclusive=True, group="find")
    async def _find(self, test: Test, text: str, start: int, step: int) -> None:
        rows = self.rows
        found = await asyncio.to_thread(rows.find, test, start, step)
        if found is None and rows.is_paged:
            self.post_message(self.SeekAsked(self, text, start, step))
        elif found is None:
            found = await asyncio.to_thread(rows.find, test, 0 if step > 0 else len(rows) - 1, step)
        if found is not None and rows is self.rows:
            self.move_to(found)

    def action_find(self) -> None:
        """Type a part of what a row shows."""
        self.sought, self._sought_from = "", self.cursor
        self.refresh_lines(0)

    def rule(self) -> Strip:
        """The title, or what is being looked for."""
        if self.sought is None:
            return super().rule()
        palette, glyphs = self.look.palette, self.look.glyphs
        pieces: list[Piece] = [
            (glyphs.cursor, palette.style("accent")),
            (" find ", palette.style("accent", bold=True)),
            (safe(self.sought or self._last_sought), palette.style("text" if self.sought else "faint")),
            (glyphs.caret, palette.style("accent")),
        ]
        return line(pieces, self.inner_width, palette.style())

    async def takes(self, event: events.Key) -> bool:
        """While a text is typed, every letter belongs to it; `esc` leaves a range or the search before all else."""
        if self.sought is not None:
            self._typed(event, self.sought)
        elif event.key == "escape" and self.marks.range_from is not None and not self.begun:
            self.marks.range_from = None
            self._marks_changed()
        else:
            return await super().takes(event)
        return True

    def _typed(self, event: events.Key, sought: str) -> None:
        text = sought or self._last_sought
        match event.key:
            case "escape":
                self.workers.cancel_group(self, "find")
                self.sought = None
                self.move_to(self._sought_from)
            case "enter":
                if not sought:
                    self.find(text, self.cursor + 1)
                self.sought, self._last_sought = None, text
            case "down" | "ctrl+f":
                self.find(text, self.cursor + 1)
            case "up":
                self.find(text, self.cursor - 1, -1)
            case "backspace":
                self.sought = sought[:-1]
                self.find(self.sought, self._sought_from)
            case _ if event.character and event.is_printable:
                self.sought = sought + event.character
                self.find(self.sought, self._sought_from)
        self.refresh_lines(0)

    def on_blur(self) -> None:
        """A search does not outlive the focus."""
        self.sought = None

    # Opening and copying.

    def action_open(self) -> None:
        """Open the row under the cursor."""
        if self.rows.window(self.cursor, 1) is not None and not self.notice:
            self.post_message(self.RowChosen(self, self.key, self.values()))

    def cell_text(self) -> str:
        """The value under both cursors, exact."""
        found = self.rows.window(self.cursor, 1)
        if found is None or self.column is None:
            return ""
        return exact(self._named[self.column], self.values()[self.column])

    def row_text(self) -> str:
        """The cursor row's chosen columns, with tabs between, under their names."""
        found = self.rows.window(self.cursor, 1)
        return tab_separated(self._chosen_columns(), found[1]) if found else ""

    def marked_text(self) -> str:
        """The same of the marked rows that are shown, in their order."""
        import pyarrow as pa

        places = self.rows.places_of(self.marks)[:_MOST_COPIED]
        parts = [found[1] for place in places if (found := self.rows.window(place, 1))]
        return tab_separated(self._chosen_columns(), pa.concat_tables(parts)) if parts else ""

    def _chosen_columns(self) -> list[Column]:
        return [self._named[name] for name in self.chosen]

    # The mouse.

    def on_click(self, event: events.Click) -> None:
        """A click on a head sorts by it; on a row it goes to the cell, on the cursor row it opens."""
        name = self.layout_of_columns.at(event.x - self._lead)
        if event.y == 1 + self.gap and name is not None and not self.notice:
            event.stop()
            event.prevent_default()
            self._lead_with(name)

    def clicked(self, index: int, x: int) -> None:
        """The cell under the mouse; on the cursor row it opens."""
        name = self.layout_of_columns.at(x - self._lead)
        if index == self.cursor:
            self.action_open()
            return
        if name is not None:
            self.to_column(name)
        self.move_to(index)
