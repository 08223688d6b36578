"""The records' file for who only reads and needs no SQLAlchemy; and what every way to open it has in common."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from cloutui.errors import Broken, Busy, CloutuiError

BUSY_TIMEOUT_S = 20.0
"""How long one waits for another. Writes take milliseconds, discoveries of 100,000 nodes a few seconds."""

Rows = Callable[[str, Sequence[object]], list[tuple[Any, ...]]]
"""Asks plain SQL with its values. Days and moments come as they are stored: as text."""


class PlainReader:
    """One connection for all threads, one question after the other."""

    def __init__(self, path: Path) -> None:
        """Raises: Broken."""
        self._path = path
        self._turn = threading.Lock()
        make_file(path)
        self._connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA query_only=ON")

    def rows(self, sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        """What is committed at this moment. Raises: Broken, Busy."""
        try:
            with self._turn:
                return self._connection.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise explanation(self._path, error) from error

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            self._connection.close()


def make_file(path: Path) -> None:
    """A file that only its owner may read, unless there is one. Raises: Broken."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise Broken(
            f"The records {path} cannot be opened: {error.strerror}.", hint="Check the folder and whose it is."
        ) from error


def explanation(path: Path, error: BaseException | None) -> CloutuiError:
    """A failure of SQLite, in a person's words."""
    if "locked" in str(error):
        return Busy(str(path.parent), None)
    return Broken(
        f"The records {path} cannot be used: {error}.",
        hint="Nothing was changed. Check disk space and rights; else restore a backup.",
    )
