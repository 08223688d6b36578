"""HTML: one file with nothing outside it, dark on white, made to be read, printed and mailed.

It runs no script and fetches nothing, and says so to the browser. Spreadsheets open HTML tables too, so text that one
would run as a formula gets an apostrophe, as in CSV.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TextIO

from cloutui.delivery.harmless import harmless
from cloutui.delivery.heading import Export
from cloutui.delivery.paper import INK, MUTED, PAPER, RULE, SIGNS, head, is_wide, legend, written
from cloutui.delivery.plain import rows, spread_columns
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.model.table import Column, Kind

_STYLE = f"""
:root {{ color-scheme: light; print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
body {{ margin: 2rem; background: {PAPER}; color: {INK}; font: 14px/1.45 system-ui, sans-serif; }}
h1 {{ font-size: 1.4rem; margin: 0 0 .6rem; }}
dl {{ margin: 0 0 1.2rem; }}
dt {{ color: {MUTED}; float: left; clear: left; width: 6.5em; }}
dd {{ margin: 0 0 0 7em; }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; }}
th {{ color: {MUTED}; font-weight: 600; text-align: left; vertical-align: bottom; border-bottom: 2px solid {RULE}; }}
th, td {{ padding: .2rem .6rem; }}
td {{ border-bottom: 1px solid {RULE}; vertical-align: top; }}
.number {{ text-align: right; white-space: nowrap; }}
.status, .time {{ white-space: nowrap; }}
.day {{ padding: .2rem .25rem; text-align: center; }}
td.day span {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }}
.legend {{ color: {MUTED}; }}
.paper {{ display: none; }}
@media print {{
  body {{ margin: 0; font-size: 7pt; }}
  th, td {{ padding: .1rem .25rem; overflow-wrap: break-word; }}
  .day {{ padding: .1rem; }}
  .time {{ white-space: normal; }}
  thead {{ display: table-header-group; }}
  tr {{ break-inside: avoid; }}
  h1 {{ font-size: 11pt; }}
  dl {{ break-inside: avoid; }}
  td.day span, .aside {{ display: none; }}
  .paper {{ display: block; color: {MUTED}; }}
}}
"""

_PAGE = """
@page {{
  size: A4 {side}; margin: 16mm 12mm 14mm;
  font: 7pt system-ui, sans-serif; color: {muted};
  @top-left {{ content: {title}; font-weight: 600; }}
  @top-right {{ content: {unit}; }}
  @bottom-left {{ content: {told}; }}
  @bottom-right {{ content: "Page " counter(page) " of " counter(pages); }}
}}
"""
"""On every page: what and whose it is above, as of when and for whom below."""

_MOST = 12
_ASIDE = 8
"""Paper has room for so many columns; of more, those of this priority and above are left out of a print."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write(export: Export, out: TextIO) -> None:
    """Row by row, so that a long answer is never in memory as one text."""
    columns, days = spread_columns(export.answer), frozenset(export.answer.days)
    out.writelines(_top(export, _page(export, columns)))
    aside = _aside(columns)
    if aside:
        names = ", ".join(escape(safe(column.head)) for column in columns if column.name in aside)
        out.write(f'<p class="paper">Not on paper, but in this file: {names}.</p>\n')
    out.write("<table>\n<thead>\n<tr>" + "".join(_head(column, column.name in days, aside) for column in columns))
    out.write("</tr>\n</thead>\n<tbody>\n")
    taken = rows(export.answer, wrote=export.wrote)
    out.writelines("<tr>" + "".join(_cells(columns, row, days, aside)) + "</tr>\n" for row in taken)
    out.write("</tbody>\n</table>\n")
    if not export.answer.rows.num_rows:
        out.write("<p>Nothing to show.</p>\n")
    if days:
        signs = " &#160; ".join(f"{sign.glyph} {status.word}" for status, sign in legend())
        out.write(f'<p class="legend">{signs}</p>\n')
    out.write("</body>\n</html>\n")


def _page(export: Export, columns: Sequence[Column]) -> str:
    title, unit, *told = export.cover() if export.heading.unit else [export.heading.title, "", *export.cover()[1:]]
    side = "landscape" if is_wide(columns) else "portrait"
    said = {"title": title, "unit": unit, "told": " · ".join(told)}
    return _PAGE.format(side=side, muted=MUTED, **{name: _css_text(text) for name, text in said.items()})


def _css_text(text: str) -> str:
    """A string of CSS. All that could mean something to it, or end the element it stands in, is written as a number."""
    return '"' + "".join(char if char.isalnum() or char in " .,:-" else f"\\{ord(char):x} " for char in text) + '"'


def _top(export: Export, page: str) -> Iterator[str]:
    title = escape(export.heading.title)
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
    yield f"<title>{title}</title>\n<style>{_STYLE}{page}"
    for status, sign in SIGNS.items():
        yield f".{status.key} {{ color: {sign.ink}; background: {sign.ground}; }}\n"
    yield f"</style>\n</head>\n<body>\n<h1>{title}</h1>\n<dl>\n"
    for label, text in export.lines():
        yield f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>\n"
    yield "</dl>\n"


def _aside(columns: Sequence[Column]) -> frozenset[str]:
    """The columns that paper has no room for: of a wide table, those that a narrow screen drops first."""
    return (
        frozenset(column.name for column in columns if column.priority >= _ASIDE)
        if len(columns) > _MOST
        else frozenset()
    )


def _head(column: Column, is_day: bool, aside: frozenset[str]) -> str:
    name = "day" if is_day else "number" if _is_number(column.kind) else "text"
    name += " aside" if column.name in aside else ""
    return f'<th scope="col" class="{name}">{escape(harmless(head(column, is_day=is_day)))}</th>'


def _cells(
    columns: Sequence[Column], row: Sequence[object], days: frozenset[str], aside: frozenset[str]
) -> Iterator[str]:
    for column, value in zip(columns, row, strict=True):
        more = " aside" if column.name in aside else ""
        text = written(column.kind, value)
        if not text:
            yield f'<td class="{more.strip()}"></td>' if more else "<td></td>"
        elif column.kind is Kind.STATUS and isinstance(value, int):
            yield _status(Status(value), text, more, is_day=column.name in days)
        elif _is_number(column.kind):
            yield f'<td class="number{more}"><data value="{value}">{text}</data></td>'
        elif column.kind is Kind.TEXT:
            yield f'<td class="text{more}">{escape(harmless(text))}</td>'
        else:
            yield f'<td class="time{more}">{text}</td>'


def _is_number(kind: Kind) -> bool:
    """An age is a number on the screen; here it is written as a moment."""
    return kind.is_number and kind is not Kind.AGE


def _status(status: Status, text: str, more: str, *, is_day: bool) -> str:
    """In a matrix the word is there to be read out and copied; the legend tells the signs to everybody else."""
    if is_day:
        return f'<td class="day {status.key}">{SIGNS[status].glyph}<span> {status.word}</span></td>'
    return f'<td class="status {status.key}{more}">{text}</td>'
