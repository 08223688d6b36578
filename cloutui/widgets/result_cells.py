"""How a value of a result is written in a cell, by the kind of its column: its text, and the role that colours it.

Texts leave here safe. Widths and alignment are not decided here. A writer of one's own for a column (a growth, a word
made of two values) takes the place of the one of its kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, NamedTuple

from cloutui.model import formats
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.model.table import Column, Kind
from cloutui.widgets.glyphs import Glyphs

_MOST_TEXT = 400
"""Characters of a text that are looked at: no cell is wider."""

_LONG_AGE = timedelta(days=2)
"""From here an age is loud, on a row with a problem."""

_SHOWN_DAYS = 14


class Cell(NamedTuple):
    """What stands in a cell."""

    text: str
    role: str = "text"
    bold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What cells are written with."""

    glyphs: Glyphs
    now: datetime
    """Aware. Ages are counted back from it, and today's times are short."""
    zone: tzinfo


Writer = Callable[[Any, Status | None, Writing], Cell]
"""Writes a value that is not None. Is given the status of the row, where rows have one."""


def growth(value: Any, status: Status | None, writing: Writing) -> Cell:
    """A change in percent, always signed: `+18.2%`, `±0`. Neutral until a rule calls it a warning."""
    del status
    text = formats.growth(float(value) / 100)
    return Cell(text.replace("±", "+/-") if writing.glyphs.rule.isascii() else text, "muted")


def write(column: Column, value: Any, status: Status | None, writing: Writing, writer: Writer | None = None) -> Cell:
    """The cell of a value. One that is missing is `-`, a text `·`, and `?` on a row of which nothing is known."""
    if value is None:
        if status is Status.UNKNOWN:
            return Cell("?", "unknown")
        return Cell(writing.glyphs.nothing, "faint") if column.kind is Kind.TEXT else Cell("-", "muted")
    try:
        return (writer or _WRITERS[column.kind])(value, status, writing)
    except (TypeError, ValueError, OverflowError, AttributeError):
        # Not what its kind promises, such as a date before the calendar: shown as it is, not hidden.
        return Cell(safe(str(value)[:_MOST_TEXT]), "muted")


def status_of(value: Any) -> Status | None:
    """The status of a number; a number that is none stays unknown."""
    if value is None:
        return None
    try:
        return Status(int(value))
    except (ValueError, TypeError):
        return Status.UNKNOWN


def status_word(status: Status, detail: Any) -> str:
    """`Failed 12`, `Limit 90%`: a number other than 0 follows the word of a problem, a text takes the word's place."""
    if isinstance(detail, str) and detail:
        return safe(detail[:_MOST_TEXT])
    if isinstance(detail, int) and detail and status in {Status.ERROR, Status.WARNING}:
        return f"{status.word} {detail}"
    return status.word


def name_cell(value: Any, status: Status | None) -> Cell:
    """The name of what the row is about: bold when it has a problem."""
    text = "-" if value is None else safe(str(value)[:_MOST_TEXT])
    return Cell(text, "text", bold=status is not None and status.is_problem)


def word_cell(status: Status | None, detail: Any) -> Cell:
    """The word of the status whose sign already stands before the row."""
    if status is None:
        return Cell("-", "muted")
    return Cell(status_word(status, detail), status.key, bold=status.is_problem)


def _text(value: Any, status: Status | None, writing: Writing) -> Cell:
    del status, writing
    if isinstance(value, bool):
        return Cell("yes" if value else "no", "muted")
    return Cell(safe(str(value)[:_MOST_TEXT]), "muted")


def _status(value: Any, status: Status | None, writing: Writing) -> Cell:
    del status
    own = status_of(value) or Status.UNKNOWN
    return Cell(f"{writing.glyphs.status[own]} {own.word}", own.key, bold=own.is_problem)


def _statuses(value: Sequence[int], status: Status | None, writing: Writing) -> Cell:
    del status
    signs = (writing.glyphs.status[status_of(number) or Status.NONE] for number in value[-_SHOWN_DAYS:])
    return Cell("".join(signs), "text")


def _bytes(value: Any, status: Status | None, writing: Writing) -> Cell:
    del status, writing
    return Cell(formats.size(int(value)))


def _count(value: Any, status: Status | None, writing: Writing) -> Cell:
    del status, writing
    return Cell(formats.count(int(value)))


def _percent(value: Any, status: Status | None, writing: Writing) -> Cell:
    del status, writing
    return Cell(formats.percent(float(value) / 100))


def _duration(value: Any, status: Status | None, writing: Writing) -> Cell:
    del status, writing
    return Cell(formats.duration(value if isinstance(value, timedelta) else float(value)))


def _time(value: Any, status: Status | None, writing: Writing) -> Cell:
    del status
    return Cell(formats.time(_aware(value), writing.now, writing.zone), "muted")


def _day(value: Any, status: Status | None, writing: Writing) -> Cell:
    del status
    return Cell(formats.day(value, writing.now.astimezone(writing.zone).date()), "muted")


def _age(value: Any, status: Status | None, writing: Writing) -> Cell:
    moment = _aware(value)
    is_loud = status is not None and status.is_problem and writing.now - moment >= _LONG_AGE
    return Cell(formats.age(moment, writing.now, writing.zone), "error" if is_loud else "muted")


def _aware(moment: datetime) -> datetime:
    """A moment of an answer is UTC, also where the column's type does not say so."""
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


_WRITERS: Mapping[Kind, Writer] = {
    Kind.TEXT: _text,
    Kind.STATUS: _status,
    Kind.STATUSES: _statuses,
    Kind.BYTES: _bytes,
    Kind.COUNT: _count,
    Kind.PERCENT: _percent,
    Kind.DURATION: _duration,
    Kind.TIME: _time,
    Kind.DAY: _day,
    Kind.AGE: _age,
}

USUAL_WIDTHS: Mapping[Kind, int] = {
    Kind.BYTES: 8,
    Kind.COUNT: 5,
    Kind.PERCENT: 4,
    Kind.DURATION: 7,
    Kind.AGE: 3,
}
"""What a number of that kind mostly takes: a column that starts this wide need not grow while one scrolls."""
