"""Storage pools: how large, how full, how they grow and how long they last; of one server, and of a whole scope."""

from __future__ import annotations

from dataclasses import dataclass, field

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.condition import IS_SILENT, OF_ITS_UNIT
from cloutui.reports.pool_growth import BASIS, GROWTH_COLUMNS, POOL_GROWTH, RUNWAY
from cloutui.reports.registry import Report, register

SOON_DAYS, NEAR_DAYS = 30, 90
"""A pool that is full in less is an error, or a warning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneServer:
    """Which server."""

    server: str = field(metadata={"help": "The server's name."})


_FIGURES = (
    Column(name="pool", kind=Kind.TEXT),
    Column(name="type", kind=Kind.TEXT, priority=4),
    Column(name="total", kind=Kind.BYTES, priority=2),
    Column(name="used", kind=Kind.PERCENT),
    Column(name="free", kind=Kind.BYTES, priority=3),
    *GROWTH_COLUMNS,
)

# A silent server's pools are unknown (6): their names stay, and their past, their figures do not.
_POOLS = f"""
    WITH {POOL_GROWTH},
    pools AS (
        SELECT s.name AS server, s.unit_id, p.pool, p.pool_type AS type, {IS_SILENT} AS is_silent, l.pool_full,
               p.capacity_bytes AS total, p.used_percent AS used,
               (p.capacity_bytes * (100 - p.used_percent) / 100)::BIGINT AS free, g.growth, {RUNWAY} AS runway,
               {BASIS} AS basis, g.history
        FROM scoped_pool AS p JOIN scoped_server AS s ON s.server_id = p.server_id
        JOIN pool_growth AS g ON g.server_id = p.server_id AND g.pool IS NOT DISTINCT FROM p.pool
        LEFT JOIN scoped_unit_limit AS l ON {OF_ITS_UNIT}
    )
    SELECT (CASE WHEN is_silent THEN 6 WHEN runway < {SOON_DAYS} THEN 9
                 WHEN used >= pool_full OR runway < {NEAR_DAYS} THEN 7 ELSE 2 END)::UTINYINT AS status,
           {{more}}pool, type,
           {", ".join(f"if(is_silent, NULL, {name}) AS {name}" for name in ("total", "used", "free", "growth"))},
           if(is_silent, NULL, runway) AS runway, if(is_silent, 'the server is silent', basis) AS basis, history
    FROM pools
"""

SERVER_POOLS = register(
    Report(
        name="server-pools",
        needs=Privilege.SERVER_VIEW,
        summary="The storage pools of one server, the fullest first, with their growth and how many days they last.",
        params=OneServer,
        columns=(Column(name="status", kind=Kind.STATUS), *_FIGURES),
        sql=f"{_POOLS.format(more='')} WHERE server = $server ORDER BY used DESC NULLS LAST, pool",
    )
)

CAPACITY = register(
    Report(
        name="capacity",
        needs=Privilege.SERVER_VIEW,
        summary="All storage pools of a unit's servers, those first that are full the soonest.",
        columns=(Column(name="status", kind=Kind.STATUS), Column(name="server", kind=Kind.TEXT), *_FIGURES),
        sql=f"{_POOLS.format(more='server, ')} ORDER BY runway NULLS LAST, used DESC NULLS LAST, server, pool",
    )
)
