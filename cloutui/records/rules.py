"""Assignment rules as stored: in a row from position 1 on, without gaps."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select, update

from cloutui.model.assignment_rule import AssignmentRule
from cloutui.records import schema

_COLUMNS = tuple(
    schema.assignment_rule.c[name]
    for name in ("rule_id", "position", "unit_id", "server_id", "domain", "name", "contact")
)


def read(connection: Connection) -> list[AssignmentRule]:
    """All rules, in the order in which they are tried."""
    rows = connection.execute(select(*_COLUMNS).order_by(schema.assignment_rule.c.position)).mappings()
    return [AssignmentRule(**row) for row in rows]


def renumber(connection: Connection, rule_ids: Sequence[int]) -> None:
    """Give the rules the positions 1, 2, 3 in this order."""
    table = schema.assignment_rule
    connection.execute(
        update(table).where(table.c.rule_id == bindparam("moved_id")).values(position=bindparam("place")),
        [{"moved_id": rule_id, "place": place} for place, rule_id in enumerate(rule_ids, start=1)],
    )
