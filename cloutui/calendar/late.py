"""Facts that came after a day had closed: found by comparing what frozen rows were made from with what there is now.

A revision has the rows of such nodes as they are now, and all others as they were frozen. Where a node was moved since,
its row stays: to move it was a decision, and came after.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from cloutui.calendar.day_rows import FACTS, asked
from cloutui.records.frozen_files import COLUMNS, type_of
from cloutui.records.frozen_rows import only
from cloutui.records.history import FrozenDay

if TYPE_CHECKING:
    import pyarrow as pa

    from cloutui.cache.database import Database
    from cloutui.records.frozen_files import FrozenFiles


def late_facts(day: date, database: Database, files: FrozenFiles, frozen: Mapping[int, FrozenDay]) -> set[int]:
    """Nodes of frozen units whose facts are others than when they were frozen, or that were not frozen at all.

    `frozen`: by unit, the newest revision of that day.
    """
    import pyarrow.compute as pc

    with database.reader() as snapshot:
        now = only(asked(snapshot, FACTS, day), "unit_id", frozen)
    then = frozen_rows(files, frozen.values(), ("unit_id", "node_id", "facts"))
    places = pc.index_in(now.column("node_id"), value_set=then.column("node_id").combine_chunks())
    had: Any = {name: then.column(name).combine_chunks().take(places) for name in ("unit_id", "facts")}
    is_same_unit: Any = pc.equal(had["unit_id"], now.column("unit_id"))
    has_changed: Any = pc.not_equal(had["facts"], now.column("facts"))
    has_changed = pc.fill_null(has_changed, True)  # null: it had no jobs
    is_late: Any = pc.or_(pc.is_null(places), pc.and_(pc.fill_null(is_same_unit, False), has_changed))
    return among(now.filter(is_late), "node_id")


def late_rows(
    live: pa.Table, late: Collection[int], files: FrozenFiles, frozen: Mapping[int, FrozenDay]
) -> pa.Table | None:
    """All rows of the units that get a revision; None where no late node has a row.

    Raises: Broken when those that stay are not what they were: a revision would vouch for them.
    """
    import pyarrow as pa

    changed = only(only(live, "node_id", late), "unit_id", frozen)
    units = among(changed, "unit_id")
    if not units:
        return None
    for file in sorted({frozen[unit_id].file for unit_id in units}):
        files.check(file)
    kept = frozen_rows(files, [frozen[unit_id] for unit_id in units], tuple(COLUMNS))
    return pa.concat_tables([only(kept, "node_id", among(changed, "node_id"), is_other=True), changed])


def frozen_rows(files: FrozenFiles, days: Iterable[FrozenDay], columns: Sequence[str]) -> pa.Table:
    """The rows of these units' days, with some of today's columns."""
    import pyarrow as pa

    units: dict[str, set[int]] = {}
    for each in days:
        units.setdefault(each.file, set()).add(each.unit_id)
    none = pa.schema([(name, type_of(name)) for name in columns]).empty_table()
    parts = (only(files.part(file, columns), "unit_id", own) for file, own in units.items())
    return pa.concat_tables([none, *parts])


def among(rows: pa.Table, column: str) -> set[int]:
    """The different values of a column."""
    return {value for value in rows.column(column).to_pylist() if value is not None}
