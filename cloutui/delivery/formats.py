"""An answer as text for machines and people: CSV, JSON, NDJSON, and a plain table.

Machine formats are plain: sizes in bytes, moments in UTC as RFC 3339 with a blank (`2026-11-21 01:04:00Z`), statuses by
their key. A matrix row becomes one column a day.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TextIO

from cloutui.model.formats import age, count, duration, percent, size
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.model.table import Answer, Column, Kind

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def write_csv(answer: Answer, out: TextIO) -> None:
    """Comma separated, with a heading. Text that a spreadsheet would run as a formula gets a leading apostrophe."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_names(answer))
    for row in _plain_rows(answer):
        writer.writerow([_cell(value) for value in row])


def write_json(answer: Answer, out: TextIO) -> None:
    """One object: what was asked for, how fresh it is, and the rows."""
    as_of = {
        name: {"collected_at": _plain(state.collected_at), "problem": state.problem or None}
        for name, state in answer.as_of.items()
    }
    names = _names(answer)
    rows = [dict(zip(names, row, strict=True)) for row in _plain_rows(answer)]
    json.dump({"total": answer.total, "as_of": as_of, "rows": rows}, out, ensure_ascii=False, indent=1)
    out.write("\n")


def write_ndjson(answer: Answer, out: TextIO) -> None:
    """One object a line."""
    names = _names(answer)
    out.writelines(
        json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) + "\n" for row in _plain_rows(answer)
    )


def write_table(answer: Answer, out: TextIO) -> None:
    """Aligned columns for a person, and below them which servers' facts are old."""
    columns, rows = _expanded(answer)
    shown = [[_for_people(column.kind, value) for column, value in zip(columns, row, strict=True)] for row in rows]
    widths = [max([len(column.head), *(len(row[i]) for row in shown)]) for i, column in enumerate(columns)]
    _write_line(out, [column.head for column in columns], columns, widths)
    _write_line(out, ["-" * width for width in widths], columns, widths)
    for row in shown:
        _write_line(out, row, columns, widths)
    if not shown:
        out.write("Nothing to show.\n")
    for state in answer.as_of.values():
        if state.problem:
            out.write(f"\n{safe(state.server)}: {safe(state.problem)} {safe(state.hint)}\n")


WRITERS: Mapping[str, Callable[[Answer, TextIO], None]] = {
    "table": write_table,
    "csv": write_csv,
    "json": write_json,
    "ndjson": write_ndjson,
}


def _names(answer: Answer) -> list[str]:
    return [column.name for column in _expanded(answer)[0]]


def _expanded(answer: Answer) -> tuple[list[Column], Iterator[tuple[object, ...]]]:
    """Columns and rows with a matrix row spread over one column a day."""
    columns: list[Column] = []
    for column in answer.columns:
        if column.kind is Kind.STATUSES:
            columns += [Column(name=day, kind=Kind.STATUS) for day in answer.days]
        else:
            columns.append(column)
    return columns, _rows(answer)


def _rows(answer: Answer) -> Iterator[tuple[object, ...]]:
    values = [answer.rows.column(column.name).to_pylist() for column in answer.columns]
    lists = [column.kind is Kind.STATUSES for column in answer.columns]
    for row in zip(*values, strict=True):
        cells: list[object] = []
        for value, is_list in zip(row, lists, strict=True):
            if is_list:
                cells += value
            else:
                cells.append(value)
        yield tuple(cells)


def _plain_rows(answer: Answer) -> Iterator[list[object]]:
    columns, rows = _expanded(answer)
    statuses = [column.kind is Kind.STATUS for column in columns]
    for row in rows:
        yield [
            Status(value).key if is_status and isinstance(value, int) else _plain(value)
            for value, is_status in zip(row, statuses, strict=True)
        ]


def _plain(value: object) -> object:
    match value:
        case datetime():
            moment = value.astimezone(UTC) if value.tzinfo else value
            return moment.strftime("%Y-%m-%d %H:%M:%SZ")
        case date():
            return value.isoformat()
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case str():
            return safe(value)
    return value


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


_FOR_PEOPLE: Mapping[Kind, Callable[[Any], str]] = {
    Kind.STATUS: lambda value: Status(value).word,
    Kind.BYTES: size,
    Kind.COUNT: count,
    Kind.PERCENT: lambda value: percent(value / 100),
    Kind.DURATION: duration,
    Kind.AGE: lambda value: age(value.replace(tzinfo=UTC), datetime.now(UTC), UTC),
}


def _for_people(kind: Kind, value: object) -> str:
    if value is None:
        return ""
    write = _FOR_PEOPLE.get(kind)
    return write(value) if write else str(_plain(value))


def _write_line(out: TextIO, cells: Sequence[str], columns: Iterable[Column], widths: Sequence[int]) -> None:
    aligned = [
        cell.rjust(width) if column.kind.is_number else cell.ljust(width)
        for cell, column, width in zip(cells, columns, widths, strict=True)
    ]
    out.write("  ".join(aligned).rstrip() + "\n")
