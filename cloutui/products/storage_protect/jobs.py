"""Every run of a client schedule, and every backup or restore that no schedule started.

Source: `EVENTS` says what was due and what became of it; `SUMMARY` has a row for each session of the client, several
for one run: producers count files, consumers count bytes. A session belongs to the latest run of its schedule that had
started on its node by then. A session for another node (`TARGET (AGENT)`) belongs to the target's run, else to that
of the agent, on which the schedule may be. A run is also for those that its sessions were for: the target of such a
session, and in `SUMMARY_EXTENDED`, of virtual machines, the datacenter node in whose name a data mover worked.

Not here: sessions of a schedule whose run is not in the window. The window that has the run has them too.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pyarrow as pa

from cloutui.products.observation import JOBS, Observation, Window
from cloutui.products.storage_protect import job_status, selects
from cloutui.products.storage_protect.asking import Ask, Bounds, ServerClock, observed
from cloutui.products.storage_protect.shaping import connect, in_schema

LONGEST_RUN = timedelta(days=1)
"""Sessions and following runs are asked for this long after the window, so that its last runs are whole."""

UNKNOWN_WINDOW_HOURS = 24
"""How long a severed run may go on when its schedule does not say."""

_KEY_SQL = """
    CREATE MACRO moment_of(moment) AS strftime(moment, '%Y-%m-%d %H:%M:%S.%f');
    CREATE MACRO key_of(a, b, c, d) AS CAST(to_json([a, b, c, d]) AS VARCHAR)
"""
"""A job's key is what the server said, in its own time: a JSON list without blanks."""

_EVENTS_SQL = """
    CREATE TABLE event AS
    SELECT row_number() OVER () AS run, e.*,
           coalesce(STATUS ILIKE 'severed', false) AND $now < CASE
               WHEN w.DURUNITS ILIKE 'indef%' THEN TIMESTAMP 'infinity'
               ELSE SCHEDULED_START + coalesce(w.DURATION * CASE lower(left(w.DURUNITS, 1))
                   WHEN 'm' THEN INTERVAL 1 MINUTE WHEN 'h' THEN INTERVAL 1 HOUR WHEN 'd' THEN INTERVAL 1 DAY
               END, to_hours($unknown_window_hours))
           END AS is_window_open
    FROM events AS e LEFT JOIN start_windows AS w
      ON w.DOMAIN_NAME = e.DOMAIN_NAME AND w.SCHEDULE_NAME = e.SCHEDULE_NAME
"""

_SESSIONS_SQL = """
    CREATE TABLE session AS
    WITH said AS (
        SELECT *, nullif(trim(SCHEDULE_NAME), '') AS schedule,
               regexp_replace(ENTITY, ' \\([^()]*\\)$', '') AS target,
               nullif(regexp_extract(ENTITY, ' \\(([^()]*)\\)$', 1), '') AS agent
        FROM sessions
    ), due AS (
        SELECT DISTINCT NODE_NAME, SCHEDULE_NAME FROM event
    )
    SELECT said.*, coalesce(due.NODE_NAME, agent, target) AS node
    FROM said LEFT JOIN due ON due.NODE_NAME = target AND due.SCHEDULE_NAME = schedule
"""

_ACTED_SQL = """
    CREATE TABLE acted AS
    WITH told AS (
        SELECT START_TIME, nullif(trim(SCHEDULE_NAME), '') AS schedule, trim(AS_ENTITY) AS other,
               coalesce(nullif(regexp_extract(ENTITY, ' \\(([^()]*)\\)$', 1), ''), ENTITY) AS node
        FROM acting
        UNION ALL
        SELECT START_TIME, schedule, target, node FROM session
    )
    SELECT DISTINCT START_TIME, schedule, other, node FROM told WHERE other <> node AND other <> ''
"""

_JOBS_SQL = """
    WITH started AS (
        SELECT run, NODE_NAME, SCHEDULE_NAME, ACTUAL_START FROM event WHERE ACTUAL_START IS NOT NULL
    ), others AS (
        SELECT run, list_sort(list_distinct(list(other))) AS made_for
        FROM acted AS s ASOF JOIN started AS e
          ON s.node = e.NODE_NAME AND s.schedule = e.SCHEDULE_NAME AND s.START_TIME >= e.ACTUAL_START
        GROUP BY run
    ), others_unscheduled AS (
        SELECT node AS worker, START_TIME AS began, list_sort(list(other)) AS made_for
        FROM acted WHERE schedule IS NULL GROUP BY ALL
    ), total AS (
        SELECT run,
               TRY_CAST(sum(BYTES) AS BIGINT) AS bytes,
               TRY_CAST(sum(AFFECTED) AS BIGINT) AS files,
               TRY_CAST(sum(EXAMINED) AS BIGINT) AS examined,
               TRY_CAST(sum(FAILED) AS BIGINT) AS failed,
               arg_max(ACTIVITY, coalesce(BYTES, 0)) AS activity
        FROM session AS s ASOF JOIN started AS e
          ON s.node = e.NODE_NAME AND s.schedule = e.SCHEDULE_NAME AND s.START_TIME >= e.ACTUAL_START
        GROUP BY run
    )
    SELECT key_of(DOMAIN_NAME, SCHEDULE_NAME, NODE_NAME, moment_of(SCHEDULED_START)) AS job_key,
           NODE_NAME AS node,
           DOMAIN_NAME AS domain,
           SCHEDULE_NAME AS schedule,
           activity,
           SCHEDULED_START AS scheduled_local,
           ACTUAL_START AS started_local,
           COMPLETED AS ended_local,
           $offset_s AS utc_offset_s,
           m.status,
           e.STATUS AS server_status,
           e.RESULT AS result,
           nullif(concat_ws(' ', REASON, m.note), '') AS reason,
           bytes, files, examined, failed,
           m.is_provisional, m.is_ended, made_for
    FROM event AS e LEFT JOIN total USING (run) LEFT JOIN others USING (run)
    JOIN meaning AS m ON m.word IS NOT DISTINCT FROM e.STATUS AND m.result IS NOT DISTINCT FROM e.RESULT
     AND m.is_window_open IS NOT DISTINCT FROM e.is_window_open
    WHERE SCHEDULED_START < $until
    UNION ALL
    SELECT key_of(target, ACTIVITY, moment_of(START_TIME), CAST(NUMBER AS VARCHAR)),
           target, NULL, NULL, ACTIVITY, NULL, START_TIME, END_TIME, $offset_s,
           m.status, SUCCESSFUL, NULL, nullif(m.note, ''),
           BYTES, AFFECTED, EXAMINED, FAILED, m.is_provisional, m.is_ended, o.made_for
    FROM session AS s JOIN outcome AS m ON m.word IS NOT DISTINCT FROM s.SUCCESSFUL
    LEFT JOIN others_unscheduled AS o ON o.worker = s.ENTITY AND o.began = s.START_TIME
    WHERE schedule IS NULL AND START_TIME < $until
"""


async def observe(ask: Ask, clock: ServerClock, window: Window) -> Observation:
    """The jobs of a window. The runs are asked for first: how a job ended matters more than how large it was."""
    bounds = clock.bounds(window)
    events = await ask(selects.EVENTS, bounds.until_later(LONGEST_RUN))
    sessions = await ask(selects.SESSIONS, bounds.until_later(LONGEST_RUN))
    acting = await ask(selects.ACTING, bounds.until_later(LONGEST_RUN))
    start_windows = await ask(selects.START_WINDOWS)
    tables = (events.table, sessions.table, acting.table, start_windows.table)
    batch = await asyncio.to_thread(parse, *tables, clock=clock, bounds=bounds)
    return observed(JOBS, batch, [events, sessions, acting, start_windows])


def parse(
    events: pa.Table,
    sessions: pa.Table,
    acting: pa.Table,
    start_windows: pa.Table,
    *,
    clock: ServerClock,
    bounds: Bounds,
) -> pa.Table:
    """Rows of the four tables as the kind's batch. Runs after the bounds only end those before them."""
    tables = {"events": events, "sessions": sessions, "acting": acting, "start_windows": start_windows}
    with connect(tables) as db:
        db.execute(_KEY_SQL)
        db.execute(_EVENTS_SQL, {"now": clock.local, "unknown_window_hours": UNKNOWN_WINDOW_HOURS})
        db.execute(_SESSIONS_SQL)
        db.execute(_ACTED_SQL)
        # The statuses of a day are few, so their meaning is looked up once for each.
        said = db.execute("SELECT DISTINCT STATUS, RESULT, is_window_open FROM event").fetchall()
        db.register("meaning", _meanings([(row, job_status.of_event(*row[:2], is_window_open=row[2])) for row in said]))
        heard = db.execute("SELECT DISTINCT SUCCESSFUL, NULL, NULL FROM session").fetchall()
        db.register("outcome", _meanings([(row, job_status.of_session(row[0])) for row in heard]))
        jobs = db.execute(_JOBS_SQL, {"offset_s": clock.offset_s, "until": bounds.until})
        return in_schema(JOBS, jobs.to_arrow_table())


def _meanings(found: list[tuple[tuple[Any, ...], job_status.Standing]]) -> pa.Table:
    return pa.table(
        {
            "word": pa.array([said[0] for said, _ in found], pa.string()),
            "result": pa.array([said[1] for said, _ in found], pa.int32()),
            "is_window_open": pa.array([said[2] for said, _ in found], pa.bool_()),
            "status": pa.array([int(standing.status) for _, standing in found], pa.uint8()),
            "is_provisional": pa.array([standing.is_provisional for _, standing in found], pa.bool_()),
            "is_ended": pa.array([standing.is_ended for _, standing in found], pa.bool_()),
            "note": pa.array([standing.note or None for _, standing in found], pa.string()),
        }
    )
