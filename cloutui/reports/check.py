"""A report's SQL is looked at before it may run: it reads from scoped relations, and from nothing else.

DuckDB's own parser says what a text names, so what is checked is what will run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb

from cloutui.errors import CloutuiError
from cloutui.reports.scope import RELATIONS

_TABLE_FUNCTIONS = frozenset({"generate_series", "range", "unnest"})
_FORBIDDEN_FUNCTIONS = frozenset({"query", "query_table", "getenv", "getvariable", "read_text", "read_blob", "glob"})


class UnscopedReport(CloutuiError):
    """A report reads something that scope does not cover. A mistake of ours, found before it can run."""

    code = "report-unscoped"

    def __init__(self, report: str, what: str) -> None:
        super().__init__(f"Report “{report}” {what}.", hint="Let it read from the scoped relations only.")


def check(report: str, sql: str) -> None:
    """Raises: UnscopedReport."""
    tree = json.loads(_serialized(sql))
    if tree["error"]:
        raise UnscopedReport(report, f"is not one SELECT: {tree.get('error_message', '')}")
    if len(tree["statements"]) != 1:
        raise UnscopedReport(report, "is more than one statement")
    nodes = list(_nodes(tree["statements"][0]["node"]))
    own = {entry["key"] for node in nodes for entry in _common_tables(node)}
    if shadowed := own & RELATIONS:
        raise UnscopedReport(report, f"gives the name of a scoped relation to its own: {', '.join(shadowed)}")
    for node in nodes:
        _check_node(report, node, own)


def _serialized(sql: str) -> str:
    row = duckdb.execute("SELECT json_serialize_sql(?)", [sql]).fetchone()
    assert row is not None
    return str(row[0])


def _check_node(report: str, node: dict[str, Any], own: set[str]) -> None:
    match node.get("type"):
        case "BASE_TABLE":
            name = node["table_name"]
            if node.get("schema_name") or node.get("catalog_name") or name not in RELATIONS | own:
                raise UnscopedReport(report, f"reads from “{name}”")
        case "TABLE_FUNCTION":
            name = node["function"]["function_name"]
            if name not in _TABLE_FUNCTIONS:
                raise UnscopedReport(report, f"reads from the function “{name}”")
        case "SHOW_REF":
            raise UnscopedReport(report, "asks for the catalogue")
        case "FUNCTION" if node.get("function_name") in _FORBIDDEN_FUNCTIONS:
            raise UnscopedReport(report, f"calls “{node['function_name']}”")


def _common_tables(node: dict[str, Any]) -> list[dict[str, Any]]:
    tables = node.get("cte_map")
    return tables["map"] if isinstance(tables, dict) else []


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from _nodes(part)
    elif isinstance(value, list):
        for part in value:
            yield from _nodes(part)
