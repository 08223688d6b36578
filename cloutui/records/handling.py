"""How problems are handled, as stored: lines are added and none is changed, and the newest of a day or job tells."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, String, insert, select, type_coerce

from cloutui.model.handling import HandlingState
from cloutui.model.principal import Principal
from cloutui.records.comments import Place
from cloutui.records.daily_tables import handling
from cloutui.records.relation import Relation, Row, Wanted, among, typed
from cloutui.records.transaction import Tx

if TYPE_CHECKING:
    import pyarrow as pa


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

_NEWEST: Mapping[str, Any] = typed("node_id", "unit_id", "day", "job_key", "state", "actor", "at")
_WEEK = timedelta(days=7)


def _newest(connection: Connection, wanted: Wanted) -> pa.Table:
    """Of each day and job; what is open again is as if nobody had touched it.

    Days and moments stay texts until Arrow reads them: a large provider has tens of thousands of lines in a week, and
    every look at the tree of units asks for them.
    """
    asked = select(
        *(type_coerce(column, String) if column.name in {"day", "at"} else column for column in _said([*_NEWEST]))
    )
    lines = asked.where(among(handling.c.unit_id, wanted.units), *_asked(wanted, *_own_days(wanted)))
    newest = {(row[0], row[2], row[3]): row for row in connection.execute(lines.order_by(handling.c.handling_id))}
    return _as_table([row for row in newest.values() if row[4] != HandlingState.OPEN])


def _as_table(rows: Sequence[Sequence[Any]]) -> pa.Table:
    import pyarrow as pa

    schema = pa.schema(list(_NEWEST.items()))
    if not rows:
        return schema.empty_table()
    found: dict[str, Any] = {
        name: pa.array(values) for name, values in zip(_NEWEST, zip(*rows, strict=True), strict=True)
    }
    found["at"] = found["at"].cast(pa.timestamp("us", "UTC"))  # as it is stored it names its zone
    return pa.table(found).cast(schema)


def _own_days(wanted: Wanted) -> tuple[date, date]:
    """Those that the question says, else the last week: problems are no older."""
    values = wanted.values
    last: date = values.get("last") or values.get("day") or values["today"]
    return values.get("first") or values.get("day") or last - _WEEK, last


def _asked(wanted: Wanted, first: date, last: date) -> Iterator[ColumnElement[bool]]:
    """Those of the question's node, and of its days unless it is about all that is known of the node."""
    node_id = wanted.values.get("node_id")
    if node_id is not None:
        yield handling.c.data_source_id == node_id
    if node_id is None or wanted.values.get("day") is not None:
        yield handling.c.day.between(first, last)


RELATION = Relation(columns=_NEWEST, read_table=_newest)
