"""The backup servers: what they are, how full, and how fresh our facts of them."""

from __future__ import annotations

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.condition import IS_SILENT, OF_ITS_UNIT
from cloutui.reports.registry import Report, register

SERVERS = register(
    Report(
        name="servers",
        needs=Privilege.SERVER_VIEW,
        summary="Backup servers with version, fill, freshness and problems.",
        columns=(
            Column(name="status", kind=Kind.STATUS, priority=2),
            Column(name="server", kind=Kind.TEXT),
            Column(name="product", kind=Kind.TEXT, priority=8),
            Column(name="version", kind=Kind.TEXT, priority=3),
            Column(name="platform", kind=Kind.TEXT, priority=7),
            Column(name="unit", kind=Kind.TEXT, priority=6),
            Column(name="nodes", kind=Kind.COUNT, priority=3),
            Column(name="stored", kind=Kind.BYTES, priority=2),
            Column(name="db", kind=Kind.PERCENT),
            Column(name="log", kind=Kind.PERCENT),
            Column(name="pool", kind=Kind.TEXT, title="fullest pool", priority=4),
            Column(name="pool_used", kind=Kind.PERCENT, title="used"),
            Column(name="volumes", kind=Kind.COUNT, priority=7),
            Column(name="sessions", kind=Kind.COUNT, priority=6),
            Column(name="licence", kind=Kind.TEXT, priority=7),
            Column(name="db_backup", kind=Kind.AGE, title="db backup", priority=4),
            Column(name="restarted", kind=Kind.AGE, title="restart", priority=5),
            Column(name="collected", kind=Kind.AGE, title="age"),
            Column(name="problem", kind=Kind.TEXT, priority=7),
            Column(name="hint", kind=Kind.TEXT, priority=9),
            Column(name="code", kind=Kind.TEXT, priority=9),
        ),
        # Old figures are not shown as today's: a server that does not answer is unknown (6), and so are its figures.
        sql=f"""
            WITH counted AS (SELECT server_id, count(*) AS nodes FROM scoped_node GROUP BY server_id),
            held AS (SELECT server_id, sum(reporting_bytes)::BIGINT AS stored FROM scoped_occupancy GROUP BY server_id),
            fullest AS (
                SELECT server_id, arg_max(pool, used_percent) AS pool, max(used_percent) AS pool_used
                FROM scoped_pool GROUP BY server_id
            ),
            known AS (
                SELECT s.*, {IS_SILENT} AS is_silent, l.pool_full
                FROM scoped_server AS s LEFT JOIN scoped_unit_limit AS l ON {OF_ITS_UNIT}
                WHERE NOT s.is_removed
            ),
            figures AS (
                SELECT k.server_id, coalesce(counted.nodes, 0) AS nodes, held.stored, state.db_used_percent AS db,
                       state.log_used_percent AS log, fullest.pool, fullest.pool_used,
                       state.last_db_backup_local - to_seconds(state.utc_offset_s) AS db_backup,
                       state.restarted_local - to_seconds(state.utc_offset_s) AS restarted, state.volumes,
                       state.sessions, state.licence
                FROM known AS k
                LEFT JOIN scoped_server_state AS state ON state.server_id = k.server_id
                LEFT JOIN counted ON counted.server_id = k.server_id
                LEFT JOIN held ON held.server_id = k.server_id
                LEFT JOIN fullest ON fullest.server_id = k.server_id
                WHERE NOT k.is_silent
            )
            SELECT (CASE WHEN k.is_silent THEN 6 WHEN k.code <> '' OR f.pool_used >= k.pool_full THEN 7
                         WHEN k.collected_at IS NULL THEN 3 ELSE 2 END)::UTINYINT AS status,
                   k.name AS server, k.product, state.version, state.platform, u.name AS unit, f.nodes, f.stored,
                   f.db, f.log, f.pool, f.pool_used, f.volumes, f.sessions, f.licence, f.db_backup, f.restarted,
                   k.collected_at AS collected, k.problem,
                   k.hint, nullif(k.code, '') AS code
            FROM known AS k
            LEFT JOIN scoped_unit AS u ON u.unit_id = k.unit_id
            LEFT JOIN scoped_server_state AS state ON state.server_id = k.server_id
            LEFT JOIN figures AS f ON f.server_id = k.server_id
            ORDER BY status DESC, k.name
        """,
    )
)
