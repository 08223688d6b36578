"""What was promised to a unit, and whether it is kept: the share of good jobs of a period against its goal.

All of it is whole numbers: a goal is in tenths of a percent, and what is shown is rounded down to a tenth. So a unit
that falls short of its goal, by however little, never looks as if it had reached it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Self

from cloutui.errors import Invalid
from cloutui.model.status import Status
from cloutui.model.step import Step
from cloutui.model.unit_setting import NOTHING, SettingValue

MONTH_FIGURES = ("goal", "ok", "okwarn", "warning", "failed", "missed", "good", "counts")
"""What is kept of a month that was closed: the goal in tenths of a percent, jobs, and the words for which counted."""

TRIED_DAYS = 28
"""Four weeks before today tell how many jobs the days to come will have: whole weeks, as weekends differ."""


def tenths(percent: SettingValue) -> int:
    """`98.5` as 985."""
    return int(Decimal(str(percent)) * 10)


def words_of(value: SettingValue) -> Sequence[str]:
    """The words of a setting that names some."""
    return () if value == NOTHING else str(value).split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a unit stands against its goal."""

    status: Status
    """OK: reached. Warning: not reached, but it still can be. Error: it cannot any more. None: no jobs."""
    result: Decimal | None
    """The share of good jobs in percent, rounded down to a tenth. None: there were no jobs."""
    left: int | None
    """Jobs that may still go wrong before the goal is out of reach; below 0 it is, by so many."""


def standing(*, jobs: int, good: int, goal: int, expected: int) -> Standing:
    """`goal` in tenths of a percent; `expected`: the jobs of the whole period, those that are still to come among them.

    Of a period that is over, `expected` are its jobs.
    """
    if not jobs:
        return Standing(status=Status.NONE, result=None, left=None)
    left = max(jobs, expected) * (1000 - goal) // 1000 - (jobs - good)
    is_reached = good * 1000 >= goal * jobs
    return Standing(
        status=Status.OK if is_reached else Status.WARNING if left >= 0 else Status.ERROR,
        result=Decimal(good * 1000 // jobs) / 10,
        left=left,
    )


class PeriodName(StrEnum):
    """Periods that have a name."""

    THIS_MONTH = "this-month"
    LAST_MONTH = "last-month"
    LAST_WEEK = "last-week"


@dataclass(frozen=True, slots=True)
class Period:
    """Days that a promise is looked at for: both ends are in it."""

    first: date
    last: date
    """May lie ahead: then the period is not over."""

    @classmethod
    def named(cls, name: PeriodName, today: date) -> Self:
        """As the calendar has it on that day. Weeks begin on Monday."""
        step = Step.WEEK if name is PeriodName.LAST_WEEK else Step.MONTH
        first = step.moved(today, 0 if name is PeriodName.THIS_MONTH else -1)
        return cls(first, step.last_of(first))

    @classmethod
    def month_of(cls, day: date) -> Self:
        """The calendar month that the day is in."""
        return cls(Step.MONTH.first_of(day), Step.MONTH.last_of(day))

    @property
    def is_month(self) -> bool:
        """Whether it is one calendar month, whole."""
        return self == Period.month_of(self.first)

    def judged_on(self, today: date) -> date:
        """The day whose goal and terms hold for all of it: its last one, or today where that is still ahead."""
        return min(self.last, today)

    def words(self, today: date) -> str:
        """`November 2026, day 22 of 30`; of one that is over `October 2026`, or `16 - 22 Nov 2026`."""
        name = f"{self.first:%B %Y}" if self.is_month else _days(self.first, self.last)
        if not self.first <= today <= self.last:
            return name
        return f"{name}, day {(today - self.first).days + 1} of {(self.last - self.first).days + 1}"


def _days(first: date, last: date) -> str:
    begin = f"{first.day}" if (first.year, first.month) == (last.year, last.month) else f"{first.day} {first:%b}"
    begin += f" {first.year}" if first.year != last.year else ""
    return f"{begin} - {last.day} {last:%b} {last.year}"


def month_named(text: str) -> date:
    """The first day of a month written `2026-11`. Raises: Invalid."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Invalid(f"“{text}” is no month.", hint="Months are written 2026-11.") from None
