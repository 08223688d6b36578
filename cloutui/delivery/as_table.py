"""A table for a terminal or a mail in plain text: aligned columns, and below them which servers' facts are old."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TextIO

from cloutui.delivery.heading import Export
from cloutui.delivery.paper import cells, written
from cloutui.delivery.plain import rows, spread_columns
from cloutui.model.formats import age, count, plural
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.model.table import Column, Kind


def write(export: Export, out: TextIO) -> None:
    """The whole answer is measured before the first line goes out."""
    now = export.heading.made_at or datetime.now(UTC)
    columns = spread_columns(export.answer)
    shown = [
        [_shown(column.kind, value, now) for column, value in zip(columns, row, strict=True)]
        for row in rows(export.answer, wrote=export.wrote)
    ]
    heads = [safe(column.head) for column in columns]
    widths = [max(map(cells, texts)) for texts in zip(heads, *shown, strict=True)]
    out.write(_line(heads, columns, widths))
    out.write(_line(["-" * width for width in widths], columns, widths))
    out.writelines(_line(row, columns, widths) for row in shown)
    if not shown:
        hidden = export.answer.hidden
        out.write(f"Nothing to show: the filter hides {plural(hidden, 'row')}.\n" if hidden else "Nothing to show.\n")
    for state in export.answer.as_of.values():
        if state.problem:
            is_named = state.problem.startswith(state.server)
            named = state.problem if is_named else f"{state.server}: {state.problem}"
            out.write(f"\n{safe(named)} {safe(state.hint)}\n")
    out.writelines(f"\n{safe(note)}\n" for note in export.answer.notes)


def _shown(kind: Kind, value: object, now: datetime) -> str:
    match kind, value:
        case Kind.AGE, datetime():
            return age(value if value.tzinfo else value.replace(tzinfo=UTC), now, UTC)
        case Kind.STATUS, int():
            return Status(value).word
        case Kind.COUNT, int():
            return count(value)
    return written(kind, value)


def _line(texts: Sequence[str], columns: Iterable[Column], widths: Sequence[int]) -> str:
    aligned = []
    for text, column, width in zip(texts, columns, widths, strict=True):
        blank = " " * (width - cells(text))
        aligned.append(blank + text if column.kind.is_number else text + blank)
    return "  ".join(aligned).rstrip() + "\n"
