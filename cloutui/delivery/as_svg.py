"""SVG: a picture of the table for a page or a slide, drawn as text, with nothing outside the file.

Each cell is placed by itself, so that columns stand straight whatever fixed-width font the viewer has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO
from xml.sax.saxutils import escape

from cloutui.delivery import plain
from cloutui.delivery.heading import Export
from cloutui.delivery.paper import INK, MUTED, PAPER, RULE, SIGNS, cells, head, legend, written
from cloutui.model.status import Status
from cloutui.model.table import Column, Kind

_FONT_SIZE = 14
_ADVANCE = _FONT_SIZE * 0.6
"""From one sign to the next. Every common fixed-width font is near it."""
_LINE = 20
_MARGIN = 24
_GAP = 2
"""Cells between two columns; days stand closer."""
_LABEL = 12
"""Cells for a label of the heading."""
_LONGEST = 60
"""Cells of a text before it is cut. The whole text is its tooltip."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a column stands: its left edge and its width, both in cells."""

    column: Column
    is_day: bool
    left: int
    width: int

    @property
    def x(self) -> float:
        return _MARGIN + self.left * _ADVANCE

    @property
    def end(self) -> float:
        return self.x + self.width * _ADVANCE

    @property
    def is_right(self) -> bool:
        return self.column.kind.is_number and self.column.kind is not Kind.AGE


def write(export: Export, out: TextIO) -> None:
    """The title and the heading, a line for each row, and below a matrix what its signs mean."""
    rows = list(plain.rows(export.answer, wrote=export.wrote))
    places = _placed(export, rows)
    title = export.heading.title
    above = [f"{label:<{_LABEL}}{text}" for label, text in export.lines()]
    below = _below(export)
    ends = [place.end for place in places] + [_MARGIN + cells(text) * _ADVANCE for text in (title, *above, *below)]
    width, height = round(max(ends)) + _MARGIN, 2 * _MARGIN + _LINE * (len(above) + len(rows) + len(below) + 6)
    out.write(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" font-family="monospace" font-size="{_FONT_SIZE}">\n<title>{escape(title)}</title>\n'
        f'<rect width="100%" height="100%" fill="{PAPER}"/>\n'
    )
    y = _MARGIN + _LINE
    out.write(_text(_MARGIN, y, escape(title), INK, ' font-weight="bold"'))
    for label, text in export.lines():
        y += _LINE
        out.write(_text(_MARGIN, y, escape(label), MUTED))
        out.write(_text(_MARGIN + _LABEL * _ADVANCE, y, escape(text), INK))
    y += _LINE * (3 if export.answer.days else 2)
    out.writelines(_heads(places, y))
    out.write(f'<path d="M{_MARGIN} {y + 6}H{width - _MARGIN}" stroke="{RULE}"/>\n')
    for row in rows:
        y += _LINE
        for place, value in zip(places, row, strict=True):
            out.writelines(_cell(place, value, y))
    out.writelines(_text(_MARGIN, y + _LINE * n, escape(line), MUTED) for n, line in enumerate(below, 2))
    out.write("</svg>\n")


def _placed(export: Export, rows: Sequence[Sequence[object]]) -> list[_Place]:
    days = frozenset(export.answer.days)
    places: list[_Place] = []
    left = 0
    for index, column in enumerate(plain.spread_columns(export.answer)):
        is_day = column.name in days
        texts = [] if is_day else [_short(column, row[index]) for row in rows]
        width = max(map(cells, [_head(column, is_day=is_day), *texts]))
        places.append(_Place(column, is_day, left, width))
        left += width + (1 if is_day else _GAP)
    return places


def _below(export: Export) -> list[str]:
    if not export.answer.rows.num_rows:
        return ["Nothing to show."]
    if not export.answer.days:
        return []
    return ["  ".join(f"{sign.glyph} {status.word}" for status, sign in legend())]


def _heads(places: Sequence[_Place], y: int) -> Iterator[str]:
    """Above the first day, and the first one of each month, stands the month."""
    month = ""
    for place in places:
        if place.is_day and place.column.name[:7] != month:
            month = place.column.name[:7]
            yield _text(place.x, y - _LINE, month, MUTED)
        yield _aligned(place, y, escape(_head(place.column, is_day=place.is_day)), MUTED)


def _cell(place: _Place, value: object, y: int) -> Iterator[str]:
    shown = _short(place.column, value)
    if not shown:
        return
    if place.column.kind is Kind.STATUS and isinstance(value, int):
        sign = SIGNS[Status(value)]
        if sign.ground != PAPER:
            width = place.width * _ADVANCE
            yield f'<rect x="{place.x:.1f}" y="{y - 15}" width="{width:.1f}" height="{_LINE}" fill="{sign.ground}"/>\n'
        if place.is_day:
            middle = (place.x + place.end) / 2
            yield _text(middle, y, f"<title>{shown}</title>{sign.glyph}", sign.ink, ' text-anchor="middle"')
        else:
            yield _text(place.x, y, shown, sign.ink)
        return
    whole = written(place.column.kind, value)
    tooltip = f"<title>{escape(whole)}</title>" if whole != shown else ""
    yield _aligned(place, y, tooltip + escape(shown), INK)


def _aligned(place: _Place, y: int, content: str, ink: str) -> str:
    if place.is_right:
        return _text(place.end, y, content, ink, ' text-anchor="end"')
    return _text(place.x, y, content, ink)


def _text(x: float, y: int, content: str, ink: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y}" fill="{ink}"{more}>{content}</text>\n'


def _head(column: Column, *, is_day: bool) -> str:
    return column.name[-2:] if is_day else head(column, is_day=False)


def _short(column: Column, value: object) -> str:
    text = written(column.kind, value)
    if column.kind is not Kind.TEXT or cells(text) <= _LONGEST:
        return text
    kept = text[: _LONGEST - 1]
    while cells(kept) >= _LONGEST:
        kept = kept[:-1]
    return kept + "…"
