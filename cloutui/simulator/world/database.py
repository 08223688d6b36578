"""The embedded database of one simulated server: definitions, and a plan that is written as far as somebody looks.

Nothing ticks. Views show the plan as it stands at `now`, which every statement binds for itself; the plan reaches
to the end of the server's tomorrow and grows when that day comes near.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from importlib.resources import files
from threading import Lock
from typing import Any

import duckdb
import pyarrow as pa

CHAPTERS = ("occurrence", "session", "line")
"""Parts of the plan, each told from those before it."""
_KEPT = {"line": timedelta(days=32)}
"""What a server keeps for so short a time that nobody will ask for more."""


class Database:
    """Tables in memory. Cursors are cheap, and each thread uses its own."""

    def __init__(self, variables: Mapping[str, object]) -> None:
        """`variables` are constants that the SQL reads with `getvariable`."""
        self._variables = dict(variables)
        # One thread: a fleet has many servers, and each answers small questions.
        self._owner = duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False})
        self._written: dict[str, date] = {}
        self._growing, self._noting = Lock(), Lock()
        self._set(self._owner, variables)

    def run(self, sql: str) -> None:
        """Definitions of ours, any number of them."""
        self._owner.execute(sql)

    def fill(self, table: str, rows: pa.Table) -> None:
        """Append rows by column name."""
        self._owner.register("incoming", rows)
        self._owner.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming")
        self._owner.unregister("incoming")

    def columns_of(self, schema: str) -> Mapping[str, frozenset[str]]:
        """Column names by table or view, in lower case."""
        found: dict[str, set[str]] = {}
        query = "SELECT lower(table_name), lower(column_name) FROM duckdb_columns() WHERE schema_name = ?"
        for table, column in self._owner.execute(query, [schema]).fetchall():
            found.setdefault(table, set()).add(column)
        return {table: frozenset(columns) for table, columns in found.items()}

    def close_to_the_world(self) -> None:
        """No files, no extensions, and no way back."""
        self._owner.execute("SET enable_external_access = false; SET lock_configuration = true")

    def note(self, sql: str, values: Collection[object]) -> None:
        """One statement of ours that notes what happened to the running server."""
        with self._noting, self._owner.cursor() as cursor:
            cursor.execute(sql, list(values))

    def plan(self, chapters: Collection[str], first: date, last: date) -> None:
        """See that these chapters, and those that they are told from, are written from `first` to `last`.

        A chapter begins on the first day that was ever asked for, and from then on only grows at its end.
        """
        furthest = max((CHAPTERS.index(name) for name in chapters), default=-1)
        with self._growing:
            for chapter in CHAPTERS[: furthest + 1]:
                written = self._written.get(chapter, first - timedelta(days=1))
                if written < last:
                    story = files(__package__).joinpath(f"{chapter}.sql").read_text("utf-8")
                    next_day = max(written + timedelta(days=1), last - _KEPT.get(chapter, last - first))
                    self._owner.execute(story, {"first_day": next_day, "last_day": last})
                    self._written[chapter] = last

    def at(self, now_utc: datetime, now: datetime, timezone: int) -> duckdb.DuckDBPyConnection:
        """A cursor that stands at a moment. `now` is the server's own time, `timezone` its decimal hhmmss."""
        cursor = self._owner.cursor()
        self._set(cursor, {**self._variables, "now_utc": now_utc, "now": now, "timezone": timezone})
        return cursor

    @staticmethod
    def _set(connection: duckdb.DuckDBPyConnection, variables: Mapping[str, Any]) -> None:
        for name, value in variables.items():
            connection.execute(f"SET VARIABLE {name} = ?", [value])
