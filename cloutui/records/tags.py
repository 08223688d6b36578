"""Tags as stored, and what they are put on. Of a tag that was removed only its name stays, for the activity log."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Connection, delete, insert, select

from cloutui.model.filter.saved import tags_named_in
from cloutui.model.tag import Tag
from cloutui.records.daily_tables import tag, tagging
from cloutui.records.relation import Relation, Row, Wanted, among, typed
from cloutui.records.rows import TaggingRow, TagRow
from cloutui.records.schema import saved_filter

_COLUMNS = tuple(tag.c[name] for name in ("tag_id", "unit_id", "text", "is_inheritable"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """What one tag is put on by itself, and not by what lies above."""

    unit_ids: Sequence[int]
    data_source_ids: Sequence[int]


def read(connection: Connection) -> list[Tag]:
    """Every tag that is there, by its text."""
    asked = select(*_COLUMNS).where(tag.c.removed_at.is_(None)).order_by(tag.c.text, tag.c.tag_id)
    return [Tag(**row) for row in connection.execute(asked).mappings()]


def rows(connection: Connection) -> list[TagRow]:
    """For the cache."""
    return [TagRow(each.tag_id, each.unit_id, each.text, each.is_inheritable) for each in read(connection)]


def taggings(connection: Connection) -> list[TaggingRow]:
    """For the cache."""
    columns = (tagging.c.tag_id, tagging.c.unit_id, tagging.c.data_source_id)
    return [TaggingRow._make(row) for row in connection.execute(select(*columns).order_by(tagging.c.tagging_id))]


def tagged(connection: Connection, tag_id: int) -> Tagged:
    """Everything that has the tag."""
    asked = select(tagging.c.unit_id, tagging.c.data_source_id).where(tagging.c.tag_id == tag_id)
    found = connection.execute(asked).all()
    return Tagged(
        unit_ids=[unit_id for unit_id, _ in found if unit_id is not None],
        data_source_ids=[data_source_id for _, data_source_id in found if data_source_id is not None],
    )


def _filters(connection: Connection, wanted: Wanted) -> Iterator[Row]:
    """The tags that saved filters of units name."""
    table = saved_filter.c
    asked = select(table.unit_id, table.name, table.text).where(table.unit_id.is_not(None))
    for unit_id, name, text in connection.execute(asked.where(among(table.unit_id, wanted.units))):
        yield from ((unit_id, name, each) for each in tags_named_in(text))


FILTER_TAGS = Relation(columns=typed("unit_id", "name", "tag"), read=_filters)


def put(connection: Connection, tag_id: int, what: Column[int], ids: Collection[int]) -> list[int]:
    """Put a tag on these units or data sources (`what`: the column of `tagging`). Those that had it not."""
    having = connection.execute(select(what).where(tagging.c.tag_id == tag_id, among(what, ids))).scalars()
    lacking = sorted(set(ids) - set(having))
    if lacking:
        connection.execute(insert(tagging), [{"tag_id": tag_id, what.name: each} for each in lacking])
    return lacking


def take(connection: Connection, tag_ids: Collection[int], what: Column[int], ids: Collection[int]) -> set[int]:
    """Take tags off these units or data sources. Those that had one."""
    here = (among(tagging.c.tag_id, tag_ids), among(what, ids))
    having = set(connection.execute(select(what).where(*here)).scalars())
    connection.execute(delete(tagging).where(*here))
    return having
