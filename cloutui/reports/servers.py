"""The backup servers: what they are, how full, and how fresh our facts of them."""

from __future__ import annotations

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register

SERVERS = register(
    Report(
        name="servers",
        needs=Privilege.SERVER_VIEW,
        summary="Backup servers with version, fill, freshness and problems.",
        columns=(
            Column(name="status", kind=Kind.STATUS),
            Column(name="server", kind=Kind.TEXT),
            Column(name="product", kind=Kind.TEXT, priority=5),
            Column(name="version", kind=Kind.TEXT, priority=3),
            Column(name="platform", kind=Kind.TEXT, priority=6),
            Column(name="unit", kind=Kind.TEXT, priority=4),
            Column(name="nodes", kind=Kind.COUNT, priority=2),
            Column(name="db", kind=Kind.PERCENT, priority=3),
            Column(name="log", kind=Kind.PERCENT, priority=4),
            Column(name="collected", kind=Kind.AGE, priority=1),
            Column(name="problem", kind=Kind.TEXT, priority=2),
            Column(name="hint", kind=Kind.TEXT, priority=8),
        ),
        # Old figures are not shown as today's: a server that does not answer is unknown (6), and so are its figures.
        sql="""
            WITH counted AS (SELECT server_id, count(*) AS nodes FROM scoped_node GROUP BY server_id),
            known AS (
                SELECT s.*, s.code <> '' AND (s.collected_at IS NULL OR s.failing_since > s.collected_at) AS is_silent
                FROM scoped_server AS s WHERE NOT s.is_removed
            )
            SELECT (CASE WHEN k.is_silent THEN 6 WHEN k.code <> '' THEN 7 WHEN k.collected_at IS NULL THEN 3 ELSE 2
                    END)::UTINYINT AS status,
                   k.name AS server, k.product, state.version, state.platform, u.name AS unit,
                   coalesce(counted.nodes, 0) AS nodes,
                   CASE WHEN NOT k.is_silent THEN state.db_used_percent END AS db,
                   CASE WHEN NOT k.is_silent THEN state.log_used_percent END AS log,
                   k.collected_at AS collected, k.problem, k.hint
            FROM known AS k
            LEFT JOIN scoped_unit AS u ON u.unit_id = k.unit_id
            LEFT JOIN scoped_server_state AS state ON state.server_id = k.server_id
            LEFT JOIN counted ON counted.server_id = k.server_id
            ORDER BY status DESC, k.name
        """,
    )
)
