"""Checkpoints of the activity log: heads of the chain, signed, and told to a witness outside.

A chain alone shows what was changed in its middle; who can write the file can write a whole new chain. A checkpoint is
signed with a key that the records do not hold, so a new chain does not fit. A head that has left this machine shows
even that the end was cut off, checkpoints and all.

Every console has a signer, and few sign: SQLAlchemy is loaded when something is written or verified.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cloutui.records.secrets import Secrets

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from sqlalchemy import Connection

    from cloutui.records.rows import Verification

EVERY_ENTRIES = 100
EVERY = timedelta(seconds=60)
"""A checkpoint is due after so many entries, or with the first entry after so much time."""

_KEY = "activity/signing-key"


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain at a moment."""

    seq: int
    hash: str
    """Hexadecimal."""

    def __str__(self) -> str:
        """As a witness keeps it."""
        return f"{self.seq} {self.hash}"


Witness = Callable[[Head], None]
"""Is told each head that was signed, once it is safe. May fail: the log goes on, and says so elsewhere."""


def heads_in(lines: Iterable[str]) -> Iterator[Head]:
    """The heads that a witness kept, wherever they stand in its lines: syslog puts words in front."""
    for line in lines:
        found = re.search(r"(?<!\d)(\d{1,18}) ([0-9a-f]{64})(?![0-9a-f])", line)
        if found:
            yield Head(int(found[1]), found[2])


class Signer:
    """Signs the heads of one installation's log."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._loaded: Ed25519PrivateKey | None = None

    @property
    def public_key(self) -> str:
        """Base 64. Raises: SecretsRefused."""
        return _text(self._key().public_key().public_bytes_raw())

    def known_public_key(self) -> str | None:
        """Base 64; None when nothing was ever signed here: then no key is made. Raises: SecretsRefused."""
        return None if self._loaded is None and self._secrets.get(_KEY) is None else self.public_key

    def sign_if_due(self, connection: Connection, at: datetime, *, last_call: bool = False) -> Head | None:
        """Write a checkpoint of the present head within the writer's transaction, when one is due.

        `last_call`: it is due as soon as a line has none, because nobody knows when the next one is written.
        """
        from sqlalchemy import insert, select

        from cloutui.records import schema
        from cloutui.records.access_tables import activity_checkpoint as table

        head = connection.execute(select(schema.activity_head.c.seq, schema.activity_head.c.hash)).one()
        last = connection.execute(select(table.c.seq, table.c.at).order_by(table.c.seq.desc()).limit(1)).one_or_none()
        since = EVERY if last_call or last is None else at - datetime.fromisoformat(last.at)
        if last is not None and not _is_due(head.seq - last.seq, since):
            return None
        signed = Head(head.seq, head.hash)
        moment = schema.moment_text(at)
        signature = self._key().sign(_said(signed, moment))
        row = {"at": moment, "public_key": self.public_key, "signature": _text(signature)}
        connection.execute(insert(table).values(seq=signed.seq, hash=signed.hash, **row))
        return signed

    def _key(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        if self._loaded is None:
            kept = self._secrets.get(_KEY)
            if kept is None:
                self._loaded = Ed25519PrivateKey.generate()
                self._secrets.set(_KEY, _text(self._loaded.private_bytes_raw()))
            else:
                self._loaded = Ed25519PrivateKey.from_private_bytes(base64.b64decode(kept))
        return self._loaded


def verify_checkpoints(connection: Connection, chain: Verification, signer: Signer) -> Verification:
    """Whether every checkpoint was signed by us and stands in the chain. `chain`: the chain's own verification.

    Raises: SecretsRefused.
    """
    from sqlalchemy import select

    from cloutui.records.access_tables import activity_checkpoint as table

    rows = connection.execute(select(table).order_by(table.c.seq)).all()
    public_key = signer.known_public_key() if rows else None
    for row in rows:
        head = Head(row.seq, row.hash)
        if public_key is None or row.public_key != public_key or not _is_signed(head, row):
            return _bad(chain, row.seq, "a checkpoint was not signed by this installation")
        if problem := _missing(connection, head):
            return _bad(chain, row.seq, f"{problem}, which a checkpoint was signed for")
    return chain


def verify_witness(connection: Connection, chain: Verification, heads: Iterable[Head]) -> Verification:
    """Whether every head that a witness kept stands in the chain."""
    for head in heads:
        if problem := _missing(connection, head):
            return _bad(chain, head.seq, f"{problem}, which the witness knows")
    return chain


def _missing(connection: Connection, head: Head) -> str:
    from sqlalchemy import select

    from cloutui.records.schema import activity as table

    found = connection.execute(select(table.c.hash).where(table.c.seq == head.seq)).scalar_one_or_none()
    if found is None:
        return "an entry is gone"
    return "" if found == head.hash else "another entry was there"


def _bad(chain: Verification, seq: int, problem: str) -> Verification:
    from cloutui.records.rows import Verification

    return Verification(entries=chain.entries, head=chain.head, bad_seq=seq, problem=problem)


def _is_due(entries: int, since: timedelta) -> bool:
    return entries >= EVERY_ENTRIES or (entries > 0 and since >= EVERY)


def _said(head: Head, moment: str) -> bytes:
    return f"cloutui activity {head} {moment}".encode()


def _is_signed(head: Head, row: Any) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(row.public_key))
        key.verify(base64.b64decode(row.signature), _said(head, row.at))
    except (InvalidSignature, ValueError):
        return False
    return True


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
