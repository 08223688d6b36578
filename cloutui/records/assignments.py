"""Who owned what on which day: periods of a consumption unit, half open, without gaps or overlaps.

The first assignment reaches back to the beginning: what a node did before anybody assigned it belongs to its first
owner. A later one starts at a backup day, and ends the one before. A second one decided on the same day replaces it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from cloutui.records import schema
from cloutui.records.rows import HowAssigned

_CHUNK = 500
"""Ids in one question."""


class Move(NamedTuple):
    """A consumption unit that is to belong to a unit from a backup day on."""

    consumer_id: int
    unit_id: int
    day: date
    how: HowAssigned
    rule_id: int | None = None


class Period(NamedTuple):
    """One assignment as it is stored."""

    assignment_id: int
    consumer_id: int
    unit_id: int
    valid_from: date | None
    valid_to: date | None
    made_on: date
    """The backup day from which on it was meant. Differs from `valid_from` only for the first, which reaches back."""
    how: str
    rule_id: int | None


class Changes(NamedTuple):
    """What a move does to the periods of its consumption unit."""

    dropped: Sequence[Period]
    kept_as: Period | None
    """The last period that stays, as it stands after the move; None when it does not change."""
    opened_from: date | None
    """Where the new period starts; None: at the beginning."""
    opens: bool
    """False when the last period that stays is the right owner already."""


def changes_of(move: Move, periods: Sequence[Period]) -> Changes:
    """What to do, given all periods of the consumption unit, oldest first."""
    kept = [period for period in periods if period.made_on < move.day]
    dropped = [period for period in periods if period.made_on >= move.day]
    if not kept:
        return Changes(dropped, kept_as=None, opened_from=None, opens=True)
    last = kept[-1]
    if last.unit_id == move.unit_id:
        reopened = last._replace(valid_to=None, how=move.how.value, rule_id=move.rule_id)
        return Changes(dropped, kept_as=reopened if reopened != last else None, opened_from=None, opens=False)
    return Changes(dropped, kept_as=last._replace(valid_to=move.day), opened_from=move.day, opens=True)


def assign(connection: Connection, moves: Sequence[Move]) -> int:
    """Carry the moves out, at most one for each consumption unit. How many now have another owner than before."""
    table = schema.assignment
    periods = periods_of(connection, [move.consumer_id for move in moves])
    dropped: list[dict[str, Any]] = []
    kept: list[dict[str, Any]] = []
    opened: list[dict[str, Any]] = []
    moved = 0
    for move in moves:
        before = periods.get(move.consumer_id, [])
        changes = changes_of(move, before)
        moved += not before or before[-1].unit_id != move.unit_id
        dropped += [{"dropped_id": period.assignment_id} for period in changes.dropped]
        if changes.kept_as is not None:
            kept.append(_as_update(changes.kept_as))
        if changes.opens:
            opened.append(_as_insert(move, changes.opened_from))
    # In this order, or two periods of one consumption unit would be open for a moment.
    if dropped:
        connection.execute(delete(table).where(table.c.assignment_id == bindparam("dropped_id")), dropped)
    if kept:
        connection.execute(
            update(table)
            .where(table.c.assignment_id == bindparam("kept_id"))
            .values(valid_to=bindparam("to"), how=bindparam("by"), rule_id=bindparam("rule")),
            kept,
        )
    if opened:
        connection.execute(insert(table), opened)
    return moved


def periods_of(connection: Connection, consumer_ids: Sequence[int]) -> dict[int, list[Period]]:
    """All periods by consumption unit, oldest first."""
    table = schema.assignment
    columns = [table.c[name] for name in Period._fields]
    found: defaultdict[int, list[Period]] = defaultdict(list)
    for ids in _chunks(consumer_ids):
        # The beginning (NULL) sorts first in SQLite; ids would not do, a replaced period has a younger one.
        chosen = select(*columns).where(table.c.consumer_id.in_(ids)).order_by(table.c.valid_from)
        for row in connection.execute(chosen):
            found[row.consumer_id].append(Period._make(row))
    return dict(found)


def _chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


def _as_update(period: Period) -> dict[str, Any]:
    return {"kept_id": period.assignment_id, "to": period.valid_to, "by": period.how, "rule": period.rule_id}


def _as_insert(move: Move, opened_from: date | None) -> dict[str, Any]:
    return {
        "consumer_id": move.consumer_id,
        "unit_id": move.unit_id,
        "valid_from": opened_from,
        "valid_to": None,
        "made_on": move.day,
        "how": move.how.value,
        "rule_id": move.rule_id,
    }
