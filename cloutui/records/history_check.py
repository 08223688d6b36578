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

_NAMED = 3
"""Units, in one sentence."""


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
    asked = select(schema.unit.c.unit_id, schema.unit.c.name)
    names = {row.unit_id: row.name for row in connection.execute(asked)}
    problems = [
        f"The records of {after.get('day')} ({_short(file)}) are gone: the activity log knows of them."
        for file, after in said.items()
        if file not in by_file
    ]
    good = days = gone = 0
    for done, (file, own) in enumerate(by_file.items(), 1):
        found = list(_complaints(file, own, files, said.get(file), names, is_dropped=file in dropped))
        problems += found
        gone += own[0].dropped_at is not None
        if not found and own[0].dropped_at is None:
            good, days = good + 1, days + len(own)
        told(done, len(by_file))
    kept = {file for file, own in by_file.items() if own[0].dropped_at is None}
    litter = len(set(files.names()) - kept)
    return HistoryCheck(files=good, days=days, dropped=gone, litter=litter, problems=problems)


def _complaints(
    file: str,
    own: Sequence[FrozenDay],
    files: FrozenFiles,
    said: Mapping[str, Any] | None,
    names: Mapping[int, str],
    *,
    is_dropped: bool,
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
    every = _whose(own, names)
    if not files.path(file).exists():
        yield f"The file of {day} ({name}) is not there: it had the rows of {every}."
        return
    try:
        is_whole = digest_of(files.path(file)) == file
        found = contents(files.as_written(file))
    except (OSError, ValueError, KeyError, pa.ArrowException):
        yield f"The file of {day} ({name}) cannot be read any more: it had the rows of {every}."
        return
    others = [each for each in own if each.unit_id not in found or found[each.unit_id].hash != each.content]
    if not is_whole:
        changed = f"other rows of {_whose(others, names)}" if others else "the same rows, written otherwise"
        yield f"The file of {day} ({name}) is not what it was: it has {changed}."
    elif others or len(found) > len(own):
        yield f"The rows of {day} ({name}) are not what the records say of them: {_whose(others or own, names)}."


def _whose(days: Sequence[FrozenDay], names: Mapping[int, str]) -> str:
    """The units, the first few by name."""
    found = [f"“{names.get(each.unit_id, each.unit_id)}”" for each in days]
    more = len(found) - _NAMED
    return ", ".join(found[:_NAMED]) + (f" and {more} more" if more > 0 else "")


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
