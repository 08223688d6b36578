"""A result as it is drawn: heads, and the rows in view, each value written by its kind.

A window of rows is written when it comes into view and kept while it is near; a million rows cost what one page costs.
Widths are measured on what has been in view, so that nothing shrinks under the cursor while one scrolls.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.strip import Strip

from cloutui.model import formats
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.model.table import Column, Kind
from cloutui.widgets.lines import Lines
from cloutui.widgets.look import Look
from cloutui.widgets.result_cells import (
    USUAL_WIDTHS,
    Cell,
    Writer,
    Writing,
    name_cell,
    status_of,
    word_cell,
    write,
)
from cloutui.widgets.result_columns import ColumnLayout, Placed, Want, fit, sort_sign
from cloutui.widgets.result_marks import Marks
from cloutui.widgets.result_rows import ResultRows, SortKey, keys_of, values_of
from cloutui.widgets.result_seek import taken_care_of
from cloutui.widgets.text import Piece, cut, cut_middle, labels, pad

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_WRITTEN = 2_000
"""Rows that are kept as text: a few screens up and down."""

_LEAST_STEP = 250


class WrittenRow(NamedTuple):
    """A row that was in view."""

    key: Hashable
    status: Status | None
    cells: list[Cell]
    """One for each chosen column."""


class ResultView(Lines):
    """Draws the rows of an Arrow table. What keys do is up to a subclass."""

    HEADS: ClassVar[int] = 1

    @dataclass
    class PageAsked(Message):
        """Rows come into view that are not here: somebody is to bring them."""

        lines: ResultView
        offset: int
        limit: int

        @property
        def control(self) -> ResultView:
            """The pane, so that `@on` can name it."""
            return self.lines

    def __init__(
        self,
        look: Look,
        title: str = "",
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        zone: tzinfo = UTC,
        frozen: int = 1,
        status_detail: str = "",
        writers: Mapping[str, Writer] | None = None,
        id: str | None = None,  # noqa: A002
    ) -> None:
        """`frozen` columns stay while one scrolls sideways. `status_detail` names the column whose number or text
        says more of a row's status. `writers` write columns in a way of their own, by name.
        """
        super().__init__(look, title, id=id)
        self.now, self.zone, self.frozen = now, zone, frozen
        self.status_detail = status_detail
        self.writers: Mapping[str, Writer] = writers or {}
        self.rows = ResultRows()
        self.columns: Sequence[Column] = ()
        self.chosen: tuple[str, ...] = ()
        """The names of the columns that are to be shown, in order."""
        self.choice: tuple[str, ...] = ()
        """What a reader chose to see; nothing is all columns, as the report has them."""
        self.column: str | None = None
        """The column cursor."""
        self.sort: tuple[SortKey, ...] = ()
        self.marks = Marks()
        self.layout_of_columns = ColumnLayout()
        self._named: dict[str, Column] = {}
        self._status_column: str | None = None
        self._name_column: str | None = None
        self._natural: dict[str, int] = {}
        self._written: dict[int, WrittenRow] = {}
        self._labels: dict[int, str] = {}
        self._asked: tuple[int, int] | None = None

    # What is there.

    def count(self) -> int:
        """All rows, also those that are not here."""
        return len(self.rows)

    def position(self) -> str:
        """`1/1,000,000`."""
        if not self.count():
            return ""
        return f"{formats.exact_count(self.cursor + 1)}/{formats.exact_count(self.count())}"

    @property
    def key(self) -> Hashable:
        """What the cursor row stands for; None when it is not here."""
        found = self.rows.keys(self.cursor, 1) if self.rows.key else []
        return found[0] if found else None

    def values(self) -> dict[str, Any]:
        """The cursor row, as it is: all its columns, also those that are not shown."""
        found = self.rows.window(self.cursor, 1)
        if found is None:
            return {}
        part = found[1]
        return {name: values_of(part.column(name))[0] for name in part.column_names}

    def left_out(self) -> list[tuple[str, str]]:
        """Head and text of the columns that are not in view, for the cursor row: shown elsewhere."""
        row = self._written.get(self.cursor)
        if row is None:
            return []
        places = {name: place for place, name in enumerate(self.chosen)}
        names = self.layout_of_columns.left_out
        return [(safe(self._named[name].head), row.cells[places[name]].text) for name in names]

    # Writing: values become text when they come into view.

    def forget_written(self) -> None:
        """Write anew what is in view: other rows, another clock, other columns."""
        self._written.clear()
        self._labels.clear()

    def forget_widths(self) -> None:
        """Measure anew."""
        self._natural.clear()

    def take_columns(self, columns: Sequence[Column]) -> None:
        """These columns from now on. What a reader chose stays chosen, as far as it still exists."""
        self._named = {column.name: column for column in columns}
        if list(columns) != list(self.columns):
            self.columns = columns
            self.forget_widths()
        self.chosen = tuple(name for name in self.choice if name in self._named) or self._usual_order()
        kinds = {column.name: column.kind for column in columns}
        self._status_column = next((name for name, kind in kinds.items() if kind is Kind.STATUS), None)
        self._name_column = next((name for name in self.chosen if kinds[name] is Kind.TEXT), None)
        if self.column not in self.chosen:
            self.column = self.chosen[0] if self.chosen else None

    def _usual_order(self) -> tuple[str, ...]:
        """As the report has them; but its status, whose sign already leads the row, stands behind the name."""
        names = [column.name for column in self.columns]
        if len(names) > 1 and self.columns[0].kind is Kind.STATUS:
            names[:2] = names[1], names[0]
        return tuple(names)

    def _follow(self) -> None:
        super()._follow()
        self.prepare()

    def prepare(self) -> None:
        """See to it that the rows in view are written and the columns fit."""
        first, count = self.top, min(self.page_rows, self.count() - self.top)
        self._ask_for(first, count)
        missing = [index for index in range(first, first + count) if index not in self._written]
        if missing:
            if len(self._written) > _MOST_WRITTEN:
                self._written.clear()
                missing = [first, first + count - 1]
            self._write(missing[0], missing[-1] - missing[0] + 1)
        self._fit()
        self._label(range(first, first + count))

    def _ask_for(self, first: int, count: int) -> None:
        """Ask for rows well before they come into view, once."""
        before = max(0, first - count)
        if not self.count() or self.rows.holds(before, min(3 * count, self.count() - before)):
            return
        step = max(_LEAST_STEP, 2 * count)
        middle = first + count // 2
        asked = (max(0, middle // step * step - 2 * step), 4 * step)
        if asked != self._asked:
            self._asked = asked
            self.post_message(self.PageAsked(self, *asked))

    def _write(self, first: int, count: int) -> None:
        found = self.rows.window(first, count)
        if found is None or not self.chosen:
            return
        start, part = found
        writing = Writing(glyphs=self.look.glyphs, now=self.now(), zone=self.zone)
        statuses = self._statuses_of(part)
        columns = [self._cells(self._named[name], part, statuses, writing) for name in self.chosen]
        keys = keys_of(part, self.rows.key) if self.rows.key else list(range(start, start + part.num_rows))
        rows = zip(keys, statuses, taken_care_of(part), zip(*columns, strict=True), strict=True)
        for index, (key, status, is_quiet, row) in enumerate(rows, start):
            written = [cell._replace(bold=False) if is_quiet else cell for cell in row]
            self._written[index] = WrittenRow(key, status, written)
        for name, cells in zip(self.chosen, columns, strict=True):
            widest = max(len(cell.text) if cell.text.isascii() else cell_len(cell.text) for cell in cells)
            self._natural[name] = max(widest, self._natural.get(name, 0))

    def _statuses_of(self, part: pa.Table) -> list[Status | None]:
        if self._status_column is None or self._status_column not in part.column_names:
            return [None] * part.num_rows
        return [status_of(value) for value in part.column(self._status_column).to_pylist()]

    def _cells(self, column: Column, part: pa.Table, statuses: Sequence[Status | None], writing: Writing) -> list[Cell]:
        values = values_of(part.column(column.name))
        writer = self.writers.get(column.name)
        if writer is None and column.name == self._status_column:
            has_detail = self.status_detail in part.column_names
            details = values_of(part.column(self.status_detail)) if has_detail else [None] * len(values)
            return [word_cell(status, detail) for status, detail in zip(statuses, details, strict=True)]
        if writer is None and column.name == self._name_column:
            return [name_cell(value, status) for value, status in zip(values, statuses, strict=True)]
        return [write(column, value, status, writing, writer) for value, status in zip(values, statuses, strict=True)]

    # Columns: which fit, and how wide.

    @property
    def _lead(self) -> int:
        """The cells before the columns: the marker, the mark, and where rows have a status its sign and a blank."""
        return 2 if self._status_column is None else 4

    def _fit(self) -> None:
        wants = [self._want(self._named[name], place) for place, name in enumerate(self.chosen)]
        room = self.inner_width - self._lead - 1
        fitted = fit(wants, room, cursor=self.column, left=self.layout_of_columns.left)
        if fitted != self.layout_of_columns:
            self.layout_of_columns = fitted
            self.refresh()

    def _want(self, column: Column, place: int) -> Want:
        head = cell_len(safe(column.head)) + len(self._sort_sign(column))
        natural = max(head, self._natural.get(column.name, 0), USUAL_WIDTHS.get(column.kind, 1))
        return Want(column=column, natural=natural, is_frozen=place < self.frozen)

    def _label(self, indexes: range) -> None:
        """Names that are cut: two of them that would look equal lose their middle."""
        self._labels = {}
        name = self._name_column
        width = next((placed.width for placed in self.layout_of_columns.placed if placed.name == name), 0)
        if name is None or not 0 < width < self._natural.get(name, 0):
            return
        place = self.chosen.index(name)
        names = {index: row.cells[place].text for index in indexes if (row := self._written.get(index))}
        self._labels = dict(zip(names, labels(list(names.values()), width, self.look.glyphs.cut), strict=True))

    # Drawing.

    def head(self, index: int) -> list[Piece]:
        """The heads. The sorted ones are underlined, and that of the column cursor is bright."""
        del index
        palette, glyphs, layout = self.look.palette, self.look.glyphs, self.layout_of_columns
        muted = palette.style("muted")
        pieces: list[Piece] = []
        at = -self._lead
        for place, placed in enumerate(layout.placed):
            gap = " " * (placed.start - at)
            if layout.left and place == self.frozen:
                gap = gap[:-1] + glyphs.before
            pieces += [(gap, muted), *self._head_of(placed)]
            at = placed.start + placed.width
        if layout.is_more_right:
            pieces.append((" " * (self.inner_width - self._lead - 1 - at) + glyphs.after, muted))
        return pieces

    def _head_of(self, placed: Placed) -> list[Piece]:
        palette, column = self.look.palette, self._named[placed.name]
        key = next((key for key in self.sort if key.column == placed.name), None)
        bright = self._shows_column_cursor and placed.name == self.column
        role = "text" if bright else "muted"
        sign = self._sort_sign(column)
        text = cut(safe(column.head), placed.width - len(sign), self.look.glyphs.cut) + sign
        blank = " " * (placed.width - cell_len(text))
        written = (text, palette.style(role, bold=bright, under=key is not None))
        return [(blank, palette.style(role)), written] if column.kind.is_number else [written, (blank, palette.style())]

    def _sort_sign(self, column: Column) -> str:
        return sort_sign(self.sort, column, ("^", "v") if self.look.glyphs.rule.isascii() else ("▲", "▼"))

    @property
    def _shows_column_cursor(self) -> bool:
        """On the first column it is not drawn: the bar of the row says enough."""
        return bool(self.chosen) and self.column != self.chosen[0]

    def row(self, index: int) -> Strip:
        """Marker, mark, sign of the status, columns."""
        written = self._written.get(index)
        if written is None:
            return self._strip(self.placeholder(), self.look.palette.style())
        palette = self.look.palette
        is_cursor, is_marked = index == self.cursor, self._is_marked(index, written)
        lit = is_cursor and self.has_focus
        on = "cursor-ground" if lit else "mark-ground" if is_marked else "background"
        ground = palette.style(on=on)
        pieces = self._lead_of(index, written, on, is_marked=is_marked)
        places = {name: place for place, name in enumerate(self.chosen)}
        at = 0
        for placed in self.layout_of_columns.placed:
            cell = written.cells[places[placed.name]]
            under = is_cursor and (not lit or (self._shows_column_cursor and placed.name == self.column))
            # On a mark only the sign keeps its colour: words on its ground would be hard to read.
            role = "text" if on == "mark-ground" else cell.role
            if placed.start > at:
                pieces.append((" " * (placed.start - at), ground))
            pieces.append((self._fitted(index, cell, placed), palette.style(role, on, bold=cell.bold, under=under)))
            at = placed.start + placed.width
        return self._strip(pieces, ground)

    def _is_marked(self, index: int, written: WrittenRow) -> bool:
        if written.key in self.marks:
            return True
        return self.marks.range_from is not None and index in self.marks.range_to(self.cursor)

    def _lead_of(self, index: int, written: WrittenRow, on: str, *, is_marked: bool) -> list[Piece]:
        palette, glyphs = self.look.palette, self.look.glyphs
        sign = ("*" if glyphs.rule.isascii() else "■") if is_marked else " "
        pieces = [self.marker(index, on=on), (sign, palette.style("accent", on))]
        if self._status_column is not None:
            status = written.status
            shape = glyphs.status[status] if status is not None else " "
            pieces.append((shape, palette.status(status or Status.NONE, on)))
            pieces.append((" ", palette.style(on=on)))
        return pieces

    def _fitted(self, index: int, cell: Cell, placed: Placed) -> str:
        text, width, sign = cell.text, placed.width, self.look.glyphs.cut
        column = self._named[placed.name]
        if (len(text) if text.isascii() else cell_len(text)) > width:
            if column.kind is not Kind.TEXT:
                return sign * width  # a number is never cut: half of it would be another number
            if placed.name == self._name_column and index in self._labels:
                text = self._labels[index]
            else:
                text = cut_middle(text, width, sign) if _is_path(text) else cut(text, width, sign)
        return pad(text, width, right=column.kind.is_number)

    def _strip(self, pieces: Collection[Piece], fill: Style) -> Strip:
        """The pieces as a line. Neighbours that look alike become one: fewer bytes on a slow line."""
        segments: list[Segment] = []
        text, style, left = "", fill, self.inner_width
        for part, drawn in pieces:
            left -= len(part) if part.isascii() else cell_len(part)
            if drawn is style:
                text += part
                continue
            if text:
                segments.append(Segment(text, style))
            text, style = part, drawn
        if text:
            segments.append(Segment(text, style))
        if left > 0:
            segments.append(Segment(" " * left, fill))
        strip = Strip(segments, self.inner_width - min(left, 0))
        return strip.crop(0, self.inner_width) if left < 0 else strip

    def placeholder(self) -> list[Piece]:
        """Dots where the row will be."""
        faint, dot = self.look.palette.style("faint"), self.look.glyphs.nothing
        pieces: list[Piece] = [(" " * self._lead, faint)]
        at = 0
        for placed in self.layout_of_columns.placed:
            dots = pad(dot * min(5, placed.width), placed.width, right=self._named[placed.name].kind.is_number)
            pieces.append((" " * (placed.start - at) + dots, faint))
            at = placed.start + placed.width
        return pieces


def _is_path(text: str) -> bool:
    return text[:1] in {"/", "\\"} or text[1:3] == ":\\"
