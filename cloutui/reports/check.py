"""A report's SQL is looked at before it may run: it reads from scoped relations, and from nothing else.

DuckDB's own parser says what a text names, so what is checked is what will run.
"""

from __future__ import annotations

import json
from typing import Any

import duckdb

from cloutui.errors import CloutuiError
from cloutui.reports.scope import RELATIONS

_TABLE_FUNCTIONS = frozenset({"generate_series", "range", "unnest"})
_FORBIDDEN_FUNCTIONS = frozenset(
    {"query", "query_table", "getenv", "getvariable", "current_setting", "set_config", "read_text", "read_blob", "glob"}
)


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
    _check(report, tree["statements"][0]["node"], frozenset())


def _serialized(sql: str) -> str:
    # A cursor of its own: several threads ask, and the module's one connection would give one the other's row.
    with duckdb.cursor() as cursor:
        row = cursor.execute("SELECT json_serialize_sql(?)", [sql]).fetchone()
    assert row is not None
    return str(row[0])


def _check(report: str, part: Any, own: frozenset[str]) -> None:
    """`own`: the tables of its own, in small letters, that a name can mean in this part of the text."""
    if isinstance(part, list):
        for each in part:
            _check(report, each, own)
    elif isinstance(part, dict):
        own = _check_common_tables(report, part, own)
        _check_node(report, part, own)
        # A recursive table is itself only in its second half: in the first, its name means what it means outside.
        again = own | {part["cte_name"].casefold()} if part.get("type") == "RECURSIVE_CTE_NODE" else own
        for name, value in part.items():
            if name != "cte_map":
                _check(report, value, again if name == "right" else own)


def _check_common_tables(report: str, node: dict[str, Any], own: frozenset[str]) -> frozenset[str]:
    """Each sees those before it, and not itself: inside of `WITH job_event AS (...)`, job_event is the cache's."""
    tables = node.get("cte_map")
    for entry in tables["map"] if isinstance(tables, dict) else ():
        name = entry["key"].casefold()
        if name in RELATIONS:
            raise UnscopedReport(report, f"gives the name of a scoped relation to its own: {entry['key']}")
        _check(report, entry["value"], own)
        own |= {name}
    return own


def _check_node(report: str, node: dict[str, Any], own: frozenset[str]) -> None:
    match node.get("type"):
        case "BASE_TABLE":
            name = node["table_name"]
            is_known = name in RELATIONS or name.casefold() in own
            if node.get("schema_name") or node.get("catalog_name") or not is_known:
                raise UnscopedReport(report, f"reads from “{name}”")
        case "TABLE_FUNCTION":
            name = node["function"]["function_name"]
            if name not in _TABLE_FUNCTIONS:
                raise UnscopedReport(report, f"reads from the function “{name}”")
        case "SHOW_REF":
            raise UnscopedReport(report, "asks for the catalogue")
        case "FUNCTION" if node.get("function_name") in _FORBIDDEN_FUNCTIONS:
            raise UnscopedReport(report, f"calls “{node['function_name']}”")
