"""The jobs matrix: nodes by days, each cell the worst status of that node's jobs on that day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from cloutui.model.privilege import Privilege
from cloutui.model.status import Status
from cloutui.model.table import Column, Freshness, Kind
from cloutui.reports.registry import Report, register
from cloutui.reports.span import DaySpan, bound_days

if TYPE_CHECKING:
    import pyarrow as pa

_USUAL_DAYS = 21
_LONGEST_DAYS = 3_660
"""Every node has a cell for every day, in memory."""

_OPEN = {Status.PENDING, Status.RUNNING}
_TELLS_NOTHING = _OPEN | {Status.NONE, Status.IGNORED}


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixParameters(DaySpan):
    """Which days."""

    until: date | None = field(default=None, metadata={"help": "The same as the last day."})


def _bind(parameters: MatrixParameters, context: Mapping[str, object]) -> Mapping[str, object]:
    span = DaySpan(first=parameters.first, last=parameters.last or parameters.until, days=parameters.days)
    return bound_days(span, context, usual=_USUAL_DAYS, longest=_LONGEST_DAYS)


def _as_matrix(
    found: pa.Table, values: Mapping[str, object], as_of: Mapping[str, Freshness]
) -> tuple[pa.Table, Sequence[str]]:
    first, last, today = values["first"], values["last"], values["today"]
    assert isinstance(first, date)
    assert isinstance(last, date)
    assert isinstance(today, date)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    cells = _dense(found, len(days))
    servers: list[Any] = found.column("server").to_pylist()
    for n, server in enumerate(servers):
        state = as_of.get(server)
        if state is not None and state.is_silent:
            _mark_unknown(cells, n * len(days), days, state, today)
    return _table(found, cells, len(days)), [str(day) for day in days]


def _dense(found: pa.Table, width: int) -> bytearray:
    """One byte a cell, row after row. Each row comes with a list of its cells: 16 × the day's number + the status."""
    cells = bytearray(found.num_rows * width)
    rows: list[Any] = found.column("cells").to_pylist()
    for start, row in zip(range(0, len(cells), width), rows, strict=True):
        for cell in row:
            place = start + (cell >> 4)
            cells[place] = max(cells[place], cell & 15)
    return cells


def _mark_unknown(cells: bytearray, start: int, days: Sequence[date], state: Freshness, today: date) -> None:
    """What a silent server still had to tell is unknown: not pending, not running, and not nothing."""
    since = state.collected_at.date() if state.collected_at else date.min
    for place, day in enumerate(days, start):
        if since <= day <= today and (cells[place] in _OPEN or (cells[place] == Status.NONE and day > since)):
            cells[place] = Status.UNKNOWN


def _run(row: bytes | bytearray) -> int:
    """Bad days without a break up to the last one; days on which nothing ended do not break it."""
    run = 0
    for status in reversed(row):
        if status >= Status.MISSED:
            run += 1
        elif status not in _TELLS_NOTHING:
            break
    return run


def _table(found: pa.Table, cells: bytearray, width: int) -> pa.Table:
    import pyarrow as pa

    flat = pa.Array.from_buffers(pa.uint8(), len(cells), [None, pa.py_buffer(bytes(cells))])
    runs = [_run(cells[n * width : (n + 1) * width]) for n in range(found.num_rows)]
    columns: dict[str, Any] = {name: found.column(name) for name in ("node_id", "server", "unit", "node")}
    columns["days"] = pa.FixedSizeListArray.from_arrays(flat, width)
    columns["bad"] = found.column("bad")
    columns["run"] = pa.array(runs, pa.int64())
    return pa.table(columns)


JOBS_MATRIX = register(
    Report(
        name="jobs-matrix",
        needs=Privilege.JOB_VIEW,
        summary="Nodes by days: the worst status of each node's day.",
        params=MatrixParameters,
        bind=_bind,
        shape=_as_matrix,
        made=frozenset({"days", "run"}),
        columns=(
            Column(name="node_id", kind=Kind.COUNT, priority=9),
            Column(name="server", kind=Kind.TEXT, priority=5),
            Column(name="unit", kind=Kind.TEXT, priority=4),
            Column(name="node", kind=Kind.TEXT),
            Column(name="days", kind=Kind.STATUSES),
            Column(name="bad", kind=Kind.COUNT, priority=2),
            Column(name="run", kind=Kind.COUNT, priority=3),
        ),
        # Worst first: bad days weigh more the younger they are.
        sql="""
            SELECT node_id, any_value(server) AS server, arg_max(unit, day) AS unit, any_value(node) AS node,
                   list((day - $first::DATE)::INTEGER * 16 + worst) AS cells, count(*) FILTER (worst >= 8) AS bad
            FROM scoped_node_day WHERE day BETWEEN $first AND $last
            GROUP BY node_id, server_id
            ORDER BY sum(CASE WHEN worst >= 8 THEN 1.0 WHEN worst = 7 THEN 0.3 WHEN worst = 5 THEN 0.05 ELSE 0 END
                     * pow(0.97, $last - day)) DESC, any_value(node), any_value(server)
        """,
    )
)
