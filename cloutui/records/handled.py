"""How each day and job is handled now, as reports read it: at a glance, for the first answer of a console needs it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from cloutui.model.handling import HandlingState
from cloutui.records.plain import Rows
from cloutui.records.relation import Wanted, typed

if TYPE_CHECKING:
    import pyarrow as pa

_COLUMNS: Mapping[str, Any] = typed("node_id", "unit_id", "day", "job_key", "state", "actor", "at")
_WEEK = timedelta(days=7)


def _newest(rows: Rows, wanted: Wanted) -> pa.Table:
    """Of each day and job; what is open again is as if nobody had touched it.

    Days and moments stay texts until Arrow reads them: a large provider has tens of thousands of lines in a week, and
    every look at the tree of units asks for them.
    """
    which, values = _asked(wanted)
    asked = f"SELECT data_source_id, unit_id, day, job_key, state, actor, at FROM handling{which} ORDER BY handling_id"
    newest = {(row[0], row[2], row[3]): row for row in rows(asked, values)}
    return _as_table([row for row in newest.values() if row[4] != HandlingState.OPEN])


def _asked(wanted: Wanted) -> tuple[str, list[object]]:
    """Those of the question's units and node, and of its days unless it is about all that is known of the node."""
    which: list[str] = []
    values: list[object] = []
    node_id = wanted.values.get("node_id")
    if node_id is not None:
        which.append("data_source_id = ?")
        values.append(node_id)
    if node_id is None or wanted.values.get("day") is not None:
        which.append("day BETWEEN ? AND ?")
        values += [day.isoformat() for day in _own_days(wanted)]
    if wanted.units is not None:
        which.append("unit_id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(list(wanted.units)))
    return f" WHERE {' AND '.join(which)}" if which else "", values


def _own_days(wanted: Wanted) -> tuple[date, date]:
    """Those that the question says, else the last week: problems are no older."""
    values = wanted.values
    last: date = values.get("last") or values.get("day") or values["today"]
    return values.get("first") or values.get("day") or last - _WEEK, last


def _as_table(rows: Sequence[Sequence[Any]]) -> pa.Table:
    import pyarrow as pa

    schema = pa.schema(list(_COLUMNS.items()))
    if not rows:
        return schema.empty_table()
    found: dict[str, Any] = {
        name: pa.array(values) for name, values in zip(_COLUMNS, zip(*rows, strict=True), strict=True)
    }
    found["at"] = found["at"].cast(pa.timestamp("us", "UTC"))  # as it is stored it names its zone
    return pa.table(found).cast(schema)


GLANCED: Mapping[str, Callable[[Rows, Wanted], pa.Table]] = {"record_handling": _newest}
"""Relations that are read without SQLAlchemy, by the name that `cloutui.reports.scope` has for them."""
