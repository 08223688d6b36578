"""An answer of `dsmadmc -dataonly=yes -commadelimited` as a typed Arrow table, and what was wrong with it.

Pure: bytes in, values out, and never an exception, whatever the bytes are. No good row is lost, and what cannot be
read is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from cloutui.products.storage_protect import lines, rows
from cloutui.products.storage_protect.messages import Message
from cloutui.products.storage_protect.values import typed


@dataclass(frozen=True, slots=True)
class Field:
    """One column that was asked for."""

    name: str
    type: pa.DataType


@dataclass(frozen=True, slots=True)
class Parsed:
    """What could be read."""

    table: pa.Table
    bad_rows: int
    messages: Sequence[Message]


def parse(answer: bytes, fields: Sequence[Field], *, is_complete: bool = True) -> Parsed:
    """The rows of an answer. `is_complete=False` when it broke off: then a row without its line end is not used."""
    text, torn = lines.whole(lines.clean(answer), is_complete=is_complete)
    names = [field.name for field in fields]
    messages: Sequence[Message] = ()
    found = None if lines.may_hold_messages(text) else rows.read_plain(text, names)
    if found is None:
        row_lines, messages = lines.split(text)
        found = rows.read(row_lines, names)
    table, unreadable = _typed_table(found.table, fields)
    return Parsed(table, torn + found.bad_rows + unreadable, messages)


def _typed_table(texts: pa.Table, fields: Sequence[Field]) -> tuple[pa.Table, int]:
    """The table in its types without the rows that have an unreadable value, and how many those are."""
    schema = pa.schema([(field.name, field.type) for field in fields])
    columns: list[pa.Array[Any]] = []
    unreadable: pa.Array[Any] | None = None
    for field in fields:
        text = texts[field.name].combine_chunks()
        column = typed(text, field.type)
        columns.append(column)
        if column.null_count != text.null_count:
            wrong = pc.and_(pc.is_valid(text), pc.is_null(column))
            unreadable = wrong if unreadable is None else pc.or_(unreadable, wrong)
    table = pa.Table.from_arrays(columns, schema=schema)
    if unreadable is None:
        return table, 0
    kept = table.filter(pc.invert(unreadable))
    return kept, table.num_rows - kept.num_rows
