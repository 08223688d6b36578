"""What a cell is, and so how it reads: raw in a SELECT, as a display string in a QUERY.

SELECT is exact: `2026-11-21 02:00:00.000000`, six digits always, no zone. QUERY rounds and adds a unit: `<1`,
`1,234.5 G`, `90 Day(s)`. NULL is empty in both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import cast

from cloutui.simulator.dsmadmc.locale import Locale


@dataclass(frozen=True, slots=True)
class Kind:
    """How a cell of a column reads. `text` is never given None."""

    text: Callable[[object, Locale], str]
    is_number: bool = False
    """Numbers stand at the right end of their column, and so does their heading."""

    def cell(self, value: object, locale: Locale) -> str:
        """The cell's text; empty for NULL."""
        return "" if value is None else self.text(value, locale)


def _exact(value: object, locale: Locale) -> str:
    match value:
        case str():
            return value
        case Decimal() | float():
            return locale.decimal(Decimal(str(value)))
        case datetime():
            return value.isoformat(sep=" ", timespec="microseconds")
        case date() | time():
            return value.isoformat()
    return str(value)


def _moment(value: object, locale: Locale) -> str:
    return locale.moment(cast("datetime", value))


def _count(value: object, locale: Locale) -> str:
    return locale.grouped(cast("int", value))


def _days(value: object, locale: Locale) -> str:
    """Age in days; less than one is shown as `<1`."""
    days = cast("int", value)
    return "<1" if days < 1 else locale.grouped(days)


def _seconds(value: object, locale: Locale) -> str:
    seconds = float(cast("int", value))
    for unit, size in (("H", 3600), ("M", 60)):
        if seconds >= size:
            return f"{locale.grouped(seconds / size, 1)} {unit}"
    return f"{locale.grouped(seconds)} S"


def _bytes(value: object, locale: Locale) -> str:
    number = float(cast("int", value))
    for unit, size in (("T", 2**40), ("G", 2**30), ("M", 2**20), ("K", 2**10)):
        if number >= size:
            return f"{locale.grouped(number / size, 1)} {unit}"
    return locale.grouped(number)


def with_unit(unit: str) -> Kind:
    """A count followed by its unit: `90 Day(s)`."""
    return Kind(lambda value, locale: f"{locale.grouped(cast('int', value))} {unit}")


EXACT = Kind(_exact)
EXACT_NUMBER = Kind(_exact, is_number=True)
TEXT = Kind(lambda value, _: str(value))
WORD = Kind(lambda value, _: str(value).capitalize())
"""A word that the tables hold in capitals and a QUERY shows with one: `No`, `Enabled`."""
MOMENT = Kind(_moment)
COUNT = Kind(_count, is_number=True)
DAYS_AGO = Kind(_days, is_number=True)
SECONDS = Kind(_seconds)
BYTES = Kind(_bytes, is_number=True)
