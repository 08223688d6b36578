"""Log lines in the cache: each is said once and never changes."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from cloutui.cache.incoming import Incoming

_SAID = "in_.logged_local, in_.message_code, in_.message, in_.node, in_.schedule, in_.session"

_READ = f"""
CREATE OR REPLACE TEMP TABLE line_in AS
SELECT
    in_.ordinal, {{server_id}} AS server_id,
    CASE WHEN srv.time_zone IS NULL THEN in_.logged_local - to_seconds(in_.utc_offset_s)
         ELSE timezone(srv.time_zone, in_.logged_local) AT TIME ZONE 'UTC' END AS logged_at,
    in_.message_code, in_.severity, in_.message, in_.node, in_.schedule, in_.session, hash({_SAID}) AS fingerprint
FROM stage AS in_
JOIN server AS srv ON srv.server_id = {{server_id}}
QUALIFY row_number() OVER (PARTITION BY fingerprint ORDER BY in_.ordinal) = 1
"""

_CHANGED = """
FROM line_in AS i ANTI JOIN log_line AS l
  ON l.server_id = i.server_id AND l.fingerprint = i.fingerprint
 AND l.logged_at BETWEEN (SELECT min(logged_at) FROM line_in) - INTERVAL 1 DAY
                     AND (SELECT max(logged_at) FROM line_in) + INTERVAL 1 DAY
"""


def changed(con: duckdb.DuckDBPyConnection, incoming: Incoming) -> pa.Table:
    """The lines that the cache does not have yet."""
    _read(con, incoming)
    ordinals = con.execute(f"SELECT i.ordinal {_CHANGED}").to_arrow_table().column(0)
    return incoming.rows.take(ordinals.combine_chunks().sort())


def merge(con: duckdb.DuckDBPyConnection, incoming: Incoming) -> None:
    """Add the lines that are new. Runs inside the caller's transaction."""
    _read(con, incoming)
    con.execute(f"INSERT INTO log_line BY NAME SELECT * EXCLUDE (ordinal) {_CHANGED} ORDER BY logged_at")


def _read(con: duckdb.DuckDBPyConnection, incoming: Incoming) -> None:
    con.register("stage", incoming.with_ordinals())
    con.execute(_READ.format(server_id=int(incoming.server_id)))
    con.unregister("stage")
