"""What reports read of frozen days: the rows of one day as they were, and which nodes have one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from cloutui.errors import Broken
from cloutui.model.formats import exact_count
from cloutui.records import history
from cloutui.records.frozen_files import COLUMNS, type_of
from cloutui.records.relation import Relation, Wanted

if TYPE_CHECKING:
    import pyarrow as pa

_NAMED = 3
"""So many units are named in an error."""

LIVE = 0
"""The revision of a day that is not frozen: asked for, it passes over what is."""


def _rows(connection: Connection, wanted: Wanted) -> pa.Table:
    """Of the day that is asked for and the scope's units, each in its newest revision or the one that is asked for."""
    import pyarrow as pa

    day, revision = wanted.values["day"], wanted.values["revision"]
    if wanted.history is None or revision == LIVE:
        return _none(COLUMNS)
    if revision is None:
        # Of nearly all days nothing was superseded, and their files are taken as they are.
        old = history.superseded(connection, day)
        parts = [
            only(rows, "unit_id", old.get(file, ()), is_other=True)
            for file in history.files_of(connection, day)
            if (rows := _read(connection, wanted, file)) is not None
        ]
    else:
        units: dict[str, list[int]] = {}
        for each in history.newest(history.on_day(connection, day), revision).values():
            units.setdefault(each.file, []).append(each.unit_id)
        parts = [
            only(rows, "unit_id", own)
            for file, own in sorted(units.items())
            if (rows := _read(connection, wanted, file, own)) is not None
        ]
    if wanted.units is not None:
        parts = [only(part, "unit_id", wanted.units) for part in parts]
    return pa.concat_tables(parts) if parts else _none(COLUMNS)


def _nodes(connection: Connection, wanted: Wanted) -> pa.Table:
    """Of all units: wherever a node is now, on that day it stays with the unit that it was frozen with."""
    import pyarrow as pa

    if wanted.history is None or wanted.values["revision"] == LIVE:
        return _none(("node_id",))
    parts = [
        rows.select(["node_id"])
        for file in history.files_of(connection, wanted.values["day"])
        if (rows := _read(connection, wanted, file)) is not None
    ]
    return pa.concat_tables(parts) if parts else _none(("node_id",))


def _read(connection: Connection, wanted: Wanted, file: str, units: Collection[int] | None = None) -> pa.Table | None:
    """The rows of a file of the day that is asked for; None where it is not what it was, and the scope needs it not.

    `units`: of which it is needed; those of which it has the newest revision when absent. Raises: Broken, with the
    names of the scope's units that need it.
    """
    assert wanted.history is not None
    try:
        return wanted.history.read(file)
    except Broken as error:
        names = history.units_of(connection, file, units)
        lost = [name for unit_id, name in names.items() if wanted.units is None or unit_id in wanted.units]
        if not lost:
            return None
        more = f" and {exact_count(len(lost) - _NAMED)} more" if len(lost) > _NAMED else ""
        day = wanted.values["day"]
        raise Broken(
            f"{day.day} {day:%b %Y} of {', '.join(lost[:_NAMED])}{more}: {error.what}",
            hint=f"Restore history/{file}.parquet from a backup, then run `cloutui history verify`. "
            "Revision 0 is the day as of now.",
        ) from error


def only(rows: pa.Table, column: str, values: Collection[int], *, is_other: bool = False) -> pa.Table:
    """The rows with one of these values; or the others."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if is_other and not values:
        return rows
    found: Any = pc.is_in(rows.column(column), value_set=pa.array(sorted(values), pa.int64()))
    return rows.filter(pc.invert(found) if is_other else found)


def _none(names: Iterable[str]) -> pa.Table:
    import pyarrow as pa

    return pa.schema([(name, type_of(name)) for name in names]).empty_table()


ROWS = Relation(columns=COLUMNS, read_table=_rows)
NODES = Relation(columns={"node_id": "int64"}, read_table=_nodes)
