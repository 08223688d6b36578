"""A server's time zone, as SQL can use it: two macros that know the offset of every hour of the plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """Aware UTC to the server's naive time."""
    return at.astimezone(zone).replace(tzinfo=None)


def decimal_offset(at: datetime, zone: ZoneInfo) -> int:
    """Db2's CURRENT TIMEZONE: signed hhmmss, `-50000` five hours west."""
    seconds = _offset(at, zone)
    hours, rest = divmod(abs(seconds), 3600)
    return (1 if seconds >= 0 else -1) * (hours * 10_000 + rest // 60 * 100 + rest % 60)


def macros(zone: ZoneInfo, first: datetime, last: datetime) -> str:
    """`to_local(moment)` and `to_utc(said)` in SQL, true between two aware moments.

    A local time that the clock skips is read with the offset before the change, one that it says twice means the first.
    """
    offset = _offset(first, zone)
    moments = said = str(offset)
    for change, after in _changes(zone, first, last):
        moments = f"CASE WHEN moment >= {_timestamp(change)} THEN {after} ELSE {moments} END"
        # Both before and after the change, the clock is past what it says then.
        passed = change + timedelta(seconds=max(offset, after))
        said = f"CASE WHEN said >= {_timestamp(passed)} THEN {after} ELSE {said} END"
        offset = after
    return (
        f"CREATE MACRO to_local(moment) AS moment + to_seconds({moments});\n"
        f"CREATE MACRO to_utc(said) AS said - to_seconds({said});"
    )


def _offset(at: datetime, zone: ZoneInfo) -> int:
    """Seconds east."""
    return int((at.astimezone(zone).utcoffset() or timedelta()).total_seconds())


def _timestamp(at: datetime) -> str:
    return f"TIMESTAMP '{at.astimezone(UTC).replace(tzinfo=None)}'"


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[tuple[datetime, int]]:
    """(moment, seconds east from then on), found by hours: no zone changes twice in one."""
    at = first.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    offset = _offset(at, zone)
    while at < last:
        at += timedelta(hours=1)
        if (now := _offset(at, zone)) != offset:
            offset = now
            yield at, offset
