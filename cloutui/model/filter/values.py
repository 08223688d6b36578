"""How the words behind a field are read, by the kind of its column.

A size is read as it is shown: `4.4T` and `4.4TiB` are powers of 1024, `4.4TB` of 1000. A count's `k` is 1000. A date is
a day on the clock of the unit that is asked for, and `today` is its today. A span of time against a moment is an age.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from cloutui.model.filter.problem import BadFilter, unknown_word
from cloutui.model.filter.tree import Text
from cloutui.model.status import Status
from cloutui.model.table import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What words about time mean."""

    now: datetime
    """Aware UTC."""
    today: date
    """The backup day of the unit that is asked for."""
    zone: tzinfo
    """That unit's."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `least` up to, not including, `beyond`; the one value `least` when that is None.

    A `Status`, an int, a float, a date, or an aware UTC moment.
    """

    least: Any
    beyond: Any = None


@dataclass(frozen=True, slots=True)
class Age:
    """An age: what is older lies before `moment`. For a day that is the moment in which it begins."""

    moment: datetime


Reading = Span | Age

STATUS_WORDS = (*(status.key for status in reversed(Status)), "failed")

_NUMBER = re.compile(r"([+-]?[0-9]{1,19}(?:\.[0-9]{1,6})?) ?([A-Za-z%]*)")
_DURATION = re.compile(r"(?: ?[0-9]{1,9}[wdhms])+", re.IGNORECASE)
_DURATION_PART = re.compile(r"([0-9]+)([wdhms])")
_MOMENT = re.compile(r"([12][0-9]{3})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?(Z?))?")

_SIZES = {"": 1, "b": 1} | {
    letters: base**power
    for power, letter in enumerate("kmgtpe", 1)
    for letters, base in ((letter, 1024), (f"{letter}ib", 1024), (f"{letter}b", 1000))
}
_COUNTS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_PERCENTS = {"": 1, "%": 1}
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}

_GREATEST = 2**63 - 1
_LONGEST = timedelta(days=36_525)
_FIRST_YEAR = 1900

_EXAMPLES = {
    Kind.BYTES: ("size", "500MiB, 10GB or 1.5T"),
    Kind.COUNT: ("whole number", "12 or 1.5k"),
    Kind.PERCENT: ("percentage", "80% or 80"),
    Kind.DURATION: ("span of time", "90s, 30m or 1h30m"),
    Kind.TIME: ("date or age", "2026-11-21, 2026-11-21T14:30, today, 2d or 4h"),
    Kind.AGE: ("date or age", "2026-11-21, 2026-11-21T14:30, today, 2d or 4h"),
    Kind.DAY: ("day or age", "2026-11-21, today or 7d"),
}


def read(kind: Kind, word: Text, clock: Clock) -> Reading:
    """What a word means for a column of any kind but text. Raises: BadFilter."""
    if kind is Kind.STATUS:
        return Span(_status(word))
    found = _READERS[kind](word.text.strip(), clock)
    if found is None:
        what, examples = _EXAMPLES[kind]
        raise BadFilter(f"“{word.text}” is no {what}.", hint=f"Write it as {examples}.", at=word.at)
    return found


def quantity(kind: Kind, text: str) -> int | float | None:
    """The number that a size, a count, a percentage or a span of time (in seconds) stands for; None for none of it."""
    readers = {Kind.BYTES: _SIZES, Kind.COUNT: _COUNTS, Kind.PERCENT: _PERCENTS}
    if kind is Kind.DURATION:
        length = _length(text)
        return None if length is None else int(length.total_seconds())
    number = _number(text, readers[kind])
    return None if number is None else float(number) if number % 1 else int(number)


def _status(word: Text) -> Status:
    try:
        return Status.from_word(word.text)
    except ValueError:
        what = f"“{word.text}” is no status."
        listing = f"Statuses: {', '.join(STATUS_WORDS)}."
        raise unknown_word(what, word.text, word.at, known=STATUS_WORDS, listing=listing) from None


def _number(text: str, units: Mapping[str, int]) -> Decimal | None:
    found = _NUMBER.fullmatch(text)
    if found is None or found[2].lower() not in units:
        return None
    number = Decimal(found[1]) * units[found[2].lower()]
    return number if abs(number) <= _GREATEST else None


def _size(text: str, _clock: Clock) -> Span | None:
    number = _number(text, _SIZES)
    return None if number is None else Span(round(number))


def _count(text: str, _clock: Clock) -> Span | None:
    number = _number(text, _COUNTS)
    return None if number is None or number != int(number) else Span(int(number))


def _percent(text: str, _clock: Clock) -> Span | None:
    number = _number(text, _PERCENTS)
    return None if number is None else Span(float(number))


def _duration(text: str, _clock: Clock) -> Span | None:
    length = _length(text)
    return None if length is None else Span(int(length.total_seconds()))


def _time(text: str, clock: Clock) -> Reading | None:
    length = _length(text)
    if length is not None:
        return Age(clock.now - length)
    if text.lower() == "today":
        return _whole_day(clock.now.astimezone(clock.zone).date(), clock.zone)
    return _moment(text, clock.zone)


def _day(text: str, clock: Clock) -> Reading | None:
    length = _length(text)
    if length is not None:
        return Age(datetime(clock.today.year, clock.today.month, clock.today.day, tzinfo=UTC) - length)
    if text.lower() == "today":
        return Span(clock.today)
    found = _MOMENT.fullmatch(text)
    day = _date(found) if found and not found[4] else None
    return None if day is None else Span(day)


def _length(text: str) -> timedelta | None:
    if not _DURATION.fullmatch(text):
        return None
    seconds = sum(int(number) * _SECONDS[unit] for number, unit in _DURATION_PART.findall(text.lower()))
    return timedelta(seconds=seconds) if seconds <= _LONGEST.total_seconds() else None


def _moment(text: str, zone: tzinfo) -> Span | None:
    found = _MOMENT.fullmatch(text)
    day = _date(found) if found else None
    if found is None or day is None:
        return None
    hour, minute, second, is_utc = found.group(4, 5, 6, 7)
    if hour is None:
        return _whole_day(day, zone)
    if int(hour) > 23 or int(minute) > 59 or int(second or 0) > 59:
        return None
    wall = datetime(
        day.year, day.month, day.day, int(hour), int(minute), int(second or 0), tzinfo=UTC if is_utc else zone
    )
    least = wall.astimezone(UTC)
    return Span(least, least + timedelta(seconds=1 if second else 60))


def _date(found: re.Match[str]) -> date | None:
    year, month, day = map(int, found.group(1, 2, 3))
    try:
        return date(year, month, day) if year >= _FIRST_YEAR else None
    except ValueError:
        return None


def _whole_day(day: date, zone: tzinfo) -> Span:
    """From midnight to midnight: 23 or 25 hours where the clocks change."""
    midnights = (datetime(each.year, each.month, each.day, tzinfo=zone) for each in (day, day + timedelta(days=1)))
    least, beyond = (midnight.astimezone(UTC) for midnight in midnights)
    return Span(least, beyond)


_READERS: Mapping[Kind, Callable[[str, Clock], Reading | None]] = {
    Kind.BYTES: _size,
    Kind.COUNT: _count,
    Kind.PERCENT: _percent,
    Kind.DURATION: _duration,
    Kind.TIME: _time,
    Kind.AGE: _time,
    Kind.DAY: _day,
}
