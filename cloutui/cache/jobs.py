"""Jobs in the cache: which observation of a job wins, and on which day and in which unit it counts.

Among all observations of one key, an ended job is never replaced by Future, Pending or Uncertain (servers forget), else
the newest wins. Whether they are merged sweep by sweep, in the order of collection, or all at once does not matter: so
merging a sweep and rebuilding from the archive use the same statements and give the same rows.

What the sessions of a job moved is kept when a later observation does not tell it any more: a server forgets its
sessions before its events, or after them, and an answer may break off between the two.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from cloutui.cache import roll_ups
from cloutui.cache.incoming import Incoming
from cloutui.cache.placing import LOCAL_DAY, PLACE

_UTC = (
    "CASE WHEN srv.time_zone IS NULL THEN {0} - to_seconds(in_.utc_offset_s) "
    "ELSE timezone(srv.time_zone, {0}) AT TIME ZONE 'UTC' END"
)

# When clocks go back they show an hour twice, and it is read as the second of the two. What would then lie after
# something that it came before was in the first.
_IN_ORDER = """
    CASE WHEN {1} < {0} AND timezone(in_.time_zone, ({0} - INTERVAL 1 HOUR) AT TIME ZONE 'UTC') = {2}
         THEN {0} - INTERVAL 1 HOUR ELSE {0} END
"""

_SAID = (
    "in_.domain, in_.schedule, in_.activity, in_.scheduled_local, in_.started_local, in_.ended_local, in_.status, "
    "in_.server_status, in_.result, in_.reason, in_.bytes, in_.files, in_.examined, in_.failed, "
    "in_.made_for"
)
"""What makes a row another row than before. Without the offset: an ended job does not change when clocks do."""

_READ = f"""
CREATE OR REPLACE TEMP TABLE job_in AS
SELECT
    in_.ordinal, {{server_id}} AS server_id, ds.data_source_id, in_.job_key, in_.domain, in_.schedule, in_.activity,
    {_IN_ORDER.format("in_.scheduled", "least(in_.started, in_.ended_at)", "in_.scheduled_local")} AS scheduled_at,
    {_IN_ORDER.format("in_.started", "in_.ended_at", "in_.started_local")} AS started_at,
    in_.ended_at,
    in_.status, in_.server_status, in_.result, in_.reason, in_.bytes, in_.files, in_.examined, in_.failed,
    in_.is_provisional, in_.is_ended AS was_ended, in_.made_for, in_.collected_at, hash({_SAID}) AS fingerprint
FROM (
    SELECT in_.*, srv.time_zone, {_UTC.format("in_.scheduled_local")} AS scheduled,
           {_UTC.format("in_.started_local")} AS started, {_UTC.format("in_.ended_local")} AS ended_at
    FROM stage AS in_ JOIN server AS srv ON srv.server_id = {{server_id}}
) AS in_
JOIN data_source_key AS ds ON ds.server_id = {{server_id}} AND ds.kind = 'node' AND ds.native_key = in_.node
"""

_CHANGED = """
SELECT i.ordinal FROM job_in AS i
LEFT JOIN job_event AS e
  ON e.server_id = i.server_id AND e.job_key = i.job_key AND e.day BETWEEN $lo AND $hi
WHERE e.job_key IS NULL
   OR (e.fingerprint <> i.fingerprint AND NOT (i.is_provisional AND e.was_ended))
"""

_BOUNDS = """
SELECT
    coalesce(min(coalesce(scheduled_at, started_at, ended_at, collected_at))::DATE, DATE '2000-01-01') - 2,
    coalesce(max(coalesce(scheduled_at, started_at, ended_at, collected_at))::DATE, DATE '2000-01-01') + 2
FROM job_in
"""
"""Days that a row may stand on: two more on each side, because a unit's zone and a correction of a clock move it."""

_CONTEST = """
CREATE OR REPLACE TEMP TABLE job_winner AS
WITH contest AS (
    SELECT * EXCLUDE (ordinal) FROM job_in
    UNION ALL BY NAME
    SELECT e.* EXCLUDE (day, unit_id) FROM job_event AS e
    WHERE e.server_id = $server_id AND e.day BETWEEN $lo AND $hi AND e.job_key IN (SELECT job_key FROM job_in)
),
remembered AS (
    SELECT * REPLACE (
        bool_or(was_ended) OVER job AS was_ended,
        coalesce(bytes, arg_max(bytes, collected_at) OVER job) AS bytes,
        coalesce(files, arg_max(files, collected_at) OVER job) AS files,
        coalesce(examined, arg_max(examined, collected_at) OVER job) AS examined,
        coalesce(failed, arg_max(failed, collected_at) OVER job) AS failed,
        coalesce(made_for, arg_max(made_for, collected_at) OVER job) AS made_for
    )
    FROM contest WINDOW job AS (PARTITION BY server_id, job_key)
)
SELECT * FROM remembered
QUALIFY row_number() OVER (
    PARTITION BY server_id, job_key ORDER BY is_provisional AND was_ended, collected_at DESC
) = 1
"""

_PLACED = f"""
CREATE OR REPLACE TEMP TABLE job_placed AS
SELECT {LOCAL_DAY} AS day, o.unit_id, w.* EXCLUDE (anchor)
FROM (SELECT *, coalesce(scheduled_at, started_at, ended_at, collected_at) AS anchor FROM {{source}}) AS w
JOIN owner AS o USING (data_source_id)
QUALIFY row_number() OVER (
    PARTITION BY w.server_id, w.job_key {PLACE}
) = 1
"""

_TOUCHED = """
CREATE OR REPLACE TEMP TABLE touched AS
SELECT DISTINCT day, data_source_id FROM job_event
WHERE server_id = $server_id AND day BETWEEN $lo AND $hi AND job_key IN (SELECT job_key FROM job_placed)
UNION SELECT DISTINCT day, data_source_id FROM job_placed
"""

_REPLACE = """
DELETE FROM job_event
WHERE server_id = $server_id AND day BETWEEN $lo AND $hi AND job_key IN (SELECT job_key FROM job_placed)
"""


def changed(con: duckdb.DuckDBPyConnection, incoming: Incoming) -> pa.Table:
    """The rows of a batch that tell something new. Rows of nodes that no record knows are not among them."""
    _read(con, incoming)
    lo, hi = _bounds(con)
    ordinals = con.execute(_CHANGED, {"lo": lo, "hi": hi}).to_arrow_table().column(0)
    return incoming.rows.take(ordinals.combine_chunks().sort())


def merge(con: duckdb.DuckDBPyConnection, incoming: Incoming) -> None:
    """Put a batch into `job_event` and the touched days into `node_day`. Runs inside the caller's transaction."""
    _read(con, incoming)
    lo, hi = _bounds(con)
    bounds = {"server_id": incoming.server_id, "lo": lo, "hi": hi}
    con.execute(_CONTEST, bounds)
    con.execute(_PLACED.format(source="job_winner"))
    con.execute(_TOUCHED, bounds)
    con.execute(_REPLACE, bounds)
    con.execute("INSERT INTO job_event BY NAME SELECT * FROM job_placed ORDER BY day")
    roll_ups.touched(con)


def fill(con: duckdb.DuckDBPyConnection, incoming: Incoming) -> None:
    """Put a server's whole history into an empty cache, without the roll-ups: `roll_ups.all_anew` follows."""
    _read(con, incoming)
    con.execute(_CONTEST, {"server_id": incoming.server_id, "lo": None, "hi": None})
    con.execute(_PLACED.format(source="job_winner"))
    con.execute("INSERT INTO job_event BY NAME SELECT * FROM job_placed ORDER BY day")


def place_again(con: duckdb.DuckDBPyConnection) -> None:
    """Give the jobs of the data sources in the temporary table `moved` their unit and day anew."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE job_moved AS SELECT * EXCLUDE (day, unit_id) FROM job_event "
        "WHERE data_source_id IN (SELECT data_source_id FROM moved)"
    )
    con.execute(_PLACED.format(source="job_moved"))
    con.execute("DELETE FROM job_event WHERE data_source_id IN (SELECT data_source_id FROM moved)")
    con.execute("INSERT INTO job_event BY NAME SELECT * FROM job_placed ORDER BY day")
    roll_ups.moved(con)


def _read(con: duckdb.DuckDBPyConnection, incoming: Incoming) -> None:
    con.register("stage", incoming.with_ordinals())
    con.execute(_READ.format(server_id=int(incoming.server_id)))
    con.unregister("stage")


def _bounds(con: duckdb.DuckDBPyConnection) -> tuple[object, object]:
    row = con.execute(_BOUNDS).fetchone()
    assert row is not None
    return row[0], row[1]
