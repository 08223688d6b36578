"""The rows of a day as they are frozen: the report `daily` as it is live, and beside it what only the history needs.

Beside each row: the unit with all above it, by id and name, so that a path can be written as it was; a hash of the
facts that the row was made from, so that later ones are noticed; and how old the server's facts were.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from cloutui.model.unit_tree import UnitTree
from cloutui.records.frozen_files import in_columns

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from cloutui.cache.database import Database

AskDay = Callable[[date], "pa.Table"]
"""The live rows of the report `daily` for everybody, whatever is frozen of that day."""

_FACTS = ("worst", "worst_ended", "jobs", "bad", "bytes", "files", "took_s", "failed")

_WRITTEN = ", ".join(f"coalesce({name}::VARCHAR, '-')" for name in _FACTS)
FACTS = f"""
SELECT data_source_id::BIGINT AS node_id, unit_id::BIGINT AS unit_id, md5(concat_ws(' ', {_WRITTEN})) AS facts
FROM node_day WHERE day = $day
"""
"""Of each node with jobs that day. MD5 because DuckDB's own hash may change with its version."""

_FRESHNESS = """
SELECT s.name AS server, w.collected_at, w.failing_since, coalesce(w.problem, '') AS problem,
       coalesce(w.hint, '') AS hint
FROM server AS s LEFT JOIN sweep AS w ON w.server_id = s.server_id AND w.pace = 'whole'
WHERE NOT s.is_removed
"""


_TAGS = """
SELECT g.data_source_id AS node_id, array_to_string(list_sort(list(DISTINCT t.text)), ', ') AS tags
FROM node_tag AS g JOIN tag AS t ON t.tag_id = g.tag_id
WHERE t.is_inheritable OR t.unit_id = g.unit_id GROUP BY g.data_source_id
"""
"""As the unit of each node sees them: what units above keep for themselves is not for whoever reads the day later."""


def day_rows(day: date, ask: AskDay, database: Database, tree: UnitTree) -> pa.Table:
    """Of every node of the installation. The facts are read before the rows: newer ones in between are found as late.

    Raises: CloutuiError.
    """
    import pyarrow.compute as pc

    with database.reader() as snapshot:
        facts = asked(snapshot, FACTS, day)
        freshness = snapshot.execute(_FRESHNESS).to_arrow_table()
        tags = snapshot.execute(_TAGS).to_arrow_table()
    rows = ask(day)
    for name, column in (
        ("path", _paths(rows, tree)),
        ("source_id", _sources(rows, tree)),
        ("facts", _beside(rows, "node_id", facts, "facts")),
        *((name, _beside(rows, "server", freshness, name)) for name in freshness.column_names[1:]),
    ):
        rows = rows.append_column(name, column)
    seen = pc.fill_null(_beside(rows, "node_id", tags, "tags"), "")
    return in_columns(rows.set_column(rows.column_names.index("tags"), "tags", seen))


def asked(snapshot: duckdb.DuckDBPyConnection, sql: str, day: date) -> pa.Table:
    """What a question about one day gives."""
    return snapshot.execute(sql, {"day": day}).to_arrow_table()


def _beside(rows: pa.Table, key: str, others: pa.Table, name: str) -> Any:
    """For each row, what the other table has under the same key; null where it has nothing."""
    import pyarrow.compute as pc

    known = others.column(key).combine_chunks()
    places = pc.index_in(rows.column(key).cast(known.type), value_set=known)
    return others.column(name).combine_chunks().take(places)


def _paths(rows: pa.Table, tree: UnitTree) -> Any:
    import pyarrow as pa

    units: list[Any] = rows.column("unit_id").to_pylist()
    written: Mapping[int, str] = {unit_id: _path(tree, unit_id) for unit_id in set(units)}
    return pa.array([written[unit_id] for unit_id in units], pa.string())


def _sources(rows: pa.Table, tree: UnitTree) -> Any:
    """The units whose rules decided: the nearest above the row's own of that name."""
    import pyarrow as pa

    pairs: list[tuple[Any, Any]] = list(
        zip(rows.column("unit_id").to_pylist(), rows.column("source").to_pylist(), strict=True)
    )
    named = {
        (unit_id, name): next((place.unit_id for place in tree.ancestors(unit_id) if place.name == name), None)
        for unit_id, name in set(pairs)
    }
    return pa.array([named[pair] for pair in pairs], pa.int64())


def _path(tree: UnitTree, unit_id: int) -> str:
    """`[[1, "Nordhavn Backup"], [2, "Fjord Retail"]]`, from the top down."""
    return json.dumps([[place.unit_id, place.name] for place in reversed(tree.ancestors(unit_id))])
