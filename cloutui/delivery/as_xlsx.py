"""XLSX: typed cells in a first sheet with a frozen head, and the heading in a second one called `about`.

Written a row at a time (xlsxwriter's constant memory), so every column's width is chosen from the first rows. No cell
is ever a formula: text is written as text, and gets an apostrophe where a spreadsheet would run it when it is edited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO

from cloutui.delivery.harmless import harmless
from cloutui.delivery.heading import Export
from cloutui.delivery.paper import PAPER, SIGNS, head, is_wide
from cloutui.delivery.plain import batches, plain, spread_columns
from cloutui.errors import Invalid
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.model.table import Column, Kind

if TYPE_CHECKING:
    import pyarrow as pa
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_LONGEST_TEXT = 32_767
"""Characters in a cell. Source: Microsoft, "Excel specifications and limits"."""

_MOST_IN_HEADER = 255
"""Characters of a page's header, commands included. Source: as above."""

_DAY_S = 86_400
_DAY_OF_1970 = 25_569
"""How spreadsheets count days: this one is 1 January 1970."""

_NUMBER_FORMATS = {
    Kind.BYTES: "#,##0",
    Kind.COUNT: "#,##0",
    Kind.PERCENT: "0.0%",
    Kind.DURATION: "[h]:mm:ss",
    Kind.TIME: "yyyy-mm-dd hh:mm:ss",
    Kind.AGE: "yyyy-mm-dd hh:mm:ss",
    Kind.DAY: "yyyy-mm-dd",
}
_UNITS = {Kind.BYTES: " (bytes)", Kind.TIME: " (UTC)", Kind.AGE: " (UTC)", Kind.DURATION: " (h:mm:ss)"}
_WIDTHS = {Kind.TIME: 19, Kind.AGE: 19, Kind.DAY: 10, Kind.STATUS: 10}
_DAY_WIDTH = 7
_NARROWEST, _WIDEST = 8, 60
_SAMPLE = 500

_Cell = str | float | None


@dataclass(frozen=True, slots=True)
class _Look:
    """How the cells of a column look: its numbers, and the texts that have a look of their own."""

    number: Format | None = None
    texts: Mapping[str, Format] = field(default_factory=dict)


def write(export: Export, out: BinaryIO) -> None:
    """Statuses carry their word and colours; days of a matrix the letter, which the second sheet explains.

    Raises: OSError; Invalid when there is more text than a workbook can hold.
    """
    # By way of a file: a workbook that went straight into a pipe is one that some readers refuse.
    with TemporaryFile() as file:
        _write_book(export, file)
        file.seek(0)
        copyfileobj(file, out)


def _write_book(export: Export, file: BinaryIO) -> None:
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError, FileSizeError

    try:
        with Workbook(file, {"constant_memory": True}) as book:
            book.set_properties({"title": export.heading.title, "author": "cloutui"})
            _write_rows(export, book, book.add_worksheet("rows"))
            _write_about(export, book, book.add_worksheet("about"))
    except FileCreateError as error:
        raise OSError(*error.args[0].args) from error
    except FileSizeError as error:
        raise Invalid("This is too much text for a workbook.", hint="Ask for less, or take csv or parquet.") from error


def _write_rows(export: Export, book: Workbook, sheet: Worksheet) -> None:
    answer = export.answer
    columns, days = spread_columns(answer), frozenset(answer.days)
    are_days = [column.name in days for column in columns]
    taken = batches(answer, wrote=export.wrote)
    rows = (row for arrays in taken for row in zip(*map(_cells, columns, arrays, are_days), strict=True))
    sample = list(islice(rows, _SAMPLE))
    heads = [_head(column, is_day) for column, is_day in zip(columns, are_days, strict=True)]
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
    for index, (column, text) in enumerate(zip(columns, heads, strict=True)):
        width = _DAY_WIDTH if are_days[index] else _width(column, text, [row[index] for row in sample])
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, text, bold)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, answer.rows.num_rows, len(columns) - 1)
    _lay_out_print(export, sheet, columns)
    looks = _looks(book)
    column_looks = [looks.get(column.kind, _Look()) for column in columns]
    for number, row in enumerate(chain(sample, rows), 1):
        _write_row(sheet, number, row, column_looks)


def _lay_out_print(export: Export, sheet: Worksheet, columns: Sequence[Column]) -> None:
    """A4, as wide as the paper, heads on every page; above and below, what the print is of."""
    title, *told = export.cover()
    sheet.set_paper(9)
    if is_wide(columns):
        sheet.set_landscape()
    sheet.set_margins(left=0.4, right=0.4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_header(f"&L&8&B{_page_text(title, _MOST_IN_HEADER - 20)}")
    sheet.set_footer(f"&L&8{_page_text(' · '.join(told), _MOST_IN_HEADER - 30)}&R&8Page &P of &N")


def _page_text(text: str, most: int) -> str:
    """Text of a header: `&` begins a command there, and digits behind one would be a size."""
    doubled = text.replace("&", "&&")
    while len(doubled) > most:
        text = text[:-1]
        doubled = text.replace("&", "&&") + "…"
    return f" {doubled}" if doubled[:1].isdigit() else doubled


def _write_row(sheet: Worksheet, number: int, row: Sequence[_Cell], looks: Sequence[_Look]) -> None:
    for index, (value, look) in enumerate(zip(row, looks, strict=True)):
        if isinstance(value, str):
            sheet.write_string(number, index, value, look.texts.get(value))
        elif value is not None:
            sheet.write_number(number, index, value, look.number)


def _write_about(export: Export, book: Workbook, sheet: Worksheet) -> None:
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 80)
    sheet.write_string(0, 0, harmless(export.heading.title), bold)
    for number, (label, text) in enumerate(export.lines(), 2):
        sheet.write_string(number, 0, label)
        sheet.write_string(number, 1, _text(text))
    if export.answer.days:
        signs = _sign_formats(book)
        start = len(export.lines()) + 3
        for number, status in enumerate(reversed(Status), start):
            sheet.write_string(number, 0, status.letter, signs[status.letter])
            sheet.write_string(number, 1, status.word)


def _looks(book: Workbook) -> dict[Kind, _Look]:
    looks = {kind: _Look(number=book.add_format({"num_format": code})) for kind, code in _NUMBER_FORMATS.items()}
    looks[Kind.STATUS] = _Look(texts=_sign_formats(book))
    return looks


def _sign_formats(book: Workbook) -> dict[str, Format]:
    """By word and by letter: the two ways in which a status is written."""
    formats = {}
    for status, sign in SIGNS.items():
        look: dict[str, Any] = {"font_color": sign.ink}
        if sign.ground != PAPER:
            look["bg_color"] = sign.ground
        formats[status.word] = formats[status.letter] = book.add_format(look)
    return formats


def _cells(column: Column, array: pa.Array[Any], is_day: bool) -> list[_Cell]:
    """The values of one column as a spreadsheet keeps them."""
    match column.kind:
        case Kind.STATUS:
            texts = [status.letter if is_day else status.word for status in Status]
            return [None if value is None else texts[value] for value in array.to_pylist()]
        case Kind.TIME | Kind.AGE | Kind.DAY:
            return _day_numbers(array)
    values: list[Any] = plain(column, array, text=_text)
    match column.kind:
        case Kind.PERCENT:
            return [None if value is None else value / 100 for value in values]
        case Kind.DURATION:
            return [None if value is None else value / _DAY_S for value in values]
    return values


def _day_numbers(array: pa.Array[Any]) -> list[_Cell]:
    import pyarrow as pa

    seconds = array.cast(pa.timestamp("s"), safe=False).cast(pa.int64()).to_pylist()
    return [None if value is None else value / _DAY_S + _DAY_OF_1970 for value in seconds]


def _text(text: str) -> str:
    text = harmless(safe(text))
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"


def _head(column: Column, is_day: bool) -> str:
    return harmless(head(column, is_day=is_day) + _UNITS.get(column.kind, ""))


def _width(column: Column, text: str, values: Sequence[_Cell]) -> int:
    longest = max((len(f"{value:,}" if isinstance(value, int) else str(value)) for value in values if value), default=0)
    wanted = max(_WIDTHS.get(column.kind, longest), len(text))
    return min(max(wanted + 2, _NARROWEST), _WIDEST)
