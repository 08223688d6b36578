"""What DuckDB could not do, told as Db2 would tell it.

DuckDB's sentences are matched by the words they have had through its 1.x releases; what is not recognised is told in
general terms, never in DuckDB's.
"""

from __future__ import annotations

import re

import duckdb

from cloutui.simulator.answer import Refused
from cloutui.simulator.sql import refusals
from cloutui.simulator.sql.translate import place_of

_UNKNOWN_COLUMN = re.compile(
    r'Referenced column "([^"]+)" (?:not found|was not found)|does not have a column named "([^"]+)"'
    r'|Referenced table "([^"]+)" not found|Column "([^"]+)" referenced that exists in the SELECT clause'
)
_TOLD = (
    (r"(SQL\d{4}N[^\n]*)", r"\1"),
    (r"Ambiguous reference to column name", "SQL0203N A reference to a column is ambiguous."),
    (r"must appear in the GROUP BY", "SQL0119N An expression of the SELECT list is not in the GROUP BY clause."),
    (
        r"Set operations can only apply",
        "SQL0421N The operands of a set operator do not have the same number of columns.",
    ),
    (
        r"Conversion Error|invalid .* field format",
        "SQL0180N The text of a date, time or timestamp value is not correct.",
    ),
    (r"Out of Range|overflow", "SQL0802N Arithmetic overflow or other arithmetic exception."),
)
_OTHERWISE = "SQL0440N No routine or operator fits the types of its arguments."


def diagnosed(sql: str, error: duckdb.Error) -> Refused:
    """The refusal of a statement that DuckDB could not bind or run."""
    text = str(error)
    if isinstance(error, duckdb.BinderException) and (found := _UNKNOWN_COLUMN.search(text)):
        column = next(group for group in found.groups() if group)
        return refusals.unknown_column(sql, place_of(sql, column), column.upper())
    for pattern, told in _TOLD:
        if found := re.search(pattern, text):
            return refusals.failed(sql, found.expand(told))
    return refusals.failed(sql, _OTHERWISE)
