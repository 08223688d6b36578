"""Which columns of a matrix are shown: how far each reaches, how many there are, and which is the last."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date

from cloutui.model.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Some columns up to a day. Every method takes the day that it is."""

    step: Step = Step.DAY
    columns: int = 0
    """None before the size of the terminal is known."""
    until: date | None = None
    """The last day shown; None follows the calendar."""

    def last(self, today: date) -> date:
        """The last day shown."""
        return self.until or today

    def first(self, today: date) -> date:
        """The first day shown."""
        return self.step.moved(self.last(today), 1 - self.columns)

    def firsts(self, today: date) -> list[date]:
        """The first day of each column."""
        return self.step.firsts(self.first(today), self.last(today))

    def asked(self, today: date) -> dict[str, object]:
        """As parameters of a matrix report."""
        days = (self.last(today) - self.first(today)).days + 1
        asked: dict[str, object] = {"days": days, "until": self.until.isoformat() if self.until else None}
        return asked if self.step is Step.DAY else {**asked, "step": self.step.value}

    def ending(self, day: date, today: date) -> Window:
        """The same columns up to the end of the one that has the day; up to today where that is later."""
        last = self.step.last_of(day)
        return replace(self, until=None if last >= today else last)

    def moved(self, columns: int, today: date) -> Window:
        """So many columns on or back, but as many at least as make a leap, and not beyond today."""
        by = max(abs(columns), self.step.leap) * (1 if columns > 0 else -1)
        return self.ending(self.step.moved(self.last(today), by), today)

    def around(self, day: date, today: date) -> Window:
        """With that day in view: up to today when it is of this week, else up to its column."""
        return replace(self, until=None) if (today - day).days < Step.DAY.leap else self.ending(day, today)


@dataclass(frozen=True, slots=True)
class MatrixPlace:
    """Where a reader was, to come back to."""

    key: Hashable = None
    day: date | None = None
