"""How the records' file is opened: SQLite with a write-ahead log, and every commit on disk before it is acknowledged.

SQLAlchemy begins each transaction itself (`BEGIN`, or `BEGIN IMMEDIATE` to write), because Python's sqlite3 would
begin too late: reads before the first write would stand outside the transaction, and the lock would come after them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, IntegrityError

from cloutui.records.plain import BUSY_TIMEOUT_S, explanation, make_file

_WRITES = "records_writes"


def open_engine(path: Path) -> Engine:
    """An engine for many threads. The file is made for the owner's eyes alone. Raises: Broken."""
    make_file(path)
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(
        url, pool_size=4, max_overflow=60, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_S}
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def reading(engine: Engine, path: Path) -> Iterator[Connection]:
    """One snapshot: what others commit meanwhile is not seen. Raises: Broken, Busy."""
    with explained(path), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine, path: Path) -> Iterator[Connection]:
    """The one writer, from the first statement on. Commits at the end, or rolls back. Raises: Broken, Busy."""
    with explained(path), engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
        yield connection


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Failures of the database, in a person's words. A broken constraint is a mistake of ours and passes as it is."""
    try:
        yield
    except IntegrityError:
        raise
    except DatabaseError as error:
        raise explanation(path, error.orig) from error


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
