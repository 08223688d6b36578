"""The tables as a client sees them: names, columns and types of the real product, whatever fills them.

`columns.json` holds those that were seen in public material; tables known from memory alone are left out. A view
`raw.name` gives the columns that have a value here, the others are NULL. Lengths and scales that no source
gives are unverified.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

_FAMILIES = ("jobs", "nodes", "policy", "space", "server")
_CATALOGUE_TABLES = ("SYSCAT.TABLES", "SYSCAT.COLUMNS", "SYSIBM.SYSDUMMY1", "TABLES", "COLUMNS")
_UNBOUNDED = {"DECIMAL": "DECIMAL(31, 2)"}
_TYPE = re.compile(r"(?P<name>[A-Z]+)(\((?P<length>\d+)(,(?P<scale>\d+))?\))?")
_LENGTHS = {"INTEGER": 4, "BIGINT": 8, "TIMESTAMP": 10, "DATE": 4, "TIME": 3, "VARCHAR": 255, "DECIMAL": 31}


@cache
def columns() -> Mapping[str, Mapping[str, str]]:
    """Column name and Db2 type, by table."""
    facts: dict[str, dict[str, str]] = json.loads(_text("columns.json"))
    return facts


def names() -> frozenset[str]:
    """Every name that a SELECT may read from."""
    return frozenset((*columns(), *_CATALOGUE_TABLES))


def definitions() -> Iterator[str]:
    """SQL that makes the raw views; `exact` then makes the tables of them."""
    yield "CREATE SCHEMA raw; CREATE SCHEMA SYSCAT; CREATE SCHEMA SYSIBM"
    for family in _FAMILIES:
        yield _text(f"{family}.sql")


def exact(filled: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """SQL that makes the client's tables. `filled` says which columns the raw views have, in lower case."""
    for table, types in columns().items():
        has = filled.get(table.lower(), frozenset())
        parts = (_cast(column, kind, filled=column.lower() in has) for column, kind in types.items())
        source = f"FROM raw.{table.lower()}" if has else "WHERE false"
        yield f'CREATE VIEW "{table}" AS SELECT {", ".join(parts)} {source}'
    yield _text("catalogue.sql")


def described() -> Iterator[tuple[str, int, str, str, int, int]]:
    """(table, number, column, type, length, scale) as SYSCAT.COLUMNS has them."""
    for table, types in columns().items():
        for number, (column, kind) in enumerate(types.items()):
            match = _TYPE.fullmatch(kind)
            assert match is not None, kind
            name = "CHARACTER" if match["name"] == "CHAR" else match["name"]
            length = int(match["length"] or _LENGTHS.get(name, 0))
            scale = int(match["scale"] or (2 if kind == "DECIMAL" else 6 if kind == "TIMESTAMP" else 0))
            yield table, number, column, name, length, scale


def _cast(column: str, kind: str, *, filled: bool) -> str:
    value = f'"{column}"' if filled else "NULL"
    return f'CAST({value} AS {_UNBOUNDED.get(kind, kind)}) AS "{column}"'


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")
