"""The files of frozen days: Parquet, one for each closing of a day, named by the SHA-256 of what is in it.

    history/3f9a...c1.parquet

A file is written once and never changed, so whoever knows its name can tell whether it is what it was. What is
frozen of one unit has a hash of its own, over its rows in plain JSON: it can be computed again without Parquet.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cloutui.errors import Broken
from cloutui.records.durable import private, sync_folders

if TYPE_CHECKING:
    import pyarrow as pa

_SUFFIX, _PENDING = ".parquet", ".writing"
_KEPT_OPEN = 4

COLUMNS: Mapping[str, str] = {
    "day": "date32",
    "revision": "int64",
    "frozen_at": "timestamp[us]",
    "status": "uint8",
    **dict.fromkeys(("node", "unit", "reason"), "string"),
    "stored": "int64",
    "delta": "float64",
    "sent": "int64",
    "last_ok": "timestamp[us]",
    "run": "int64",
    "handled": "string",
    "comments": "int64",
    **dict.fromkeys(("comment", "warnings", "tags", "server", "domain", "platform", "client_version"), "string"),
    **dict.fromkeys(("product", "rule", "source"), "string"),
    **dict.fromkeys(("unit_id", "node_id"), "int64"),
    # Beside the report: the unit and those above it, by id and name, as JSON; what the row was made from; and how old.
    # `source_id`: the unit whose rule decided, where one did.
    **dict.fromkeys(("path", "facts"), "string"),
    "source_id": "int64",
    **dict.fromkeys(("collected_at", "failing_since"), "timestamp[us]"),
    **dict.fromkeys(("problem", "hint"), "string"),
}
"""What is kept of a row, by name, with its type as Arrow calls it. Older files may lack the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What the rows of one unit come to."""

    hash: str
    rows: int
    worst: int
    """The worst status among them."""


class FrozenFiles:
    """The folder of frozen days. One process writes; any may read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read = lru_cache(maxsize=_KEPT_OPEN)(self._read_anew)

    def write(self, rows: pa.Table) -> str:
        """Keep these rows. Returns the file's name: when it is known, they are on the disk. Raises: OSError."""
        import pyarrow.parquet as pq

        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        pending = self.folder / f"{os.urandom(8).hex()}{_PENDING}"
        try:
            with open(pending, "xb", opener=private) as file:
                pq.write_table(rows, file, compression="zstd")
                file.flush()
                os.fsync(file.fileno())
            name = digest_of(pending)
            pending.rename(self.path(name))
        finally:
            pending.unlink(missing_ok=True)
        sync_folders([self.folder, self.folder.parent])
        return name

    def path(self, name: str) -> Path:
        """Where the file of that name is, or was."""
        return self.folder / f"{name}{_SUFFIX}"

    def read(self, name: str) -> pa.Table:
        """The rows in today's columns, texts but for nodes' names as dictionaries; what a file has not is null.

        Raises: Broken when it is not what it was.
        """
        return self._read(name)

    def part(self, name: str, columns: Sequence[str]) -> pa.Table:
        """The rows with some of today's columns alone: less is read, and nothing kept open.

        Whether they are what they were is not looked at: `check` does. Raises: Broken when they cannot be read.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return in_columns(pq.ParquetFile(self.path(name)).read(columns=list(columns)), columns)
        except (OSError, pa.ArrowException) as error:
            raise _broken(name, "cannot be read") from error

    def check(self, name: str) -> None:
        """Raises: Broken, unless the file is there and what it was."""
        try:
            is_whole = digest_of(self.path(name)) == name
        except OSError as error:
            raise _broken(name, f"cannot be read: {error.strerror}") from error
        if not is_whole:
            raise _broken(name, "is not what it was")

    def as_written(self, name: str) -> pa.Table:
        """The rows with the columns that the file has. Raises: OSError, pyarrow.ArrowException."""
        import pyarrow.parquet as pq

        return pq.ParquetFile(self.path(name)).read()

    def names(self) -> Iterator[str]:
        """Every file that is there."""
        return (path.stem for path in sorted(self.folder.glob(f"*{_SUFFIX}")))

    def remove(self, *names: str) -> None:
        """Whether or not they are there."""
        for name in names:
            self.path(name).unlink(missing_ok=True)

    def _read_anew(self, name: str) -> pa.Table:
        self.check(name)
        return _with_dictionaries(in_columns(self.as_written(name)))


def _broken(name: str, what: str) -> Broken:
    hint = "`cloutui history verify` tells what else is not; restore the file from a backup."
    return Broken(f"The frozen report {name[:12]} {what}.", hint=hint)


def in_columns(table: pa.Table, names: Sequence[str] = tuple(COLUMNS)) -> pa.Table:
    """In today's columns, or some of them, and no other. An infinite share is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found: list[Any] = []
    for name in names:
        wanted = type_of(name)
        if name not in table.column_names:
            found.append(pa.nulls(table.num_rows, wanted))
            continue
        column = table.column(name).cast(wanted)
        is_float = COLUMNS[name] == "float64"
        found.append(pc.if_else(pc.is_finite(column), column, pa.scalar(None, wanted)) if is_float else column)
    return pa.Table.from_arrays(found, names=list(names))


def _with_dictionaries(rows: pa.Table) -> pa.Table:
    """Units, servers, reasons: few different texts, which are quicker to sort, to filter and to hand on."""
    for place, name in enumerate(rows.column_names):
        if COLUMNS[name] == "string" and name != "node":
            rows = rows.set_column(place, name, rows.column(name).dictionary_encode())
    return rows


def type_of(name: str) -> Any:
    """The Arrow type of one of today's columns."""
    import pyarrow as pa

    return pa.type_for_alias(COLUMNS[name])  # type: ignore[call-overload]  # the stubs know literals alone


def contents(rows: pa.Table) -> dict[int, Content]:
    """By unit, what its rows come to, in the order of the units' ids.

    The hash is the SHA-256 over lines of JSON: first the names of the columns in their order, then a line for each row
    by the node's id. Moments are microseconds since 1970 (UTC), days are days since then.
    """
    names = sorted(rows.column_names)
    columns = [_plain(rows.column(name)) for name in names]
    unit, node, status = (names.index(name) for name in ("unit_id", "node_id", "status"))
    taken = sorted(zip(*columns, strict=True), key=lambda row: (row[unit], row[node]))
    found = {}
    for unit_id, own in groupby(taken, key=lambda row: row[unit]):
        digest, worst, count = hashlib.sha256(_line(names)), 0, 0
        for row in own:
            digest.update(_line(row))
            worst, count = max(worst, row[status] or 0), count + 1
        found[unit_id] = Content(hash=digest.hexdigest(), rows=count, worst=worst)
    return found


def digest_of(path: Path) -> str:
    """The SHA-256 of a file. Raises: OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _plain(column: Any) -> list[Any]:
    import pyarrow as pa

    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    elif pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    return list(column.to_pylist())


def _line(values: Sequence[Any]) -> bytes:
    return json.dumps(values, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"
