"""Which days are frozen, of which units, and in which file: the records beside the files of `frozen_files`.

A day of a unit is frozen once, as revision 1. Facts that come later make the next revision; none is ever changed. The
hash of each file, and one over the records of what is in it, go into the activity log in the same transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, case, func, insert, select, update

from cloutui.model.action_class import ActionClass
from cloutui.records.activity import ActivityLine, canonical
from cloutui.records.daily_tables import frozen_day
from cloutui.records.frozen_files import contents, type_of
from cloutui.records.relation import Relation, Row, Wanted, among, typed
from cloutui.records.rows import JsonMapping
from cloutui.records.schema import unit
from cloutui.records.transaction import Tx

if TYPE_CHECKING:
    import pyarrow as pa

FREEZE, DROP = "history.freeze", "history.drop"
"""The actions whose lines in the activity log hold hashes, and tell what was dropped."""

_KEPT = ("unit_id", "day", "revision", "frozen_at", "file", "content", "rows", "worst", "dropped_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenDay:
    """A day of one unit, as it was when it closed or when something came late."""

    unit_id: int
    day: date
    revision: int
    frozen_at: datetime
    file: str
    content: str
    """The hash of this unit's rows."""
    rows: int
    worst: int
    """The worst status among them."""
    dropped_at: datetime | None = None
    """When its file went because it had been kept long enough."""


def on_day(connection: Connection, day: date) -> list[FrozenDay]:
    """All that is frozen of a day, and still kept: of every unit, every revision."""
    asked = _all().where(frozen_day.c.day == day, frozen_day.c.dropped_at.is_(None))
    return [FrozenDay(**row) for row in connection.execute(asked).mappings()]


def units_on(connection: Connection, day: date) -> set[int]:
    """The units of which that day is frozen."""
    table = frozen_day.c
    asked = select(table.unit_id).where(table.day == day, table.dropped_at.is_(None))
    return set(connection.execute(asked).scalars())


def files_of(connection: Connection, day: date) -> list[str]:
    """The files with anything of a day that is still kept."""
    table = frozen_day.c
    asked = select(table.file).where(table.day == day, table.dropped_at.is_(None)).distinct().order_by(table.file)
    return list(connection.execute(asked).scalars())


def files_behind(connection: Connection, number: int) -> list[tuple[int, date, str]]:
    """Files with anything behind that number, and still kept, in order: the last number, the day, the name."""
    table = frozen_day.c
    last = func.max(table.frozen_day_id)
    asked = select(last, table.day, table.file).where(table.frozen_day_id > number, table.dropped_at.is_(None))
    rows = connection.execute(asked.group_by(table.day, table.file).order_by(last))
    return [(found, day, file) for found, day, file in rows]


def units_of(connection: Connection, file: str, units: Collection[int] | None = None) -> dict[int, str]:
    """The units of which a day is in that file, and in no later one, or which of these; with their names of now."""
    table = frozen_day.c
    asked = select(table.unit_id, unit.c.name).join_from(frozen_day, unit, unit.c.unit_id == table.unit_id)
    asked = asked.where(table.file == file, table.dropped_at.is_(None))
    if units is None:
        asked = asked.where(table.superseded_at.is_(None))
    found = connection.execute(asked.order_by(unit.c.name))
    return {unit_id: name for unit_id, name in found if units is None or unit_id in units}


def superseded(connection: Connection, day: date) -> dict[str, list[int]]:
    """By file: the units of which there is a later revision of that day."""
    table = frozen_day.c
    found: dict[str, list[int]] = {}
    asked = select(table.file, table.unit_id).where(table.day == day, table.superseded_at.is_not(None))
    for file, unit_id in connection.execute(asked):
        found.setdefault(file, []).append(unit_id)
    return found


def everything(connection: Connection) -> list[FrozenDay]:
    """All that was ever frozen, in the order in which it was."""
    asked = _all().order_by(frozen_day.c.frozen_day_id)
    return [FrozenDay(**row) for row in connection.execute(asked).mappings()]


def newest(days: Iterable[FrozenDay], revision: int | None = None) -> dict[int, FrozenDay]:
    """By unit: the last revision, or the last that is no later than the one that is asked for."""
    found: dict[int, FrozenDay] = {}
    for each in days:
        if revision is not None and each.revision > revision:
            continue
        if each.unit_id not in found or found[each.unit_id].revision < each.revision:
            found[each.unit_id] = each
    return found


def stamped(rows: pa.Table, day: date, at: datetime, revisions: Mapping[int, int]) -> pa.Table:
    """The rows in the order of a file, with their day, when they were frozen, and their unit's revision."""
    import pyarrow as pa

    rows = rows.sort_by([("unit_id", "ascending"), ("node_id", "ascending")])
    units: list[Any] = rows.column("unit_id").to_pylist()
    said: dict[str, list[Any]] = {
        "day": [day] * rows.num_rows,
        "revision": [revisions.get(unit_id, 1) for unit_id in units],
        "frozen_at": [at.replace(tzinfo=None)] * rows.num_rows,
    }
    for name, values in said.items():
        rows = rows.set_column(rows.column_names.index(name), name, pa.array(values, type_of(name)))
    return rows


def described(rows: pa.Table, file: str, day: date, at: datetime, revisions: Mapping[int, int]) -> list[FrozenDay]:
    """What the records say of these rows of a file. `revisions`: by unit, where it is not the first."""
    return [
        FrozenDay(
            unit_id=unit_id,
            day=day,
            revision=revisions.get(unit_id, 1),
            frozen_at=at,
            file=file,
            content=content.hash,
            rows=content.rows,
            worst=content.worst,
        )
        for unit_id, content in contents(rows).items()
    ]


def keep(tx: Tx, days: Sequence[FrozenDay]) -> JsonMapping:
    """Write them into the records. Returns what the activity line has to tell, which the caller writes."""
    table = frozen_day.c
    for each in days:
        if each.revision > 1:
            before = (table.unit_id == each.unit_id, table.day == each.day, table.superseded_at.is_(None))
            tx.connection.execute(update(frozen_day).where(*before).values(superseded_at=each.frozen_at))
    tx.connection.execute(insert(frozen_day), [{name: getattr(each, name) for name in _KEPT} for each in days])
    return told_of(days)


def told_of(days: Sequence[FrozenDay]) -> JsonMapping:
    """What the activity log keeps of one file: enough to tell later whether file and records are what they were."""
    first = days[0]
    return {
        "day": first.day.isoformat(),
        "file": first.file,
        "units": len(days),
        "rows": sum(each.rows for each in days),
        "records": _sum(days),
    }


def line(action: str, unit_id: int, name: str, sentence: str, after: JsonMapping) -> ActivityLine:
    """A line of the calendar's own, on the top of the tree."""
    told: dict[str, Any] = {"target_kind": "day", "target_id": None, "target_name": name, "sentence": sentence}
    return ActivityLine(action=action, action_class=ActionClass.NOTE, unit_id=unit_id, after=after, **told)


def files_before(connection: Connection, day: date) -> list[tuple[date, str]]:
    """The files of the days before that one which are still kept, with their day."""
    table = frozen_day.c
    asked = select(table.day, table.file).where(table.day < day, table.dropped_at.is_(None)).distinct()
    return [(row.day, row.file) for row in connection.execute(asked.order_by(table.day, table.file))]


def drop(tx: Tx, files: Collection[str]) -> None:
    """Say in the records that these files are kept no longer."""
    for file in files:
        dropped = update(frozen_day).where(frozen_day.c.file == file)
        tx.connection.execute(dropped.values(dropped_at=tx.at))


_DAY = typed("day", "units", "nodes", "worst", "frozen_at", "late", "is_kept")
_UNIT = typed("unit_id", "revision", "nodes", "worst", "frozen_at", "content", "file", "superseded_at", "dropped_at")


def _days(connection: Connection, wanted: Wanted) -> Iterator[Row]:
    """Added up here, and for the scope's units alone: of a large site there are 10,000 rows a day."""
    table = frozen_day.c
    first, last = wanted.days
    counted = (func.count(), func.sum(table.rows), func.max(table.worst), func.max(table.frozen_at))
    late = func.sum(case((table.revision > 1, 1), else_=0))
    kept = func.sum(case((table.dropped_at.is_(None), 1), else_=0))
    which = (table.day.between(first, last), table.superseded_at.is_(None), among(table.unit_id, wanted.units))
    for *values, is_kept in connection.execute(
        select(table.day, *counted, late, kept).where(*which).group_by(table.day)
    ):
        yield (*values, bool(is_kept))


def _units(connection: Connection, wanted: Wanted) -> Iterator[Row]:
    """Every revision of one day."""
    table = frozen_day.c
    names = (table.unit_id, table.revision, table.rows, table.worst, table.frozen_at, table.content, table.file)
    asked = select(*names, table.superseded_at, table.dropped_at)
    which = (table.day == wanted.values["day"], among(table.unit_id, wanted.units))
    return (tuple(row) for row in connection.execute(asked.where(*which)))


DAYS = Relation(columns=_DAY, read=_days)
UNITS = Relation(columns=_UNIT, read=_units)


def _all() -> Any:
    return select(*(frozen_day.c[name] for name in _KEPT))


def _sum(days: Iterable[FrozenDay]) -> str:
    """The SHA-256 over what the records say of one file."""
    kept = sorted([each.unit_id, each.revision, each.content, each.rows, each.worst] for each in days)
    return hashlib.sha256(canonical(kept).encode("ascii")).hexdigest()
