"""The cells of a matrix: from what the cache lists of each row to one status for each day, week or month.

All rows lie one after another in one piece of memory, a byte a cell: 10,000 rows of a year are 3.7 MB, and what is
done to a column is done to a slice with a stride.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from cloutui.errors import Invalid
from cloutui.model.status import Status
from cloutui.model.step import Step
from cloutui.model.table import Freshness
from cloutui.reports.span import DaySpan, bound_days

if TYPE_CHECKING:
    import pyarrow as pa

_USUAL = {Step.DAY: 21, Step.WEEK: 26, Step.MONTH: 13}
"""How many columns there are when nobody says which days."""
_LONGEST_DAYS = 3_660
"""Every row has a cell for every day, in memory."""

_OPEN = {Status.PENDING, Status.RUNNING}
_TELLS_NOTHING = _OPEN | {Status.NONE, Status.IGNORED}

CELL = "(day - $first::DATE)::INTEGER * 16 + worst"
"""A cell in one number. A row lists those that it has, in any order; of two for the same day the worse one counts."""

WEIGHT = """
    sum(CASE WHEN worst >= 8 THEN 1.0 WHEN worst = 7 THEN 0.3 WHEN worst = 5 THEN 0.05 ELSE 0 END
        * pow(0.97, $last - day))
"""
"""How bad a row is: bad days weigh more the younger they are."""

WEIGHT_OF_MANY = "sum((1.0 * bad_nodes + 0.3 * warned_nodes + 0.05 * noted_nodes) * pow(0.97, $last - day))"
"""The same of rows that are many nodes: so many of each day stood like that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixSpan(DaySpan):
    """Which days, and how many of them a column has. Every column is whole, as far as its days have come."""

    until: date | None = field(default=None, metadata={"help": "The same as the last day."})
    step: Step = field(default=Step.DAY, metadata={"help": "A column for each day, week (ISO) or month."})


def bind_matrix(parameters: MatrixSpan, context: Mapping[str, object]) -> dict[str, object]:
    """`first` and `last` as the first and last day of columns, not beyond today unless asked for. Raises: Invalid."""
    step, today = parameters.step, _day(context["today"])
    last = parameters.last or parameters.until or today
    try:
        first = parameters.first
        if first is None and parameters.days is None:
            first = step.moved(last, 1 - _USUAL[step])
        asked = DaySpan(first=first, last=last, days=parameters.days)
        span = bound_days(asked, context, usual=_USUAL[step], longest=_LONGEST_DAYS)
        step.moved(last, 1)  # the calendar goes on after the last column
        if last < today:
            last = min(step.last_of(last), today)
        return {"first": step.first_of(_day(span["first"])), "last": last, "step": step}
    except (OverflowError, ValueError) as error:
        raise Invalid(f"There are no {step}s around {last}.", hint="Ask for days of this century.") from error


def as_matrix(
    found: pa.Table, values: Mapping[str, object], as_of: Mapping[str, Freshness]
) -> tuple[pa.Table, Sequence[str]]:
    """The shape of every matrix report.

    `found` has for each row the lists `servers` and `cells`, one of each for each server that it has cells from. They
    become the columns `days` and `run`.
    """
    import pyarrow as pa

    first, last, today = (_day(values[name]) for name in ("first", "last", "today"))
    step = values["step"]
    assert isinstance(step, Step)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    silent = _silent_days(days, today, as_of)
    listed: list[list[Any]] = [found.column(name).to_pylist() for name in _LISTS]
    cells = b"".join(_row(servers, parts, len(days), silent) for servers, parts in zip(*listed, strict=True))
    firsts = step.firsts(first, last)
    folded = fold(cells, len(days), _groups(days, firsts))
    width = len(firsts)
    flat = pa.Array.from_buffers(pa.uint8(), len(folded), [None, pa.py_buffer(bytes(folded))])
    columns: dict[str, Any] = {name: found.column(name) for name in found.column_names if name not in {*_LISTS, "bad"}}
    columns["days"] = pa.FixedSizeListArray.from_arrays(flat, width)
    columns["bad"] = found.column("bad")
    columns["run"] = pa.array([run_of(folded[n : n + width]) for n in range(0, len(folded), width)], pa.int64())
    return pa.table(columns), [str(day) for day in firsts]


_LISTS = ("servers", "cells")


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value


def fold(cells: bytes | bytearray, width: int, groups: Sequence[range]) -> bytes | bytearray:
    """Rows of `width` cells as rows of one cell a group of neighbours: the worst of them."""
    if len(groups) == width:
        return cells
    folded = bytearray(len(cells) // width * len(groups))
    for place, group in enumerate(groups):
        columns = [cells[at::width] for at in group]
        folded[place :: len(groups)] = columns[0] if len(columns) == 1 else bytes(map(max, *columns))
    return folded


def run_of(row: bytes | bytearray) -> int:
    """Bad cells without a break up to the last one; those in which nothing ended do not break it."""
    run = 0
    for status in reversed(row):
        if status >= Status.MISSED:
            run += 1
        elif status not in _TELLS_NOTHING:
            break
    return run


def _groups(days: Sequence[date], firsts: Sequence[date]) -> list[range]:
    starts = [(first - days[0]).days for first in firsts]
    return [range(start, end) for start, end in zip(starts, [*starts[1:], len(days)], strict=True)]


def _silent_days(days: Sequence[date], today: date, as_of: Mapping[str, Freshness]) -> dict[str, range]:
    """By server: which of the days it may have left untold. Of its first one it has told something."""
    silent = {}
    for server, state in as_of.items():
        if state.is_silent:
            since = state.collected_at.date() if state.collected_at else date.min
            start, end = (since - days[0]).days, (today - days[0]).days + 1
            silent[server] = range(max(start, -1), min(end, len(days)))
    return silent


def _row(
    servers: Sequence[str], parts: Sequence[Sequence[int]], width: int, silent: Mapping[str, range]
) -> bytes | bytearray:
    """One byte a day: the worst of all servers."""
    rows = [_part(cells, width, silent.get(server)) for server, cells in zip(servers, parts, strict=True)]
    return rows[0] if len(rows) == 1 else bytes(map(max, *rows))


def _part(cells: Sequence[int], width: int, silent: range | None) -> bytearray:
    row = bytearray(width)
    for cell in cells:
        day, status = cell >> 4, cell & 15
        if status > row[day]:  # noqa: PLR1730 - a call of max() for each of millions of cells costs more than it tells
            row[day] = status
    if silent is not None:
        # What a silent server still had to tell is unknown: not pending, not running, and not nothing.
        for day in silent:
            if day >= 0 and (row[day] in _OPEN or (row[day] == Status.NONE and day > silent.start)):
                row[day] = Status.UNKNOWN
    return row
