"""How an answer looks on white paper: the signs and inks of statuses, and values as people read them.

A document is read later and elsewhere, so moments are written out in UTC where a screen would show an age.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from cloutui.delivery.heading import moment_text
from cloutui.model.formats import dense_day, duration, exact_count, percent, size
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.model.table import Column, Kind

INK, MUTED, RULE, PAPER = "#1d232d", "#555e6c", "#bdb7a7", "#ffffff"


_MOST_UPRIGHT = 7
"""Columns that fit on the short side of A4."""


@dataclass(frozen=True, slots=True)
class Sign:
    """How a status is drawn. The shape tells it; the colours only repeat that."""

    glyph: str
    """The same as on the screen."""
    ink: str
    ground: str


SIGNS: Mapping[Status, Sign] = {
    Status.NONE: Sign("·", "#5f656d", PAPER),
    Status.IGNORED: Sign("-", "#5c636e", PAPER),
    Status.OK: Sign("●", "#00695c", PAPER),
    Status.PENDING: Sign("…", "#555e6c", PAPER),
    Status.RUNNING: Sign("►", "#1d4fb8", "#dbe5fb"),
    Status.OKWARN: Sign("∆", "#586200", "#ecefc9"),
    Status.UNKNOWN: Sign("?", "#75552f", "#efe3d3"),
    Status.WARNING: Sign("▲", "#8a5200", "#ffe6b3"),
    Status.MISSED: Sign("○", "#7d2aa6", "#f0dbf9"),
    Status.ERROR: Sign("×", "#b0202b", "#fbd5d6"),
}


def legend() -> Iterator[tuple[Status, Sign]]:
    """Every status and its sign, the worst first."""
    return ((status, SIGNS[status]) for status in reversed(Status))


def _status(value: int) -> str:
    return f"{SIGNS[Status(value)].glyph} {Status(value).word}"


_WRITTEN: Mapping[Kind, Callable[[Any], str]] = {
    Kind.STATUS: _status,
    Kind.BYTES: size,
    Kind.COUNT: exact_count,
    # One digit, as in a sheet: 97.7% does not keep a promise of 98%.
    Kind.PERCENT: lambda value: percent(value / 100, digits=1),
    Kind.DURATION: duration,
    Kind.TIME: lambda value: moment_text(value) or "",
    Kind.AGE: lambda value: moment_text(value) or "",
}


def written(kind: Kind, value: object) -> str:
    """A value of a document as a person reads it; nothing for an unknown."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    write = _WRITTEN.get(kind)
    if write is None or isinstance(value, str):
        return safe(str(value))
    return write(int(value) if isinstance(value, Decimal) and kind is Kind.COUNT else value)


def head(column: Column, *, is_day: bool) -> str:
    """What stands above a column; of a matrix day `21 Nov`."""
    return dense_day(date.fromisoformat(column.name)) if is_day else safe(column.head)


def is_wide(columns: Sequence[Column]) -> bool:
    """Whether a table of these columns needs the long side of the paper."""
    return len(columns) > _MOST_UPRIGHT


def cells(text: str) -> int:
    """How many cells of a terminal or a fixed-width font a text takes. It must be safe already."""
    if text.isascii():
        return len(text)
    return sum(_width(char) for char in text)


def _width(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
