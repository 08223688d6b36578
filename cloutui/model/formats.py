"""How numbers, sizes, times and ages are written for people.

Pure text in plain ASCII (and `±`): no colour, no padding, no locale of this machine. Exports do not use it: they
carry exact values. An unknown is the caller's to show (`?`), and so is "does not apply" (`-`).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

_BINARY = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB")
_DENSE = ("", "K", "M", "G", "T", "P", "E", "Z", "Y")
_THOUSANDS = ("", "k", "M", "G", "T")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_MINUTE, _HOUR, _DAY, _WEEK = 60, 3600, 86_400, 604_800
_DAYS_BEFORE_WEEKS = 14
_WEEKS_BEFORE_DATES = 10


def size(count: int) -> str:
    """Bytes with three significant digits: `0 B`, `812 MiB`, `4.12 TiB`. At 1000 the next unit is taken."""
    number, step = _three_digits(count, 1024)
    return f"{number} {_BINARY[step]}"


def dense_size(count: int) -> str:
    """Bytes for a narrow cell: `4.44T`, `812M`, `17`."""
    number, step = _three_digits(count, 1024)
    return number + _DENSE[step]


def exact_size(count: int) -> str:
    """Every byte, with its rounded size: `4,529,984,118 bytes (4.22 GiB)`."""
    if abs(count) < 1000:
        return "1 byte" if count == 1 else f"{count} bytes"
    return f"{count:,} bytes ({size(count)})"


def count(number: int) -> str:
    """In full to 9,999; then `41.2k`, `413k`, `11.8M`."""
    if abs(number) < 10_000:
        return f"{number:,}"
    value, step = float(number), 0
    while abs(value) >= (999.5 if step else 1000) and step < len(_THOUSANDS) - 1:
        value, step = value / 1000, step + 1
    digits = 1 if abs(value) < 99.95 else 0
    return f"{value:.{digits}f}{_THOUSANDS[step]}"


def exact_count(number: int) -> str:
    """Every digit, in groups of three: `41,234`."""
    return f"{number:,}"


def plural(number: int, one: str, many: str = "") -> str:
    """A count and its noun: `1 job`, `12 jobs`."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `3rd`, `4th`, `11th`, ..."""
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def percent(ratio: float, *, digits: int = 0) -> str:
    """A ratio, 1 being all: `61%`, with one digit `97.6%`."""
    return f"{ratio * 100:.{digits}f}%"


def growth(ratio: float) -> str:
    """A change, always signed: `+18.2%`, `-0.1%`, `±0` for what rounds to nothing."""
    text = f"{ratio * 100:+.1f}%"
    return "±0" if text in {"+0.0%", "-0.0%"} else text


def duration(span: timedelta | float) -> str:
    """A span in two units: `18s`, `18m 07s`, `3h 05m`, `2d 4h`."""
    seconds = _seconds(span)
    if seconds < _MINUTE:
        return f"{seconds}s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE}m {seconds % _MINUTE:02}s"
    if seconds < _DAY:
        return f"{seconds // _HOUR}h {seconds % _HOUR // _MINUTE:02}m"
    return f"{seconds // _DAY}d {seconds % _DAY // _HOUR}h"


def dense_duration(span: timedelta | float) -> str:
    """A span in one unit, rounded down: `18s`, `18m`, `3h`, `2d`."""
    seconds = _seconds(span)
    for unit, letter in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "m")):
        if seconds >= unit:
            return f"{seconds // unit}{letter}"
    return f"{seconds}s"


def rate(bytes_done: int, span: timedelta | float) -> str:
    """Bytes over time: `84.1 MiB/s`. Nothing for a span below a second: it would be an invention."""
    seconds = _seconds(span)
    return f"{size(bytes_done // seconds)}/s" if seconds else ""


def age(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """How long ago: `now`, `3m`, `5h`, `3d`, `6w`, then the date. What lies ahead reads `in 6h`."""
    seconds = (now - moment).total_seconds()
    if seconds <= -_MINUTE:
        return f"in {_age(int(-seconds))}"
    if seconds < _MINUTE:
        return "now"
    if seconds >= _WEEKS_BEFORE_DATES * _WEEK:
        return day(moment.astimezone(zone).date(), now.astimezone(zone).date())
    return _age(int(seconds))


def long_age(moment: datetime, now: datetime) -> str:
    """The same as a phrase for a line of its own: `now`, `3 min ago`, `5 h ago`, `3 days ago`."""
    seconds = int((now - moment).total_seconds())
    if seconds < _MINUTE:
        return "now"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min ago"
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR} h ago"
    return f"{seconds // _DAY} days ago"


def clock(moment: datetime, zone: tzinfo) -> str:
    """The time of day: `14:52`."""
    return f"{moment.astimezone(zone):%H:%M}"


def exact_clock(moment: datetime, zone: tzinfo) -> str:
    """The time of day to the second: `14:52:07`."""
    return f"{moment.astimezone(zone):%H:%M:%S}"


def time(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """As short as it stays clear: today `14:52`, this year `Sat 21 Nov 14:52`, else `2025-11-21`."""
    there, here = moment.astimezone(zone), now.astimezone(zone)
    if there.date() == here.date():
        return f"{there:%H:%M}"
    if there.year == here.year:
        return f"{day(there.date(), here.date())} {there:%H:%M}"
    return there.date().isoformat()


def exact_time(moment: datetime, zone: tzinfo) -> str:
    """Nothing left out: `Sat 21 Nov 2026 01:04:07`."""
    there = moment.astimezone(zone)
    return f"{long_day(there.date())} {there:%H:%M:%S}"


def day(that: date, today: date) -> str:
    """`Sat 21 Nov`; of another year `2025-11-21`."""
    return short_day(that) if that.year == today.year else that.isoformat()


def short_day(that: date) -> str:
    """`Sat 21 Nov`, whatever the year."""
    return f"{_WEEKDAYS[that.weekday()]} {that.day} {_MONTHS[that.month - 1]}"


def dense_day(that: date) -> str:
    """`21 Nov`."""
    return f"{that.day} {_MONTHS[that.month - 1]}"


def long_day(that: date) -> str:
    """`Sat 21 Nov 2026`."""
    return f"{short_day(that)} {that.year}"


def month(that: date) -> str:
    """`Nov`."""
    return _MONTHS[that.month - 1]


def zone_name(moment: datetime, zone: tzinfo) -> str:
    """What the zone is called at that moment: `CET`, `UTC`, or `UTC-5` where it has no name."""
    name = moment.astimezone(zone).tzname() or "UTC"
    if name[0] not in "+-":
        return name
    return f"UTC{name[0]}{name[1:3].lstrip('0') or '0'}{':' + name[3:5] if name[3:5] not in {'', '00'} else ''}"


def _three_digits(amount: int, base: int) -> tuple[str, int]:
    """The number with three significant digits, and how often it was divided by the base."""
    value, step = abs(float(amount)), 0
    while value >= 999.5 and step < len(_BINARY) - 1:
        value, step = value / base, step + 1
    digits = 0 if step == 0 or value >= 99.95 else 1 if value >= 9.995 else 2
    sign = "-" if amount < 0 else ""
    return f"{sign}{value:.{digits}f}", step


def _seconds(span: timedelta | float) -> int:
    seconds = span.total_seconds() if isinstance(span, timedelta) else span
    return max(0, int(seconds))


def _age(seconds: int) -> str:
    if seconds >= _DAYS_BEFORE_WEEKS * _DAY:
        return f"{seconds // _WEEK}w"
    return dense_duration(seconds)
