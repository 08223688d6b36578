"""How problems are handled, as stored: lines are added and none is changed, and the newest of a day or job tells."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, insert, select

from cloutui.model.handling import HandlingState
from cloutui.model.principal import Principal
from cloutui.records.comments import Place
from cloutui.records.daily_tables import handling
from cloutui.records.relation import Relation, Row, Wanted, among, typed
from cloutui.records.transaction import Tx


class Standing(NamedTuple):
    """How it is handled now, and by whom."""

    state: HandlingState
    actor: str


UNTOUCHED = Standing(HandlingState.OPEN, "")


def standing(
    connection: Connection, node_ids: Collection[int], day: date, job_key: str | None
) -> Mapping[int, Standing]:
    """By data source: how its day, or that job, is handled. Those that nobody has touched are not in it."""
    of_job = handling.c.job_key == job_key if job_key is not None else handling.c.job_key.is_(None)
    asked = (
        select(handling.c.data_source_id, handling.c.state, handling.c.actor)
        .where(among(handling.c.data_source_id, node_ids), handling.c.day == day, of_job)
        .order_by(handling.c.handling_id)
    )
    return {node_id: Standing(HandlingState(state), actor) for node_id, state, actor in connection.execute(asked)}


def muted_days(connection: Connection, node_ids: Collection[int], since: date) -> set[tuple[int, date]]:
    """Data sources with their days from then on that are muted."""
    asked = (
        select(handling.c.data_source_id, handling.c.day, handling.c.state)
        .where(among(handling.c.data_source_id, node_ids), handling.c.day >= since, handling.c.job_key.is_(None))
        .order_by(handling.c.handling_id)
    )
    newest = {(node_id, day): state for node_id, day, state in connection.execute(asked)}
    return {place for place, state in newest.items() if state == HandlingState.MUTED}


def add(tx: Tx, places: Iterable[Place], state: HandlingState, actor: Principal) -> None:
    """From now on these stand so."""
    said = {"state": state.value, "actor_id": actor.user_id, "actor": actor.name, "at": tx.at}
    rows = [
        {
            "data_source_id": place.data_source_id,
            "unit_id": place.unit_id,
            "day": place.day,
            "job_key": place.job_key,
            **said,
        }
        for place in places
    ]
    if rows:
        tx.connection.execute(insert(handling), rows)


MOST_LINES = 10_000
"""In one answer."""

_COLUMNS = ("handling_id", "node_id", "unit_id", "day", "job_key", "state", "actor", "at")


def _said(names: Sequence[str]) -> Iterator[ColumnElement[Any]]:
    return (handling.c.data_source_id if name == "node_id" else handling.c[name] for name in names)


def _lines(connection: Connection, wanted: Wanted) -> Iterator[Row]:
    asked = select(*_said(_COLUMNS)).where(among(handling.c.unit_id, wanted.units), *_asked(wanted, *wanted.days))
    newest = connection.execute(asked.order_by(handling.c.handling_id.desc()).limit(MOST_LINES + 1))
    return (tuple(row) for row in newest)


LINES = Relation(columns=typed(*_COLUMNS), read=_lines, most=MOST_LINES)


def _asked(wanted: Wanted, first: date, last: date) -> Iterator[ColumnElement[bool]]:
    """Those of the question's node, and of its days unless it is about all that is known of the node."""
    node_id = wanted.values.get("node_id")
    if node_id is not None:
        yield handling.c.data_source_id == node_id
    if node_id is None or wanted.values.get("day") is not None:
        yield handling.c.day.between(first, last)
