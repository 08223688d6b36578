"""What reports read of frozen days: the rows of one day as they were, and which nodes have one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from cloutui.records import history
from cloutui.records.frozen_files import COLUMNS, type_of
from cloutui.records.history import FrozenDay
from cloutui.records.relation import Relation, Wanted

if TYPE_CHECKING:
    import pyarrow as pa

LIVE = 0
"""The revision of a day that is not frozen: asked for, it passes over what is."""


def _kept(connection: Connection, wanted: Wanted) -> list[FrozenDay]:
    """Of the day that is asked for, or today."""
    if wanted.history is None or wanted.values["revision"] == LIVE:
        return []
    return history.on_day(connection, wanted.values["day"])


def _rows(connection: Connection, wanted: Wanted) -> pa.Table:
    """Of the scope's units, each in its newest revision or the one that is asked for."""
    import pyarrow as pa
    import pyarrow.compute as pc

    chosen = history.newest(_kept(connection, wanted), wanted.values["revision"])
    units = chosen if wanted.units is None else chosen.keys() & set(wanted.units)
    by_file: dict[str, list[int]] = {}
    for unit_id in units:
        by_file.setdefault(chosen[unit_id].file, []).append(unit_id)
    parts = [pa.schema([(name, type_of(name)) for name in COLUMNS]).empty_table()]
    for file, own in sorted(by_file.items()):
        assert wanted.history is not None
        rows = wanted.history.read(file)
        parts.append(rows.filter(pc.is_in(rows.column("unit_id"), value_set=pa.array(own, pa.int64()))))
    return pa.concat_tables(parts)


def _nodes(connection: Connection, wanted: Wanted) -> pa.Table:
    """Of all units: wherever a node is now, on that day it stays with the unit that it was frozen with."""
    import pyarrow as pa

    none = pa.schema([("node_id", pa.int64())]).empty_table()
    if wanted.history is None:
        return none
    files = sorted({each.file for each in _kept(connection, wanted)})
    return pa.concat_tables([none, *(wanted.history.read(file).select(["node_id"]) for file in files)])


ROWS = Relation(columns=COLUMNS, read_table=_rows)
NODES = Relation(columns={"node_id": "int64"}, read_table=_nodes)
