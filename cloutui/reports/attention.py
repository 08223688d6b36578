"""What needs somebody: nodes that stand badly, servers that are silent, pools that are full. Worst and oldest first."""

from __future__ import annotations

from dataclasses import dataclass, field

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.condition import IS_SILENT, OF_ITS_UNIT
from cloutui.reports.handled import DAY_HANDLING
from cloutui.reports.registry import Report, register


@dataclass(frozen=True, slots=True, kw_only=True)
class AttentionParameters:
    """Which problems."""

    handled: bool = field(default=False, metadata={"help": "Also those that are acknowledged, resolved or ignored."})


ATTENTION = register(
    Report(
        name="attention",
        needs=Privilege.NODE_VIEW,
        summary="Nodes with a problem, silent servers and full pools, the worst and oldest first.",
        params=AttentionParameters,
        columns=(
            Column(name="status", kind=Kind.STATUS),
            Column(name="name", kind=Kind.TEXT),
            Column(name="what", kind=Kind.TEXT),
            Column(name="since", kind=Kind.AGE),
            Column(name="unit", kind=Kind.TEXT, priority=2),
            Column(name="server", kind=Kind.TEXT, priority=3),
            Column(name="kind", kind=Kind.TEXT, priority=8),
            Column(name="node_id", kind=Kind.COUNT, priority=9),
            Column(name="day", kind=Kind.DAY, priority=8),
            Column(name="handled", kind=Kind.TEXT, priority=4),
        ),
        # A node stands as its last day on which something ended, as in the tree of units; its problem began with the
        # first bad job after its last good day. Once somebody takes care of that last day, it needs nobody else.
        sql=f"""
            WITH stand AS (
                SELECT node_id, arg_max(worst_ended, ended_day) AS status, arg_max_null(result, ended_day) AS result,
                       max(good_day) AS good_day, max(ended_day) AS day
                FROM scoped_last GROUP BY node_id
                HAVING arg_max(worst_ended, ended_day) >= 7 AND max(ended_day) >= $today - 7
            ),
            bad AS (
                SELECT s.node_id, s.status, s.result, s.day,
                       min(l.bad_at) FILTER (s.good_day IS NULL OR l.ended_day > s.good_day) AS since
                FROM stand AS s JOIN scoped_last AS l ON l.node_id = s.node_id
                GROUP BY s.node_id, s.status, s.result, s.day
            ),
            bad_node AS (
                SELECT bad.status::UTINYINT AS status, n.node AS name,
                       CASE bad.status WHEN 9 THEN 'Failed' WHEN 8 THEN 'Missed' ELSE 'Warning' END
                       || CASE WHEN bad.status <> 8 AND bad.result <> 0 THEN ' ' || bad.result ELSE '' END AS what,
                       bad.since, u.name AS unit, s.name AS server, 'node' AS kind, n.node_id,
                       bad.day, coalesce(h.handled, '') AS handled
                FROM bad
                JOIN scoped_node AS n ON n.node_id = bad.node_id
                JOIN scoped_unit AS u ON u.unit_id = n.unit_id
                JOIN scoped_server AS s ON s.server_id = n.server_id
                LEFT JOIN ({DAY_HANDLING}) AS h ON h.node_id = bad.node_id AND h.day = bad.day
                WHERE $handled OR h.is_closed IS NOT TRUE
            ),
            server AS (
                SELECT s.*, u.name AS unit, {IS_SILENT} AS is_silent
                FROM scoped_server AS s LEFT JOIN scoped_unit AS u ON u.unit_id = s.unit_id
                WHERE NOT s.is_removed
            ),
            silent AS (
                SELECT 6::UTINYINT AS status, name, 'No answer' AS what,
                       coalesce(failing_since, collected_at) AS since, unit, name AS server, 'server' AS kind,
                       NULL::INTEGER AS node_id, NULL::DATE AS day, '' AS handled
                FROM server WHERE is_silent
            ),
            full_pool AS (
                SELECT 7::UTINYINT AS status, p.pool AS name, round(p.used_percent)::INTEGER || '% used' AS what,
                       NULL::TIMESTAMP AS since, s.unit, s.name AS server, 'pool' AS kind,
                       NULL::INTEGER AS node_id, NULL::DATE AS day, '' AS handled
                FROM scoped_pool AS p JOIN server AS s ON s.server_id = p.server_id
                JOIN scoped_unit_limit AS l ON {OF_ITS_UNIT}
                WHERE p.used_percent >= l.pool_full AND NOT s.is_silent
            )
            SELECT * FROM (FROM bad_node UNION ALL FROM silent UNION ALL FROM full_pool)
            ORDER BY status DESC, since NULLS LAST, name, server
        """,
    )
)
