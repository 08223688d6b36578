"""The jobs of the fleet in two other databases: SQLite in a file, PostgreSQL in a cluster of its own on a socket.

Built once and kept beside the cache. Each gets the two indexes that its planner uses for the questions asked of it, so
that both answer from an index alone.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.fleet_cache import HOME

if TYPE_CHECKING:
    import psycopg

    from cloutui.cache.cache import Cache

_JOBS = "SELECT unit_id, data_source_id, CAST(day AS VARCHAR) AS day, status FROM job_event"
_UNITS = "SELECT unit_id, lo, hi FROM unit"
_TABLES = """
CREATE TABLE unit (unit_id INTEGER, lo INTEGER, hi INTEGER);
CREATE TABLE job (unit_id INTEGER, data_source_id INTEGER, day {day}, status INTEGER)
"""
_INDEXES = (
    "CREATE INDEX job_place ON job (unit_id, data_source_id, day, status)",
    "CREATE INDEX job_day ON job (day, unit_id, status)",
)
_SIGN = "complete"
_START_LIMIT_S = 120


class NoPostgres(Exception):
    """There is no PostgreSQL on this host."""


@contextmanager
def sqlite_peer(cache: Cache) -> Iterator[sqlite3.Connection]:
    """A connection to the same jobs in SQLite."""
    path = HOME / "peers.sqlite"
    if not path.exists():
        _build_sqlite(cache, path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA mmap_size = 4000000000")
    try:
        yield connection
    finally:
        connection.close()


def _build_sqlite(cache: Cache, path: Path) -> None:
    building = path.with_suffix(".building")
    building.unlink(missing_ok=True)
    peer = sqlite3.connect(building)
    peer.execute("PRAGMA journal_mode = OFF")
    peer.execute("PRAGMA synchronous = OFF")
    peer.executescript(_TABLES.format(day="TEXT"))
    with cache.database.reader(limit_s=3600) as reader:
        peer.executemany("INSERT INTO unit VALUES (?, ?, ?)", reader.execute(_UNITS).fetchall())
        found = reader.execute(_JOBS)
        while rows := found.fetchmany(200_000):
            peer.executemany("INSERT INTO job VALUES (?, ?, ?, ?)", rows)
    for index in _INDEXES:
        peer.execute(index)
    peer.execute("ANALYZE")
    peer.commit()
    peer.close()
    building.rename(path)


@contextmanager
def postgres_peer(cache: Cache) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the same jobs in PostgreSQL. Raises: NoPostgres."""
    import psycopg

    programs = _programs()
    folder = HOME / "postgres"
    with tempfile.TemporaryDirectory(prefix="cloutui-pg-") as sockets:
        # PostgreSQL does not run as root, and whoever it runs as has to reach its folders.
        Path(sockets).chmod(0o777)
        is_built = (folder / _SIGN).exists()
        if not is_built:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            if os.geteuid() == 0:
                shutil.chown(folder, "postgres", "postgres")
            _run(programs / "initdb", "-D", folder / "cluster", "-A", "trust", "-U", "postgres", "--no-sync")
        said = f"-c listen_addresses= -c unix_socket_directories={sockets} -c shared_buffers=1GB -c fsync=off"
        tuned = "-c max_wal_size=8GB -c work_mem=64MB -c maintenance_work_mem=1GB"
        start = ("-D", folder / "cluster", "-l", folder / "log", "-w", "-t", _START_LIMIT_S, "-o", f"{said} {tuned}")
        _run(programs / "pg_ctl", "start", *start)
        try:
            with psycopg.connect(host=sockets, user="postgres", autocommit=True) as connection:
                if not is_built:
                    _build_postgres(cache, connection)
                    (folder / _SIGN).touch()
                yield connection
        finally:
            _run(programs / "pg_ctl", "stop", "-D", folder / "cluster", "-m", "fast")


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    if initdb := shutil.which("initdb"):
        return Path(initdb).parent
    raise NoPostgres("There is no initdb here: install postgresql.")


def _run(*command: object) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd="/")


def _build_postgres(cache: Cache, connection: psycopg.Connection[Any]) -> None:
    for statement in _TABLES.format(day="DATE").split(";"):
        connection.execute(statement.encode())
    with cache.database.reader(limit_s=3600) as reader:
        for table, asked in (("unit", _UNITS), ("job", _JOBS)):
            with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv)".encode()) as copy:
                found = reader.execute(asked)
                while rows := found.fetchmany(100_000):
                    copy.write("".join(",".join(map(str, row)) + "\n" for row in rows))
    for index in _INDEXES:
        connection.execute(index.encode())
    connection.execute(b"VACUUM (ANALYZE) job")
    connection.execute(b"VACUUM (ANALYZE) unit")


def for_postgres(sql: str) -> bytes:
    """The same text, with its named values as psycopg spells them."""
    return re.sub(r":(\w+)", r"%(\1)s", sql).encode()


def for_duckdb(sql: str, values: Mapping[str, object]) -> tuple[str, dict[str, object]]:
    """The same text over the cache's own table."""
    return re.sub(r":(\w+)", r"$\1", sql).replace("FROM job ", "FROM job_event AS job "), dict(values)
