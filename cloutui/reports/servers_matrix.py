"""The matrix of backup servers: how the days of their nodes went."""

from __future__ import annotations

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.matrix_cells import CELL, WEIGHT_OF_MANY, MatrixSpan, as_matrix, bind_matrix
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
                SELECT server_id, day, max(worst) AS worst, count(*) FILTER (worst >= 8) AS bad_nodes,
                       count(*) FILTER (worst = 7) AS warned_nodes, count(*) FILTER (worst = 5) AS noted_nodes
                FROM scoped_bare_node_day WHERE day BETWEEN $first AND $last
                GROUP BY server_id, day
            )
            SELECT d.server_id, any_value(s.name) AS server, [any_value(s.name)] AS servers, [list({CELL})] AS cells,
                   sum(d.bad_nodes)::BIGINT AS bad
            FROM server_day AS d JOIN scoped_server AS s ON s.server_id = d.server_id
            GROUP BY d.server_id
            ORDER BY {WEIGHT_OF_MANY} DESC, any_value(s.name)
        """,
    )
)
