"""Answers as tables, from rows in the order of a question's columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pyarrow as pa

from cloutui.products.storage_protect.asking import Bounds, ServerClock
from cloutui.products.storage_protect.selects import Select

NOON = datetime.fromisoformat("2026-11-21T12:00:00")
CLOCK = ServerClock(local=NOON, offset=timedelta(hours=1))
AROUND = Bounds(NOON - timedelta(days=40), NOON + timedelta(hours=1))


def answered(select: Select, *rows: Sequence[object] | dict[str, object]) -> pa.Table:
    """A table of the question; a row may be a mapping, then what it leaves out is null."""
    names = [column.name for column in select.columns]
    full = [[row.get(name) for name in names] if isinstance(row, dict) else list(row) for row in rows]
    columns = [pa.array([row[at] for row in full], column.type) for at, column in enumerate(select.columns)]
    return pa.table(columns, names=names)


def at(text: str) -> datetime:
    """`20 22:00` is that hour of that day in November 2026."""
    return datetime.fromisoformat(f"2026-11-{text}")
