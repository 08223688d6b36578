"""The storage pools of one server: how large and how full."""

from __future__ import annotations

from dataclasses import dataclass, field

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.condition import IS_SILENT, OF_ITS_UNIT
from cloutui.reports.registry import Report, register


@dataclass(frozen=True, slots=True, kw_only=True)
class OneServer:
    """Which server."""

    server: str = field(metadata={"help": "The server's name."})


SERVER_POOLS = register(
    Report(
        name="server-pools",
        needs=Privilege.SERVER_VIEW,
        summary="The storage pools of one server, the fullest first.",
        params=OneServer,
        columns=(
            Column(name="status", kind=Kind.STATUS),
            Column(name="pool", kind=Kind.TEXT),
            Column(name="type", kind=Kind.TEXT, priority=3),
            Column(name="total", kind=Kind.BYTES, priority=2),
            Column(name="used", kind=Kind.PERCENT),
            Column(name="free", kind=Kind.BYTES, priority=2),
        ),
        # A silent server's pools are unknown (6): their names stay, their figures do not.
        sql=f"""
            SELECT (CASE WHEN {IS_SILENT} THEN 6 WHEN p.used_percent >= l.pool_full THEN 7 ELSE 2 END)::UTINYINT
                       AS status,
                   p.pool, p.pool_type AS type,
                   CASE WHEN NOT {IS_SILENT} THEN p.capacity_bytes END AS total,
                   CASE WHEN NOT {IS_SILENT} THEN p.used_percent END AS used,
                   CASE WHEN NOT {IS_SILENT}
                        THEN (p.capacity_bytes * (100 - p.used_percent) / 100)::BIGINT END AS free
            FROM scoped_pool AS p JOIN scoped_server AS s ON s.server_id = p.server_id
            LEFT JOIN scoped_unit_limit AS l ON {OF_ITS_UNIT}
            WHERE s.name = $server
            ORDER BY used DESC NULLS LAST, p.pool
        """,
    )
)
