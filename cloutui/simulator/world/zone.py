"""A server's time zone, as SQL can use it: two macros that know the offset of every hour of the plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - only ever compared with other naive times


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """Aware UTC to the server's naive time."""
    return at.astimezone(zone).replace(tzinfo=None)


def decimal_offset(at: datetime, zone: ZoneInfo) -> int:
    """Db2's CURRENT TIMEZONE: signed hhmmss, `-50000` five hours west."""
    seconds = int(_offset(at, zone).total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    return (1 if seconds >= 0 else -1) * (hours * 10_000 + rest // 60 * 100 + rest % 60)


def macros(zone: ZoneInfo, first: datetime, last: datetime) -> str:
    """`to_local(utc)` and `to_utc(local)` in SQL, true between two aware moments.

    A local time that the clock skips is read with the offset before the change, one that it says twice means the first.
    """
    changes = list(_changes(zone, first, last))
    start = int(_offset(first, zone).total_seconds())
    to_local, to_utc = "", ""
    before = start
    for at, offset in reversed(changes):
        earlier = _before(changes, at, start)
        said = at + timedelta(seconds=max(earlier, offset))
        to_local += f"WHEN moment >= TIMESTAMP '{_naive(at)}' THEN {offset} "
        to_utc += f"WHEN said >= TIMESTAMP '{_naive(said)}' THEN {offset} "
    offset_then = f"CASE {to_local}ELSE {before} END" if changes else str(start)
    offset_said = f"CASE {to_utc}ELSE {before} END" if changes else str(start)
    return (
        f"CREATE MACRO to_local(moment) AS moment + to_seconds({offset_then});\n"
        f"CREATE MACRO to_utc(said) AS said - to_seconds({offset_said});"
    )


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _naive(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")


def _before(changes: list[tuple[datetime, int]], at: datetime, start: int) -> int:
    return next((offset for moment, offset in reversed(changes) if moment < at), start)


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> list[tuple[datetime, int]]:
    """(moment, seconds east from then on), found by hours: no zone changes twice in one."""
    found = []
    at = first.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    offset = _offset(at, zone)
    while at < last:
        at += timedelta(hours=1)
        if (now := _offset(at, zone)) != offset:
            offset = now
            found.append((at, int(offset.total_seconds())))
    return found
