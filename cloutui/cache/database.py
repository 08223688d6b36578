"""The DuckDB file: opened locked down, made anew when it cannot be read, one writer thread, many readers.

DuckDB allows one process per file, and a connection may be used by one thread at a time: the writer owns the main
connection in a thread of its own, and each reader takes a cursor of its own from a pool.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import duckdb

from cloutui.cache.schema import CACHE_VERSION, ddl
from cloutui.errors import CloutuiError

Result = TypeVar("Result")

READ_LIMIT_S = 30.0
_MEMORY_SHARE = 0.4


class TooSlow(CloutuiError):
    """A question took longer than allowed and was stopped."""

    code = "too-slow"

    def __init__(self, limit_s: float) -> None:
        super().__init__(f"The answer took longer than {limit_s:g} s.", hint="Ask for fewer days or a smaller unit.")


class OtherVersion(duckdb.Error):
    """A cache that was made by another version of ours: nothing is wrong with it, and it cannot be used."""


class Database:
    """One open cache file."""

    def __init__(self, path: Path | None) -> None:
        """`path` None: in memory, for tests. Raises: OtherVersion, or any duckdb.Error of a file that is no cache."""
        self.path = path
        self._main = duckdb.connect(str(path) if path else ":memory:", config=_config())
        self.is_new = self._prepare()
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cache-writer")
        self._idle: list[duckdb.DuckDBPyConnection] = []
        self._pool_lock = threading.Lock()

    def write(self, work: Callable[[duckdb.DuckDBPyConnection], Result]) -> Result:
        """Run `work` on the writer thread and wait for it. Each `work` is its own transaction or several."""
        return self._writer.submit(work, self._main).result()

    @contextlib.contextmanager
    def reader(self, *, limit_s: float = READ_LIMIT_S) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor in one snapshot of the cache. Raises: TooSlow."""
        cursor = self._borrow()
        expired = threading.Event()

        def stop() -> None:
            expired.set()
            cursor.interrupt()

        timer = threading.Timer(limit_s, stop)
        timer.daemon = True
        timer.start()
        try:
            cursor.begin()
            yield cursor
        except duckdb.InterruptException as error:
            if expired.is_set():
                raise TooSlow(limit_s) from error
            raise
        finally:
            timer.cancel()
            self._give_back(cursor)

    def close(self) -> None:
        """Wait for the writer, write everything to the file and let go of it."""
        self._writer.shutdown(wait=True)
        with self._pool_lock:
            for cursor in self._idle:
                cursor.close()
            self._idle.clear()
        self._main.close()

    def _prepare(self) -> bool:
        tables = {row[0] for row in self._main.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        if "cache_state" in tables:
            version = self._main.execute("SELECT cache_version FROM cache_state").fetchone()
            if version is None or version[0] != CACHE_VERSION:
                self._main.close()
                raise OtherVersion("the cache was made by another version")
            return False
        for statement in ddl().split(";\n"):
            if statement.strip():
                self._main.execute(statement)
        self._main.execute("INSERT INTO cache_state VALUES (?, -1)", [CACHE_VERSION])
        return True

    def _borrow(self) -> duckdb.DuckDBPyConnection:
        with self._pool_lock:
            if self._idle:
                return self._idle.pop()
        return self._main.cursor()

    def _give_back(self, cursor: duckdb.DuckDBPyConnection) -> None:
        try:
            cursor.rollback()
        except duckdb.Error:
            # A transaction that was interrupted is gone already; the cursor may be in any state.
            cursor.close()
            return
        with self._pool_lock:
            self._idle.append(cursor)


@contextlib.contextmanager
def in_one(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """One transaction on the writer's connection: all of it, or nothing. Nobody else would end one that was left."""
    con.begin()
    try:
        yield
    except BaseException:
        con.rollback()
        raise
    con.commit()


def _config() -> dict[str, str | bool | int | float | list[str]]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "threads": max(2, os.cpu_count() or 2),
        "memory_limit": f"{int(memory * _MEMORY_SHARE / 2**20)}MB",
        "checkpoint_threshold": "256MB",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "enable_external_access": False,
        "lock_configuration": True,
    }
