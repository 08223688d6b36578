"""The matrix of backup servers: how the days of their nodes went."""

from __future__ import annotations

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.matrix_cells import CELL, WEIGHT, MatrixSpan, as_matrix, bind_matrix
from cloutui.reports.registry import Report, register

SERVERS_MATRIX = register(
    Report(
        name="servers-matrix",
        needs=Privilege.JOB_VIEW,
        summary="Backup servers by days: the worst status of any node's day.",
        params=MatrixSpan,
        bind=bind_matrix,
        shape=as_matrix,
        made=frozenset({"days", "run"}),
        columns=(
            Column(name="server_id", kind=Kind.COUNT, priority=9),
            Column(name="server", kind=Kind.TEXT),
            Column(name="days", kind=Kind.STATUSES),
            Column(name="bad", kind=Kind.COUNT, priority=2),
            Column(name="run", kind=Kind.COUNT, priority=3),
        ),
        sql=f"""
            WITH server_day AS (
                SELECT server_id, day, any_value(server) AS server, max(worst) AS worst,
                       count(*) FILTER (worst >= 8) AS bad, {WEIGHT} AS weight
                FROM scoped_node_day WHERE day BETWEEN $first AND $last
                GROUP BY server_id, day
            )
            SELECT server_id, any_value(server) AS server, [any_value(server)] AS servers, [list({CELL})] AS cells,
                   sum(bad)::BIGINT AS bad
            FROM server_day
            GROUP BY server_id
            ORDER BY sum(weight) DESC, any_value(server)
        """,
    )
)
