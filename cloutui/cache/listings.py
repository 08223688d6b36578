"""Kinds that a server lists in whole (nodes, file spaces, pools, ...): the cache holds what is there now.

A row that is absent from a complete list is gone, and the archive is told so by a row that says it.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from cloutui.cache.incoming import Incoming
from cloutui.cache.schema import listing_table
from cloutui.products.observation import ObservationKind


def changed(con: duckdb.DuckDBPyConnection, incoming: Incoming) -> pa.Table:
    """The rows of a batch that are new or differ from what is there now."""
    kind = incoming.kind
    con.register("stage", incoming.with_ordinals())
    ordinals = con.execute(
        f"SELECT s.ordinal FROM stage AS s ANTI JOIN {listing_table(kind)} AS t "
        f"ON t.server_id = ? AND {_same_key(kind, 's', 't')} AND t.fingerprint = {_fingerprint(kind, 's')}",
        [incoming.server_id],
    ).to_arrow_table()
    con.unregister("stage")
    return incoming.rows.take(ordinals.column(0).combine_chunks().sort())


def gone(con: duckdb.DuckDBPyConnection, incoming: Incoming) -> pa.Table:
    """What is there now and is absent from a complete list, in the kind's own schema."""
    kind = incoming.kind
    con.register("stage", incoming.rows)
    names = ", ".join(f't."{name}"' for name in kind.schema.names)
    rows = con.execute(
        f"SELECT {names} FROM {listing_table(kind)} AS t ANTI JOIN stage AS s ON {_same_key(kind, 's', 't')} "
        "WHERE t.server_id = ?",
        [incoming.server_id],
    ).to_arrow_table()
    con.unregister("stage")
    return rows.cast(kind.schema)


def merge(con: duckdb.DuckDBPyConnection, incoming: Incoming) -> None:
    """Replace the rows with these keys by their newest observation. Runs inside the caller's transaction."""
    kind = incoming.kind
    table = listing_table(kind)
    keys = ", ".join(f'"{key}"' for key in kind.key)
    con.register("stage", incoming.rows)
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE listing_in AS
        SELECT * EXCLUDE (is_gone), {incoming.server_id:d} AS server_id, {_fingerprint(kind, "s")} AS fingerprint,
               is_gone
        FROM stage AS s
        QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY collected_at DESC, is_gone) = 1
        """
    )
    con.unregister("stage")
    con.execute(
        f"DELETE FROM {table} AS t USING listing_in AS s "
        f"WHERE t.server_id = s.server_id AND {_same_key(kind, 's', 't')}"
    )
    con.execute(f"INSERT INTO {table} BY NAME SELECT * EXCLUDE (is_gone) FROM listing_in WHERE NOT is_gone")


def _same_key(kind: ObservationKind, left: str, right: str) -> str:
    return " AND ".join(f'{left}."{key}" IS NOT DISTINCT FROM {right}."{key}"' for key in kind.key)


def _fingerprint(kind: ObservationKind, alias: str) -> str:
    said = [name for name in kind.schema.names if name != "utc_offset_s"]
    return "hash(" + ", ".join(f'{alias}."{name}"' for name in said) + ")"
