"""Dates and times as an administrator writes them: `11/21/2026`, `TODAY-1`, `-7`, `EOLM`, `NOW-01:30`, `-00:15`.

`EOLM` is the end of last month, `BOTM` the beginning of this one; `EOLM-1` counts from there.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

_DAY = re.compile(r"(?P<base>TODAY|EOLM|BOTM)?(?P<days>[+-]\d+)?", re.IGNORECASE)
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})")
_TIME = re.compile(r"(?P<base>NOW)?(?P<sign>[+-])?(?:(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2}))?)?", re.IGNORECASE)


class NotAMoment(ValueError):
    """The text is no date or time."""


def read_day(text: str, today: date) -> date:
    """The day that is meant. Raises: NotAMoment."""
    if written := _DATE.fullmatch(text):
        month, day, year = (int(part) for part in written.groups())
        try:
            return date(year if year > 99 else 2000 + year, month, day)
        except ValueError as error:
            raise NotAMoment(text) from error
    relative = _DAY.fullmatch(text)
    if relative is None or not text:
        raise NotAMoment(text)
    first = today.replace(day=1)
    base = {"EOLM": first - timedelta(days=1), "BOTM": first}.get((relative["base"] or "").upper(), today)
    try:
        return base + timedelta(days=int(relative["days"] or 0))
    except OverflowError as error:
        raise NotAMoment(text) from error


def read_time(text: str, day: date, now: datetime) -> datetime:
    """The moment on `day` that is meant; a time relative to now may leave that day. Raises: NotAMoment."""
    written = _TIME.fullmatch(text)
    if written is None or not text or (written["sign"] and not written["h"]):
        raise NotAMoment(text)
    hours, minutes, seconds = (int(written[part] or 0) for part in "hms")
    if written["base"] is None and written["sign"] is None:
        try:
            return datetime.combine(day, time(hours, minutes, seconds))
        except ValueError as error:
            raise NotAMoment(text) from error
    apart = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    moment = now - apart if written["sign"] == "-" else now + apart
    return moment + (day - now.date())
