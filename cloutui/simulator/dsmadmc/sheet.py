"""Rows on their way to the screen: titled columns of known width, not laid out yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from cloutui.simulator.answer import Rows
from cloutui.simulator.dsmadmc.kinds import EXACT, EXACT_NUMBER, TEXT, Kind

SELECT_WIDTHS = {"TIMESTAMP": 26, "DATE": 10, "TIME": 8, "SMALLINT": 6, "INTEGER": 11, "BIGINT": 20}
"""Table width of a SELECT's column by type. Unverified: the widths that Db2's own types need."""

WIDEST_TEXT = 18
"""No text column of a SELECT is wider in a table; longer values wrap. Unverified."""

NUMBERS = frozenset({"SMALLINT", "INTEGER", "BIGINT", "DECIMAL", "DOUBLE", "REAL", "FLOAT"})


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column: its title, its width in a table, and how its cells read."""

    title: str
    width: int
    kind: Kind = TEXT


@dataclass(frozen=True, slots=True)
class Sheet:
    """One answer of rows."""

    columns: Sequence[SheetColumn]
    rows: Sequence[tuple[object, ...]] = field(default_factory=list)
    is_detailed: bool = False
    """A `FORMAT=DETAILED` answer: a list unless told otherwise, and each delimited row ends with a delimiter."""
    may_shrink: bool = True
    """QUERY squeezes its columns into a narrow screen; a SELECT turns into a list instead."""


def sheet_of_select(rows: Rows) -> Sheet:
    """The sheet that shows a SELECT's rows."""
    return Sheet([_select_column(column.name, column.type) for column in rows.columns], rows.rows, may_shrink=False)


def _select_column(name: str, sql_type: str) -> SheetColumn:
    word = "".join(takewhile(str.isalpha, sql_type.upper()))
    length = sql_type.partition("(")[2].partition(",")[0].rstrip(")")
    if word in NUMBERS:
        digits = int(length or 15) + 2
        return SheetColumn(name, SELECT_WIDTHS.get(word, digits), EXACT_NUMBER)
    return SheetColumn(name, SELECT_WIDTHS.get(word, min(int(length or WIDEST_TEXT), WIDEST_TEXT)), EXACT)
