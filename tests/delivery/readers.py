"""Each format read back by somebody else's reader, as the rows of a machine."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from io import BytesIO, StringIO
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pyarrow.parquet as pq

from cloutui.delivery.formats import find_format
from cloutui.delivery.heading import Export
from cloutui.delivery.plain import spread_columns
from cloutui.model.status import Status
from cloutui.model.table import Kind

_SVG = "{http://www.w3.org/2000/svg}"
_BY_WORD = {status.word: status.key for status in Status}
_BY_LETTER = {status.letter: status.key for status in Status}

Rows = list[dict[str, Any]]


def written(name: str, export: Export) -> Any:
    """What the format writes: bytes or text."""
    how = find_format(name)
    out = BytesIO() if how.is_binary else StringIO()
    how.write(export, out)
    return out.getvalue()


def read_csv(export: Export) -> Rows:
    """CSV knows text alone: an unknown is a blank."""
    return list(csv.DictReader(StringIO(written("csv", export))))


def read_json(export: Export) -> Rows:
    rows: Rows = json.loads(written("json", export))["rows"]
    return rows


def read_ndjson(export: Export) -> Rows:
    return [json.loads(line) for line in written("ndjson", export).splitlines()]


def read_parquet(export: Export) -> Rows:
    table = pq.read_table(BytesIO(written("parquet", export)))
    return [{name: _as_text(value) for name, value in row.items()} for row in table.to_pylist()]


def read_xlsx(export: Export) -> Rows:
    sheet = openpyxl.load_workbook(BytesIO(written("xlsx", export)))["rows"]
    columns = spread_columns(export.answer)
    return [
        {column.name: _of_sheet(column.kind, cell) for column, cell in zip(columns, row, strict=True)}
        for row in sheet.iter_rows(min_row=2)
    ]


def _of_sheet(kind: Kind, cell: Any) -> Any:
    value = cell.value
    if kind is Kind.STATUS and value is not None:
        return _BY_WORD[value] if value in _BY_WORD else _BY_LETTER[value]
    match value:
        case timedelta():
            return value.total_seconds()
        case datetime() if cell.number_format == "yyyy-mm-dd":
            return value.date().isoformat()
        case float() | int() if cell.number_format == "0.0%":
            return value * 100
    return _as_text(value)


class Page(HTMLParser):
    """The cells of a page's one table, its heading, and every tag and attribute it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.heads: list[str] = []
        self.rows: list[list[Any]] = []
        self.facts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "br"}:
            self._open.append(tag)
        match tag:
            case "tr":
                self.rows.append([])
            case "td":
                self.rows[-1].append(None)
            case "th":
                self.heads.append("")
            case "dd":
                self.facts.append("")
            case "data":
                self.rows[-1][-1] = float(dict(attrs)["value"] or "nan")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        match self._open:
            case [*_, "td"] | [*_, "td", "span"]:
                self.rows[-1][-1] = (self.rows[-1][-1] or "") + data
            case [*_, "th"]:
                self.heads[-1] += data
            case [*_, "dd"]:
                self.facts[-1] += data


def read_html(export: Export) -> Rows:
    page = Page(written("html", export))
    columns = spread_columns(export.answer)
    return [
        {column.name: _of_page(column.kind, value) for column, value in zip(columns, row, strict=True)}
        for row in page.rows[1:]
    ]


def _of_page(kind: Kind, value: Any) -> Any:
    return _BY_WORD[value.partition(" ")[2]] if kind is Kind.STATUS and value else value


def read_svg(export: Export) -> list[list[str]]:
    """The texts of each line, from left to right; a text that is cut is given whole."""
    root = ElementTree.fromstring(written("svg", export))
    lines: dict[str, list[tuple[float, str]]] = {}
    for text in root.iter(f"{_SVG}text"):
        title = text.find(f"{_SVG}title")
        whole = title.text if title is not None else text.text
        lines.setdefault(text.attrib["y"], []).append((float(text.attrib["x"]), whole or ""))
    return [[text for _, text in sorted(line)] for line in lines.values()]


def _as_text(value: Any) -> Any:
    match value:
        case datetime():
            moment = value.astimezone(UTC) if value.tzinfo else value
            return f"{moment.replace(microsecond=0, tzinfo=None)}Z"
        case date():
            return value.isoformat()
    return value


READERS: Mapping[str, Callable[[Export], Rows]] = {
    "csv": read_csv,
    "json": read_json,
    "ndjson": read_ndjson,
    "parquet": read_parquet,
    "xlsx": read_xlsx,
    "html": read_html,
}
