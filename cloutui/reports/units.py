"""The tree of business units with the worst status and the number of problems of each unit and all below it."""

from __future__ import annotations

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.handled import DAY_HANDLING
from cloutui.reports.registry import Report, register

SUMMED = f"""
    last AS (
        SELECT node_id, coalesce(
            arg_max(worst_ended, ended_day) FILTER (ended_day >= $today - 7),
            max(unfinished) FILTER (day >= $today - 7)
        ) AS worst, max(ended_day) AS day
        FROM scoped_last GROUP BY node_id
    ),
    own AS (
        SELECT n.unit_id, max(last.worst) AS worst, count(*) AS nodes,
               count(*) FILTER (last.worst >= 7 AND handling.is_closed IS NOT TRUE) AS problems
        FROM scoped_node AS n LEFT JOIN last ON last.node_id = n.node_id
        LEFT JOIN ({DAY_HANDLING}) AS handling ON handling.node_id = n.node_id AND handling.day = last.day
        GROUP BY n.unit_id
    ),
    summed AS (
        SELECT b.top_id AS unit_id, max(own.worst) AS worst, sum(own.problems)::BIGINT AS problems,
               sum(own.nodes)::BIGINT AS nodes
        FROM scoped_branch AS b JOIN own ON own.unit_id = b.unit_id GROUP BY b.top_id
    )
"""
"""How the nodes of each unit stand (`own`), and those of each unit with all below it (`summed`).

A node stands as its last day on which something ended: tonight's jobs, still to come, tell nothing yet. It keeps its
status when somebody has taken care of that day, and is no problem that is open.
"""

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
        sql=f"""
            WITH {SUMMED}
            SELECT u.unit_id, CASE WHEN u.unit_id = $scope_unit THEN NULL ELSE u.parent_id END AS parent_id, u.name,
                   coalesce(s.worst, 0)::UTINYINT AS status, coalesce(s.problems, 0) AS problems,
                   coalesce(s.nodes, 0) AS nodes
            FROM scoped_unit AS u LEFT JOIN summed AS s ON s.unit_id = u.unit_id
            WHERE NOT u.is_archived
            ORDER BY u.lo
        """,
    )
)
