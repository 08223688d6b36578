"""The tree of business units with the worst status and the number of problems of each unit and all below it."""

from __future__ import annotations

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register

UNITS = register(
    Report(
        name="units",
        needs=Privilege.UNIT_VIEW,
        summary="Business units with worst status, problems and nodes, each with all below it.",
        columns=(
            Column(name="unit_id", kind=Kind.COUNT, priority=9),
            Column(name="parent_id", kind=Kind.COUNT, priority=9),
            Column(name="name", kind=Kind.TEXT),
            Column(name="status", kind=Kind.STATUS),
            Column(name="problems", kind=Kind.COUNT, priority=2),
            Column(name="nodes", kind=Kind.COUNT, priority=3),
        ),
        # A node stands as its last day on which something ended: tonight's jobs, still to come, tell nothing yet.
        sql="""
            WITH stand AS (
                SELECT node_id, coalesce(
                    arg_max(worst_ended, day) FILTER (worst_ended IS NOT NULL), max(worst)
                ) AS worst
                FROM scoped_node_day WHERE day BETWEEN $today - 7 AND $today GROUP BY node_id
            ),
            own AS (
                SELECT n.unit_id, max(stand.worst) AS worst, count(*) AS nodes,
                       count(*) FILTER (stand.worst >= 7) AS problems
                FROM scoped_node AS n LEFT JOIN stand ON stand.node_id = n.node_id
                GROUP BY n.unit_id
            )
            SELECT u.unit_id, CASE WHEN u.unit_id = $scope_unit THEN NULL ELSE u.parent_id END AS parent_id, u.name,
                   coalesce(max(own.worst), 0)::UTINYINT AS status, coalesce(sum(own.problems), 0)::BIGINT AS problems,
                   coalesce(sum(own.nodes), 0)::BIGINT AS nodes
            FROM scoped_unit AS u
            JOIN scoped_unit AS below ON below.lo >= u.lo AND below.lo < u.hi
            LEFT JOIN own ON own.unit_id = below.unit_id
            WHERE NOT u.is_archived
            GROUP BY u.unit_id, u.parent_id, u.name, u.lo
            ORDER BY u.lo
        """,
    )
)
