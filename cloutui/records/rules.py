"""Assignment rules as stored: in a row from position 1 on, without gaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, select, update

from cloutui.model.assignment_rule import AssignmentRule, RuleBook
from cloutui.records import schema
from cloutui.records.assignments import Move
from cloutui.records.clocks import UnitClocks
from cloutui.records.rows import HowAssigned

_COLUMNS = tuple(
    schema.assignment_rule.c[name]
    for name in ("rule_id", "position", "unit_id", "server_id", "domain", "name", "contact")
)


class Due(NamedTuple):
    """What the rules want changed about one node."""

    move: Move
    node: str
    from_unit_id: int
    """Its owner now: the unit it is assigned to, else its server's."""


class _Owned(NamedTuple):
    """A data source that nobody assigned by hand, and what a rule looks at."""

    consumer_id: int
    server_id: int
    name: str
    domain: str | None
    contact: str | None
    server_unit_id: int
    unit_id: int | None
    """None: nobody has it, so it counts to its server's unit."""
    rule_id: int | None


def read(connection: Connection) -> list[AssignmentRule]:
    """All rules, in the order in which they are tried."""
    rows = connection.execute(select(*_COLUMNS).order_by(schema.assignment_rule.c.position)).mappings()
    return [AssignmentRule(**row) for row in rows]


def renumber(connection: Connection, rule_ids: Sequence[int]) -> None:
    """Give the rules the positions 1, 2, 3 in this order."""
    table = schema.assignment_rule
    if rule_ids:
        connection.execute(
            update(table).where(table.c.rule_id == bindparam("moved_id")).values(position=bindparam("place")),
            [{"moved_id": rule_id, "place": place} for place, rule_id in enumerate(rule_ids, start=1)],
        )


def due_moves(connection: Connection, clocks: UnitClocks) -> list[Due]:
    """What the rules as they stand would change, at times no more than which rule it is that says so.

    A node that no rule claims any more goes back to its server's unit.
    """
    book = RuleBook(read(connection))
    due: list[Due] = []
    for owned in _not_by_hand(connection):
        rule = book.first_match(owned.server_id, owned)
        if rule is not None:
            wanted: tuple[int | None, int | None] = (rule.unit_id, rule.rule_id)
        elif owned.unit_id is not None:
            wanted = (owned.server_unit_id, None)
        else:
            continue
        unit_id, rule_id = wanted
        if unit_id is not None and wanted != (owned.unit_id, owned.rule_id):
            move = Move(owned.consumer_id, unit_id, clocks.today(unit_id), HowAssigned.RULE, rule_id)
            due.append(Due(move, owned.name, owned.unit_id or owned.server_unit_id))
    return due


def _not_by_hand(connection: Connection) -> list[_Owned]:
    source, server, consumer, assignment = schema.data_source, schema.server, schema.consumer, schema.assignment
    joined = (
        source.join(server, server.c.server_id == source.c.server_id)
        .join(consumer, consumer.c.data_source_id == source.c.data_source_id)
        .outerjoin(
            assignment,
            and_(assignment.c.consumer_id == consumer.c.consumer_id, assignment.c.valid_to.is_(None)),
        )
    )
    columns = (
        consumer.c.consumer_id,
        source.c.server_id,
        source.c.name,
        source.c.domain,
        source.c.contact,
        server.c.unit_id.label("server_unit_id"),
        assignment.c.unit_id,
        assignment.c.rule_id,
    )
    not_by_hand = (assignment.c.how.is_(None)) | (assignment.c.how != HowAssigned.HAND.value)
    return [_Owned._make(row) for row in connection.execute(select(*columns).select_from(joined).where(not_by_hand))]
