"""Which days are over for which units: a day of a unit closes when its zone's next backup day is a while old."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cloutui.model.backup_day import backup_day


@dataclass(frozen=True, slots=True)
class DayClock:
    """How some units count their days."""

    time_zone: str
    day_start_s: int
    units: frozenset[int]


def closed_days(clocks: Iterable[DayClock], now: datetime, grace: timedelta, days: int) -> dict[date, frozenset[int]]:
    """By day: the units for which it is closed. Of each unit the last `days` closed ones, the newest included."""
    found: dict[date, frozenset[int]] = {}
    for clock in clocks:
        begun = backup_day(now - grace, clock.time_zone, clock.day_start_s)
        for back in range(1, days + 1):
            day = begun - timedelta(days=back)
            found[day] = found.get(day, frozenset()) | clock.units
    return dict(sorted(found.items()))
