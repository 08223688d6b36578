"""The cache made again from the archive and the records, with the same ids and the same answers.

The new file is built beside the old one and takes its place in one step.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from cloutui.cache import dimensions, jobs, roll_ups, stored, sweeps
from cloutui.cache.archive import Archive, Batch
from cloutui.cache.cache import mark_applied, merging
from cloutui.cache.database import Database
from cloutui.cache.incoming import Incoming
from cloutui.products.observation import JOBS, KINDS, OCCUPANCY, ObservationKind

if TYPE_CHECKING:
    from cloutui.records.store import Records


def rebuild(home: Path, records: Records, *, progress: Callable[[str], None] = lambda _: None) -> None:
    """Make `home/cache.duckdb` anew. Nobody may have it open."""
    target = home / "cache.duckdb"
    building = home / "cache.duckdb.building"
    for leftover in (building, building.with_name(building.name + ".wal")):
        leftover.unlink(missing_ok=True)
    remembered = sweeps.read_from(target)
    archive = Archive(home / "archive")
    _remember_nodes(archive, records)
    database = Database(building)
    try:
        database.write(lambda con: _fill(con, archive, records, progress))
        database.write(lambda con: sweeps.restore(con, remembered))
        database.write(lambda con: con.execute("CHECKPOINT"))
    finally:
        database.close()
    for old in (target.with_name(target.name + ".wal"), target):
        old.unlink(missing_ok=True)
    building.replace(target)


def _remember_nodes(archive: Archive, records: Records) -> None:
    """Give an id to every node that the archive knows and the records do not: they may come from an older backup."""
    dimensions.register_archived_nodes(archive, records)


def _fill(con: duckdb.DuckDBPyConnection, archive: Archive, records: Records, progress: Callable[[str], None]) -> None:
    dimensions.copy(con, records)
    for kind in KINDS.values():
        for server_id in archive.servers(kind.name):
            batches = archive.batches(kind.name, server_id)
            if batches:
                progress(f"{kind.name} of server {server_id}: {len(batches)} batches")
                _fill_server(con, archive, kind, batches)
    roll_ups.all_anew(con)
    stored.all_anew(con)


def _fill_server(con: duckdb.DuckDBPyConnection, archive: Archive, kind: ObservationKind, batches: list[Batch]) -> None:
    rows = pa.concat_tables([archive.read(batch) for batch in batches])
    incoming = Incoming(kind, batches[0].server_id, rows)
    con.begin()
    if kind is JOBS:
        jobs.fill(con, incoming)
    elif kind is OCCUPANCY:
        stored.fill(con, incoming)
    else:
        merging(kind).merge(con, incoming)
    mark_applied(con, batches[-1])
    con.commit()
