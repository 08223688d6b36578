"""Comments, as stored. One that is taken away stays in the records, and is shown to nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, or_, select, update

from cloutui.model.comment import CommentType
from cloutui.model.principal import Principal
from cloutui.records import relation
from cloutui.records.daily_tables import comment
from cloutui.records.relation import Relation, Wanted, among, typed
from cloutui.records.transaction import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One as it stands."""

    comment_id: int
    unit_id: int
    data_source_id: int
    day: date | None
    type: CommentType
    text: str
    author_id: int | None
    author: str

    def is_of(self, principal: Principal) -> bool:
        """Whether that is who wrote it. Before there are users, a name is all there is."""
        return (self.author_id, self.author) == (principal.user_id, principal.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a comment is on: a node, one of its days, or a job of that day."""

    data_source_id: int
    unit_id: int
    day: date | None = None
    job_key: str | None = None


def add(tx: Tx, places: Iterable[Place], kind: CommentType, text: str, author: Principal) -> Sequence[int]:
    """The same words on each of them. Returns the ids."""
    said = {"type": kind.value, "text": text, "author_id": author.user_id, "author": author.name, "written_at": tx.at}
    ids = []
    for place in places:
        on = {name: getattr(place, name) for name in ("data_source_id", "unit_id", "day", "job_key")}
        made = tx.connection.execute(insert(comment).values(**on, **said))
        assert made.inserted_primary_key is not None
        ids.append(int(made.inserted_primary_key[0]))
    return ids


def find(connection: Connection, comment_id: int) -> Comment | None:
    """None when there is none, or none any more."""
    names = ("comment_id", "unit_id", "data_source_id", "day", "type", "text", "author_id", "author")
    asked = select(*(comment.c[name] for name in names)).where(
        comment.c.comment_id == comment_id, comment.c.removed_at.is_(None)
    )
    row = connection.execute(asked).mappings().one_or_none()
    return None if row is None else Comment(**{**row, "type": CommentType(row["type"])})


def change(tx: Tx, comment_id: int, kind: CommentType, text: str) -> None:
    """Other words."""
    where = comment.c.comment_id == comment_id
    tx.connection.execute(update(comment).where(where).values(type=kind.value, text=text, edited_at=tx.at))


def remove(tx: Tx, comment_id: int) -> None:
    """It is shown no more."""
    tx.connection.execute(update(comment).where(comment.c.comment_id == comment_id).values(removed_at=tx.at))


_COLUMNS = ("comment_id", "unit_id", "node_id", "day", "job_key", "type", "text", "author", "written_at", "edited_at")


def _read(connection: Connection, wanted: Wanted) -> Iterator[relation.Row]:
    """Those of the question's node, else of its days."""
    said = (comment.c.data_source_id if name == "node_id" else comment.c[name] for name in _COLUMNS)
    present = (comment.c.removed_at.is_(None), among(comment.c.unit_id, wanted.units), _asked(wanted))
    found: Iterable[Row[tuple[object, ...]]] = connection.execute(select(*said).where(*present))
    return (tuple(row) for row in found)


def _asked(wanted: Wanted) -> ColumnElement[bool]:
    node_id: int | None = wanted.values.get("node_id")
    if node_id is not None:
        return comment.c.data_source_id == node_id
    first, last = wanted.days
    # One on a node itself has no day but when it was written. Zones are not asked: a day more or less does no harm.
    since, until = _midnight(first), _midnight(last + timedelta(days=2))
    written = and_(comment.c.day.is_(None), comment.c.written_at >= since, comment.c.written_at < until)
    return or_(comment.c.day.between(first, last), written)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


RELATION = Relation(columns=typed(*_COLUMNS), read=_read)
