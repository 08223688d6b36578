"""What a relation of the records is: rows of plain values for one question, and how they are read."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cloutui.model.open_session import OpenSession

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlalchemy import ColumnElement, Connection

    from cloutui.records.frozen_files import FrozenFiles

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a question is about."""

    units: Collection[int] | None
    """The scope's unit and all below it. None: every unit there is."""
    branch: Sequence[int]
    """The scope's unit, its parent, and so on up to the top."""
    now: datetime
    values: Mapping[str, Any]
    """What the report and the runner bound: `self` is the user who asks, `today` the scope's day."""
    sessions: Callable[[], Iterable[OpenSession]] = tuple
    history: FrozenFiles | None = None
    """The files of frozen days; None where there are none."""

    @property
    def days(self) -> tuple[date, date]:
        """The days that a question about days is about, both included: a fortnight up to its last, unless it says."""
        values = self.values
        last: date = values.get("last") or values.get("day") or values["today"]
        return values.get("first") or last - _FORTNIGHT, last


def no_rows(_connection: Connection, _wanted: Wanted) -> Iterable[Row]:
    """Of a relation that is read as a table."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Rows of the records by the name of each column, with its type as Arrow calls it."""

    columns: Mapping[str, str]
    read: Callable[[Connection, Wanted], Iterable[Row]] = no_rows
    most: int | None = None
    """The newest so many rows are read, and one more to tell that there are others."""
    read_table: Callable[[Connection, Wanted], pa.Table] | None = None
    """In place of `read`: where there are many rows, and Arrow has them already."""


_FORTNIGHT = timedelta(days=13)

_TYPES = {
    **dict.fromkeys(("user_id", "unit_id", "user_key_id", "role_id", "target_id", "set_on_id"), "int64"),
    **dict.fromkeys(("rule_id", "server_id", "seq", "intent_seq", "action_class", "position", "place"), "int64"),
    **dict.fromkeys(("actor_unit_id", "keys", "nodes", "failed_since", "recovery_codes", "columns", "rows"), "int64"),
    **dict.fromkeys(("at", "since"), "timestamp[us]"),
    "idle_s": "float64",
    **dict.fromkeys(("comment_id", "handling_id", "node_id"), "int64"),
    **dict.fromkeys(("units", "late", "revision", "worst"), "int64"),
    **dict.fromkeys(("valid_from", "day"), "date32"),
}


def typed(*names: str) -> dict[str, str]:
    """With their types; what is not known by its name is a moment, a predicate or a text."""
    return {name: _TYPES.get(name) or _type_by_form(name) for name in names}


def _type_by_form(name: str) -> str:
    if name.endswith("_at"):
        return "timestamp[us]"
    return "bool" if name.partition("_")[0] in {"is", "has", "needs"} else "string"


def among(column: ColumnElement[int], ids: Collection[int] | None) -> ColumnElement[bool]:
    """Whether a column is one of the ids; None: of any. One value for all of them: SQLite binds 32,766 at most."""
    from sqlalchemy import func, select, true

    if ids is None:
        return true()
    return column.in_(select(func.json_each(json.dumps(list(ids))).table_valued("value").c.value))
