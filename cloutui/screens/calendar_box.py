"""A month to choose a day from, each day with the sign of how it went."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.model.status import Status
from cloutui.screens.background import ask_in_background
from cloutui.screens.desk import Desk
from cloutui.widgets.box import Box
from cloutui.widgets.text import Piece

_WEEK = timedelta(days=7)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_CELL = 6
_MONTHS_WEEKS = Calendar(firstweekday=0)


class CalendarBox(ModalScreen[date | None], inherit_bindings=False):
    """The answer is the day that was chosen; None, when none was. No day after today can be."""

    DEFAULT_CSS = "CalendarBox { align: center middle; background: $background 60%; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "choose", id="calendar.choose"),
        Binding("escape,q", "close", "close", id="calendar.close"),
        Binding("h,left,[", "move(-1)", "day back", id="calendar.left"),
        Binding("l,right,]", "move(1)", "day on", id="calendar.right"),
        Binding("k,up", "move(-7)", "week back", id="calendar.up"),
        Binding("j,down", "move(7)", "week on", id="calendar.down"),
        Binding("{,pageup", "month(-1)", "month back", id="calendar.month-back"),
        Binding("},pagedown", "month(1)", "month on", id="calendar.month-on"),
        Binding("full_stop", "today", "today", id="calendar.today"),
    ]

    def __init__(self, desk: Desk, day: date) -> None:
        super().__init__()
        self.desk = desk
        self.day = day
        """Under the cursor."""
        self._went: Mapping[date, Status] = {}
        self._asked: set[date] = set()
        self.box = Box(desk.look, "Choose a day", "esc closes")

    def compose(self) -> ComposeResult:
        """The box alone."""
        yield self.box

    def on_mount(self) -> None:
        """The month at once, how its days went when that is known."""
        self._show()

    def on_resize(self) -> None:
        """It fits the terminal."""
        self._show()

    def _show(self) -> None:
        width, height = self.app.size
        self.box.show(self.lines(), width=width, height=height - 2)
        first = self.day.replace(day=1)
        if first not in self._asked and self.desk.session is not None:
            self._asked.add(first)
            ask_in_background(self, partial(self._ask, first), f"month {first}")

    async def _ask(self, first: date) -> None:
        assert self.desk.session is not None
        last = min(_next_month(first) - timedelta(days=1), self.desk.today())
        asked = {"first": first.isoformat(), "last": last.isoformat()}
        try:
            answer = await self.desk.session.ask("days", unit=self.desk.scope, **asked)
        except CloutuiError:
            return  # a day can be chosen without knowing how it went
        days = (answer.rows.column(name).to_pylist() for name in ("day", "status"))
        self._went = {**self._went, **{day: Status(status) for day, status in zip(*days, strict=True)}}
        self._show()

    # Lines.

    def lines(self) -> list[list[Piece]]:
        """The month's name, the weekdays, its weeks, and the keys."""
        palette = self.desk.look.palette
        plain, muted = palette.style("text", "panel"), palette.style("muted", "panel")
        heads = "".join(f"{name:^{_CELL}}" for name in _WEEKDAYS)
        weeks = _MONTHS_WEEKS.monthdatescalendar(self.day.year, self.day.month)
        return [
            [(f"  {formats.month(self.day)} {self.day.year}", palette.style("accent", "panel", bold=True))],
            [],
            [(f" {heads} ", muted)],
            *([(" ", plain), *(self._cell(day) for day in week), (" ", plain)] for week in weeks),
            *([[]] * (6 - len(weeks))),  # the box keeps its height from month to month
            [],
            [(f"  {self.desk.look.glyphs.enter} shows it   {{ }} month   . today", muted)],
        ]

    def _cell(self, day: date) -> Piece:
        palette, glyphs = self.desk.look.palette, self.desk.look.glyphs
        if day.month != self.day.month:
            return " " * _CELL, palette.style(on="panel")
        status = self._went.get(day, Status.NONE)
        is_over = day <= self.desk.today()
        text = f" {day.day:>2} {glyphs.status[status] if is_over and day in self._went else ' '} "
        if day == self.day:
            return text, palette.style("text", "cursor-ground", bold=True)
        return text, palette.status(status, "panel") if is_over else palette.style("faint", "panel")

    # Keys.

    def _go(self, day: date) -> None:
        self.day = min(day, self.desk.today())
        self._show()

    def action_move(self, days: int) -> None:
        """So many days on; not beyond today."""
        self._go(self.day + timedelta(days=days))

    def action_month(self, by: int) -> None:
        """The same day of another month, or its last."""
        first = self.day.replace(day=1)
        there = _next_month(first) if by > 0 else (first - timedelta(days=1)).replace(day=1)
        last = _next_month(there) - timedelta(days=1)
        self._go(there.replace(day=min(self.day.day, last.day)))

    def action_today(self) -> None:
        """To today."""
        self._go(self.desk.today())

    def action_choose(self) -> None:
        """The day under the cursor."""
        self.dismiss(self.day)

    def action_close(self) -> None:
        """None."""
        self.dismiss(None)


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
