"""The backup day: days as a unit counts them, in its time zone and from its own hour on."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def backup_day(at: datetime, time_zone: str, day_start_s: int = 0) -> date:
    """The backup day that the aware moment falls into. Day D runs from D + `day_start_s` on the unit's clock.

    Raises: zoneinfo.ZoneInfoNotFoundError.
    """
    # On the wall clock, not in elapsed time: a day that starts at 06:00 does so on the day of a clock change too.
    wall = at.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)
    return (wall - timedelta(seconds=day_start_s)).date()
