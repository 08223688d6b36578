"""What jobs moved, day by day: the figures that the matrices can show in place of statuses.

One report for each kind of row that a matrix has, with the same days and steps. Jobs are read only where their
schedules are told apart; all others are added up from `scoped_bare_node_day` and `scoped_unit_day`.
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

_SUMS = "sum(bytes)::BIGINT AS bytes, sum(took_s)::BIGINT AS took, sum(failed)::BIGINT AS failed"
"""Unknown where no job of the day said it. Times add up, also of jobs that ran side by side."""

_JOBS = "(SELECT *, date_diff('second', started_at, ended_at) AS took_s FROM scoped_job)"

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


def _by(keys: str, names: str, relation: str) -> str:
    return f"""
        SELECT {names}, {_DAY}, {_SUMS} FROM {relation} WHERE day BETWEEN $first AND $last
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
    "nodes": _figures("nodes", "of each node", _NODE, _by("node_id", _NODE_NAMES, "scoped_node_day")),
    "schedules": _figures(
        "schedules",
        "of each schedule of a node",
        _SCHEDULE,
        _by("node_id, schedule", f"{_NODE_NAMES}, schedule", _JOBS),
    ),
    "servers": _figures(
        "servers",
        "of each server",
        _SERVER,
        f"""
        WITH own AS ({_by("server_id", "server_id", "scoped_bare_node_day")})
        SELECT s.server_id, s.name AS server, own.day, own.bytes, own.took, own.failed
        FROM own JOIN scoped_server AS s ON s.server_id = own.server_id ORDER BY s.server_id, own.day
        """,
    ),
    "units": _figures(
        "units",
        "of each unit below the scope, with all below it,",
        _UNIT,
        # A day of a unit with none below it is a row already. Most units are such, and nothing is added up for them.
        f"""
        WITH figures AS (
            SELECT u.unit_id, u.name AS unit, d.day, d.bytes, d.took_s AS took, d.failed
            FROM scoped_unit_day AS d JOIN scoped_unit AS u ON u.unit_id = d.unit_id
            WHERE u.hi = u.lo + 1 AND $step = 'day' AND d.day BETWEEN $first AND $last AND u.unit_id <> $scope_unit
            UNION ALL
            SELECT u.unit_id, any_value(u.name), {_DAY}, {_SUMS}
            FROM scoped_branch AS b
            JOIN scoped_unit AS u ON u.unit_id = b.top_id AND NOT (u.hi = u.lo + 1 AND $step = 'day')
            JOIN scoped_unit_day AS d ON d.unit_id = b.unit_id
            WHERE d.day BETWEEN $first AND $last AND u.unit_id <> $scope_unit
            GROUP BY u.unit_id, date_trunc($step, d.day)
        )
        SELECT unit_id, unit, day, bytes, took, failed FROM figures ORDER BY unit_id, day
        """,
    ),
}
"""By the kind of row."""
