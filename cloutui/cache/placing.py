"""On which day of its unit a moment lies, as SQL over the table `owner`."""

from __future__ import annotations

from datetime import date

BEGINNING = date(1900, 1, 1)
END = date(9999, 12, 31)
"""Owners' periods cover all time between these."""

LOCAL_DAY = """
CAST(
    CASE WHEN o.time_zone = 'UTC' THEN anchor ELSE timezone(o.time_zone, anchor AT TIME ZONE 'UTC') END
    - to_seconds(o.day_start_s) AS DATE
)"""
"""The backup day of the moment `anchor` (UTC) for the owner `o`."""

PLACE = """
ORDER BY (day >= o.valid_from AND day < o.valid_to) DESC, o.valid_from DESC"""
"""Which of several owners counts: the one of the day, which goes by that owner's clock; else the latest."""
