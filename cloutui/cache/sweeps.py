"""How fresh each server's facts are: when it was last asked, what came of it, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from cloutui.cache.database import in_one
from cloutui.model.status import Status

_COLUMNS = "server_id, pace, collected_at, tried_at, code, problem, hint, failing_since"


WHOLE = "whole"
"""The row that sums up a server's paces, so that a report reads one: as old as its jobs, and with the first problem."""

_SUM_UP = f"""
INSERT INTO sweep ({_COLUMNS})
SELECT server_id, '{WHOLE}', max(collected_at) FILTER (pace = 'events'), max(tried_at),
       first(code ORDER BY code = '', pace <> 'events', pace),
       first(problem ORDER BY code = '', pace <> 'events', pace),
       first(hint ORDER BY code = '', pace <> 'events', pace), max(failing_since) FILTER (pace = 'events')
FROM sweep WHERE server_id = $server_id GROUP BY server_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepOutcome:
    """What came of asking one server for the kinds of one pace (`events`, `inventory`, `occupancy`)."""

    server_id: int
    pace: str
    tried_at: datetime
    code: str = ""
    """Of the error; empty when all went well."""
    problem: str = ""
    hint: str = ""
    has_data: bool = True
    """Whether the facts are as of now: also when some rows were bad."""


def record(con: duckdb.DuckDBPyConnection, outcome: SweepOutcome) -> None:
    """Remember the newest outcome for this server and pace."""
    moment = outcome.tried_at.astimezone(UTC).replace(tzinfo=None)
    key = [outcome.server_id, outcome.pace]
    before = con.execute(
        "SELECT collected_at, failing_since FROM sweep WHERE server_id = ? AND pace = ?", key
    ).fetchone()
    collected_at, failing_since = before or (None, None)
    if outcome.has_data:
        collected_at = moment
        failing_since = (failing_since or moment) if outcome.code else None
    elif failing_since is None or (collected_at is not None and failing_since <= collected_at):
        # It had only garbled rows until now: from this attempt on it is silent.
        failing_since = moment
    with in_one(con):
        con.execute("DELETE FROM sweep WHERE server_id = ? AND pace = ?", key)
        con.execute(
            f"INSERT INTO sweep ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [*key, collected_at, moment, outcome.code, outcome.problem, outcome.hint, failing_since],
        )
        con.execute("DELETE FROM sweep WHERE server_id = ? AND pace = ?", [outcome.server_id, WHOLE])
        con.execute(_SUM_UP, {"server_id": outcome.server_id})


def read_from(path: Path) -> list[tuple[object, ...]]:
    """The outcomes in a cache file that is about to be replaced; none when it cannot be read."""
    if not path.exists():
        return []
    try:
        with duckdb.connect(str(path), read_only=True) as con:
            return con.execute(f"SELECT {_COLUMNS} FROM sweep").fetchall()
    except duckdb.Error:
        # The file is being rebuilt because it is broken: ages start anew with the next sweep.
        return []


def restore(con: duckdb.DuckDBPyConnection, rows: list[tuple[object, ...]]) -> None:
    """Put outcomes into an empty table."""
    if rows:
        con.executemany(f"INSERT INTO sweep ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)


class OpenWork(NamedTuple):
    """What a collector must know before it asks a server for jobs."""

    last_sweep: datetime | None
    oldest_open: datetime | None


def open_work(con: duckdb.DuckDBPyConnection, server_id: int, pace: str) -> OpenWork:
    """When this server was last asked with success, and the oldest scheduled start that had not ended. Aware UTC."""
    last = con.execute("SELECT collected_at FROM sweep WHERE server_id = ? AND pace = ?", [server_id, pace]).fetchone()
    if last is None or last[0] is None:
        return OpenWork(None, None)
    # Counted from the last sweep: after a long pause, what was open when it began is still to be asked for.
    oldest = con.execute(
        "SELECT min(coalesce(scheduled_at, started_at)) FROM job_event WHERE server_id = $server AND "
        "day > $last::DATE - 5 AND status IN ($pending, $running, $unknown)",
        {
            "server": server_id,
            "last": last[0],
            "pending": int(Status.PENDING),
            "running": int(Status.RUNNING),
            "unknown": int(Status.UNKNOWN),
        },
    ).fetchone()
    return OpenWork(_aware(last), _aware(oldest))


def _aware(row: Sequence[Any] | None) -> datetime | None:
    return row[0].replace(tzinfo=UTC) if row and row[0] else None
