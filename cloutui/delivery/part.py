"""Part of an answer: the rows that are marked, the columns that are visible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cloutui.model.question import Marked
from cloutui.model.table import Answer, Kind


def marked_part(answer: Answer, marked: Marked) -> Answer:
    """The answer with the marked rows that it has, in its order. Raises: KeyError."""
    columns = [answer.rows.column(name).to_pylist() for name in marked.key]
    keys = columns[0] if len(columns) == 1 else zip(*columns, strict=True)
    wanted = frozenset(marked.rows)
    return part(answer, rows=[place for place, key in enumerate(keys) if key in wanted])


def part(answer: Answer, *, rows: Sequence[int] | None = None, columns: Sequence[str] | None = None) -> Answer:
    """The answer with those rows, by their place, and those columns, by name, in that order. None keeps all.

    The total stays what it was, so that an export tells how many rows it leaves out. Raises: KeyError, IndexError.
    """
    kept = answer
    if rows is not None:
        import pyarrow as pa

        kept = replace(kept, rows=answer.rows.take(pa.array(rows, pa.int64())))
    if columns is not None:
        by_name = {column.name: column for column in answer.columns}
        chosen = [by_name[name] for name in columns]
        has_days = any(column.kind is Kind.STATUSES for column in chosen)
        kept = replace(kept, columns=chosen, days=answer.days if has_days else ())
    return kept
