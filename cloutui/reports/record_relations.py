"""What the records say, laid beside the cache's tables for one question: as Arrow, for the units of its scope alone.

Nothing is decided here: `scope` decides what of it a report gets to see, as it does for the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from cloutui.model.open_session import OpenSession
from cloutui.reports.scope import scoped

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from cloutui.records.frozen_files import FrozenFiles
    from cloutui.records.relation import Relation, Wanted
    from cloutui.records.store import Records

_UNITS = scoped("SELECT unit_id FROM scoped_unit") + " SELECT unit_id FROM report"

_BRANCH = """
SELECT above.unit_id FROM unit AS above, unit AS s
WHERE s.unit_id = $scope_unit AND above.lo <= s.lo AND above.hi > s.lo ORDER BY above.depth DESC
"""


_SQL_TYPES = {
    "int32": "INTEGER",
    "int64": "BIGINT",
    "uint8": "UTINYINT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "string": "VARCHAR",
    "date32[day]": "DATE",
    "timestamp[us]": "TIMESTAMP",
}
"""By Arrow's name, as DuckDB reads them."""


@dataclass(frozen=True, slots=True)
class RecordSource:
    """Where rows come from that the cache has not."""

    records: Records
    sessions: Callable[[], Iterable[OpenSession]] = tuple
    """The sessions that are open now."""
    history: FrozenFiles | None = None
    """The files of frozen days."""

    @contextmanager
    def laid(
        self, names: Sequence[str], snapshot: duckdb.DuckDBPyConnection, values: Mapping[str, Any]
    ) -> Iterator[Sequence[str]]:
        """The relations of these names, until the snapshot is rolled back. Gives notes on what did not fit."""
        from cloutui.records.handled import GLANCED
        from cloutui.records.relation import Wanted

        branch = _ids(snapshot, _BRANCH, values)
        wanted = Wanted(
            units=_ids(snapshot, _UNITS, values) if len(branch) > 1 else None,
            branch=branch,
            now=values["now"].replace(tzinfo=UTC),
            values=values,
            sessions=self.sessions,
            history=self.history,
        )
        with ExitStack() as shown:
            for name in GLANCED.keys() & names:
                _show(snapshot, name, GLANCED[name](self.records.glance.rows, wanted), shown)
            others = [name for name in names if name not in GLANCED]
            yield self._lay_read(others, snapshot, wanted, shown) if others else ()

    def _lay_read(
        self, names: Sequence[str], snapshot: duckdb.DuckDBPyConnection, wanted: Wanted, shown: ExitStack
    ) -> Sequence[str]:
        from cloutui.records.relations import RECORD_RELATIONS

        notes: list[str] = []
        with self.records.reading() as connection:
            for name in names:
                relation = RECORD_RELATIONS[name]
                if relation.read_table is not None:
                    _show(snapshot, name, relation.read_table(connection, wanted), shown)
                    continue
                rows = list(relation.read(connection, wanted))
                if relation.most is not None and len(rows) > relation.most:
                    rows = rows[: relation.most]
                    notes.append(f"Only the newest {relation.most:,} lines are here: ask for fewer days.")
                _lay(snapshot, name, _as_arrow(rows, relation))
        return notes


def _show(snapshot: duckdb.DuckDBPyConnection, name: str, rows: pa.Table, shown: ExitStack) -> None:
    """As it is: DuckDB reads what it needs of it. An empty one is not worth what is loaded for that."""
    if not rows.num_rows:
        _lay(snapshot, name, rows)
        return
    shown.callback(snapshot.unregister, name)
    snapshot.register(name, rows)


def _lay(snapshot: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """As a table that goes with the snapshot's transaction: its connection is used again, for somebody else."""
    if not rows.num_rows and all(str(field.type) in _SQL_TYPES for field in rows.schema):
        # As most are: made in a quarter of the time when Arrow is left out of it.
        columns = ", ".join(f'"{field.name}" {_SQL_TYPES[str(field.type)]}' for field in rows.schema)
        snapshot.execute(f"CREATE TEMP TABLE {name} ({columns})")
        return
    # For a table of Arrow's, and not its bare stream, DuckDB loads all that can be done with one: 40 ms.
    snapshot.register("rows_in", rows.__arrow_c_stream__())  # type: ignore[no-untyped-call]  # pyarrow leaves it so
    try:
        snapshot.execute(f"CREATE TEMP TABLE {name} AS FROM rows_in")
    finally:
        snapshot.unregister("rows_in")


def _ids(snapshot: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, Any]) -> list[int]:
    named = {name: values[name] for name in ("scope_unit", "scope_lo", "scope_hi") if f"${name}" in sql}
    return [unit_id for (unit_id,) in snapshot.execute(sql, named).fetchall()]


def _as_arrow(rows: Sequence[Sequence[object]], relation: Relation) -> pa.Table:
    import pyarrow as pa

    columns = zip(*rows, strict=True) if rows else ((),) * len(relation.columns)
    types = [pa.field(name, kind) for name, kind in relation.columns.items()]
    arrays = [pa.array(found, column.type) for found, column in zip(columns, types, strict=True)]
    return pa.Table.from_arrays(arrays, schema=pa.schema(types))
