"""Saved filters and chosen columns, as stored.

A filter of one's own comes before one of a unit, and a unit's before those of the units above it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, update

from cloutui.model.filter.saved import SavedFilter
from cloutui.model.unit_tree import UnitTree
from cloutui.records import schema
from cloutui.records.transaction import Tx

_COLUMNS = tuple(schema.saved_filter.c[name] for name in ("name", "text", "owner", "unit_id", "version"))


def filters(connection: Connection, tree: UnitTree, unit_id: int, *, owner: str | None) -> list[SavedFilter]:
    """What a name may stand for in a unit, by name: `owner`'s own, and those of the unit and all above it.

    Without an owner: only what is the units'.
    """
    above = [place.unit_id for place in tree.ancestors(unit_id)] if unit_id in tree else []
    table = schema.saved_filter
    seen: ColumnElement[bool] = table.c.unit_id.in_(above)
    if owner is not None:
        seen = or_(seen, and_(table.c.unit_id.is_(None), table.c.owner == owner))
    found = [SavedFilter(**row) for row in connection.execute(select(*_COLUMNS).where(seen)).mappings()]
    # The nearest last: it is the one that stays.
    found.sort(key=lambda saved: -1 if saved.unit_id is None else above.index(saved.unit_id), reverse=True)
    nearest = {saved.name: saved for saved in found}
    return [nearest[name] for name in sorted(nearest)]


def exactly(connection: Connection, name: str, *, owner: str, unit_id: int | None) -> SavedFilter | None:
    """The one of that name that is the owner's alone, or the unit's own."""
    row = connection.execute(select(*_COLUMNS).where(_is(name, owner, unit_id))).mappings().one_or_none()
    return None if row is None else SavedFilter(**row)


def keep(tx: Tx, saved: SavedFilter) -> None:
    """Store it, in place of the one that has its name there."""
    table = schema.saved_filter
    values = {"owner": saved.owner, "text": saved.text, "version": saved.version, "saved_at": tx.at}
    where = _is(saved.name, saved.owner, saved.unit_id)
    if not tx.connection.execute(update(table).where(where).values(**values)).rowcount:
        tx.connection.execute(insert(table).values(name=saved.name, unit_id=saved.unit_id, **values))


def forget(connection: Connection, saved: SavedFilter) -> None:
    """Delete it."""
    connection.execute(delete(schema.saved_filter).where(_is(saved.name, saved.owner, saved.unit_id)))


def _is(name: str, owner: str, unit_id: int | None) -> ColumnElement[bool]:
    table = schema.saved_filter
    whose = (
        table.c.unit_id == unit_id if unit_id is not None else and_(table.c.unit_id.is_(None), table.c.owner == owner)
    )
    return and_(table.c.name == name, whose)


def columns(connection: Connection, owner: str) -> dict[str, tuple[str, ...]]:
    """By report: the columns that somebody chose, in their order."""
    table = schema.saved_columns
    rows = connection.execute(select(table.c.report, table.c.columns).where(table.c.owner == owner))
    return {report: tuple(names) for report, names in rows}


def keep_columns(connection: Connection, owner: str, report: str, names: Sequence[str]) -> None:
    """Store the choice; none at all is the report's own again."""
    table = schema.saved_columns
    connection.execute(delete(table).where(table.c.owner == owner, table.c.report == report))
    if names:
        connection.execute(insert(table).values(owner=owner, report=report, columns=list(names)))
