"""Tables of a period: this month, last month or last week, and any other month by the keys for days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from cloutui.model.sla import Period, PeriodName
from cloutui.model.step import Step
from cloutui.screens.desk import Desk
from cloutui.screens.table_view import Listing, TableView
from cloutui.screens.view import CrumbsChanged
from cloutui.widgets.lines import VIEW
from cloutui.widgets.result_cells import Cell, Writer

if TYPE_CHECKING:
    from cloutui.model.link import Link
    from cloutui.model.status import Status
    from cloutui.widgets.result_cells import Writing

_TURN = tuple(PeriodName)


class PeriodTable(TableView):
    """Rows of a report of the family `sla`."""

    HAS_DAYS = True

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "period", "this month, last month, last week", id="sla.period", tooltip="period", group=VIEW)
    ]

    def __init__(self, desk: Desk, title: str, listing: Listing) -> None:
        super().__init__(desk, title, listing)
        self._called_for = PeriodName.THIS_MONTH
        self._month: date | None = None
        """The first day of a month that was chosen; None: the period of that name, as the calendar has it."""

    @property
    def period(self) -> Period:
        """The days that are looked at."""
        return Period.month_of(self._month) if self._month else Period.named(self._called_for, self.desk.today())

    def parameters(self) -> dict[str, object]:
        """The month, or the name: which day it is, is the report's to say."""
        if self._month is None:
            return {"period": self._called_for.value}
        return {"first": self.period.first.isoformat(), "last": self.period.last.isoformat()}

    def crumbs(self) -> list[str]:
        """The screen, and which days where it is not this month."""
        is_now = self._month is None and self._called_for is PeriodName.THIS_MONTH
        return ["SLA"] if is_now else ["SLA", self.period.words(self.desk.today())]

    # Keys.

    def action_period(self) -> None:
        """The next of those that have a name."""
        following = PeriodName.THIS_MONTH if self._month else _TURN[(_TURN.index(self._called_for) + 1) % len(_TURN)]
        self._look_at(following, None)

    def _look_at(self, name: PeriodName, month: date | None) -> None:
        if (name, month) != (self._called_for, self._month):
            self._called_for, self._month = name, month
            self.scope_changed(self.place())
            self.post_message(CrumbsChanged())

    def move_day(self, days: int) -> None:
        """A month on, or back: not beyond this one."""
        month = Step.MONTH.moved(self.period.first, 1 if days > 0 else -1)
        if month <= self.desk.today():
            self._look_at(PeriodName.THIS_MONTH, self._unless_now(month))

    def move_days(self, direction: int) -> None:
        """The same: there is nothing longer."""
        self.move_day(direction)

    def to_today(self) -> None:
        """This month."""
        self._look_at(PeriodName.THIS_MONTH, None)

    # As a link.

    @property
    def day(self) -> date | None:
        """The first day of a month that was chosen."""
        return self._month

    def go_to(self, day: date) -> None:
        """The month of that day; not beyond this one."""
        self._month = self._unless_now(Step.MONTH.first_of(min(day, self.desk.today())))

    def _unless_now(self, month: date) -> date | None:
        return None if month == Step.MONTH.first_of(self.desk.today()) else month

    def link_query(self) -> dict[str, str]:
        """With the period."""
        named = {} if self._month or self._called_for is PeriodName.THIS_MONTH else {"period": self._called_for.value}
        return {**super().link_query(), **named}

    def show(self, link: Link, place: Any = None) -> None:
        """A link may name the period."""
        self._month = None
        asked = link.query.get("period", "")
        self._called_for = PeriodName(asked) if asked in set(_TURN) else PeriodName.THIS_MONTH
        super().show(link, place)


def tenth(value: Any, status: Status | None, writing: Writing) -> Cell:
    """A percentage with the tenth that it was rounded down to."""
    del status, writing
    return Cell(f"{float(value):.1f}%")


def whole(value: Any, status: Status | None, writing: Writing) -> Cell:
    """Every job counts: these are written in full. None of them says nothing."""
    del status, writing
    return Cell(f"{int(value):,}") if value else Cell("-", "muted")


COUNTED: dict[str, Writer] = dict.fromkeys(("jobs", "ok", "okwarn", "warning", "failed", "missed", "cost"), whole)
