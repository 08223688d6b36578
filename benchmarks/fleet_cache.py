"""A cache of a large provider, built once and kept: 10,000 units, 50 servers, 50,000 nodes, and `BENCH_JOBS` jobs.

3.6 million unless told. More jobs are more days, up to the day before it is built; after a week it is built anew, so
that “today” is near its end.
"""

from __future__ import annotations

import os
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zlib import crc32

import duckdb
from sqlalchemy import Connection, insert

from cloutui.cache import roll_ups, stored
from cloutui.cache.archive import Archive
from cloutui.cache.cache import Cache
from cloutui.cache.database import Database
from cloutui.cache.schema import ddl
from cloutui.model.action_class import ActionClass
from cloutui.model.principal import system_principal
from cloutui.records import schema
from cloutui.records.activity import ActivityLine
from cloutui.records.frozen_files import FrozenFiles
from cloutui.records.store import Records

JOBS = int(os.environ.get("BENCH_JOBS", "3600000"))
SERVERS, NODES, GROUPS, UNITS = 50, 50_000, 20, 10_000
NODES_OF_FIRST = 500
"""The first unit below the root is a large one; the others, in groups, have about five nodes each."""
DAYS = max(1, JOBS // NODES)
STORED_DAYS = 400
"""Of history of what is stored; the jobs may be of fewer days."""

HOME = Path(__file__).parent / "data" / f"fleet-{JOBS}"
_BUILT = HOME / "complete"
_KEEP = timedelta(days=7)
_SHAPE = f"{crc32(ddl().encode()):08x}"
"""Of the tables: what was built with others is built anew."""


def _last_day() -> date:
    """Of what is built and may be kept, else yesterday."""
    today = datetime.now(UTC).date()
    day, version = _BUILT.read_text().split() if _BUILT.exists() else (date.min.isoformat(), "")
    is_fresh = version == _SHAPE and today - date.fromisoformat(day) < _KEEP
    return date.fromisoformat(day) if is_fresh else today - timedelta(days=1)


LAST_DAY = _last_day()
NOW = datetime.combine(LAST_DAY + timedelta(days=1), datetime.min.time(), UTC) + timedelta(hours=12)
"""The moment that the reports are asked at."""

_FACTS = f"""
INSERT INTO nodes_now BY NAME
SELECT server_id, native_key AS node, 'CLIENT' AS node_kind, 'PD_' || data_source_id % 12 AS domain,
       ['Linux x86-64', 'WinNT', 'AIX', 'TDP MSSQL'][data_source_id % 4 + 1] AS platform,
       '8.1.' || data_source_id % 23 || '.0' AS client_version, 'Duty ' || data_source_id % 400 AS contact,
       data_source_id % 97 = 0 AS is_locked, TIMESTAMP '2024-01-01' AS registered_local,
       DATE '{LAST_DAY}' + INTERVAL 2 HOUR AS last_access_local, 0 AS utc_offset_s, 0 AS fingerprint,
       TIMESTAMP '{LAST_DAY}' AS collected_at
FROM data_source;

-- Nodes grow by up to 0.3 % a day, one in eight shrinks, and one in twenty takes a jump on some day.
INSERT INTO stored_change
SELECT day_.day + INTERVAL 3 HOUR AS collected_at, d.data_source_id, d.server_id, held::BIGINT AS stored,
       (held / 900000)::BIGINT AS files, (held * 0.42)::BIGINT AS logical
FROM (SELECT unnest(generate_series(DATE '{LAST_DAY}' - {STORED_DAYS - 1}, DATE '{LAST_DAY}', INTERVAL 1 DAY))::DATE
             AS day) AS day_
CROSS JOIN data_source AS d
, LATERAL (SELECT hash(d.data_source_id) AS luck, day_.day - DATE '{LAST_DAY}' + {STORED_DAYS} AS age)
, LATERAL (SELECT (luck % 3000000000000 + 1000000000)
                  * (1 + age * ((luck % 1000)::DOUBLE - 125) / 300000)
                  * if(luck % 20 = 0 AND age > luck % 400, 1.8, 1.0)
                  * (1 + (hash(d.data_source_id, day_.day) % 100)::DOUBLE / 10000) AS held)
WHERE age = 1 OR hash(day_.day, d.data_source_id) % 3 = 0
ORDER BY day_.day;

INSERT INTO occupancy_now BY NAME
SELECT d.server_id, d.native_key AS node, 'POOL_' || pool AS pool, 'Bkup' AS type,
       if(pool = 0, files, 0) AS files, if(pool = 0, stored * 6 // 10, stored - stored * 6 // 10) AS reporting_bytes,
       0 AS physical_bytes, if(pool = 0, logical, 0) AS logical_bytes, 0 AS fingerprint,
       TIMESTAMP '{LAST_DAY}' AS collected_at
FROM (SELECT data_source_id, arg_max(stored, collected_at) AS stored, arg_max(files, collected_at) AS files,
             arg_max(logical, collected_at) AS logical
      FROM stored_change GROUP BY data_source_id)
JOIN data_source AS d USING (data_source_id), range(2) AS p(pool);

INSERT INTO filespaces_now BY NAME
SELECT server_id, native_key AS node, '/fs' || fs AS filespace, 'EXT4' AS filespace_type,
       10**11::BIGINT AS capacity_bytes, fs * 13.0 AS used_percent,
       DATE '{LAST_DAY}' + INTERVAL 1 HOUR AS backup_start_local,
       DATE '{LAST_DAY}' + INTERVAL 2 HOUR AS backup_end_local, 0 AS utc_offset_s, 0 AS fingerprint,
       TIMESTAMP '{LAST_DAY}' AS collected_at
FROM data_source, range(3) AS f(fs);

INSERT INTO schedules_now BY NAME
SELECT server_id, 'PD' AS domain, 'DAILY' AS schedule, native_key AS node, 'Incremental' AS action,
       '01:00:00' AS start_time, '1 HOUR' AS "window", '1 DAY' AS period, 0 AS fingerprint,
       TIMESTAMP '{LAST_DAY}' AS collected_at
FROM data_source;

INSERT INTO pool_day BY NAME
SELECT day_.day, server_id, 'POOL_' || pool AS pool, 10**15::BIGINT AS capacity_bytes,
       round(60 + (server_id * 7 + pool * 11) % 40 - (DATE '{LAST_DAY}' - day_.day) * (server_id % 10) / 100.0
             + sin((DATE '{LAST_DAY}' - day_.day) / 3.0) * 0.4, 1) AS used_percent,
       day_.day + INTERVAL 3 HOUR AS collected_at
FROM (SELECT unnest(generate_series(DATE '{LAST_DAY}' - {STORED_DAYS - 1}, DATE '{LAST_DAY}', INTERVAL 1 DAY))::DATE
             AS day) AS day_, server, range(4) AS p(pool)
ORDER BY day_.day;

INSERT INTO pools_now BY NAME
SELECT server_id, pool, 'DIRECTORY' AS pool_type, capacity_bytes, used_percent, 0 AS fingerprint,
       TIMESTAMP '{LAST_DAY}' AS collected_at
FROM pool_day WHERE day = DATE '{LAST_DAY}';

INSERT INTO server_now BY NAME
SELECT server_id, name, '8.1.23.0' AS version, 'Linux' AS platform, 60 AS event_retention_days,
       40.0 AS db_used_percent, 12.0 AS log_used_percent, TIMESTAMP '{LAST_DAY}' AS last_db_backup_local,
       TIMESTAMP '{LAST_DAY}' AS restarted_local, 0 AS utc_offset_s, 400 AS volumes,
       41 AS sessions, 'Valid' AS licence, 0 AS fingerprint, TIMESTAMP '{LAST_DAY}' AS collected_at
FROM server;

INSERT INTO sweep BY NAME
SELECT server_id, pace, TIMESTAMP '{NOW:%Y-%m-%d %H:%M}' - INTERVAL 4 MINUTE AS collected_at,
       TIMESTAMP '{NOW:%Y-%m-%d %H:%M}' - INTERVAL 4 MINUTE AS tried_at, '' AS code, '' AS problem, '' AS hint
FROM server, (VALUES ('events'), ('whole')) AS p(pace);

INSERT INTO job_event BY NAME
SELECT o.unit_id, d.data_source_id, d.server_id, day_.day,
       '["PD","DAILY","' || d.native_key || '","' || day_.day || '"]' AS job_key, 'PD' AS domain, 'DAILY' AS schedule,
       day_.day + INTERVAL 1 HOUR AS scheduled_at, day_.day + INTERVAL 62 MINUTE AS started_at,
       day_.day + INTERVAL 80 MINUTE AS ended_at,
       CASE WHEN luck < 940 THEN 2 WHEN luck < 970 THEN 5 WHEN luck < 980 THEN 7 WHEN luck < 990 THEN 8 ELSE 9
       END AS status,
       'Completed' AS server_status, CASE WHEN luck < 970 THEN 0 ELSE 12 END AS result, luck * 1000000 AS bytes,
       luck AS files, false AS is_provisional, true AS was_ended, day_.day + INTERVAL 2 HOUR AS collected_at,
       luck::UBIGINT AS fingerprint
FROM (SELECT unnest(generate_series(DATE '{LAST_DAY}' - {DAYS - 1}, DATE '{LAST_DAY}', INTERVAL 1 DAY))::DATE AS day)
     AS day_
CROSS JOIN data_source AS d
JOIN owner AS o USING (data_source_id)
, LATERAL (SELECT hash(d.data_source_id, day_.day) % 1000 AS luck)
ORDER BY day_.day;

-- Two lines for every bad job of the last three weeks.
INSERT INTO log_line BY NAME
SELECT j.server_id, j.started_at + to_minutes(n) AS logged_at, 'ANE4959E' AS message_code, 'E' AS severity,
       'ANE4959E Total number of objects failed: ' || n AS message, d.native_key AS node, j.schedule, n AS session,
       hash(j.job_key, n) AS fingerprint
FROM job_event AS j JOIN data_source AS d USING (data_source_id), range(2) AS lines(n)
WHERE j.day > DATE '{LAST_DAY}' - 21 AND j.status >= 7
ORDER BY logged_at
"""


def open_fleet_cache() -> tuple[Cache, Records]:
    """The cache and its records. 3.6 million jobs are built in about a minute, 36 million in a few minutes."""
    sign = f"{LAST_DAY} {_SHAPE}"
    if not _BUILT.exists() or _BUILT.read_text() != sign:
        shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True, exist_ok=True)
    records = Records.open(HOME / "records.sqlite", root_name="Bench")
    if not records.servers():
        _fill_records(records)
    # Not with `open_cache`, which makes a cache anew from the archive when it cannot be opened: there is no archive.
    history = FrozenFiles(HOME / "history")
    cache = Cache(Database(HOME / "cache.duckdb"), Archive(HOME / "archive"), records, history)
    if not _BUILT.exists():
        cache.database.write(_fill_cache)
        _BUILT.write_text(sign)
    return cache, records


def _fill_cache(con: duckdb.DuckDBPyConnection) -> None:
    for statement in _FACTS.split(";\n"):
        con.execute(statement)
    roll_ups.all_anew(con)
    stored.all_anew(con)
    con.execute("CHECKPOINT")


def _fill_records(records: Records) -> None:
    """Written as they would be found after years: rules for 10,000 units would take minutes to match."""
    root = records.root_unit_id
    with records.begin() as tx:
        _insert_units(tx.connection, root)
        _insert_nodes(tx.connection, root)
        tx.bump_version()
        line = ActivityLine(
            action="bench.build",
            action_class=ActionClass.NOTE,
            unit_id=root,
            target_kind="bench",
            target_id=None,
            target_name="",
            sentence="A benchmark built its records.",
        )
        tx.append_activity(system_principal("bench", root), line)


def _insert_units(connection: Connection, root: int) -> None:
    """Ids without a gap: the root, the first unit, the groups, then the units of the groups."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    names = [("First", root), *((f"Group {n:02}", root) for n in range(GROUPS))]
    names += [(f"Unit {n:05}", root + 2 + n % GROUPS) for n in range(UNITS - GROUPS - 2)]
    connection.execute(
        insert(schema.unit),
        [
            {"unit_id": root + 1 + place, "name": name, "parent_id": parent, "created_at": at}
            for place, (name, parent) in enumerate(names)
        ],
    )


def _insert_nodes(connection: Connection, root: int) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    server = {"product": "storage-protect", "unit_id": root, "doors": [], "administrator": "CLOUTUI", "added_at": at}
    connection.execute(insert(schema.server), [{"name": f"SPA{n + 1:02}", **server} for n in range(SERVERS)])
    ids = range(1, NODES + 1)
    names = [f"NODE-{n:05}" for n in ids]
    connection.execute(
        insert(schema.data_source),
        [
            {"data_source_id": n, "server_id": 1 + n % SERVERS, "kind": "node", "native_key": name, "name": name}
            | {"first_seen_at": at}
            for n, name in zip(ids, names, strict=True)
        ],
    )
    connection.execute(
        insert(schema.consumer),
        [{"consumer_id": n, "data_source_id": n, "name": name} for n, name in zip(ids, names, strict=True)],
    )
    first_small = root + GROUPS + 2
    small = UNITS - GROUPS - 2
    connection.execute(
        insert(schema.assignment),
        [
            {
                "consumer_id": n,
                "unit_id": root + 1 if n <= NODES_OF_FIRST else first_small + n % small,
                "made_on": at.date(),
                "how": "hand",
            }
            for n in ids
        ],
    )
