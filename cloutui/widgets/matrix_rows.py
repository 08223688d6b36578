"""What a matrix shows: names, and for each name one status a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from cloutui.model.status import Status


@dataclass(frozen=True, kw_only=True)
class MatrixRows:
    """All sequences but `days` are as long as there are rows, in the order of the rows."""

    days: Sequence[date] = ()
    """Oldest first, none left out."""
    keys: Sequence[int] = ()
    """What a row stands for: the cursor stays on it when the rows come in another order."""
    names: Sequence[str] = ()
    statuses: Sequence[bytes] = ()
    """A `Status` number for each day."""
    bad: Sequence[int] = ()
    """Failed and missed days among those shown."""
    run: Sequence[int] = ()
    """Unbroken bad days up to the last one."""

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def index(self) -> dict[int, int]:
        """Key to row."""
        return {key: row for row, key in enumerate(self.keys)}

    def column_of(self, day: date | None) -> int:
        """The column of that day, or of the nearest there is. Without a day the last one, which is today."""
        if not self.days:
            return 0
        last = len(self.days) - 1
        return last if day is None else max(0, min((day - self.days[0]).days, last))

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

    def in_order_of(self, keys: Sequence[int]) -> MatrixRows:
        """Those of the rows whose keys are given, in that order: for new facts under a cursor that must not move."""
        places = [self.index[key] for key in keys if key in self.index]
        return replace(
            self,
            keys=[self.keys[place] for place in places],
            names=[self.names[place] for place in places],
            statuses=[self.statuses[place] for place in places],
            bad=[self.bad[place] for place in places],
            run=[self.run[place] for place in places],
        )
