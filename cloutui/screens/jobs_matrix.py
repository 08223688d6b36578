"""The jobs matrix: rows of the scope by days, weeks or months, and what happened in the cell under the cursor."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.timer import Timer

from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.model.link import Link
from cloutui.model.step import Step
from cloutui.screens import matrix_block, matrix_peek
from cloutui.screens.background import ask_in_background
from cloutui.screens.desk import Desk
from cloutui.screens.layout import Layout, SizeClass
from cloutui.screens.matrix_drill import marked_days, opened, subject_of
from cloutui.screens.matrix_empty import why_empty
from cloutui.screens.matrix_facts import KINDS, NODES, Facts, RowKind, after, facts_of, figures_of, rows_of
from cloutui.screens.matrix_window import MatrixPlace, Window
from cloutui.screens.notices import error_notice
from cloutui.screens.peek import Peek
from cloutui.screens.subject import Subject
from cloutui.screens.view import View
from cloutui.widgets.lines import VIEW, Lines
from cloutui.widgets.matrix import Matrix
from cloutui.widgets.matrix_display import Display
from cloutui.widgets.matrix_rows import MatrixRows, Order

if TYPE_CHECKING:
    from cloutui.model.question import Marked, Question

_NAME_WIDTHS = {SizeClass.XS: 15, SizeClass.S: 15, SizeClass.M: 18, SizeClass.L: 23, SizeClass.XL: 24}
_SIGN_WIDTHS = {SizeClass.XL: 2}
"""Of a column, where it is not three: beside the peek, two cells a day still show six weeks."""
_FOOT_FROM = 30
"""Lines of the terminal: below that each one is a row."""
_MUTE_AFTER_S = 0.15
_USUAL_LOOK = {"rows": "nodes", "step": "day", "cells": "signs"}


_HERE = MatrixPlace()
_NO_KEY = -1
"""Of no row: the cursor goes to the first one."""


class JobsMatrix(View):
    """The screen `3 Jobs`."""

    HAS_DAYS = True
    TAKES_FILTER = True

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("z", "zoom(1)", "days, weeks, months", id="matrix.zoom-out", tooltip="zoom", group=VIEW),
        Binding("Z", "zoom(-1)", "months, weeks, days", id="matrix.zoom-in", show=False, group=VIEW),
        Binding("s", "rows", "rows: nodes, jobs, units, servers", id="matrix.rows", tooltip="rows", group=VIEW),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, Matrix(desk.look, "Jobs matrix"), Peek(desk.look))
        self.window = Window()
        self.kind = NODES
        self._wanted_day: date | None = None
        """Where the cursor goes with the next answer."""
        self._name_width = 15
        self._facts: Facts = {}
        self._shown_kind = NODES
        """Of the rows that are shown, while others are asked for."""
        self._shown_as: object = None
        """What the rows that are shown were asked with: others are no newer facts of these."""
        self._is_unusual = False
        """Whether it has ever had another look than the usual one: then links say which."""
        self._mute_timer: Timer | None = None
        self._chosen_widths: dict[SizeClass, int] = {}
        self._size_class = SizeClass.M

    @property
    def matrix(self) -> Matrix:
        """The main list."""
        assert isinstance(self.main, Matrix)
        return self.main

    @property
    def until(self) -> date | None:
        """The last day shown; None follows the calendar."""
        return self.window.until

    def crumbs(self) -> list[str]:
        """The screen."""
        return ["Jobs"]

    # Size: how many columns are shown follows from it.

    def fit(self, layout: Layout, *, peek: bool) -> None:
        """Totals go first when room is short; the width of a column is what it was at this size."""
        super().fit(layout, peek=peek)
        size = self._size_class = layout.width_class
        self.matrix.totals = size >= SizeClass.M
        self.matrix.narrow = layout.is_narrow
        self.matrix.has_foot = layout.height >= _FOOT_FROM
        self.matrix.sign_width = self._chosen_widths.get(size, _SIGN_WIDTHS.get(size, 3))
        self._name_width = _NAME_WIDTHS[size]
        self.call_after_refresh(self._fill)

    @on(Matrix.WidthChanged)
    def _width_changed(self, message: Matrix.WidthChanged) -> None:
        self._chosen_widths[self._size_class] = message.sign_width
        self._fill()

    @on(Matrix.DisplayChanged)
    def _display_changed(self, message: Matrix.DisplayChanged) -> None:
        self._fill()
        if message.display.has_figures:
            self._load()  # also when as many columns fit: others figures are in them
        self._entitle()

    def _count_columns(self) -> None:
        columns = self.matrix.capacity(self._name_width, self.window.step)
        self.window = replace(self.window, columns=columns)

    def _fill(self) -> None:
        """Show as many columns as fit now."""
        before = self.window.columns
        if not self.matrix.size.width:
            return
        self._count_columns()
        if self.window.columns == before:
            return
        if not self.matrix.count():
            self.matrix.expect(self.window.firsts(self.desk.today()), self.window.step)
        self._load()

    # Facts.

    def reload(self, *, anew: bool = False) -> None:
        """Ask for the same columns again, of the unit that is the scope now."""
        self._load(anew=anew)

    def scope_changed(self, place: MatrixPlace | None = None) -> None:
        """Another unit: from its first row, or from where the reader was in it."""
        self.matrix.cursor = 0
        self._load(place=place or MatrixPlace(key=_NO_KEY))

    def place(self) -> MatrixPlace:
        """Where the reader is."""
        return MatrixPlace(self.matrix.key, self.matrix.day)

    @property
    def day(self) -> date | None:
        """The last day of the column under the cursor that has come."""
        at = self.matrix.day
        return min(self.matrix.rows.step.last_of(at), self.desk.today()) if at is not None else self._wanted_day

    def go_to(self, day: date) -> None:
        """That column; the others follow when it is not among them."""
        today, rows = self.desk.today(), self.matrix.rows
        self._wanted_day = min(day, today)
        has_it = bool(rows.days) and rows.days[0] <= self._wanted_day <= rows.step.last_of(rows.days[-1])
        if rows.step is not self.window.step or not has_it:
            self.window = self.window.around(self._wanted_day, today)

    def question(self) -> Question:
        """The columns that are shown."""
        from cloutui.model.question import Question

        asked = self.window.asked(self.desk.today())
        return Question(report=self.kind.report, unit=self.desk.scope, parameters=asked, filter=self.filter)

    def marked(self) -> Marked | None:
        """By what rows are now: nodes, units, servers."""
        from cloutui.model.question import Marked

        return Marked(self.kind.key, frozenset(self.matrix.marks)) if len(self.matrix.marks) else None

    # As a link.

    def link_query(self) -> dict[str, str]:
        """With rows, step and what cells show, once they are not the usual ones."""
        look = {
            "rows": self.kind.word,
            "step": self.window.step.value,
            "cells": self.matrix.display_as.name.lower(),
        }
        self._is_unusual = self._is_unusual or look != _USUAL_LOOK
        return super().link_query() | (look if self._is_unusual else {})

    def show(self, link: Link, place: object = None) -> None:
        """What the link does not say stays as it is, and so does what it says in words that nobody knows."""
        step, cells = link.query.get("step"), link.query.get("cells", "").upper()
        self._take_rows(KINDS.get(link.query.get("rows", ""), self.kind))
        if step in set(Step):
            self.window = replace(self.window, step=Step(step))
        if cells in Display.__members__:
            self.matrix.show_as(Display[cells])
        if self.matrix.size.width:
            self._count_columns()
        super().show(link, place)

    # Other rows, other columns.

    def _take_rows(self, kind: RowKind) -> None:
        if kind is not self.kind:
            self.kind = kind
            self.matrix.unmark()

    def action_rows(self) -> None:
        """Rows of the next kind, from the first one."""
        self._take_rows(after(self.kind))
        self._load(place=MatrixPlace(key=_NO_KEY))

    def action_zoom(self, by: int) -> None:
        """Columns of the next step, around the day that the cursor is on."""
        step, day = self.window.step, self.day
        self.window = replace(self.window, step=step.coarser if by > 0 else step.finer)
        self.go_to(day or self.desk.today())
        self._count_columns()
        self._load()

    # Asking.

    def _load(self, *, anew: bool = True, place: MatrixPlace = _HERE) -> None:
        if self.desk.session is not None and self.window.columns:
            if anew:
                self._mute_soon()
            ask_in_background(self, partial(self._ask, anew=anew, place=place), "load")

    async def _ask(self, *, anew: bool, place: MatrixPlace) -> None:
        kind, step, asked = self.kind, self.window.step, self.window.asked(self.desk.today())
        shown_as = (kind, asked, self.desk.scope, self.filter)
        try:
            answer = await self.ask(kind.report, **asked)
            rows = None if answer is None else await self._with_figures(rows_of(answer, kind, step), kind, asked)
        except CloutuiError as error:
            self._settle()
            if not anew and self.matrix.count():
                self.matrix.entitle(note=error.what)  # the rows are old, not wrong: they stay
            else:
                self.matrix.say(error_notice(error, self.desk.look))
                self._clear_peek()
        else:
            self._settle()
            if answer is not None and rows is not None:
                anew, self._shown_as = anew or shown_as != self._shown_as, shown_as
                self._facts, self._shown_kind = facts_of(answer, kind), kind
                self.matrix.noun = kind.noun
                self._show(rows, anew=anew, place=place)

    async def _with_figures(self, rows: MatrixRows, kind: RowKind, asked: dict[str, object]) -> MatrixRows:
        display = self.matrix.display_as
        if not display.has_figures or self.desk.session is None:
            return rows
        told = await self.desk.session.ask(kind.figures, unit=self.desk.scope, **asked)
        return replace(rows, figures=await asyncio.to_thread(figures_of, told, kind, display, rows))

    def _show(self, rows: MatrixRows, *, anew: bool, place: MatrixPlace) -> None:
        assert self.peek is not None
        self.peek.forget()
        waiting, shown, matrix = 0, self.matrix.rows, self.matrix
        if not anew and len(shown):
            # What is under a cursor stays there: new nodes and another order come when they are asked for.
            kept = rows.in_order_of(shown.keys)
            waiting, rows = len(rows) - len(kept), kept
        elif matrix.order is not Order.WORST or matrix.is_backwards:
            rows = rows.ordered(matrix.order, backwards=matrix.is_backwards)
        matrix.show(rows, key=place.key, day=self._wanted_day or place.day)
        self._wanted_day = None
        self._entitle(f"{formats.count(waiting)} new, r shows" if waiting else "")
        if not len(rows):
            matrix.entitle(note="")
            matrix.say(why_empty(self.desk, self.kind, self.window, self.filter))
            self._clear_peek()

    def _entitle(self, first: str = "") -> None:
        """How many rows and columns there are; what waits, or the order; and what figures these are."""
        matrix, rows = self.matrix, self.matrix.rows
        if not len(rows):
            return
        parts = [formats.plural(len(rows), self.kind.noun)]
        if not matrix.narrow:
            parts[0] += f" {self.desk.look.glyphs.times} {len(rows.days)} {rows.step}s"
        parts.append(first or matrix.order.value + (", backwards" if matrix.is_backwards else ""))
        if matrix.display_as is not Display.SIGNS:
            parts.append(matrix.display_as.value)
        matrix.entitle(note="   ".join(parts))

    @on(Matrix.Ordered)
    def _ordered(self) -> None:
        self._entitle()

    def _clear_peek(self) -> None:
        assert self.peek is not None
        self.peek.entitle("", "")
        self.peek.look_at_nothing()

    def _mute_soon(self) -> None:
        if self.matrix.count() and self._mute_timer is None:
            self._mute_timer = self.set_timer(_MUTE_AFTER_S, self._mute)

    def _mute(self) -> None:
        self.matrix.mute()
        self.matrix.entitle(note="refreshing")

    def _settle(self) -> None:
        if self._mute_timer is not None:
            self._mute_timer.stop()
            self._mute_timer = None

    # Days.

    @on(Matrix.Beyond)
    def _beyond(self, message: Matrix.Beyond) -> None:
        self.shift(message.columns)

    def move_day(self, days: int) -> None:
        """The cursor goes a column on or back; at the edge the others follow."""
        self.matrix.action_day(days)

    def move_days(self, direction: int) -> None:
        """All columns and the cursor move: days by a week, weeks by four, months by a year."""
        self.shift(direction * self.window.step.leap)

    def to_today(self) -> None:
        """Today is in the last column shown, and the cursor is on it."""
        if self.until is None:
            self.matrix.action_last_day()
        else:
            self.window = replace(self.window, until=None)
            self._load(place=MatrixPlace(day=self.desk.today()))

    def shift(self, columns: int) -> None:
        """Move the cursor by so many columns, and what is shown by a leap at least; not beyond today."""
        at, today = self.matrix.day, self.desk.today()
        if at is None:
            return
        moved = self.window.moved(columns, today)
        if moved.until == self.until:
            self.matrix.action_last_day()
            return
        self.window = moved
        self._load(place=MatrixPlace(day=self.window.step.moved(at, columns)))

    # The cursor.

    def _pointed(self) -> matrix_peek.Pointed | None:
        matrix = self.matrix
        if matrix.key is None or matrix.day is None or matrix.key not in self._facts:
            return None
        return matrix_peek.Pointed(
            kind=self._shown_kind,
            key=matrix.key,
            fact=self._facts[matrix.key],
            rows=matrix.rows,
            row=matrix.cursor,
            column=matrix.column,
            today=self.desk.today(),
        )

    @on(Lines.Moved)
    def _moved(self, message: Lines.Moved) -> None:
        cell, peek = self._pointed(), self.peek
        if message.lines is not self.matrix or cell is None or peek is None:
            return
        if (block := self.matrix.block) is not None:
            matrix_block.tell(self.desk, peek, self.matrix, block, handled=len(self.problems()))
        else:
            matrix_peek.tell(self.desk, peek, cell)

    def subject(self) -> Subject | None:
        """What the crosshair is on."""
        cell = self._pointed()
        return subject_of(cell, self.matrix.name_under_cursor) if cell else None

    def problems(self) -> Sequence[Subject]:
        """Those of the block; without one that day of every node that is marked."""
        if (block := self.matrix.block) is not None:
            return matrix_block.days_in(block, self.matrix, self._facts, self._shown_kind)
        return marked_days(self._facts, self._shown_kind, self.matrix) or super().problems()

    @on(Lines.Opened)
    def _opened(self, message: Lines.Opened) -> None:
        message.stop()
        cell = self._pointed()
        if cell is not None:
            self.post_message(opened(self.desk, cell, self.matrix.name_under_cursor, self.link_query()))
