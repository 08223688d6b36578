"""What a matrix shows: names, and for each name one status a day, week or month."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from cloutui.model.status import Status
from cloutui.model.step import Step

_IS_BAD = bytes(status >= Status.MISSED for status in range(256))


class Order(StrEnum):
    """By what rows are sorted, as a reader reads it."""

    WORST = "worst first"
    """As the rows came: what is bad weighs more the younger it is."""
    NAME = "by name"
    BAD = "most bad days first"
    RUN = "longest run first"


@dataclass(frozen=True, kw_only=True)
class MatrixRows:
    """All sequences but `days` are as long as there are rows, in the order of the rows."""

    days: Sequence[date] = ()
    """The first day of each column, oldest first, none left out."""
    step: Step = Step.DAY
    """How far a column reaches."""
    keys: Sequence[Hashable] = ()
    """What a row stands for: the cursor stays on it when the rows come in another order."""
    names: Sequence[str] = ()
    statuses: Sequence[bytes] = ()
    """A `Status` number for each column."""
    bad: Sequence[int] = ()
    """Failed and missed days among those shown."""
    run: Sequence[int] = ()
    """Unbroken bad columns up to the last one."""
    ranks: Sequence[int] = ()
    """The place in the order in which the rows came; empty when that is the order they are in."""
    figures: Sequence[Sequence[int]] = ()
    """A number for each column, negative where it is not known; empty when there are none for any row."""

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def index(self) -> dict[Hashable, int]:
        """Key to row."""
        return {key: row for row, key in enumerate(self.keys)}

    @cached_property
    def bad_by_column(self) -> Sequence[int]:
        """How many rows are bad in each column: 10,000 rows of a year are counted in some ten milliseconds."""
        width = len(self.days)
        flags = b"".join(self.statuses).translate(_IS_BAD)
        return [flags[column::width].count(1) for column in range(width)]

    def column_of(self, day: date | None) -> int:
        """The column of that day, or of the nearest there is. Without a day the last one, which has today."""
        if not self.days:
            return 0
        return len(self.days) - 1 if day is None else max(0, bisect_right(self.days, day) - 1)

    def next_problem(self, row: int, column: int, step: int) -> tuple[int, int] | None:
        """The next cell with a warning or worse: down the day, then the days before it. `step` -1 goes back."""
        place = (len(self.days) - 1 - column) * len(self) + row
        end = len(self) * len(self.days) if step > 0 else -1
        for at in range(place + step, end, step):
            back, candidate = divmod(at, len(self))
            day = len(self.days) - 1 - back
            if self.statuses[candidate][day] >= Status.WARNING:
                return candidate, day
        return None

    def in_order_of(self, keys: Sequence[Hashable]) -> MatrixRows:
        """Those of the rows whose keys are given, in that order: for new facts under a cursor that must not move."""
        return self._taken([self.index[key] for key in keys if key in self.index])

    def ordered(self, order: Order, *, backwards: bool = False) -> MatrixRows:
        """All rows in another order. Equal ones stay in the order in which they came."""
        ranks = self.ranks or range(len(self))
        match order:
            case Order.WORST:
                places = sorted(range(len(self)), key=lambda row: ranks[row])
            case Order.NAME:
                places = sorted(range(len(self)), key=lambda row: (self.names[row].casefold(), ranks[row]))
            case Order.BAD | Order.RUN:
                numbers = self.bad if order is Order.BAD else self.run
                places = sorted(range(len(self)), key=lambda row: (-numbers[row], ranks[row]))
        return self._taken(places[::-1] if backwards else places)

    def _taken(self, places: Sequence[int]) -> MatrixRows:
        ranks = self.ranks or range(len(self))
        return replace(
            self,
            keys=[self.keys[place] for place in places],
            names=[self.names[place] for place in places],
            statuses=[self.statuses[place] for place in places],
            bad=[self.bad[place] for place in places],
            run=[self.run[place] for place in places],
            ranks=[ranks[place] for place in places],
            figures=[self.figures[place] for place in places] if self.figures else (),
        )
