"""What is added up from the jobs, so that questions over days or nodes need not read them: made anew where jobs change.

`node_day`: one node's jobs of one day. `made_for`: what they saved of other nodes. `unit_day`: one
unit's jobs of one day. `node_last`: how a node stood last, and since when; it does not grow with the days. What has a
unit goes by the one that owned the node on the day.
"""

from __future__ import annotations

import duckdb

_ALL_OUTCOMES = {"ok": 2, "okwarn": 5, "warning": 7, "missed": 8, "error": 9}
"""The statuses that a job ends with. One that nobody scheduled cannot be missed."""

_COUNTED = [f"count(*) FILTER (status = {number})" for number in _ALL_OUTCOMES.values()]
_COUNTED += [
    f"count(*) FILTER (status = {number} AND schedule IS NULL)"
    for word, number in _ALL_OUTCOMES.items()
    if word != "missed"
]
_SUMMED = [f"sum(n_{word})" for word in _ALL_OUTCOMES]
_SUMMED += [f"sum(u_{word})" for word in _ALL_OUTCOMES if word != "missed"]

_IS_BACKUP = "coalesce(activity NOT IN ('RESTORE', 'RETRIEVE'), true)"
"""Who restored something has no newer copy than before. What a schedule did is not always known: then it saved."""

_NODE_DAY = f"""
INSERT INTO node_day
SELECT
    day, unit_id, data_source_id, any_value(server_id), max(status),
    max(status) FILTER (was_ended AND NOT is_provisional), count(*), count(*) FILTER (status >= 8), sum(bytes),
    sum(files), sum(date_diff('second', started_at, ended_at)), sum(failed),
    max(ended_at) FILTER (status IN (2, 5) AND {_IS_BACKUP}),
    min(coalesce(started_at, scheduled_at)) FILTER (status >= 7), arg_max(result, status) FILTER (status >= 7),
    {", ".join(_COUNTED)}, max(date_diff('second', started_at, ended_at))
FROM job_event
WHERE {{where}}
GROUP BY day, unit_id, data_source_id
ORDER BY day
"""

_MADE_FOR = f"""
INSERT INTO made_for
SELECT DISTINCT j.day, j.data_source_id, ds.data_source_id, j.ended_at
FROM (
    SELECT day, server_id, data_source_id, ended_at, unnest(made_for) AS other FROM job_event
    WHERE {{where}} AND made_for IS NOT NULL AND ended_at IS NOT NULL AND status IN (2, 5) AND {_IS_BACKUP}
) AS j
JOIN data_source_key AS ds ON ds.server_id = j.server_id AND ds.kind = 'node' AND ds.native_key = j.other
"""

_UNIT_DAY = f"""
INSERT INTO unit_day
SELECT
    day, unit_id, max(worst), max(worst_ended), sum(jobs), sum(bad), count(*) FILTER (worst >= 8),
    count(*) FILTER (worst = 7), count(*) FILTER (worst = 5), sum(bytes), sum(took_s), sum(failed),
    {", ".join(_SUMMED)}
FROM node_day WHERE {{where}} GROUP BY day, unit_id ORDER BY day
"""

_NODE_LAST = """
INSERT INTO node_last
WITH last AS (
    SELECT unit_id, data_source_id, max(day) AS day, max(day) FILTER (worst_ended IS NOT NULL) AS ended_day,
           max(day) FILTER (worst_ended < 7) AS good_day, max(ok_at) AS ok_at
    FROM node_day WHERE {where} GROUP BY unit_id, data_source_id
)
SELECT l.unit_id, l.data_source_id, any_value(l.day),
       max(d.worst) FILTER (d.worst_ended IS NULL AND d.day >= l.day - 7), any_value(l.ended_day),
       max(d.worst_ended) FILTER (d.day = l.ended_day), max(d.bad_result) FILTER (d.day = l.ended_day),
       any_value(l.good_day), min(d.bad_at) FILTER (l.good_day IS NULL OR d.day > l.good_day), any_value(l.ok_at)
FROM last AS l JOIN node_day AS d ON d.unit_id = l.unit_id AND d.data_source_id = l.data_source_id
GROUP BY l.unit_id, l.data_source_id
"""

_OF_TOUCHED = "data_source_id IN (SELECT data_source_id FROM touched)"
_OF_MOVED = "data_source_id IN (SELECT data_source_id FROM moved)"


def all_anew(con: duckdb.DuckDBPyConnection) -> None:
    """From all jobs."""
    for table, statement in (
        ("node_day", _NODE_DAY),
        ("made_for", _MADE_FOR),
        ("unit_day", _UNIT_DAY),
        ("node_last", _NODE_LAST),
    ):
        _make(con, table, statement, "true")


def touched(con: duckdb.DuckDBPyConnection) -> None:
    """What the nodes' days in the temporary table `touched` (day, data_source_id) are part of."""
    days = con.execute("SELECT min(day), max(day) FROM touched").fetchone()
    if days is None or days[0] is None:
        return
    span = f"day BETWEEN DATE '{days[0]}' AND DATE '{days[1]}'"
    of_touched = f"{span} AND (day, data_source_id) IN (SELECT day, data_source_id FROM touched)"
    _make(con, "node_day", _NODE_DAY, of_touched)
    _make(con, "made_for", _MADE_FOR, of_touched)
    _make(con, "unit_day", _UNIT_DAY, f"{span} AND day IN (SELECT day FROM touched)")
    _make(con, "node_last", _NODE_LAST, _OF_TOUCHED)


def moved(con: duckdb.DuckDBPyConnection) -> None:
    """All of the data sources in the temporary table `moved`, whose jobs may be other units' and other days' now."""
    units = f"SELECT DISTINCT unit_id FROM node_day WHERE {_OF_MOVED}"
    con.execute(f"CREATE OR REPLACE TEMP TABLE unit_moved AS {units}")
    _make(con, "node_day", _NODE_DAY, _OF_MOVED)
    _make(con, "made_for", _MADE_FOR, _OF_MOVED)
    con.execute(f"INSERT INTO unit_moved {units}")
    _make(con, "unit_day", _UNIT_DAY, "unit_id IN (SELECT unit_id FROM unit_moved)")
    _make(con, "node_last", _NODE_LAST, _OF_MOVED)


def _make(con: duckdb.DuckDBPyConnection, table: str, statement: str, where: str) -> None:
    con.execute(f"DELETE FROM {table} WHERE {where}")
    con.execute(statement.format(where=where))
