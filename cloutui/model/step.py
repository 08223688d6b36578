"""How far a view of many days reaches with one column: a day, an ISO week, a month.

A step is known by its first day. Weeks begin on Monday, and the one with the year's first Thursday is number 1.
Source: ISO 8601, section 4.3.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from cloutui.model import formats

_DAYS_OF_A_WEEK = 7
_MONTHS_OF_A_YEAR = 12


class Step(StrEnum):
    """From the finest to the coarsest."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def letter(self) -> str:
        """After a number of steps, where there is no room for the word."""
        return self.value[0]

    @property
    def coarser(self) -> Step:
        """The next one; after the coarsest the finest again."""
        return _STEPS[(_STEPS.index(self) + 1) % len(_STEPS)]

    @property
    def finer(self) -> Step:
        """The one before; before the finest the coarsest."""
        return _STEPS[_STEPS.index(self) - 1]

    @property
    def leap(self) -> int:
        """How many steps somebody means who goes far: a week of days, four weeks, a year of months."""
        return {Step.DAY: _DAYS_OF_A_WEEK, Step.WEEK: 4, Step.MONTH: _MONTHS_OF_A_YEAR}[self]

    def first_of(self, day: date) -> date:
        """The first day of the step that the day is in."""
        match self:
            case Step.DAY:
                return day
            case Step.WEEK:
                return day - timedelta(days=day.weekday())
            case Step.MONTH:
                return day.replace(day=1)

    def last_of(self, day: date) -> date:
        """The last day of the step that the day is in."""
        match self:
            case Step.DAY:
                return day
            case Step.WEEK:
                return day + timedelta(days=_DAYS_OF_A_WEEK - 1 - day.weekday())
            case Step.MONTH:
                return self.moved(day, 1) - timedelta(days=1)

    def moved(self, day: date, by: int) -> date:
        """The first day of the step so many steps on. Raises: OverflowError, ValueError beyond the years 1 to 9999."""
        first = self.first_of(day)
        if self is Step.MONTH:
            years, month = divmod(first.month - 1 + by, _MONTHS_OF_A_YEAR)
            return date(first.year + years, month + 1, 1)
        return first + timedelta(days=by * (_DAYS_OF_A_WEEK if self is Step.WEEK else 1))

    def firsts(self, first: date, last: date) -> list[date]:
        """The first days of all steps that have a day between the two, the oldest first."""
        days = [self.first_of(first)]
        while (following := self.moved(days[-1], 1)) <= last:
            days.append(following)
        return days

    def words(self, day: date) -> str:
        """`Sat 21 Nov`, `week 47, 16 - 22 Nov`, `Nov 2026`."""
        match self:
            case Step.DAY:
                return formats.short_day(day)
            case Step.WEEK:
                first, last = self.first_of(day), self.last_of(day)
                begin = str(first.day) if first.month == last.month else formats.dense_day(first)
                return f"week {day.isocalendar().week}, {begin} - {formats.dense_day(last)}"
            case Step.MONTH:
                return f"{formats.month(day)} {day.year}"

    def short_words(self, day: date) -> str:
        """`21 Nov`, `week 47`, `Nov 2026`."""
        match self:
            case Step.DAY:
                return formats.dense_day(day)
            case Step.WEEK:
                return f"week {day.isocalendar().week}"
            case Step.MONTH:
                return self.words(day)


_STEPS = (Step.DAY, Step.WEEK, Step.MONTH)
