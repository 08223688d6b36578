"""Rows of the report `weeks` as the days of a calendar, and as lines to print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from cloutui.model import formats
from cloutui.model.status import Status
from cloutui.widgets.days import WEEKDAYS, DayCell
from cloutui.widgets.year_strip import longest_bad_run, share_of_good

Row = Mapping[str, Any]

_STILL = 0.2
"""Percent a day, either way, that is not worth a number."""
_SHORT = 4
"""Letters that tell a status where there is no room for its word."""


def cells_of(rows: Iterable[Row], *, of_unit: bool, up: str) -> dict[date, DayCell]:
    """By their days. `up` is the arrow before what was sent."""
    return {row["day"]: _cell(row, of_unit=of_unit, up=up) for row in rows}


def _cell(row: Row, *, of_unit: bool, up: str) -> DayCell:
    status = Status(row["status"])
    words = _counted(row) if of_unit and row["bad"] else worded(status, row["result"])
    return DayCell(status=status, words=words, lines=(_held(row, status), _sent(row, status, up)))


def worded(status: Status, result: int | None) -> Sequence[str]:
    """`Failed 12`, `Failed`, `Fail`."""
    if status is Status.NONE:
        return ("none",)
    word = status.word
    numbered = (f"{word} {result}",) if result and status.is_problem else ()
    return (*numbered, word, word[:_SHORT])


_SAID = {"yes": "as closed", "no": "as of now", "lost": "its frozen report is lost"}


def as_closed(row: Row) -> str:
    """What a day's jobs say of it, where it stands as something else: by a severity rule, when it closed or now."""
    worst = Status(row["worst"])
    if not row["closed"] or worst == row["status"]:
        return ""
    return f"{_SAID[row['closed']]}; jobs: {worded(worst, row['result'])[0]}"


def _counted(row: Row) -> Sequence[str]:
    """Of many nodes how many jobs were bad tells more than a word."""
    bad = formats.count(row["bad"])
    return f"{bad} of {formats.count(row['jobs'])} bad", f"{bad} bad", bad


def _held(row: Row, status: Status) -> Sequence[str]:
    if row["stored"] is None:
        return () if status is Status.NONE else ("?",)
    stored, growth = formats.dense_size(row["stored"]), row["growth"]
    if growth is None or abs(growth) <= _STILL:
        return (stored,)
    return f"{stored} {growth:+.1f}%", f"{stored} {growth:+.1f}", stored


def _sent(row: Row, status: Status, up: str) -> Sequence[str]:
    if row["sent"] is None:
        return () if status is Status.NONE else (f"{up} -",)
    return (f"{up} {formats.dense_size(row['sent']):>5}",)


def printed(rows: Sequence[Row], title: str) -> Iterator[str]:
    """A title, a line a day from the first one of which something is known, and what they come to."""
    rows = rows[next((place for place, row in enumerate(rows) if row["jobs"] or row["stored"] is not None), 0) :]
    yield title
    yield ""
    yield f"{'day':<15}{'status':<12}{'stored':>10}{'growth':>8}{'sent':>10}{'jobs':>7}{'bad':>6}"
    for row in rows:
        status, growth = Status(row["status"]), row["growth"]
        word = worded(status, row["result"])[0]
        day = f"{row['day'].isoformat()} {WEEKDAYS[row['day'].weekday()]}"
        figures = (_size(row["stored"]), "" if growth is None else formats.growth(growth / 100), _size(row["sent"]))
        yield f"{day:<15}{word:<12}{figures[0]:>10}{figures[1]:>8}{figures[2]:>10}{row['jobs']:>7}{row['bad']:>6}"
    statuses = [Status(row["status"]) for row in rows]
    good = share_of_good(statuses)
    yield ""
    yield "   ".join(filter(None, (good and f"success {good}", f"longest bad run {longest_bad_run(statuses)}d")))


def _size(amount: int | None) -> str:
    return "-" if amount is None else formats.size(amount)
