"""How full pools and servers were: the list says how it is now, and the newest of each UTC day is kept.

A day on which nothing changed has no row; one that is gone has a row without figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from cloutui.cache import listings
from cloutui.cache.incoming import Incoming
from cloutui.products.observation import POOLS, SERVER

changed = listings.changed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    table: str
    key: str
    """What the rows of one day and server differ by."""
    figures: tuple[str, ...]


_KEPT = {
    POOLS.name: _Kept(table="pool_day", key="pool", figures=("capacity_bytes", "used_percent")),
    SERVER.name: _Kept(table="server_day", key="server_id", figures=("db_used_percent", "log_used_percent")),
}


def merge(con: duckdb.DuckDBPyConnection, incoming: Incoming) -> None:
    """Replace the list, and keep the newest of each day. Runs inside the caller's transaction."""
    kept = _KEPT[incoming.kind.name]
    con.register("stage", incoming.rows)
    con.execute(_newest(kept), {"server_id": incoming.server_id})
    con.unregister("stage")
    con.execute(
        f"DELETE FROM {kept.table} WHERE server_id = ? AND day IN (SELECT day FROM level_in)", [incoming.server_id]
    )
    con.execute(f"INSERT INTO {kept.table} BY NAME SELECT * FROM level_in ORDER BY day")
    listings.merge(con, incoming)


def _newest(kept: _Kept) -> str:
    """Of what is told and what is known of the days that it tells of."""
    told = ", ".join(f"if(is_gone, NULL, {name}) AS {name}" for name in kept.figures)
    key = "" if kept.key == "server_id" else f"{kept.key}, "
    return f"""
        CREATE OR REPLACE TEMP TABLE level_in AS
        WITH told AS (
            SELECT collected_at::DATE AS day, $server_id::INTEGER AS server_id, {key}{told}, collected_at, is_gone
            FROM stage
        )
        SELECT * EXCLUDE (is_gone) FROM (
            SELECT * FROM told
            UNION ALL BY NAME
            SELECT *, false AS is_gone FROM {kept.table}
            WHERE server_id = $server_id AND day IN (SELECT day FROM told)
        )
        QUALIFY row_number() OVER (PARTITION BY day, {kept.key} ORDER BY collected_at DESC, is_gone) = 1
    """
