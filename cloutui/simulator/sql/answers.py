"""DuckDB's answer as the server's: values as they are, names and types as Db2 spells them."""

from __future__ import annotations

import re

import duckdb

from cloutui.simulator.answer import Column, Rows
from cloutui.simulator.sql.translate import UNNAMED

_DECIMAL = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")
_SPELLED = {
    "HUGEINT": "BIGINT",
    "UBIGINT": "BIGINT",
    "UINTEGER": "BIGINT",
    "TINYINT": "SMALLINT",
    "UTINYINT": "SMALLINT",
    "USMALLINT": "INTEGER",
    "FLOAT": "DOUBLE",
    "NULL": "VARCHAR",
    '"NULL"': "VARCHAR",
}


def rows_of(cursor: duckdb.DuckDBPyConnection) -> Rows:
    """The cursor's whole answer."""
    described = cursor.description or []
    columns = [
        Column(str(number) if name == UNNAMED else name, _db2_type(str(kind)))
        for number, (name, kind, *_) in enumerate(described, start=1)
    ]
    return Rows(columns, cursor.fetchall())


def _db2_type(kind: str) -> str:
    if decimal := _DECIMAL.fullmatch(kind):
        # Db2 counts 31 digits at most.
        return f"DECIMAL({min(31, int(decimal[1]))},{decimal[2]})"
    return _SPELLED.get(kind, kind)
