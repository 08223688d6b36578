"""The jobs matrix: nodes by days, each cell the worst status of that node's jobs on that day."""

from __future__ import annotations

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.matrix_cells import CELL, WEIGHT, MatrixSpan, as_matrix, bind_matrix
from cloutui.reports.registry import Report, register

JOBS_MATRIX = register(
    Report(
        name="jobs-matrix",
        needs=Privilege.JOB_VIEW,
        summary="Nodes by days: the worst status of each node's day.",
        params=MatrixSpan,
        bind=bind_matrix,
        shape=as_matrix,
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
        sql=f"""
            SELECT node_id, any_value(server) AS server, arg_max(unit, day) AS unit, any_value(node) AS node,
                   [any_value(server)] AS servers, [list({CELL})] AS cells, count(*) FILTER (worst >= 8) AS bad
            FROM scoped_node_day WHERE day BETWEEN $first AND $last
            GROUP BY node_id, server_id
            ORDER BY {WEIGHT} DESC, any_value(node), any_value(server)
        """,
    )
)
