"""How full pools were: the list says how it is now, and the newest of each UTC day is kept.

A day on which nothing changed has no row; one that is gone has a row without figures.
"""

from __future__ import annotations

import duckdb

from cloutui.cache import listings
from cloutui.cache.incoming import Incoming

changed = listings.changed

# Of what is told and what is known of the days that it tells of.
_NEWEST = """
CREATE OR REPLACE TEMP TABLE level_in AS
WITH told AS (
    SELECT collected_at::DATE AS day, $server_id::INTEGER AS server_id, pool,
           if(is_gone, NULL, capacity_bytes) AS capacity_bytes, if(is_gone, NULL, used_percent) AS used_percent,
           collected_at, is_gone
    FROM stage
)
SELECT * EXCLUDE (is_gone) FROM (
    SELECT * FROM told
    UNION ALL BY NAME
    SELECT *, false AS is_gone FROM pool_day WHERE server_id = $server_id AND day IN (SELECT day FROM told)
)
QUALIFY row_number() OVER (PARTITION BY day, pool ORDER BY collected_at DESC, is_gone) = 1
"""


def merge(con: duckdb.DuckDBPyConnection, incoming: Incoming) -> None:
    """Replace the list, and keep the newest of each day. Runs inside the caller's transaction."""
    con.register("stage", incoming.rows)
    con.execute(_NEWEST, {"server_id": incoming.server_id})
    con.unregister("stage")
    con.execute("DELETE FROM pool_day WHERE server_id = ? AND day IN (SELECT day FROM level_in)", [incoming.server_id])
    con.execute("INSERT INTO pool_day BY NAME SELECT * FROM level_in ORDER BY day")
    listings.merge(con, incoming)
