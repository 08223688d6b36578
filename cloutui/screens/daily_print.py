"""The daily status as plain text, a page for each unit: to be read aloud, marked with the mouse, or put on paper. Pure.

Pages are 80 cells wide at most, so that they fit on paper and into a mail.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from cloutui.model import formats
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.model.table import Column
from cloutui.widgets.result_cells import Writer, Writing, status_of, status_word, write
from cloutui.widgets.text import cut, pad, wrap

if TYPE_CHECKING:
    from cloutui.model.table import Answer

_WIDTH = 80
_WIDTHS = {"node": 20, "reason": 15, "stored": 8, "delta": 7, "sent": 8, "last_ok": 7, "handled": 7}
_INDENT = "    "

Row = Mapping[str, Any]
Order = Mapping[str, int]
"""The place of each unit, by its name, in the tree."""


def printed(answer: Answer, day: date, order: Order, writers: Mapping[str, Writer], writing: Writing) -> str:
    """All pages. Units come as they stand in the tree, their reports as the report has them.

    A frozen day is printed as of then: the same whenever it is printed.
    """
    if answer.frozen is not None:
        writing = replace(writing, now=answer.frozen.at)
    word = "as of" if answer.frozen is None else "frozen"
    rows = answer.rows.to_pylist()
    rows.sort(key=lambda row: (order.get(row["unit"], len(order)), row["unit"]))
    columns = {column.name: column for column in answer.columns}
    pages = []
    for unit, found in groupby(rows, key=lambda row: row["unit"]):
        of_unit = list(found)
        lines = [*_heading(unit, day, of_unit, writing, word), _heads(columns)]
        lines += [line for row in of_unit for line in _lines(row, columns, writers, writing)]
        pages.append("\n".join(line.rstrip() for line in lines))
    return f"\n\n{writing.glyphs.rule * _WIDTH}\n\n".join(pages)


def _heading(unit: str, day: date, rows: Sequence[Row], writing: Writing, word: str) -> Iterator[str]:
    now = writing.now.astimezone(writing.zone)
    as_of = f"{word} {formats.clock(now, writing.zone)} {formats.zone_name(now, writing.zone)}, {now:%Y-%m-%d}"
    yield _ends(f"Daily status  {formats.long_day(day)}", as_of)
    counted = Counter(status_of(row["status"]) or Status.UNKNOWN for row in rows)
    told = ", ".join(f"{formats.count(counted[status])} {status.word}" for status in sorted(counted, reverse=True))
    yield _ends(safe(unit), f"{formats.plural(len(rows), 'report')}: {told}")
    yield ""


def _ends(left: str, right: str) -> str:
    """One text at either end of the line."""
    right = cut(right, _WIDTH // 2, ".")
    return pad(cut(left, _WIDTH - cell_len(right) - 2, "."), _WIDTH - cell_len(right)) + right


def _heads(columns: Mapping[str, Column]) -> str:
    names = {"reason": "status"}
    texts = {name: names.get(name, columns[name].head) for name in _WIDTHS}
    return "  " + " ".join(_fitted(columns[name], text) for name, text in texts.items())


def _fitted(column: Column, text: str) -> str:
    width = _WIDTHS[column.name]
    return pad(cut(text, width, "."), width, right=column.kind.is_number)


def _lines(row: Row, columns: Mapping[str, Column], writers: Mapping[str, Writer], writing: Writing) -> Iterator[str]:
    """The report in one line, and what was said of it below."""
    status = status_of(row["status"]) or Status.UNKNOWN
    texts = {
        name: write(columns[name], row[name], status, writing, writers.get(name)).text
        for name in _WIDTHS
        if name != "reason"
    }
    texts["reason"] = status_word(status, row["reason"])
    cells = " ".join(_fitted(columns[name], texts[name]) for name in _WIDTHS)
    yield f"{writing.glyphs.status[status]} {cells}"
    for label, text in (("also", row["warnings"]), ("comment", row["comment"])):
        if text:
            first, *more = wrap(safe(text), _WIDTH - len(_INDENT) - 9)
            yield f"{_INDENT}{label:<8} {first}"
            yield from (f"{_INDENT}{'':<8} {line}" for line in more)
