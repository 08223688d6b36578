"""The matrix of the units below the scope: how the days went of each with all below it."""

from __future__ import annotations

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.matrix_cells import CELL, WEIGHT_OF_MANY, MatrixSpan, as_matrix, bind_matrix
from cloutui.reports.registry import Report, register

UNITS_MATRIX = register(
    Report(
        name="units-matrix",
        needs=Privilege.JOB_VIEW,
        summary="Units below the scope by days: the worst status of any node's day, of each unit with all below it.",
        params=MatrixSpan,
        bind=bind_matrix,
        shape=as_matrix,
        made=frozenset({"days", "run"}),
        columns=(
            Column(name="unit_id", kind=Kind.COUNT, priority=9),
            Column(name="unit", kind=Kind.TEXT),
            Column(name="days", kind=Kind.STATUSES),
            Column(name="bad", kind=Kind.COUNT, priority=2),
            Column(name="run", kind=Kind.COUNT, priority=3),
        ),
        # Added up for each unit alone first: a tree of ten levels would else count each node's day ten times.
        # A day belongs to the unit of that day, and that unit to where it stands in the tree now.
        # What a server is silent about is unknown, so its cells come once more under its name: the worst wins.
        sql=f"""
            WITH failing AS (SELECT server_id, name FROM scoped_server WHERE failing_since IS NOT NULL),
            failing_day AS (
                SELECT d.unit_id, f.name AS server, d.day, max(d.worst) AS worst
                FROM scoped_bare_node_day AS d JOIN failing AS f ON f.server_id = d.server_id
                WHERE d.day BETWEEN $first AND $last
                GROUP BY d.unit_id, f.name, d.day
            ),
            own AS (
                SELECT unit_id, '' AS server, list({CELL}) AS cells, sum(bad_nodes) AS bad, {WEIGHT_OF_MANY} AS weight
                FROM scoped_unit_day WHERE day BETWEEN $first AND $last GROUP BY unit_id
                UNION ALL
                SELECT unit_id, server, list({CELL}), 0, 0 FROM failing_day GROUP BY unit_id, server
            )
            SELECT u.unit_id, any_value(u.name) AS unit, list(own.server) AS servers, list(own.cells) AS cells,
                   sum(own.bad)::BIGINT AS bad
            FROM scoped_unit AS u
            JOIN scoped_branch AS b ON b.top_id = u.unit_id
            JOIN own ON own.unit_id = b.unit_id
            WHERE u.unit_id <> $scope_unit
            GROUP BY u.unit_id
            ORDER BY sum(own.weight) DESC, any_value(u.name), u.unit_id
        """,
    )
)
