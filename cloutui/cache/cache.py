"""The cache as one thing: it takes observations in, archive first, and hands out readers.

`store` is the only way in. When it returns, what changed is on the disk in the archive; the cache follows, and catches
up at the next start when the process dies in between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from cloutui.cache import dimensions, frozen_grades, jobs, levels, listings, log_lines, past, stored
from cloutui.cache.archive import Archive, Batch, moment_of
from cloutui.cache.database import Database, OtherVersion, in_one
from cloutui.cache.incoming import Incoming, stamped
from cloutui.products.observation import JOBS, KINDS, LOG_LINES, OCCUPANCY, POOLS, Observation, ObservationKind
from cloutui.records.frozen_files import FrozenFiles

if TYPE_CHECKING:
    from cloutui.records.store import Records


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What became of one observation."""

    observed: int
    changed: int
    gone: int


class Cache:
    """The open cache of one installation."""

    def __init__(self, database: Database, archive: Archive, records: Records, history: FrozenFiles) -> None:
        """Opens with the records' dimensions and frozen days copied, and every archived batch applied.

        Raises: duckdb.Error; then the database is closed.
        """
        self.database = database
        self.archive = archive
        self._records = records
        self._history = history
        self._behind: set[tuple[str, int]] = set()
        """Kinds and servers with a batch that is archived, and could not be merged."""
        try:
            self._applied = self.database.write(_marks)
            self.copy_dimensions()
            self.database.write(lambda con: frozen_grades.try_again(con, history))
            self.catch_up()
        except BaseException:
            # Else the engine would give the same open file to the next one who asks for that path.
            self.database.close()
            raise

    def copy_dimensions(self) -> bool:
        """Copy units, servers, data sources and assignments when the records have moved. Returns whether they had.

        Days that were frozen since are copied too.
        """
        return self.database.write(self._copy)

    def store(self, server_id: int, observation: Observation, collected_at: datetime) -> Stored:
        """Archive and merge what changed. The nodes that it names must be in the records already."""
        return self.database.write(lambda con: self._store(con, server_id, observation, collected_at))

    def store_past(self, server_id: int, told: Sequence[tuple[datetime, Observation]]) -> None:
        """Archive and merge complete lists of one kind from before the first that is known, the oldest first.

        Raises: ValueError when something of the kind is as old already.
        """
        self.database.write(lambda con: self._store_past(con, server_id, told))

    def catch_up(self) -> int:
        """Merge the archived batches that the cache does not have yet. Returns how many."""
        return self.database.write(self._catch_up)

    def compact(self, server_id: int, now: datetime) -> int:
        """Make one file of each archived day that is over. Returns how many days. Answers stay as they are."""
        return self.database.write(lambda _: self._compact(server_id, now))

    def close(self) -> None:
        """Wait for what is being written."""
        self.database.close()

    def _copy(self, con: duckdb.DuckDBPyConnection) -> bool:
        frozen_grades.follow(con, self._records, self._history)
        return dimensions.copy(con, self._records)

    def _store(
        self, con: duckdb.DuckDBPyConnection, server_id: int, observation: Observation, collected_at: datetime
    ) -> Stored:
        dimensions.copy(con, self._records)
        kind = observation.kind
        if (kind.name, server_id) in self._behind:
            self._catch_up_with(con, kind, server_id)
        collected_at = self._after_the_last(kind, server_id, collected_at)
        rows = stamped(kind, observation.batch, collected_at)
        incoming = Incoming(kind, server_id, rows)
        news = merging(kind).changed(con, incoming)
        absent = rows.slice(0, 0)
        if kind.is_listing and observation.is_complete and not observation.bad_rows:
            absent = stamped(kind, listings.gone(con, incoming), collected_at, is_gone=True)
        if news.num_rows or absent.num_rows:
            changed = pa.concat_tables([news, absent])
            batch = self.archive.write(kind, server_id, changed, collected_at)
            self._merge(con, batch, changed)
        return Stored(observed=rows.num_rows, changed=news.num_rows, gone=absent.num_rows)

    def _store_past(
        self, con: duckdb.DuckDBPyConnection, server_id: int, told: Sequence[tuple[datetime, Observation]]
    ) -> None:
        dimensions.copy(con, self._records)
        kind = told[0][1].kind
        rows = past.changes(con, kind, pa.concat_tables([stamped(kind, seen.batch, at) for at, seen in told]))
        batch = self.archive.write_before_all(kind, server_id, rows, told[-1][0])
        everything = [self.archive.read(known) for known in self.archive.batches(kind.name, server_id)]
        with in_one(con):
            past.fill_again(con, Incoming(kind, server_id, pa.concat_tables(everything)))
            if not self.applied(kind.name, server_id):
                mark_applied(con, batch)
        self._applied.setdefault((kind.name, server_id), batch.name)

    def _after_the_last(self, kind: ObservationKind, server_id: int, collected_at: datetime) -> datetime:
        """The newest observation wins, so one that is made after the clock went backwards may not look older."""
        applied = self.applied(kind.name, server_id)
        return max(collected_at, moment_of(applied) + timedelta(microseconds=1)) if applied else collected_at

    def _catch_up(self, con: duckdb.DuckDBPyConnection) -> int:
        return sum(
            self._catch_up_with(con, kind, server_id)
            for kind in KINDS.values()
            for server_id in self.archive.servers(kind.name)
        )

    def _catch_up_with(self, con: duckdb.DuckDBPyConnection, kind: ObservationKind, server_id: int) -> int:
        missing = self.archive.batches(kind.name, server_id, after=self.applied(kind.name, server_id))
        for batch in missing:
            self._merge(con, batch, self.archive.read(batch))
        self._behind.discard((kind.name, server_id))
        return len(missing)

    def _compact(self, server_id: int, now: datetime) -> int:
        """On the writer's thread, so that no batch is written meanwhile."""
        days = 0
        for kind in KINDS.values():
            applied = self.applied(kind.name, server_id)
            for day in self.archive.closed_days(kind.name, server_id, before=now):
                days += self.archive.compact(kind, server_id, day, applied=applied) is not None
        return days

    def applied(self, kind: str, server_id: int) -> str:
        """The name of the last batch that the cache has; empty when it has none."""
        return self._applied.get((kind, server_id), "")

    def _merge(self, con: duckdb.DuckDBPyConnection, batch: Batch, rows: pa.Table) -> None:
        incoming = Incoming(KINDS[batch.kind], batch.server_id, rows)
        try:
            with in_one(con):
                merging(incoming.kind).merge(con, incoming)
                mark_applied(con, batch)
        except BaseException:
            self._behind.add((batch.kind, batch.server_id))
            raise
        self._applied[batch.kind, batch.server_id] = batch.name


def mark_applied(con: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    """Remember that this batch, and all before it, are in the cache."""
    con.execute("DELETE FROM applied WHERE kind = ? AND server_id = ?", [batch.kind, batch.server_id])
    con.execute("INSERT INTO applied VALUES (?, ?, ?)", [batch.kind, batch.server_id, batch.name])


def open_cache(home: Path, records: Records, *, progress: Callable[[str], None] = lambda _: None) -> Cache:
    """Open the cache in `home`, or make it anew from the archive when the file is absent, old or broken."""
    from cloutui.cache.rebuild import rebuild

    archive, history = Archive(home / "archive"), FrozenFiles(home / "history")
    path = home / "cache.duckdb"
    if not path.exists() and any(archive.servers(kind) for kind in KINDS):
        rebuild(home, records, progress=progress)
    try:
        return Cache(Database(path), archive, records, history)
    except duckdb.Error as error:
        progress(f"The cache cannot be used ({error}); making it again from the archive.")
        if not isinstance(error, OtherVersion):
            set_aside(path)
        rebuild(home, records, progress=progress)
        return Cache(Database(path), archive, records, history)


def set_aside(path: Path) -> None:
    """Move a broken cache file and its write-ahead log out of the way, to be looked at, in place of older such ones."""
    for older in path.parent.glob(f"{path.name}*.broken-*"):
        older.unlink()
    label = f"broken-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    for file in (path, path.with_name(path.name + ".wal")):
        if file.exists():
            file.replace(file.with_name(f"{file.name}.{label}"))


_SPECIAL: Mapping[str, ModuleType] = {
    JOBS.name: jobs,
    LOG_LINES.name: log_lines,
    OCCUPANCY.name: stored,
    POOLS.name: levels,
}


def merging(kind: ObservationKind) -> ModuleType:
    """What makes rows of the cache from the observations of a kind: a module with `changed` and `merge`."""
    return _SPECIAL.get(kind.name, listings)


def _marks(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, int], str]:
    rows = con.execute("SELECT kind, server_id, batch FROM applied").fetchall()
    return {(kind, server_id): batch for kind, server_id, batch in rows}
