"""The matrix of schedules: one row for each schedule of a node, and one for what ran without any."""

from __future__ import annotations

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.matrix_cells import CELL, WEIGHT, MatrixSpan, as_matrix, bind_matrix
from cloutui.reports.registry import Report, register

SCHEDULES_MATRIX = register(
    Report(
        name="schedules-matrix",
        needs=Privilege.JOB_VIEW,
        summary="Schedules of nodes by days: the worst status of each schedule's jobs of a day.",
        params=MatrixSpan,
        bind=bind_matrix,
        shape=as_matrix,
        made=frozenset({"days", "run"}),
        columns=(
            Column(name="node_id", kind=Kind.COUNT, priority=9),
            Column(name="server", kind=Kind.TEXT, priority=5),
            Column(name="unit", kind=Kind.TEXT, priority=4),
            Column(name="node", kind=Kind.TEXT),
            Column(name="schedule", kind=Kind.TEXT),
            Column(name="days", kind=Kind.STATUSES),
            Column(name="bad", kind=Kind.COUNT, priority=2),
            Column(name="run", kind=Kind.COUNT, priority=3),
        ),
        # Jobs without a schedule are one row: their names are those of activities, the same for every node.
        sql=f"""
            WITH schedule_day AS (
                SELECT node_id, server_id, schedule, day, max(status) AS worst, any_value(server) AS server,
                       any_value(unit) AS unit, any_value(node) AS node
                FROM scoped_job WHERE day BETWEEN $first AND $last
                GROUP BY node_id, server_id, schedule, day
            )
            SELECT node_id, any_value(server) AS server, arg_max(unit, day) AS unit, any_value(node) AS node, schedule,
                   [any_value(server)] AS servers, [list({CELL})] AS cells, count(*) FILTER (worst >= 8) AS bad
            FROM schedule_day
            GROUP BY node_id, server_id, schedule
            ORDER BY {WEIGHT} DESC, any_value(node), any_value(server), schedule NULLS LAST
        """,
    )
)
