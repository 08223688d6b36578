"""What the cache copies from the records: units, their days, servers, data sources, who owned what when, and tags.

Copied in whole whenever the records' version has moved. Jobs of data sources whose owner or days changed are placed
anew; the others stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from cloutui.cache import appended, jobs, stored
from cloutui.cache.archive import Archive
from cloutui.cache.database import in_one
from cloutui.cache.placing import BEGINNING, END
from cloutui.products.observation import JOBS, NODES, OCCUPANCY

if TYPE_CHECKING:
    from cloutui.records.rows import Dimensions
    from cloutui.records.store import Records

_NAMING = (NODES, JOBS, OCCUPANCY)
"""Kinds that name the nodes of which something is kept over time."""

_COLUMNS: dict[str, dict[str, pa.DataType]] = {
    "unit": {
        "unit_id": pa.int32(),
        "parent_id": pa.int32(),
        "name": pa.string(),
        "lo": pa.int32(),
        "hi": pa.int32(),
        "depth": pa.int32(),
        "is_archived": pa.bool_(),
        "created_at": pa.timestamp("us"),
        "own_settings": pa.int32(),
    },
    "unit_clock": {
        "unit_id": pa.int32(),
        "valid_from": pa.date32(),
        "valid_to": pa.date32(),
        "time_zone": pa.string(),
        "day_start_s": pa.int32(),
    },
    "unit_limit": {
        "unit_id": pa.int32(),
        "valid_from": pa.date32(),
        "valid_to": pa.date32(),
        "pool_full": pa.float64(),
        "day_good": pa.float64(),
        "day_poor": pa.float64(),
    },
    "unit_sla": {
        "unit_id": pa.int32(),
        "valid_from": pa.date32(),
        "valid_to": pa.date32(),
        "goal": pa.int32(),
        "goal_set_on_id": pa.int32(),
        **dict.fromkeys(("okwarn", "warning", "unscheduled", "locked"), pa.bool_()),
        **dict.fromkeys(("without_handled", "tags_only", "tags_without"), pa.string()),
    },
    "server": {
        "server_id": pa.int32(),
        "name": pa.string(),
        "product": pa.string(),
        "unit_id": pa.int32(),
        "time_zone": pa.string(),
        "is_removed": pa.bool_(),
    },
    "data_source": {
        "data_source_id": pa.int32(),
        "server_id": pa.int32(),
        "kind": pa.string(),
        "native_key": pa.string(),
        "name": pa.string(),
    },
    "data_source_key": {
        "data_source_id": pa.int32(),
        "server_id": pa.int32(),
        "kind": pa.string(),
        "native_key": pa.string(),
    },
    "severity_profile": {
        "unit_id": pa.int32(),
        "data_source_id": pa.int32(),
        "product": pa.string(),
        "profile_id": pa.int32(),
    },
    "severity": {
        "profile_id": pa.int32(),
        "key": pa.string(),
        "product": pa.string(),
        "grade": pa.uint8(),
        "bound": pa.float64(),
        "share": pa.float64(),
        "limit_text": pa.string(),
        "value_text": pa.string(),
        "unit_id": pa.int32(),
        "data_source_id": pa.int32(),
    },
    "tag": {
        "tag_id": pa.int32(),
        "unit_id": pa.int32(),
        "text": pa.string(),
        "is_inheritable": pa.bool_(),
    },
    "tagging": {
        "tag_id": pa.int32(),
        "unit_id": pa.int32(),
        "data_source_id": pa.int32(),
    },
}

_ASSIGNMENT: dict[str, pa.DataType] = {
    "data_source_id": pa.int32(),
    "unit_id": pa.int32(),
    "valid_from": pa.date32(),
    "valid_to": pa.date32(),
}

_OWNERS = f"""
CREATE OR REPLACE TEMP TABLE owner_new AS
WITH assigned AS (
    SELECT data_source_id, unit_id, coalesce(valid_from, DATE '{BEGINNING}') AS valid_from,
           coalesce(valid_to, DATE '{END}') AS valid_to
    FROM assignment_in
),
-- What is assigned to nobody counts to its server's unit: before the first, between two, and after the last.
gap AS (
    SELECT data_source_id, coalesce(lag(valid_to) OVER w, DATE '{BEGINNING}') AS valid_from, valid_from AS valid_to
    FROM assigned WINDOW w AS (PARTITION BY data_source_id ORDER BY valid_from)
    UNION ALL
    SELECT data_source_id, max(valid_to), DATE '{END}' FROM assigned GROUP BY data_source_id
    UNION ALL
    SELECT data_source_id, DATE '{BEGINNING}', DATE '{END}' FROM data_source
    WHERE data_source_id NOT IN (SELECT data_source_id FROM assigned)
),
owned AS (
    SELECT * FROM assigned
    UNION ALL
    SELECT gap.data_source_id, server.unit_id, gap.valid_from, gap.valid_to
    FROM gap JOIN data_source USING (data_source_id) JOIN server USING (server_id)
    WHERE gap.valid_from < gap.valid_to
)
SELECT o.data_source_id, o.unit_id, greatest(o.valid_from, c.valid_from) AS valid_from,
       least(o.valid_to, c.valid_to) AS valid_to, c.time_zone, c.day_start_s
FROM owned AS o JOIN unit_clock AS c
  ON c.unit_id = o.unit_id AND c.valid_from < o.valid_to AND c.valid_to > o.valid_from
"""

# A server that was removed, or came back, changes until when its nodes hold something.
_CHANGED = """
CREATE OR REPLACE TEMP TABLE owner_changed AS
SELECT DISTINCT data_source_id FROM (
    (SELECT * FROM owner EXCEPT SELECT * FROM owner_new) UNION ALL (SELECT * FROM owner_new EXCEPT SELECT * FROM owner)
)
UNION
SELECT ds.data_source_id
FROM data_source AS ds JOIN server AS s USING (server_id) JOIN server_was AS w USING (server_id)
WHERE s.is_removed <> w.is_removed
"""

_MOVED = """
CREATE OR REPLACE TEMP TABLE moved AS
SELECT data_source_id FROM owner_changed WHERE data_source_id IN (SELECT data_source_id FROM node_day)
"""

_UNITS_CHANGED = """
CREATE OR REPLACE TEMP TABLE unit_touched AS
SELECT DISTINCT unit_id FROM (SELECT * FROM owner UNION ALL SELECT * FROM owner_new)
WHERE data_source_id IN (SELECT data_source_id FROM owner_changed)
"""


_SERVER_UNITS = """
INSERT INTO server_unit
SELECT server_id, unit_id, bool_or(is_own) FROM (
    SELECT server_id, unit_id, true AS is_own FROM server
    UNION ALL
    SELECT DISTINCT ds.server_id, o.unit_id, false FROM data_source AS ds JOIN owner AS o USING (data_source_id)
) GROUP BY server_id, unit_id
"""

NODE_TAGS = f"""
INSERT INTO node_tag
WITH node AS (
    SELECT o.data_source_id, u.unit_id, u.lo
    FROM owner AS o JOIN unit AS u ON u.unit_id = o.unit_id WHERE o.valid_to = DATE '{END}'
),
usable AS (
    SELECT t.tag_id, t.unit_id, t.is_inheritable, u.lo, u.hi
    FROM tag AS t JOIN unit AS u ON u.unit_id = t.unit_id
),
-- What was moved out of a tag's reach is in the records still, so that it is there again after the way back.
on_node AS (
    SELECT n.data_source_id, n.unit_id, t.tag_id, true AS is_own
    FROM tagging AS g
    JOIN usable AS t ON t.tag_id = g.tag_id
    JOIN node AS n ON n.data_source_id = g.data_source_id
    WHERE n.unit_id = t.unit_id OR (t.is_inheritable AND n.lo >= t.lo AND n.lo < t.hi)
),
-- A unit's place in the tree is a number without gaps: units below it are counted out, and not compared with all there
-- are, which takes a hundred times as long.
below AS (
    SELECT DISTINCT t.tag_id, unnest(range(u.lo, u.hi)) AS lo
    FROM tagging AS g
    JOIN usable AS t ON t.tag_id = g.tag_id
    JOIN unit AS u ON u.unit_id = g.unit_id
     AND (u.unit_id = t.unit_id OR (t.is_inheritable AND u.lo >= t.lo AND u.lo < t.hi))
),
on_unit AS (
    SELECT n.data_source_id, n.unit_id, b.tag_id, false AS is_own FROM below AS b JOIN node AS n ON n.lo = b.lo
)
SELECT data_source_id, unit_id, tag_id, bool_or(is_own)
FROM (FROM on_node UNION ALL FROM on_unit) GROUP BY ALL
"""


def copy(con: duckdb.DuckDBPyConnection, records: Records) -> bool:
    """Bring the copies up to the records' version. Returns whether they were behind."""
    appended.follow(con, records)
    row = con.execute("SELECT dimension_version FROM cache_state").fetchone()
    if row is not None and row[0] == records.version():
        return False
    found = records.dimensions()
    with in_one(con):
        con.execute("CREATE OR REPLACE TEMP TABLE server_was AS SELECT server_id, is_removed FROM server")
        _replace(con, found)
        for statement in (_OWNERS, _CHANGED, _MOVED, _UNITS_CHANGED):
            con.execute(statement)
        con.execute("DELETE FROM owner")
        con.execute("INSERT INTO owner SELECT * FROM owner_new")
        con.execute("DELETE FROM server_unit")
        con.execute(_SERVER_UNITS)
        con.execute("DELETE FROM node_tag")
        con.execute(NODE_TAGS)
        if con.execute("SELECT 1 FROM moved LIMIT 1").fetchone():
            jobs.place_again(con)
        stored.moved(con)
        con.execute("UPDATE cache_state SET dimension_version = ?", [found.version])
    return True


def register_archived_nodes(archive: Archive, records: Records) -> None:
    """Give an id to every node that the archive names and the records, restored from an older copy, do not know."""
    from cloutui.records.rows import DataSourceFacts

    found = records.dimensions()
    known = {(row.server_id, row.kind, row.native_key) for row in found.data_sources}
    known |= {(row.server_id, row.kind, row.native_key) for row in found.aliases}
    present = {server.server_id for server in found.servers if not server.is_removed}
    for server_id in present.intersection(id_ for kind in _NAMING for id_ in archive.servers(kind.name)):
        names = _archived_nodes(archive, server_id)
        facts = [
            DataSourceFacts(kind="node", native_key=name, name=name)
            for name in sorted(names)
            if (server_id, "node", name) not in known
        ]
        if facts:
            records.register_data_sources(server_id, facts, datetime.now(UTC))


def node_keys(con: duckdb.DuckDBPyConnection, server_id: int) -> set[str]:
    """Native keys of the nodes of one server that have an id."""
    rows = con.execute(
        "SELECT native_key FROM data_source_key WHERE server_id = ? AND kind = 'node'", [server_id]
    ).fetchall()
    return {key for (key,) in rows}


def _archived_nodes(archive: Archive, server_id: int) -> set[str]:
    names: set[str] = set()
    for kind in _NAMING:
        for batch in archive.batches(kind.name, server_id):
            names |= named_nodes(archive.read(batch))
    return names


def named_nodes(batch: pa.Table) -> set[str]:
    """Every node that a batch names: whose rows they are, and for whom else something was done."""
    names = set(batch.column("node").unique().to_pylist())
    if "made_for" in batch.column_names:
        names.update(pc.list_flatten(batch.column("made_for")).unique().to_pylist())
    return {name for name in names if name}


def _replace(con: duckdb.DuckDBPyConnection, found: Dimensions) -> None:
    sources = found.data_sources
    keys: list[tuple[object, ...]] = [(row.data_source_id, row.server_id, row.kind, row.native_key) for row in sources]
    keys += [tuple(row) for row in found.aliases]
    tables: dict[str, Iterable[Sequence[object]]] = {
        "unit": found.units,
        "unit_clock": (
            (
                clock.unit_id,
                clock.valid_from or BEGINNING,
                clock.valid_to or END,
                clock.time_zone,
                clock.backup_day_start_s,
            )
            for clock in found.unit_clocks
        ),
        "unit_limit": (
            (limit.unit_id, limit.valid_from or BEGINNING, limit.valid_to or END, *limit[3:])
            for limit in found.unit_limits
        ),
        "unit_sla": (
            (terms.unit_id, terms.valid_from or BEGINNING, terms.valid_to or END, *terms[3:])
            for terms in found.unit_slas
        ),
        "server": (
            (row.server_id, row.name, row.product, row.unit_id, row.time_zone, row.is_removed) for row in found.servers
        ),
        "data_source": ((row.data_source_id, row.server_id, row.kind, row.native_key, row.name) for row in sources),
        "data_source_key": keys,
        "severity_profile": found.severity_profiles,
        "severity": found.severity_rules,
        "tag": found.tags,
        "tagging": found.taggings,
    }
    for name, rows in tables.items():
        _fill(con, name, rows, _COLUMNS[name])
    assignments = (
        (row.data_source_id, row.unit_id, row.valid_from, row.valid_to)
        for row in found.assignments
        if row.data_source_id is not None
    )
    con.register("assignment_rows", _arrow(assignments, _ASSIGNMENT))
    con.execute("CREATE OR REPLACE TEMP TABLE assignment_in AS SELECT * FROM assignment_rows")
    con.unregister("assignment_rows")


def _fill(
    con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Sequence[object]], types: dict[str, pa.DataType]
) -> None:
    con.register("dimension_rows", _arrow(rows, types))
    con.execute(f"DELETE FROM {table}")
    con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM dimension_rows")
    con.unregister("dimension_rows")


def _arrow(rows: Iterable[Sequence[object]], types: dict[str, pa.DataType]) -> pa.Table:
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(types)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, types.values(), strict=True)]
    return pa.Table.from_arrays(arrays, names=list(types))
