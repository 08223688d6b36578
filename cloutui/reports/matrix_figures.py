"""What jobs moved, day by day: the figures that the matrices can show in place of statuses.

One report for each kind of row that a matrix has, with the same days and steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.matrix_cells import MatrixSpan, bind_matrix
from cloutui.reports.registry import Report, register

FIGURES = (
    Column(name="bytes", kind=Kind.BYTES),
    Column(name="took", kind=Kind.DURATION),
    Column(name="failed", kind=Kind.COUNT, title="failed files"),
)

_SUMS = """
    sum(bytes)::BIGINT AS bytes, sum(date_diff('second', started_at, ended_at))::BIGINT AS took,
    sum(failed)::BIGINT AS failed
"""
"""Unknown where no job of the day said it. Times add up, also of jobs that ran side by side."""

_DAY = "date_trunc($step, day)::DATE AS day"


def _figures(rows: str, of: str, keys: Sequence[Column], sql: str) -> Report:
    return register(
        Report(
            name=f"{rows}-figures",
            needs=Privilege.JOB_VIEW,
            summary=f"What the jobs {of} moved on each day: bytes, time taken, failed files.",
            params=MatrixSpan,
            bind=bind_matrix,
            columns=(*keys, Column(name="day", kind=Kind.DAY), *FIGURES),
            sql=sql,
        )
    )


def _by(keys: str, names: str) -> str:
    return f"""
        SELECT {names}, {_DAY}, {_SUMS} FROM scoped_job WHERE day BETWEEN $first AND $last
        GROUP BY {keys}, date_trunc($step, day) ORDER BY {keys}, date_trunc($step, day)
    """


_NODE = (
    Column(name="node_id", kind=Kind.COUNT, priority=9),
    Column(name="server", kind=Kind.TEXT, priority=5),
    Column(name="node", kind=Kind.TEXT),
)
_SCHEDULE = (*_NODE, Column(name="schedule", kind=Kind.TEXT))
_SERVER = (Column(name="server_id", kind=Kind.COUNT, priority=9), Column(name="server", kind=Kind.TEXT))
_UNIT = (Column(name="unit_id", kind=Kind.COUNT, priority=9), Column(name="unit", kind=Kind.TEXT))

_NODE_NAMES = "node_id, any_value(server) AS server, any_value(node) AS node"

MATRIX_FIGURES: Mapping[str, Report] = {
    "nodes": _figures("nodes", "of each node", _NODE, _by("node_id", _NODE_NAMES)),
    "schedules": _figures(
        "schedules", "of each schedule of a node", _SCHEDULE, _by("node_id, schedule", f"{_NODE_NAMES}, schedule")
    ),
    "servers": _figures(
        "servers", "of each server", _SERVER, _by("server_id", "server_id, any_value(server) AS server")
    ),
    "units": _figures(
        "units",
        "of each unit below the scope, with all below it,",
        _UNIT,
        f"""
        WITH own AS (SELECT unit_id, {_DAY}, {_SUMS} FROM scoped_job WHERE day BETWEEN $first AND $last GROUP BY ALL)
        SELECT u.unit_id, any_value(u.name) AS unit, own.day, sum(own.bytes)::BIGINT AS bytes,
               sum(own.took)::BIGINT AS took, sum(own.failed)::BIGINT AS failed
        FROM scoped_unit AS u
        JOIN scoped_branch AS b ON b.top_id = u.unit_id
        JOIN own ON own.unit_id = b.unit_id
        WHERE u.unit_id <> $scope_unit
        GROUP BY u.unit_id, own.day ORDER BY u.unit_id, own.day
        """,
    ),
}
"""By the kind of row."""
