"""Answers of a server put into the schema of a kind, by SQL over Arrow tables in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow as pa

from cloutui.products.observation import ObservationKind

if TYPE_CHECKING:
    import duckdb

Bound = int | str | object

_CONFIG: Mapping[str, str | bool | int] = {
    "threads": 2,
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
}

_BYTES_OF = "CREATE MACRO bytes_of(mb) AS TRY_CAST(round(mb * 1048576) AS BIGINT)"
"""Servers call 2**20 bytes an MB. Exact to 8 PB, where the digits of a float end; null when no BIGINT holds it."""


def connect(tables: Mapping[str, pa.Table]) -> duckdb.DuckDBPyConnection:
    """A database in memory that sees these tables and nothing else."""
    import duckdb

    connection = duckdb.connect(":memory:", config=dict(_CONFIG))
    connection.execute(_BYTES_OF)
    for name, table in tables.items():
        connection.register(name, table)
    return connection


def shaped(kind: ObservationKind, sql: str, tables: Mapping[str, pa.Table], **bound: Bound) -> pa.Table:
    """The answer of a SELECT in the kind's schema."""
    with connect(tables) as connection:
        return in_schema(kind, connection.execute(sql, bound or None).to_arrow_table())


def in_schema(kind: ObservationKind, table: pa.Table) -> pa.Table:
    """The columns of a kind, in its order and types."""
    return table.select(kind.schema.names).cast(kind.schema)
