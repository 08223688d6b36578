"""The activity log: a chain in which every entry's hash covers the one before it.

`hash = SHA256(0x00 ‖ previous hash ‖ canonical JSON of the entry)`, in the transaction of the change it tells of. The
leading zero byte marks a leaf, so that a tree of hashes can be laid over the chain later. `activity_head` repeats the
last hash: reading it takes the lock of the chain, and a tail that was cut off or forged does not fit it. Whoever can
write the file can also write a whole new chain; only a head that has left this machine tells on them.

Source: RFC 6962 section 2.1 for the leaf prefix.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, update

from cloutui.model.action_class import ActionClass
from cloutui.model.principal import Principal
from cloutui.records import schema
from cloutui.records.rows import ActivityEntry, JsonMapping, Verification

START = "00" * 32
"""Stands before the first entry."""

_CHAIN = 1
_JSON_COLUMNS = ("params", "before", "after")
_HASHED = tuple(column.name for column in schema.activity.columns if column.name != "hash")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityLine:
    """What one action tells the log. Never holds a secret."""

    action: str
    action_class: ActionClass
    unit_id: int
    """The unit it touches: where the line is found."""
    target_kind: str
    target_id: int | None
    target_name: str
    sentence: str
    outcome: str = "done"
    reason: str = ""
    params: JsonMapping = field(default_factory=dict)
    before: JsonMapping = field(default_factory=dict)
    after: JsonMapping = field(default_factory=dict)
    intent_seq: int | None = None


def begin_chain(connection: Connection) -> None:
    """Make the head of an empty chain."""
    connection.execute(insert(schema.activity_head).values(chain=_CHAIN, seq=0, hash=START))


def append(connection: Connection, principal: Principal, line: ActivityLine, at: datetime) -> int:
    """Write one entry within the writer's transaction; its number."""
    head = schema.activity_head
    last = connection.execute(select(head.c.seq, head.c.hash).where(head.c.chain == _CHAIN)).one()
    entry: dict[str, Any] = {
        "seq": last.seq + 1,
        "at": schema.moment_text(at),
        "user_id": principal.user_id,
        "actor": principal.name,
        "role": principal.role,
        "actor_unit_id": principal.unit_id,
        "face": principal.face,
        "session_id": principal.session_id,
        "action": line.action,
        "action_class": int(line.action_class),
        "unit_id": line.unit_id,
        "target_kind": line.target_kind,
        "target_id": line.target_id,
        "target_name": line.target_name,
        "params": canonical(line.params),
        "before": canonical(line.before),
        "after": canonical(line.after),
        "sentence": line.sentence,
        "outcome": line.outcome,
        "reason": line.reason,
        "intent_seq": line.intent_seq,
    }
    digest = entry_hash(last.hash, entry)
    connection.execute(insert(schema.activity).values(**entry, hash=digest))
    connection.execute(update(head).where(head.c.chain == _CHAIN).values(seq=entry["seq"], hash=digest))
    return int(entry["seq"])


def canonical(value: object) -> str:
    """JSON with one spelling: sorted keys, no blanks, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def entry_hash(previous: str, entry: Mapping[str, Any]) -> str:
    """The hash of an entry as stored, after the entry with the hash `previous` (hexadecimal)."""
    body = canonical({name: entry[name] for name in _HASHED})
    return hashlib.sha256(b"\0" + bytes.fromhex(previous) + body.encode("ascii")).hexdigest()


def verify(connection: Connection) -> Verification:
    """Read the chain again from the first entry to the head: about 10 µs an entry."""
    head = connection.execute(select(schema.activity_head).where(schema.activity_head.c.chain == _CHAIN)).one_or_none()
    previous, seq = START, 0
    chain = select(schema.activity).order_by(schema.activity.c.seq).execution_options(yield_per=5_000)
    for row in connection.execute(chain).mappings():
        if row["seq"] != seq + 1:
            return Verification(entries=seq, head=previous, bad_seq=seq + 1, problem="an entry is missing")
        seq += 1
        digest = entry_hash(previous, dict(row))
        if digest != row["hash"]:
            return Verification(entries=seq - 1, head=previous, bad_seq=seq, problem="not as it was written")
        previous = digest
    if head is None or (head.seq, head.hash) != (seq, previous):
        bad_seq = seq if head is not None and head.seq < seq else seq + 1
        return Verification(entries=seq, head=previous, bad_seq=bad_seq, problem="the end does not fit the head")
    return Verification(entries=seq, head=previous)


def entries(
    connection: Connection, *, limit: int, before_seq: int | None, unit_ids: Collection[int] | None
) -> Iterator[ActivityEntry]:
    """Newest first; of the given units only, when any are given."""
    table = schema.activity
    wanted: list[ColumnElement[bool]] = []
    if before_seq is not None:
        wanted.append(table.c.seq < before_seq)
    if unit_ids is not None:
        wanted.append(table.c.unit_id.in_(unit_ids))
    for row in connection.execute(select(table).where(*wanted).order_by(table.c.seq.desc()).limit(limit)).mappings():
        parsed = {name: json.loads(row[name]) for name in _JSON_COLUMNS}
        yield ActivityEntry(**{**row, "at": datetime.fromisoformat(row["at"]), **parsed})
