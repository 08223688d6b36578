"""Whether what was frozen is still what it was: files against their names, rows and records against the activity log.

The log is the anchor: it tells of each file its SHA-256 and one over the records of it, and it is a chain of its own
(`activity.verify`). What is found here without the chain being verified is worth as much as the chain.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, select

from cloutui.records import history, schema
from cloutui.records.frozen_files import FrozenFiles, contents, digest_of
from cloutui.records.history import DROP, FREEZE, FrozenDay


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryCheck:
    """What became of looking through the history."""

    files: int
    """That were read, and are what they were."""
    days: int
    """Days of units in them."""
    dropped: int
    """Files that are gone because they had been kept long enough, as the log says."""
    litter: int
    """Files that no record wants kept: left by a crash, and no harm."""
    problems: Sequence[str]
    """One sentence each; empty when all is well."""

    @property
    def is_ok(self) -> bool:
        """Whether everything is what it was."""
        return not self.problems


def check(
    connection: Connection, files: FrozenFiles, *, told: Callable[[int, int], None] = lambda _done, _total: None
) -> HistoryCheck:
    """Read every file again. `told`: how many are done, and of how many."""
    by_file: dict[str, list[FrozenDay]] = {}
    for each in history.everything(connection):
        by_file.setdefault(each.file, []).append(each)
    said, dropped = _log(connection)
    problems = [
        f"The records of {after.get('day')} ({_short(file)}) are gone: the activity log knows of them."
        for file, after in said.items()
        if file not in by_file
    ]
    good = days = gone = 0
    for done, (file, own) in enumerate(by_file.items(), 1):
        found = list(_complaints(file, own, files, said.get(file), is_dropped=file in dropped))
        problems += found
        gone += own[0].dropped_at is not None
        if not found and own[0].dropped_at is None:
            good, days = good + 1, days + len(own)
        told(done, len(by_file))
    kept = {file for file, own in by_file.items() if own[0].dropped_at is None}
    litter = len(set(files.names()) - kept)
    return HistoryCheck(files=good, days=days, dropped=gone, litter=litter, problems=problems)


def _complaints(
    file: str, own: Sequence[FrozenDay], files: FrozenFiles, said: Mapping[str, Any] | None, *, is_dropped: bool
) -> Iterator[str]:
    day, name = own[0].day.isoformat(), _short(file)
    if said is None:
        yield f"The activity log does not know of {day} ({name})."
    elif any(said.get(key) != value for key, value in history.told_of(own).items()):
        yield f"The records of {day} ({name}) are not what the activity log says of them."
    if any(each.dropped_at is not None for each in own):
        if not is_dropped:
            yield f"The file of {day} ({name}) is said to have been dropped, and the activity log does not say so."
        return
    try:
        if digest_of(files.path(file)) != file:
            yield f"The file of {day} ({name}) is not what it was."
            return
        found = contents(files.as_written(file))
    except FileNotFoundError:
        yield f"The file of {day} ({name}) is not there."
        return
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        yield f"The file of {day} ({name}) cannot be read: {error}."
        return
    if {unit_id: content.hash for unit_id, content in found.items()} != {each.unit_id: each.content for each in own}:
        yield f"The rows of {day} ({name}) are not what the records say of them."


def _log(connection: Connection) -> tuple[dict[str, Mapping[str, Any]], set[str]]:
    """What the activity log says was frozen, by file; and the files that it says were dropped."""
    table = schema.activity.c
    asked = select(table.action, table.after).where(table.action.in_([FREEZE, DROP]), table.outcome == "done")
    said: dict[str, Mapping[str, Any]] = {}
    dropped: set[str] = set()
    for action, after in connection.execute(asked.order_by(table.seq)):
        told = json.loads(after)
        if action == FREEZE and "file" in told:
            said[told["file"]] = told
        dropped.update(told.get("files", ()))
    return said, dropped


def _short(file: str) -> str:
    return file[:12]
