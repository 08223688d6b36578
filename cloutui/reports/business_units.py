"""Business units as whoever keeps them in order sees them: the tree as a list, with what lives on each unit."""

from __future__ import annotations

from dataclasses import dataclass, field

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register
from cloutui.reports.units import SUMMED


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichUnits:
    """Which of them."""

    archived: bool = field(default=False, metadata={"help": "Archived units too."})


BUSINESS_UNITS = register(
    Report(
        name="business-units",
        needs=Privilege.UNIT_VIEW,
        summary="Business units in the order of their tree, with nodes, problems, servers and settings of their own.",
        params=WhichUnits,
        columns=(
            Column(name="status", kind=Kind.STATUS, priority=2),
            Column(name="place", kind=Kind.TEXT, title="unit"),
            Column(name="nodes", kind=Kind.COUNT),
            Column(name="own_nodes", kind=Kind.COUNT, title="own", priority=4),
            Column(name="problems", kind=Kind.COUNT),
            Column(name="servers", kind=Kind.COUNT, priority=5),
            Column(name="settings", kind=Kind.COUNT, title="settings", priority=3),
            Column(name="created", kind=Kind.TIME, priority=4),
            Column(name="state", kind=Kind.TEXT, priority=6),
            Column(name="unit", kind=Kind.TEXT, title="name", priority=8),
            Column(name="unit_id", kind=Kind.COUNT, title="id", priority=9),
            Column(name="parent_id", kind=Kind.COUNT, title="parent", priority=9),
        ),
        # `place` is the name two blanks further in for each step down, so that the list reads as the tree it is.
        sql=f"""
            WITH {SUMMED},
            standing AS (
                SELECT unit_id, count(*) AS servers FROM scoped_server WHERE is_own AND NOT is_removed GROUP BY unit_id
            )
            SELECT coalesce(s.worst, 0)::UTINYINT AS status,
                   repeat('  ', u.depth - min(u.depth) OVER ()) || u.name AS place,
                   coalesce(s.nodes, 0) AS nodes, coalesce(own.nodes, 0) AS own_nodes,
                   coalesce(s.problems, 0) AS problems, coalesce(standing.servers, 0) AS servers,
                   u.own_settings AS settings, u.created_at AS created,
                   CASE WHEN u.is_archived THEN 'archived' ELSE 'in use' END AS state, u.name AS unit, u.unit_id,
                   CASE WHEN u.unit_id = $scope_unit THEN NULL ELSE u.parent_id END AS parent_id
            FROM scoped_unit AS u
            LEFT JOIN summed AS s ON s.unit_id = u.unit_id
            LEFT JOIN own ON own.unit_id = u.unit_id
            LEFT JOIN standing ON standing.unit_id = u.unit_id
            WHERE $archived OR NOT u.is_archived
            ORDER BY u.lo
        """,
    )
)
