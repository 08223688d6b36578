"""The archive: every observation that changed, in Parquet, append-only, one folder per kind, server and day.

    kind=jobs/server=3/day=2026-11-22/20261122T014907.000123Z-0.parquet

The day is the UTC day of collection. A batch is written under a temporary name, synced and renamed, so a reader never
sees half of one, and a batch that `write` returned from survives a crash. Batch names sort in the order of writing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from cloutui.errors import Broken
from cloutui.products.observation import KINDS, SCHEMA_VERSION, ObservationKind
from cloutui.records.durable import sync_folders

EXTRA_COLUMNS = (("collected_at", pa.timestamp("us")), ("is_gone", pa.bool_()))
"""What the archive adds to each row: when it was collected (UTC), and whether it tells that the thing is gone."""

_NAME_FORMAT = "%Y%m%dT%H%M%S.%fZ"
_SUFFIX, _PENDING = ".parquet", ".writing"
_COMPACTED = "-0"
_PLAIN = "-1"
"""A compacted day sorts before the last batch that it holds, so what has been applied stays applied."""


def archived_schema(kind: ObservationKind) -> pa.Schema:
    """The schema of an archived batch of this kind."""
    return pa.schema([*kind.columns, *EXTRA_COLUMNS])


@dataclass(frozen=True, slots=True, order=True)
class Batch:
    """One archived file. The order is the order of collection."""

    name: str
    kind: str
    server_id: int
    path: Path

    @property
    def collected_at(self) -> datetime:
        """Aware UTC; of a compacted day the newest of its batches."""
        return moment_of(self.name)


def moment_of(batch: str) -> datetime:
    """When the batch of that name was collected. Aware UTC."""
    return datetime.strptime(batch[: -len(_PLAIN)], _NAME_FORMAT).replace(tzinfo=UTC)


class Archive:
    """The folder of archived batches. One process writes; any may read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)

    def write(self, kind: ObservationKind, server_id: int, rows: pa.Table, collected_at: datetime) -> Batch:
        """Store rows in `archived_schema(kind)`. When this returns, they are on the disk."""
        # Names sort in the order of writing, also when the clock has gone backwards.
        newest = self._newest(kind.name, server_id)
        moment = max(collected_at, moment_of(newest) + timedelta(microseconds=1)) if newest else collected_at
        return self._write(kind, server_id, rows, moment)

    def write_before_all(self, kind: ObservationKind, server_id: int, rows: pa.Table, collected_at: datetime) -> Batch:
        """Store rows that were collected before anything else of this kind and server; the newest of them then.

        Raises: ValueError when something is that old already.
        """
        oldest = next(iter(self.batches(kind.name, server_id)), None)
        if oldest is not None and oldest.collected_at <= collected_at:
            raise ValueError(f"{kind.name} of server {server_id} are known since {oldest.collected_at}")
        return self._write(kind, server_id, rows, collected_at)

    def _write(self, kind: ObservationKind, server_id: int, rows: pa.Table, moment: datetime) -> Batch:
        name = f"{moment.astimezone(UTC):{_NAME_FORMAT}}{_PLAIN}"
        folder = self._folder(kind.name, server_id, moment)
        folder.mkdir(parents=True, exist_ok=True)
        batch = Batch(name, kind.name, server_id, folder / f"{name}.parquet")
        _write_durably(rows, batch)
        return batch

    def batches(self, kind: str, server_id: int, *, after: str = "") -> list[Batch]:
        """A server's batches of one kind, oldest first, those with a name greater than `after`.

        Only the folders of that day and later are looked into: a start asks every server for what is new, and there are
        years of days.
        """
        folder = self.root / f"kind={kind}" / f"server={server_id}"
        since = f"day={after[:4]}-{after[4:6]}-{after[6:8]}" if after else ""
        days = [day for day in _names(folder) if day >= since]
        paths = [folder / day / name for day in days for name in _names(folder / day) if name.endswith(_SUFFIX)]
        return sorted(Batch(path.stem, kind, server_id, path) for path in paths if path.stem > after)

    def servers(self, kind: str) -> list[int]:
        """Ids of the servers that have anything of this kind."""
        return sorted(int(path.name.partition("=")[2]) for path in (self.root / f"kind={kind}").glob("server=*"))

    def read(self, batch: Batch) -> pa.Table:
        """The rows of one batch in today's schema: a column that it does not have yet is null. Raises: Broken."""
        import pyarrow.parquet as pq

        try:
            rows = pq.ParquetFile(batch.path).read()
        except (OSError, pa.ArrowException) as error:
            raise Broken(
                f"{batch.path} cannot be read.",
                hint="Put it back from a backup, or move it away to go on without it.",
            ) from error
        return _in_schema(rows, archived_schema(KINDS[batch.kind]))

    def compact(self, kind: ObservationKind, server_id: int, day: datetime, *, applied: str) -> Batch | None:
        """Make one file of a closed day. None when there is nothing to gain.

        Only batches up to `applied` are touched. A crash between the rename and the removals leaves rows twice, which
        merging does not mind.
        """
        folder = self._folder(kind.name, server_id, day)
        _remove_unfinished(folder)
        names = sorted(path.stem for path in folder.glob("*.parquet") if path.stem <= applied)
        if len(names) < 2:
            return None
        parts = [Batch(name, kind.name, server_id, folder / f"{name}.parquet") for name in names]
        whole = parts[-1].name[: -len(_PLAIN)] + _COMPACTED
        batch = Batch(whole, kind.name, server_id, folder / f"{whole}.parquet")
        _write_durably(pa.concat_tables([self.read(part) for part in parts]), batch)
        for part in parts:
            if part.name != whole:
                part.path.unlink()
        return batch

    def closed_days(self, kind: str, server_id: int, *, before: datetime) -> Iterator[datetime]:
        """Days that are over and still lie in several files, finished or not."""
        folder = self.root / f"kind={kind}" / f"server={server_id}"
        for path in sorted(folder.glob("day=*")):
            day = datetime.strptime(path.name.partition("=")[2], "%Y-%m-%d").replace(tzinfo=UTC)
            if day + timedelta(days=1) <= before and len(_names(path)) > 1:
                yield day

    def _folder(self, kind: str, server_id: int, day: datetime) -> Path:
        return self.root / f"kind={kind}" / f"server={server_id}" / f"day={day.astimezone(UTC):%Y-%m-%d}"

    def _newest(self, kind: str, server_id: int) -> str:
        """The name of the last batch; empty when there is none."""
        days = sorted((self.root / f"kind={kind}" / f"server={server_id}").glob("day=*"), reverse=True)
        newest = (max((path.stem for path in day.glob("*.parquet")), default="") for day in days)
        return next(filter(None, newest), "")


def _in_schema(table: pa.Table, schema: pa.Schema) -> pa.Table:
    columns = [
        table.column(field.name).cast(field.type)
        if field.name in table.column_names
        else pa.nulls(table.num_rows, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def _names(folder: Path) -> list[str]:
    """What is in a folder; nothing when there is none."""
    try:
        return os.listdir(folder)  # noqa: PTH208 - path objects for all days of all servers would take most of a start
    except FileNotFoundError:
        return []


def _remove_unfinished(folder: Path) -> None:
    """What a crash left. One batch is written at a time, so nothing else is unfinished."""
    for name in _names(folder):
        if name.endswith(_PENDING):
            (folder / name).unlink()


def _write_durably(rows: pa.Table, batch: Batch) -> None:
    import pyarrow.parquet as pq

    _remove_unfinished(batch.path.parent)
    marks = {"batch": batch.name, "schema_version": str(SCHEMA_VERSION), "kind": batch.kind}
    pending = batch.path.with_name(batch.path.name + _PENDING)
    with pending.open("wb") as file:
        pq.write_table(rows.replace_schema_metadata(marks), file, compression="zstd")
        file.flush()
        os.fsync(file.fileno())
    pending.rename(batch.path)
    sync_folders([batch.path.parent, *list(batch.path.parents)[1:4]])
