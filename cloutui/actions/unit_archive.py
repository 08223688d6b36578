"""Units that are over: archived when nothing lives on them any more, and brought back when that was too soon.

An archived unit is in no list and takes nothing new; what its nodes did while they were its own stays told of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import ColumnElement, FromClause, and_, func, select, update

from cloutui.actions.action import Change, Done, Target, about
from cloutui.actions.desk import Desk
from cloutui.actions.registry import register
from cloutui.actions.units import require_free, unit_target
from cloutui.errors import Conflict
from cloutui.model import formats
from cloutui.model.action_class import ActionClass
from cloutui.model.privilege import Privilege
from cloutui.model.unit_path import UnitRef
from cloutui.records import schema
from cloutui.records.access_tables import user_account


@register(name="unit.archive", needs=Privilege.UNIT_DELETE, action_class=ActionClass.SERVICE)
@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveUnit(Change):
    """Put a unit away that nothing lives on. Its history stays, and `unit.restore` brings it back."""

    unit: Annotated[UnitRef, about("The unit: a path or an id.")]

    def target(self, desk: Desk) -> Target:
        """The unit itself."""
        return unit_target(desk.unit(self.unit))

    def change(self, desk: Desk) -> Done:
        """Raises: Conflict, with what still lives on it."""
        unit = desk.unit(self.unit)
        if unit.parent_id is None:
            raise Conflict(f"“{unit.name}” is the top of the tree.", hint="Archive units below it.")
        living = list(_living(desk, unit.unit_id))
        if living:
            counts = ", ".join(count for count, _ in living)
            ways = " ".join(way for _, way in living)
            raise Conflict(f"“{unit.name}” is in use: {counts}.", hint=ways)
        path = desk.path(unit.unit_id)
        _set_archived(desk, unit.unit_id, archived=True)
        return Done(
            sentence=f"Archived the unit “{path}”.",
            before={"archived_at": None},
            after={"archived_at": desk.tx.at.isoformat()},
        )


@register(name="unit.restore", needs=Privilege.UNIT_DELETE, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreUnit(Change):
    """Take an archived unit into use again, where it was and with what was set for it."""

    archived: Annotated[UnitRef, about("The archived unit: its id, or its path when no unit in use has it.")]

    def target(self, desk: Desk) -> Target:
        """The unit itself."""
        return unit_target(desk.unit_of_any_time(self.archived))

    def change(self, desk: Desk) -> Done:
        """Raises: Conflict when it is in use, the unit above it is archived, or its name is taken."""
        unit = desk.unit_of_any_time(self.archived)
        if unit.unit_id not in desk.archived:
            raise Conflict(f"“{unit.name}” is not archived.", hint="There is nothing to do.")
        assert unit.parent_id is not None
        above = desk.tree[unit.parent_id]
        if above.unit_id in desk.archived:
            raise Conflict(f"“{above.name}” above it is archived too.", hint="Restore that one first.")
        require_free(desk, above.unit_id, unit.name)
        _set_archived(desk, unit.unit_id, archived=False)
        return Done(sentence=f"Restored the unit “{desk.path(unit.unit_id)}”.", after={"archived_at": None})


def _living(desk: Desk, unit_id: int) -> Iterator[tuple[str, str]]:
    """How much there is of each kind that keeps a unit in use, and what to do about it."""
    below = sum(child.unit_id not in desk.archived for child in desk.tree.children(unit_id))
    for count, one, many, way in (
        (below, "unit below it", "units below it", "Move or archive the units below it."),
        (_nodes(desk, unit_id), "node", "nodes", "Assign its nodes to another unit."),
        (_rules(desk, unit_id), "rule that fills it", "rules that fill it", "Change or remove the rules."),
        (_servers(desk, unit_id), "server", "servers", "Give its servers to another unit, or remove them."),
        (_users(desk, unit_id), "user", "users", "Move or remove its users."),
    ):
        if count:
            yield formats.plural(count, one, many), way


def _nodes(desk: Desk, unit_id: int) -> int:
    """Assigned to it now, on servers that are still asked. Those that are assigned to nobody go with their server."""
    assignment, consumer = schema.assignment, schema.consumer
    source, server = schema.data_source, schema.server
    joined = (
        assignment.join(consumer, consumer.c.consumer_id == assignment.c.consumer_id)
        .join(source, source.c.data_source_id == consumer.c.data_source_id)
        .join(server, and_(server.c.server_id == source.c.server_id, server.c.removed_at.is_(None)))
    )
    return _count(desk, joined, assignment.c.unit_id == unit_id, assignment.c.valid_to.is_(None))


def _rules(desk: Desk, unit_id: int) -> int:
    return _count(desk, schema.assignment_rule, schema.assignment_rule.c.unit_id == unit_id)


def _servers(desk: Desk, unit_id: int) -> int:
    server = schema.server
    return _count(desk, server, server.c.unit_id == unit_id, server.c.removed_at.is_(None))


def _users(desk: Desk, unit_id: int) -> int:
    return _count(desk, user_account, user_account.c.unit_id == unit_id, user_account.c.archived_at.is_(None))


def _count(desk: Desk, rows: FromClause, *wanted: ColumnElement[bool]) -> int:
    return int(desk.connection.execute(select(func.count()).select_from(rows).where(*wanted)).scalar_one())


def _set_archived(desk: Desk, unit_id: int, *, archived: bool) -> None:
    table = schema.unit
    at = desk.tx.at if archived else None
    desk.connection.execute(update(table).where(table.c.unit_id == unit_id).values(archived_at=at))
    desk.tx.bump_version()
