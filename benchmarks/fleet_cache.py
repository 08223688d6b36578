"""A cache with millions of jobs, built once and kept: `BENCH_JOBS` says how many (3.6 million unless told)."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import insert

from cloutui.cache import jobs
from cloutui.cache.cache import Cache, open_cache
from cloutui.model.action_class import ActionClass
from cloutui.model.principal import system_principal
from cloutui.records import schema
from cloutui.records.activity import ActivityLine
from cloutui.records.rows import DataSourceFacts
from cloutui.records.store import Records

JOBS = int(os.environ.get("BENCH_JOBS", "3600000"))
DAYS = 360
LAST_DAY = date(2026, 11, 21)
NODES_A_UNIT = 500

_JOBS_SQL = f"""
INSERT INTO job_event BY NAME
SELECT o.unit_id, d.data_source_id, d.server_id, day_.day,
       '["PD","DAILY","' || d.native_key || '","' || day_.day || '"]' AS job_key, 'PD' AS domain, 'DAILY' AS schedule,
       day_.day + INTERVAL 1 HOUR AS scheduled_at, day_.day + INTERVAL 62 MINUTE AS started_at,
       day_.day + INTERVAL 80 MINUTE AS ended_at,
       CASE WHEN luck < 940 THEN 2 WHEN luck < 970 THEN 5 WHEN luck < 980 THEN 7 WHEN luck < 990 THEN 8 ELSE 9
       END AS status,
       'Completed' AS server_status, 0 AS result, luck * 1000000 AS bytes, luck AS files, false AS is_provisional,
       true AS was_ended, day_.day + INTERVAL 2 HOUR AS collected_at, luck::UBIGINT AS fingerprint
FROM (SELECT unnest(generate_series(DATE '{LAST_DAY}' - {DAYS - 1}, DATE '{LAST_DAY}', INTERVAL 1 DAY))::DATE AS day)
     AS day_
CROSS JOIN data_source AS d
JOIN owner AS o USING (data_source_id)
, LATERAL (SELECT hash(d.data_source_id, day_.day) % 1000 AS luck)
ORDER BY day_.day
"""


def open_fleet_cache() -> tuple[Cache, Records]:
    """The cache and its records. Building 3.6 million jobs takes about ten seconds, 36 million a few minutes."""
    home = Path(__file__).parent / "data" / f"jobs-{JOBS}"
    built = home / "complete"
    records = _records(home)
    cache = open_cache(home, records)
    if not built.exists():
        cache.database.write(lambda con: con.execute("DELETE FROM job_event"))
        cache.database.write(lambda con: con.execute(_JOBS_SQL))
        cache.database.write(jobs.roll_up_all)
        cache.database.write(lambda con: con.execute("CHECKPOINT"))
        built.touch()
    return cache, records


def sqlite_copy(cache: Cache) -> Path:
    """The same jobs, as far as the matrix needs them, in SQLite with the index that it wants."""
    path = Path(__file__).parent / "data" / f"jobs-{JOBS}" / "peer.sqlite"
    if path.exists():
        return path
    building = path.with_suffix(".building")
    building.unlink(missing_ok=True)
    peer = sqlite3.connect(building)
    peer.execute("PRAGMA journal_mode = OFF")
    peer.execute("PRAGMA synchronous = OFF")
    peer.execute("CREATE TABLE job (unit_id INTEGER, data_source_id INTEGER, day TEXT, status INTEGER)")
    with cache.database.reader(limit_s=600) as reader:
        found = reader.execute("SELECT unit_id, data_source_id, CAST(day AS VARCHAR), status FROM job_event")
        while rows := found.fetchmany(200_000):
            peer.executemany("INSERT INTO job VALUES (?, ?, ?, ?)", rows)
    peer.execute("CREATE INDEX job_place ON job (unit_id, data_source_id, day, status)")
    peer.execute("ANALYZE")
    peer.commit()
    peer.close()
    building.rename(path)
    return path


def _records(home: Path) -> Records:
    home.mkdir(parents=True, exist_ok=True)
    records = Records.open(home / "records.sqlite", root_name="Bench")
    if records.servers():
        return records
    count = JOBS // DAYS
    now = datetime(2026, 1, 1, tzinfo=UTC)
    root = records.root_unit_id
    with records.begin() as tx:
        tx.connection.execute(
            insert(schema.server).values(
                name="SPA01",
                product="storage-protect",
                unit_id=root,
                doors=[],
                administrator="CLOUTUI",
                added_at=now,
            )
        )
        units = [{"name": f"Unit {n}", "parent_id": root, "created_at": now} for n in range(-(-count // NODES_A_UNIT))]
        tx.connection.execute(insert(schema.unit), units)
        tx.connection.execute(
            insert(schema.assignment_rule),
            [
                {"position": n + 1, "unit_id": root + 1 + n, "name": f"U{n}-*", "server_id": None, "domain": None}
                for n in range(len(units))
            ],
        )
        tx.bump_version()
        tx.append_activity(
            system_principal("bench", root),
            ActivityLine(
                action="bench.build",
                action_class=ActionClass.NOTE,
                unit_id=root,
                target_kind="bench",
                target_id=None,
                target_name="",
                sentence="A benchmark built its records.",
            ),
        )
    facts = [
        DataSourceFacts(kind="node", native_key=f"U{n // NODES_A_UNIT}-N{n}", name=f"U{n // NODES_A_UNIT}-N{n}")
        for n in range(count)
    ]
    records.register_data_sources(records.servers()[0].server_id, facts, now)
    return records
