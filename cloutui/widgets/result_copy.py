"""Rows as text to take elsewhere: exact values, tabs between them, nothing rounded and nothing cut.

What a terminal, a spreadsheet or a shell is given must not do anything there, so texts are made safe here too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cloutui.model.safe_text import safe
from cloutui.model.table import Column, Kind
from cloutui.widgets.result_cells import status_of
from cloutui.widgets.result_rows import values_of

if TYPE_CHECKING:
    import pyarrow as pa


def exact(column: Column, value: Any) -> str:
    """One value in full: bytes to the last, moments in ISO with their zone, a status as its word in filters."""
    if value is None:
        return ""
    if column.kind is Kind.STATUS:
        status = status_of(value)
        return status.key if status is not None else ""
    if column.kind is Kind.STATUSES:
        return " ".join(exact(Column(name=column.name, kind=Kind.STATUS), number) for number in value)
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    return safe(str(value))


def tab_separated(columns: Sequence[Column], part: pa.Table, *, heads: bool = True) -> str:
    """The rows of a part, a line each, under the names of the columns."""
    values = [[exact(column, value) for value in values_of(part.column(column.name))] for column in columns]
    lines = ["\t".join(row) for row in zip(*values, strict=True)]
    if heads:
        lines.insert(0, "\t".join(safe(column.name) for column in columns))
    return "\n".join(lines)
