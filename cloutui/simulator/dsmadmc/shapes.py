"""Tables, lists, and delimited lines: how `dsmadmc` lays out a sheet.

Tables are for eyes. Titles and cells that are too long are broken: after a blank when there is one in the second half
of the width, else in the middle of a word with a hyphen; a cell's continuation is indented by one blank (rule derived
from printed examples such as `Days Sinc-` / `e Last ` / `Access`). Delimited lines never carry headings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from cloutui.simulator.dsmadmc.locale import Locale
from cloutui.simulator.dsmadmc.options import Shape
from cloutui.simulator.dsmadmc.sheet import Sheet

WIDEST_GAP = 5
NARROWEST_COLUMN = 4


def lines(sheet: Sheet, shape: Shape, locale: Locale, width: int, *, with_headings: bool = True) -> Iterator[str]:
    """The sheet's lines without line ends, made as they are asked for."""
    match chosen_shape(sheet, shape, width):
        case Shape.COMMA:
            return _delimited(sheet, locale, ",")
        case Shape.TAB:
            return _delimited(sheet, locale, "\t")
        case Shape.LIST:
            return _list(sheet, locale)
    return _table(sheet, locale, width, with_headings=with_headings)


def chosen_shape(sheet: Sheet, shape: Shape, width: int) -> Shape:
    """The shape that is really used: `AUTO` decided, and a SELECT that is too wide turned into a list."""
    if shape is Shape.AUTO:
        shape = Shape.LIST if sheet.is_detailed else Shape.TABLE
    if shape is Shape.TABLE and not sheet.may_shrink and _gap([column.width for column in sheet.columns], width) < 1:
        return Shape.LIST
    return shape


def delimited(cells: Sequence[str], delimiter: str) -> str:
    """One line. With commas, a cell is quoted only when it needs it; with tabs nothing is quoted.

    The reference vouches for the quotes around a comma; quotes around a quote or a line end are from memory.
    """
    if delimiter == ",":
        return ",".join(_quoted(cell) for cell in cells)
    return delimiter.join(cells)


def broken(text: str, width: int, *, indent: str = "") -> list[str]:
    """The text in pieces of at most `width`; every piece but the first is indented."""
    pieces: list[str] = []
    room = width
    while len(text) > room:
        blank = text.rfind(" ", 0, room)
        if blank >= room // 2:
            pieces.append(text[: blank + 1])
            text = text[blank + 1 :]
        else:
            pieces.append(text[: room - 1] + "-")
            text = text[room - 1 :]
        room = width - len(indent)
    pieces.append(text)
    return [pieces[0], *(indent + piece for piece in pieces[1:])]


def _quoted(cell: str) -> str:
    if "," in cell or '"' in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _delimited(sheet: Sheet, locale: Locale, delimiter: str) -> Iterator[str]:
    cell_texts = [column.kind.cell for column in sheet.columns]
    end = delimiter if sheet.is_detailed else ""
    for row in sheet.rows:
        cells = [text(value, locale) for text, value in zip(cell_texts, row, strict=True)]
        yield delimited(cells, delimiter) + end


def _list(sheet: Sheet, locale: Locale) -> Iterator[str]:
    widest = max(len(column.title) for column in sheet.columns)
    for number, row in enumerate(sheet.rows):
        if number:
            yield ""
        for column, value in zip(sheet.columns, row, strict=True):
            yield f"{column.title:>{widest}}: {column.kind.cell(value, locale)}"


def _natural_widths(sheet: Sheet, locale: Locale) -> list[int]:
    """The columns' own widths. In a QUERY a number widens its column, for it would be misread when broken."""
    widths = [column.width for column in sheet.columns]
    for place, column in enumerate(sheet.columns):
        if sheet.may_shrink and column.kind.is_number:
            cells = (len(column.kind.cell(row[place], locale)) for row in sheet.rows)
            widths[place] = max(column.width, *cells, 0)
    return widths


def _gap(widths: Sequence[int], width: int) -> int:
    """Blanks between columns that let them fit; less than 1 when nothing does."""
    if len(widths) == 1:
        return WIDEST_GAP if widths[0] <= width else 0
    return min(WIDEST_GAP, (width - sum(widths)) // (len(widths) - 1))


def _table(sheet: Sheet, locale: Locale, width: int, *, with_headings: bool) -> Iterator[str]:
    natural = _natural_widths(sheet, locale)
    gap = max(1, _gap(natural, width))
    widths = _squeezed(natural, width - gap * (len(natural) - 1))
    rights = [column.kind.is_number for column in sheet.columns]
    blanks = " " * gap
    if with_headings:
        titles = [broken(column.title, width) for column, width in zip(sheet.columns, widths, strict=True)]
        yield from _stacked(titles, widths, rights, blanks)
        yield blanks.join("-" * column_width for column_width in widths)
    for row in sheet.rows:
        cells = [column.kind.cell(value, locale) for column, value in zip(sheet.columns, row, strict=True)]
        pieces = [broken(cell, width, indent=" ") for cell, width in zip(cells, widths, strict=True)]
        yield from _stacked(pieces, widths, rights, blanks)


def _squeezed(widths: list[int], room: int) -> list[int]:
    """The widths, the widest made narrower one by one until all fit. Unverified: what the real client cuts first."""
    while sum(widths) > room and max(widths) > NARROWEST_COLUMN:
        widest = widths.index(max(widths))
        widths[widest] -= 1
    return widths


def _stacked(columns: Iterable[list[str]], widths: Sequence[int], rights: Sequence[bool], blanks: str) -> Iterator[str]:
    for pieces in zip_longest(*columns, fillvalue=""):
        cells = zip(pieces, widths, rights, strict=True)
        yield blanks.join(piece.rjust(width) if right else piece.ljust(width) for piece, width, right in cells)
