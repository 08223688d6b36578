"""Our own backup: records, archive, frozen reports and sealed secrets, taken while it works, put back elsewhere.

A backup is a folder with a list of its files and their SHA-256. The cache is not in it: it is made again. The keys of
the sealed secrets and of the gateway are not in it either unless they are asked for, because whoever has them with it
has the passwords, and can pose as the gateway.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from cloutui.errors import Broken, Conflict
from cloutui.home import Home
from cloutui.records.durable import private
from cloutui.records.sealed_keyring import FILE_NAME as SEALED
from cloutui.records.sealed_keyring import KEY_NAME as KEY

LIST = "backup.json"
_FORMAT = 1
_ARCHIVE = "archive"
_HISTORY = "history"
_RECORDS = "records.sqlite"
_CONFIGURATION = "config.yaml"
_CHUNK = 1 << 20
_ROUNDS = 20
"""How often the archive is looked through again when days were compacted meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a backup holds."""

    made_at: datetime
    files: int
    size: int
    """Bytes."""
    head_seq: int
    """The last entry of the activity log in it."""
    has_key: bool


def back_up(home: Home, target: Path, *, with_key: bool = False) -> Taken:
    """Write a backup into a new folder. May run beside the process that owns the files.

    The archive is copied before the records, so that the records know every server and node that the archive names.
    Frozen reports are copied after them, so that every one that the records name is there.
    Raises: Conflict when the folder is there; Broken when something cannot be read or written.
    """
    if target.exists():
        raise Conflict(f"{target} is there already.", hint="Name a new folder.")
    draft = target.with_name(f".{target.name}.writing")
    with _explained(target):
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
        sums = dict(_copy_archive(home.data_dir / _ARCHIVE, draft))
        sums[_RECORDS] = _copy_records(home.records_file, draft / _RECORDS)
        sums |= _copy_history(home.history, draft)
        for name, source in _single_files(home, with_key=with_key):
            if source.exists():
                sums[name] = _copy(source, draft / name)
        taken = _written_list(draft, sums, has_key=KEY in sums)
        draft.rename(target)
    return taken


def restore(source: Path, home: Home, *, told: Callable[[str], None] = lambda _: None) -> Taken:
    """Put a backup back where nothing is yet. Every file is compared with the list before anything is in place.

    Raises: Conflict when there are records already; Broken when the backup is not whole.
    """
    if home.records_file.exists():
        raise Conflict(f"{home.data_dir} has records already.", hint="Restore into another --home.")
    with _explained(source):
        listed = _read_list(source)
        home.prepare()
        told(f"Copying {len(listed['files'])} files.")
        places = {name: _place(home, name) for name in listed["files"]}
        # The records come last: an installation without them is none, so a restore that broke off can be done again.
        for name in sorted(places, key=lambda name: name == _RECORDS):
            _put(source / name, places[name], listed["files"][name])
    return _taken(listed)


def _put(source: Path, place: Path, digest: str) -> None:
    """Copy one file of a backup into place, whole or not at all. It may be there from a restore that broke off.

    Raises: Conflict when another one is there; Broken when it is not as it was backed up.
    """
    if place.exists():
        if _digest(place) != digest:
            raise Conflict(f"{place} is there already.", hint="Restore into another --home.")
        return
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = place.with_name(f".{place.name}.writing")
    draft.unlink(missing_ok=True)
    is_whole = _copy(source, draft) == digest
    if not is_whole:
        draft.unlink()
        raise Broken(f"{source} is not as it was backed up.", hint="Restore another backup.")
    draft.replace(place)


def _copy_archive(source: Path, draft: Path) -> Iterator[tuple[str, str]]:
    """Every batch. A day that is compacted meanwhile is found again as its one file, and what is twice is no harm."""
    done: set[Path] = set()
    for _ in range(_ROUNDS):
        found = sorted(set(source.rglob("*.parquet")) - done)
        if not found:
            return
        for path in found:
            done.add(path)
            name = PurePosixPath(_ARCHIVE, *path.relative_to(source).parts)
            place = draft / name
            place.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):
                yield str(name), _copy(path, place)
    raise Broken("The archive changes faster than it can be copied.", hint="Try again when fewer servers are asked.")


def _copy_history(source: Path, draft: Path) -> Iterator[tuple[str, str]]:
    """Every frozen report. One that was kept long enough may go meanwhile."""
    (draft / _HISTORY).mkdir(mode=0o700)
    for path in sorted(source.glob("*.parquet")):
        with suppress(FileNotFoundError):
            yield f"{_HISTORY}/{path.name}", _copy(path, draft / _HISTORY / path.name)


def _copy_records(source: Path, place: Path) -> str:
    """One consistent state, write-ahead log and all. Its digest."""
    if not source.exists():
        raise Broken(f"There are no records at {source}.", hint="Name the --home of the installation.")
    live = sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)
    with closing(live), closing(sqlite3.connect(place)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        (found,) = copy.execute("PRAGMA integrity_check").fetchone()
        if found != "ok":
            raise Broken(f"The records are damaged: {found}.", hint="Restore an older backup.")
    place.chmod(0o600)
    return _digest(place)


def _single_files(home: Home, *, with_key: bool) -> Iterator[tuple[str, Path]]:
    yield _CONFIGURATION, home.config_file
    yield SEALED, home.data_dir / SEALED
    yield home.known_hosts.name, home.known_hosts
    if with_key:
        yield KEY, home.data_dir / KEY
        yield home.host_key.name, home.host_key


def _place(home: Home, name: str) -> Path:
    parts = PurePosixPath(name).parts
    is_known = parts[:1] in {(_ARCHIVE,), (_HISTORY,)} or name in {
        _RECORDS,
        _CONFIGURATION,
        SEALED,
        KEY,
        home.host_key.name,
        home.known_hosts.name,
    }
    if not is_known or ".." in parts or PurePosixPath(name).is_absolute():
        raise Broken(f"The list of the backup names “{name}”.", hint="This is no backup of cloutui.")
    return home.config_file if name == _CONFIGURATION else home.data_dir.joinpath(*parts)


def _copy(source: Path, place: Path) -> str:
    """Copy durably, for the owner's eyes only. The digest of what was copied."""
    digest = hashlib.sha256()
    with source.open("rb") as read, open(place, "xb", opener=private) as written:
        while chunk := read.read(_CHUNK):
            digest.update(chunk)
            written.write(chunk)
        written.flush()
        os.fsync(written.fileno())
    return digest.hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _written_list(draft: Path, sums: dict[str, str], *, has_key: bool) -> Taken:
    with closing(sqlite3.connect(draft / _RECORDS)) as records:
        (seq,) = records.execute("SELECT seq FROM activity_head").fetchone()
    listed = {
        "format": _FORMAT,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "head_seq": seq,
        "has_key": has_key,
        "size": sum((draft / name).stat().st_size for name in sums),
        "files": dict(sorted(sums.items())),
    }
    with open(draft / LIST, "x", opener=private) as file:
        json.dump(listed, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return _taken(listed)


def _read_list(source: Path) -> dict[str, Any]:
    try:
        listed = json.loads((source / LIST).read_text())
        is_ours = listed["format"] == _FORMAT and _RECORDS in listed["files"] and bool(_taken(listed))
    except (OSError, ValueError, KeyError, TypeError):
        is_ours = False
    if not is_ours:
        raise Broken(f"{source} is no backup of cloutui that this release can read.", hint=f"It has a file {LIST}.")
    return dict(listed)


def _taken(listed: dict[str, Any]) -> Taken:
    return Taken(
        made_at=datetime.fromisoformat(listed["made_at"]),
        files=len(listed["files"]),
        size=listed["size"],
        head_seq=listed["head_seq"],
        has_key=listed["has_key"],
    )


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Failures of the disk, in a person's words."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        where, why = (error.filename or path, error.strerror) if isinstance(error, OSError) else (path, error)
        raise Broken(f"{where}: {why}.", hint="Check the disk and whose it is; then try again.") from error
