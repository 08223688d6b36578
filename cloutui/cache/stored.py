"""What nodes hold, day by day: lists of occupancy say how much there is now, and the past is kept of what changed.

`stored_change`: a node's totals, whenever a collection found one of its sums changed. `stored_day`: the last of each
of its unit's days; `stored_last`: the newest of these, and what it was before. `unit_stored`: what each unit itself
held at the end of each day, without a gap from its first day to the newest day of all, so that units can be added up.
A server that does not answer holds what it last told; what a removed server told counts up to its last day.
"""

from __future__ import annotations

from datetime import date, timedelta

import duckdb

from cloutui.cache import listings
from cloutui.cache.incoming import Incoming
from cloutui.cache.placing import BEGINNING, END, LOCAL_DAY, PLACE

changed = listings.changed

_TOTALS = ("stored", "files", "logical")
_SAID = {"stored": "reporting_bytes", "files": "files", "logical": "logical_bytes"}
"""The reporting size is the data before deduplication: what is stored, everywhere in the house."""


def _each(form: str) -> str:
    return ", ".join(form.format(name=name) for name in _TOTALS)


# A sum that is gone is 0 from then on. Each sum is a step function of its own; a node's total is the sum of the steps.
_CHANGES = f"""
CREATE OR REPLACE TEMP TABLE stored_in AS
WITH told AS (
    SELECT k.data_source_id, s.node, s.pool, s.type, s.collected_at, {
    ", ".join(f"arg_min(if(is_gone, 0, coalesce({said}, 0)), is_gone) AS {name}" for name, said in _SAID.items())
}
    FROM stage AS s
    JOIN data_source_key AS k ON k.server_id = $server_id AND k.kind = 'node' AND k.native_key = s.node
    WHERE s.collected_at > coalesce(
        (SELECT max(collected_at) FROM stored_change WHERE server_id = $server_id), TIMESTAMP '-infinity'
    )
    GROUP BY ALL
),
known AS (
    SELECT k.data_source_id, n.node, n.pool, n.type, TIMESTAMP '-infinity' AS collected_at, {
    ", ".join(f"coalesce(n.{said}, 0) AS {name}" for name, said in _SAID.items())
}
    FROM occupancy_now AS n
    JOIN data_source_key AS k ON k.server_id = n.server_id AND k.kind = 'node' AND k.native_key = n.node
    WHERE n.server_id = $server_id AND n.node IN (SELECT node FROM told)
),
step AS (
    SELECT data_source_id, collected_at, {_each("{name} - lag({name}, 1, 0) OVER sum_ AS {name}")}
    FROM (SELECT * FROM told UNION ALL SELECT * FROM known)
    WINDOW sum_ AS (PARTITION BY node, pool, type ORDER BY collected_at)
),
total AS (
    SELECT collected_at, data_source_id, {_each("sum(sum({name})) OVER node AS {name}")}
    FROM step GROUP BY collected_at, data_source_id
    WINDOW node AS (PARTITION BY data_source_id ORDER BY collected_at)
)
SELECT collected_at, data_source_id, $server_id::INTEGER AS server_id, {_each("{name}::BIGINT AS {name}")}
FROM total WHERE collected_at > TIMESTAMP '-infinity'
"""

_PLACED = f"""
CREATE OR REPLACE TEMP TABLE stored_placed AS
WITH placed AS (
    SELECT {LOCAL_DAY} AS day, o.unit_id, c.* EXCLUDE (anchor)
    FROM (SELECT *, collected_at AS anchor FROM stored_change WHERE {{where}}) AS c
    JOIN owner AS o USING (data_source_id)
    QUALIFY row_number() OVER (
        PARTITION BY c.data_source_id, c.collected_at {PLACE}
    ) = 1
)
SELECT * FROM placed
QUALIFY row_number() OVER (PARTITION BY data_source_id, day ORDER BY collected_at DESC) = 1
"""

# The newest of each node, with what was held before it. Where only that is told anew, the rest is remembered.
_LAST = """
CREATE OR REPLACE TEMP TABLE stored_last_in AS
WITH placed AS (
    SELECT data_source_id, day, stored, lag(stored) OVER node AS before,
           day = max(day) OVER (PARTITION BY data_source_id) AS is_newest
    FROM stored_placed WINDOW node AS (PARTITION BY data_source_id ORDER BY day)
)
SELECT p.data_source_id, p.day, p.stored, coalesce(p.before, if(l.day < p.day, l.stored, l.before)) AS before
FROM placed AS p LEFT JOIN stored_last AS l ON l.data_source_id = p.data_source_id
WHERE p.is_newest
"""

# A node's holding of a period counts to whoever owned it then: it comes to the unit, and it goes again.
_UNIT_STORED = f"""
INSERT INTO unit_stored
WITH removed AS (
    SELECT server_id, max(day) + 1 AS day FROM stored_day
    WHERE server_id IN (SELECT server_id FROM server WHERE is_removed) GROUP BY server_id
),
held AS (
    SELECT d.data_source_id, d.day, lead(d.day, 1, coalesce(removed.day, DATE '{END}')) OVER (
               PARTITION BY d.data_source_id ORDER BY d.day
           ) AS until, {_each("d.{name}")}
    FROM stored_day AS d LEFT JOIN removed ON removed.server_id = d.server_id
    WHERE d.data_source_id IN (
        SELECT data_source_id FROM owner
        WHERE unit_id IN (SELECT unit_id FROM unit_touched) AND valid_to > $first
    )
),
piece AS (
    SELECT o.unit_id, greatest(h.day, o.valid_from, $first) AS day, least(h.until, o.valid_to) AS until,
           {_each("h.{name}")}, (h.stored <> 0 OR h.files <> 0)::INTEGER AS nodes
    FROM held AS h
    JOIN owner AS o ON o.data_source_id = h.data_source_id AND o.valid_from < h.until AND o.valid_to > h.day
    WHERE h.until > $first AND o.valid_to > $first AND o.unit_id IN (SELECT unit_id FROM unit_touched)
),
flow AS (
    SELECT unit_id, day, {_each("sum({name}) AS {name}")}, sum(nodes) AS nodes FROM (
        SELECT unit_id, day, {_each("{name}")}, nodes FROM piece
        UNION ALL
        SELECT unit_id, until, {_each("-{name}")}, -nodes FROM piece WHERE until < DATE '{END}'
    ) GROUP BY unit_id, day
),
begun AS (
    SELECT unit_id, min(day) AS day FROM (
        SELECT unit_id, day FROM flow
        UNION ALL
        SELECT unit_id, $first FROM unit_stored
        WHERE day = $first - 1 AND unit_id IN (SELECT unit_id FROM unit_touched)
    ) GROUP BY unit_id
),
calendar AS (
    SELECT unit_id, unnest(generate_series(day, $last::DATE, INTERVAL 1 DAY))::DATE AS day FROM begun
)
SELECT c.day, c.unit_id, {_each("sum(coalesce(f.{name}, 0)) OVER unit_")}, sum(coalesce(f.nodes, 0)) OVER unit_
FROM calendar AS c LEFT JOIN flow AS f ON f.unit_id = c.unit_id AND f.day = c.day
WINDOW unit_ AS (PARTITION BY c.unit_id ORDER BY c.day)
ORDER BY c.day
"""

_CARRY_ON = f"""
INSERT INTO unit_stored
SELECT new.day, u.unit_id, {_each("u.{name}")}, u.nodes
FROM unit_stored AS u,
     (SELECT unnest(generate_series($was::DATE + 1, $last::DATE, INTERVAL 1 DAY))::DATE AS day) AS new
WHERE u.day = $was
"""

# Units that something comes to, or goes from, on the days on which they are carried on.
_CHANGED_HANDS = """
INSERT INTO unit_touched
SELECT DISTINCT unit_id FROM owner
WHERE (valid_from > $was AND valid_from <= $last) OR (valid_to > $was AND valid_to <= $last)
"""

_OF_TOUCHED = "data_source_id IN (SELECT DISTINCT data_source_id FROM stored_in)"
_OF_MOVED = "data_source_id IN (SELECT data_source_id FROM stored_moved)"


def merge(con: duckdb.DuckDBPyConnection, incoming: Incoming) -> None:
    """Replace the list, and remember what changed. Runs inside the caller's transaction."""
    fill(con, incoming)
    since = con.execute("SELECT min(collected_at) FROM stored_in").fetchone()
    if since is None or since[0] is None:
        return
    # A unit's clock moves a day by less than one on either side.
    con.execute(_PLACED.format(where=f"collected_at > TIMESTAMP '{since[0]}' - INTERVAL 2 DAY AND {_OF_TOUCHED}"))
    found = con.execute("SELECT min(day) FROM stored_placed WHERE collected_at >= ?", [since[0]]).fetchone()
    assert found is not None
    first = found[0]
    con.execute(f"DELETE FROM stored_day WHERE day >= ? AND {_OF_TOUCHED}", [first])
    con.execute(
        "INSERT INTO stored_day BY NAME SELECT * EXCLUDE (collected_at) FROM stored_placed WHERE day >= ?", [first]
    )
    _remember_last(con)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE unit_touched AS "
        f"SELECT DISTINCT unit_id FROM owner WHERE valid_to > DATE '{first}' AND {_OF_TOUCHED}"
    )
    _add_up(con, first)


def fill(con: duckdb.DuckDBPyConnection, incoming: Incoming) -> None:
    """The same without the days: `all_anew` follows."""
    con.register("stage", incoming.rows)
    con.execute(_CHANGES, {"server_id": incoming.server_id})
    con.unregister("stage")
    con.execute("INSERT INTO stored_change BY NAME SELECT * FROM stored_in ORDER BY collected_at")
    listings.merge(con, incoming)


def all_anew(con: duckdb.DuckDBPyConnection) -> None:
    """The days of all changes."""
    con.execute(_PLACED.format(where="true"))
    con.execute("DELETE FROM stored_day")
    con.execute("INSERT INTO stored_day BY NAME SELECT * EXCLUDE (collected_at) FROM stored_placed ORDER BY day")
    con.execute("DELETE FROM stored_last")
    _remember_last(con)
    con.execute("CREATE OR REPLACE TEMP TABLE unit_touched AS SELECT unit_id FROM unit")
    _add_up(con, BEGINNING)


def moved(con: duckdb.DuckDBPyConnection) -> None:
    """All of the data sources in the temporary table `owner_changed`; `unit_touched` are their owners, then and now."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE stored_moved AS SELECT DISTINCT data_source_id FROM stored_change "
        "WHERE data_source_id IN (SELECT data_source_id FROM owner_changed)"
    )
    if not con.execute("SELECT 1 FROM stored_moved LIMIT 1").fetchone():
        return
    con.execute(_PLACED.format(where=_OF_MOVED))
    con.execute(f"DELETE FROM stored_day WHERE {_OF_MOVED}")
    con.execute("INSERT INTO stored_day BY NAME SELECT * EXCLUDE (collected_at) FROM stored_placed ORDER BY day")
    con.execute(f"DELETE FROM stored_last WHERE {_OF_MOVED}")
    _remember_last(con)
    _add_up(con, BEGINNING)


def _remember_last(con: duckdb.DuckDBPyConnection) -> None:
    """Of the data sources in the temporary table `stored_placed`."""
    con.execute(_LAST)
    con.execute("DELETE FROM stored_last WHERE data_source_id IN (SELECT data_source_id FROM stored_last_in)")
    con.execute("INSERT INTO stored_last SELECT * FROM stored_last_in")


def _add_up(con: duckdb.DuckDBPyConnection, first: date) -> None:
    """The days from `first` on of the units in `unit_touched`; the others are carried on to the newest day."""
    found = con.execute("SELECT (SELECT max(day) FROM unit_stored), (SELECT max(day) FROM stored_day)").fetchone()
    assert found is not None
    was, last = found
    con.execute("DELETE FROM unit_stored WHERE day > ?", [last])
    if was is not None and was < last:
        con.execute(_CARRY_ON, {"was": was, "last": last})
        con.execute(_CHANGED_HANDS, {"was": was, "last": last})
        first = min(first, was + timedelta(days=1))
    con.execute("DELETE FROM unit_stored WHERE day >= ? AND unit_id IN (SELECT unit_id FROM unit_touched)", [first])
    con.execute(_UNIT_STORED, {"first": first, "last": last})
