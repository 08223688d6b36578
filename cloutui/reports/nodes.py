"""The nodes of a unit: what they are, what they hold, and when they last succeeded."""

from __future__ import annotations

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register
from cloutui.reports.tags import TAGS_OF_NODES

NODES = register(
    Report(
        name="nodes",
        needs=Privilege.NODE_VIEW,
        summary="Nodes with platform, domain, stored data and last success.",
        columns=(
            Column(name="status", kind=Kind.STATUS, priority=2),
            Column(name="node", kind=Kind.TEXT),
            Column(name="unit", kind=Kind.TEXT, priority=4),
            Column(name="platform", kind=Kind.TEXT, title="os", priority=5),
            Column(name="client_version", kind=Kind.TEXT, title="client", priority=6),
            Column(name="domain", kind=Kind.TEXT, priority=6),
            Column(name="server", kind=Kind.TEXT, priority=3),
            Column(name="stored", kind=Kind.BYTES),
            Column(name="files", kind=Kind.COUNT, priority=5),
            Column(name="schedules", kind=Kind.COUNT, priority=7),
            Column(name="last_ok", kind=Kind.AGE, title="last ok"),
            Column(name="state", kind=Kind.TEXT, priority=3),
            Column(name="tags", kind=Kind.TEXT, priority=6),
            Column(name="contact", kind=Kind.TEXT, priority=8),
            Column(name="registered", kind=Kind.TIME, priority=8),
            Column(name="last_access", kind=Kind.AGE, title="last access", priority=8),
            Column(name="node_id", kind=Kind.COUNT, priority=9),
        ),
        # Stored is what is managed before deduplication: physical megabytes mean nothing in a container pool.
        sql=f"""
            WITH stored AS (
                SELECT node_id, sum(reporting_bytes)::BIGINT AS stored, sum(files)::BIGINT AS files
                FROM scoped_occupancy GROUP BY node_id
            ),
            last AS (
                SELECT node_id, max(ok_at) AS last_ok,
                       arg_max(worst_ended, ended_day) FILTER (ended_day >= $today - 14) AS status
                FROM (
                    SELECT node_id, ok_at, worst_ended, ended_day FROM scoped_last
                    UNION ALL BY NAME SELECT node_id, ok_at FROM scoped_made_for
                )
                GROUP BY node_id
            ),
            associated AS (SELECT node_id, count(*) AS schedules FROM scoped_schedule GROUP BY node_id)
            SELECT coalesce(last.status, 0)::UTINYINT AS status, n.node, u.name AS unit, n.platform,
                   n.client_version, n.domain, s.name AS server, stored.stored, stored.files,
                   coalesce(associated.schedules, 0) AS schedules, last.last_ok,
                   CASE WHEN n.state IS NOT NULL THEN 'Decommissioning' WHEN n.is_locked THEN 'Locked'
                        ELSE 'Active' END AS state,
                   tagged.tags, n.contact, n.registered_local - to_seconds(n.utc_offset_s) AS registered,
                   n.last_access_local - to_seconds(n.utc_offset_s) AS last_access, n.node_id
            FROM scoped_node AS n
            JOIN scoped_unit AS u ON u.unit_id = n.unit_id
            JOIN scoped_server AS s ON s.server_id = n.server_id
            LEFT JOIN stored ON stored.node_id = n.node_id
            LEFT JOIN last ON last.node_id = n.node_id
            LEFT JOIN associated ON associated.node_id = n.node_id
            LEFT JOIN {TAGS_OF_NODES} AS tagged ON tagged.node_id = n.node_id
            ORDER BY status DESC, n.node, s.name
        """,
    )
)
