"""Lists of days before a server was first asked, taken in at once: for who knows them, as the demo does.

A real installation begins its history on the day it starts.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pyarrow as pa

from cloutui.cache import levels, stored
from cloutui.cache.incoming import Incoming
from cloutui.cache.schema import listing_table
from cloutui.products.observation import OCCUPANCY, POOLS, ObservationKind

_HISTORY: Mapping[str, str] = {
    OCCUPANCY.name: "stored_change",
    POOLS.name: "pool_day",
}
"""Kinds whose past is kept, and where."""

_ALL_OF_SERVER = """
CREATE OR REPLACE TEMP TABLE owner_changed AS SELECT data_source_id FROM data_source WHERE server_id = $server_id
"""

_ITS_OWNERS = """
CREATE OR REPLACE TEMP TABLE unit_touched AS
SELECT DISTINCT unit_id FROM owner WHERE data_source_id IN (SELECT data_source_id FROM owner_changed)
"""


def changes(con: duckdb.DuckDBPyConnection, kind: ObservationKind, rows: pa.Table) -> pa.Table:
    """Of complete lists of several moments the rows that are new or differ, and a row for each that is gone."""
    keys = ", ".join(f's."{key}"' for key in kind.key)
    same = " AND ".join(f'n."{key}" IS NOT DISTINCT FROM s."{key}"' for key in kind.key)
    said = ", ".join(f's."{name}"' for name in kind.schema.names if name != "utc_offset_s")
    con.register("stage", rows)
    found = con.execute(
        f"""
        WITH moment AS (
            SELECT collected_at, lead(collected_at) OVER (ORDER BY collected_at) AS next
            FROM (SELECT DISTINCT collected_at FROM stage)
        ),
        gone AS (
            SELECT s.* REPLACE (m.next AS collected_at, true AS is_gone)
            FROM stage AS s JOIN moment AS m ON m.collected_at = s.collected_at
            ANTI JOIN stage AS n ON n.collected_at = m.next AND {same}
            WHERE m.next IS NOT NULL
        ),
        compared AS (
            SELECT s.*, hash({said}) <> lag(hash({said})) OVER key AS differs,
                   lag(m.next) OVER key = s.collected_at AS was_there
            FROM stage AS s JOIN moment AS m ON m.collected_at = s.collected_at
            WINDOW key AS (PARTITION BY {keys} ORDER BY s.collected_at)
        )
        SELECT * EXCLUDE (differs, was_there) FROM compared WHERE was_there IS NOT TRUE OR differs
        UNION ALL SELECT * FROM gone
        ORDER BY collected_at
        """
    ).to_arrow_table()
    con.unregister("stage")
    return found.cast(rows.schema)


def fill_again(con: duckdb.DuckDBPyConnection, incoming: Incoming) -> None:
    """Replace what is known of a kind and a server by all that was archived of it. In the caller's transaction."""
    for table in (listing_table(incoming.kind), _HISTORY[incoming.kind.name]):
        con.execute(f"DELETE FROM {table} WHERE server_id = ?", [incoming.server_id])
    if incoming.kind is not OCCUPANCY:
        levels.merge(con, incoming)
        return
    stored.fill(con, incoming)
    con.execute(_ALL_OF_SERVER, {"server_id": incoming.server_id})
    con.execute(_ITS_OWNERS)
    stored.moved(con)
