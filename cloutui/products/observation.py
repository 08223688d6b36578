"""What every product reports, as Arrow schemas: the words that the archive, the cache and the products share.

Times of a server are kept as it said them (`*_local`, no zone) beside the offset that was in force when it was asked;
UTC is derived later, and is never part of a key, because clocks change twice a year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

SCHEMA_VERSION = 1
"""Written into every archived batch. Raise it when a column changes its meaning."""

_TEXT = pa.string()
_LOCAL = pa.timestamp("us")
_COUNT = pa.int64()


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationKind:
    """One kind of fact: its columns, what makes a row the same row, and whether a sweep lists all of them."""

    name: str
    key: tuple[str, ...]
    columns: Sequence[tuple[str, pa.DataType]]
    is_listing: bool
    """True: a complete list each time: what is absent is gone. False: a window, where absence says nothing."""

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of a batch of this kind."""
        return pa.schema(list(self.columns))


JOBS = ObservationKind(
    name="jobs",
    key=("job_key",),
    is_listing=False,
    columns=(
        ("job_key", _TEXT),  # built by the product from what the server said, as it said it
        ("node", _TEXT),
        ("domain", _TEXT),
        ("schedule", _TEXT),  # null: not scheduled
        ("activity", _TEXT),  # BACKUP, ARCHIVE, ...; null when only the schedule is known
        ("scheduled_local", _LOCAL),
        ("started_local", _LOCAL),
        ("ended_local", _LOCAL),
        ("utc_offset_s", pa.int32()),
        ("status", pa.uint8()),  # model.Status
        ("server_status", _TEXT),  # the server's own word
        ("result", pa.int32()),
        ("reason", _TEXT),
        ("bytes", _COUNT),
        ("files", _COUNT),  # affected
        ("examined", _COUNT),
        ("failed", _COUNT),
        ("is_provisional", pa.bool_()),  # Future, Pending, Uncertain: never replaces an ended job
        ("is_ended", pa.bool_()),
        ("made_for", pa.list_(_TEXT)),  # other nodes that it was done for; null: it was for its own alone
    ),
)

NODES = ObservationKind(
    name="nodes",
    key=("node",),
    is_listing=True,
    columns=(
        ("node", _TEXT),
        ("node_kind", _TEXT),
        ("domain", _TEXT),
        ("platform", _TEXT),
        ("client_version", _TEXT),
        ("contact", _TEXT),
        ("is_locked", pa.bool_()),
        ("state", _TEXT),  # null: in normal use; else the server's word (decommissioning)
        ("registered_local", _LOCAL),
        ("last_access_local", _LOCAL),
        ("utc_offset_s", pa.int32()),
        ("works_for", _TEXT),  # nodes that it may back up in their name, as the server writes them; null: none
    ),
)

OCCUPANCY = ObservationKind(
    name="occupancy",
    key=("node", "pool", "type"),
    is_listing=True,
    columns=(
        ("node", _TEXT),
        ("pool", _TEXT),
        ("type", _TEXT),
        ("files", _COUNT),
        ("physical_bytes", _COUNT),
        ("logical_bytes", _COUNT),
        ("reporting_bytes", _COUNT),
    ),
)

FILESPACES = ObservationKind(
    name="filespaces",
    key=("node", "filespace"),
    is_listing=True,
    columns=(
        ("node", _TEXT),
        ("filespace", _TEXT),
        ("filespace_type", _TEXT),
        ("capacity_bytes", _COUNT),
        ("used_percent", pa.float64()),
        ("backup_start_local", _LOCAL),
        ("backup_end_local", _LOCAL),
        ("utc_offset_s", pa.int32()),
    ),
)

SCHEDULES = ObservationKind(
    name="schedules",
    key=("domain", "schedule", "node"),
    is_listing=True,
    columns=(
        ("domain", _TEXT),
        ("schedule", _TEXT),
        ("node", _TEXT),  # one row for each association
        ("action", _TEXT),
        ("start_time", _TEXT),
        ("window", _TEXT),
        ("period", _TEXT),
    ),
)

POOLS = ObservationKind(
    name="pools",
    key=("pool",),
    is_listing=True,
    columns=(
        ("pool", _TEXT),
        ("pool_type", _TEXT),
        ("capacity_bytes", _COUNT),
        ("used_percent", pa.float64()),
    ),
)

SERVER = ObservationKind(
    name="server",
    key=("name",),
    is_listing=True,
    columns=(
        ("name", _TEXT),
        ("version", _TEXT),
        ("platform", _TEXT),
        ("event_retention_days", pa.int32()),
        ("db_used_percent", pa.float64()),
        ("log_used_percent", pa.float64()),
        ("last_db_backup_local", _LOCAL),
        ("restarted_local", _LOCAL),
        ("utc_offset_s", pa.int32()),
        ("volumes", _COUNT),  # of its storage pools
        ("sessions", _COUNT),  # connected when it was asked, ours among them
        ("licence", _TEXT),  # the server's own word on whether it keeps to its licence
    ),
)

LOG_LINES = ObservationKind(
    name="log_lines",
    key=("logged_local", "message_code", "session", "message"),
    is_listing=False,
    columns=(
        ("logged_local", _LOCAL),
        ("utc_offset_s", pa.int32()),
        ("message_code", _TEXT),
        ("severity", _TEXT),
        ("message", _TEXT),
        ("node", _TEXT),
        ("schedule", _TEXT),
        ("session", _COUNT),
    ),
)

KINDS = {kind.name: kind for kind in (JOBS, NODES, OCCUPANCY, FILESPACES, SCHEDULES, POOLS, SERVER, LOG_LINES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From when on a windowed kind is asked, in UTC, up to `until`. A product turns it into the server's own time."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A batch of one kind as one server reported it."""

    kind: ObservationKind
    batch: pa.Table
    """In the kind's schema."""
    bad_rows: int = 0
    """Rows that could not be read. They are counted and shown, never dropped silently."""
    is_complete: bool = True
    """False when the answer broke off: the rows are good, but absence proves nothing."""
    problem: str = ""
    """Why it is incomplete or has bad rows, with the server's own code."""
    notes: tuple[str, ...] = ()
    """What the server wished to say beside the rows, once a conversation: that a password expires."""
