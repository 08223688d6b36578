"""How a matrix is drawn: names, heads, totals and foot stay where they are while the columns scroll between them.

Made for 10,000 rows of a year: the statuses of a row are bytes, and only what is in view is drawn. The cursor is a
crosshair: row name and head are reversed and the cell stands in brackets, so that it is found without colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from textual.strip import Strip

from cloutui.model import formats
from cloutui.model.status import Status
from cloutui.model.step import Step
from cloutui.widgets.lines import Lines
from cloutui.widgets.look import Look
from cloutui.widgets.matrix_block import Block, Corner, block_to
from cloutui.widgets.matrix_display import Display
from cloutui.widgets.matrix_grid import Grid
from cloutui.widgets.matrix_heads import Heads
from cloutui.widgets.matrix_rows import MatrixRows, Order
from cloutui.widgets.result_marks import Marks
from cloutui.widgets.text import Piece, cut, labels, line, pad

LEAD = 2
"""The cells before a name: the cursor's marker, and the mark."""
BAD_WIDTH, RUN_WIDTH = 5, 5
_LEAST_NAME = 12
_LONG_RUN = 2
"""Bad columns in a row from which a row is told apart: one may be an accident."""


class MatrixView(Lines):
    """Rows × columns of statuses, with a cursor on one cell. What keys do is said in `Matrix`."""

    HEADS: ClassVar[int] = 2

    def __init__(self, look: Look, title: str = "", *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(look, title, id=id)
        self.rows = MatrixRows()
        self.column = 0
        self.left = 0
        """The first column drawn."""
        self.sign_width = 3
        """The cells of a column, where the reader chooses it."""
        self.display_as = Display.SIGNS
        self.order = Order.WORST
        self.is_backwards = False
        self.marks = Marks()
        self.corner: Corner | None = None
        """Where the block was begun that reaches to the cursor; None while there is none."""
        self.noun = "node"
        """What a row is: the head above the names."""
        self.totals = True
        self.has_foot = False
        """Whether the last line counts the bad rows of each column."""
        self.muted = False
        self.narrow = False
        """Whether a row is only glyph, name and word of the cursor's column."""
        self._labels: dict[int, list[str]] = {}

    # What the cursor is on.

    @property
    def day(self) -> date | None:
        """The first day of the cursor's column."""
        return self.rows.days[self.column] if self.column < len(self.rows.days) else None

    @property
    def status(self) -> Status:
        """The cell under the cursor."""
        return Status(self.rows.statuses[self.cursor][self.column]) if len(self.rows) else Status.NONE

    @property
    def block(self) -> Block | None:
        """What is handled or copied at once; None while the cursor stands for itself."""
        return block_to(self.rows, self.corner, self.cursor, self.column) if self.corner is not None else None

    def count(self) -> int:
        """One row a name."""
        return len(self.rows)

    def position(self) -> str:
        """`1/28  21 Nov`, before that how large the block is, or how many are marked."""
        if not self.count() or self.day is None:
            return ""
        marked = f"{self._mark_sign} {len(self.marks)} marked  " if self.marks else ""
        if (block := self.block) is not None:
            marked = f"block {len(block.rows)} {self.look.glyphs.times} {len(block.columns)}  "
        return f"{marked}{super().position()}  {self.rows.step.short_words(self.day)}"

    # Where things are.

    @property
    def cell_width(self) -> int:
        """The cells of a column."""
        return self.display_as.width(self.rows.step, self.sign_width)

    @property
    def page_rows(self) -> int:
        """How many rows fit above the foot."""
        return max(1, super().page_rows - self._foot_rows)

    @property
    def lines_needed(self) -> int:
        """With the foot."""
        return super().lines_needed + self._foot_rows

    @property
    def _foot_rows(self) -> int:
        return 1 if self.has_foot and self.totals and not self.narrow else 0

    @property
    def _totals_width(self) -> int:
        return BAD_WIDTH + RUN_WIDTH + 1 if self.totals else 0  # a blank at the edge

    def capacity(self, name_width: int, step: Step) -> int:
        """How many columns of that step fit beside names of that width."""
        room = self.inner_width - LEAD - name_width - self._totals_width
        return max(1, room // self.display_as.width(step, self.sign_width))

    @property
    def visible_days(self) -> int:
        """How many columns are drawn."""
        room = (self.inner_width - LEAD - _LEAST_NAME - self._totals_width) // self.cell_width
        return max(1, min(room, len(self.rows.days)))

    @property
    def name_width(self) -> int:
        """The cells of the names, with a blank."""
        return self.inner_width - LEAD - self._totals_width - self.visible_days * self.cell_width

    def _shown(self) -> slice:
        return slice(self.left, self.left + self.visible_days)

    # Heads and foot.

    def head(self, index: int) -> list[Piece]:
        """Months or years, and days, weeks or months."""
        if self.narrow:
            return self._narrow_head(index)
        palette, heads = self.look.palette, self._heads()
        if index == 0:
            return [(" " * (LEAD + self.name_width), palette.style()), *heads.upper()]
        name = self._total_head(self.noun, self.name_width, Order.NAME)
        totals = [self._total_head("bad", BAD_WIDTH, Order.BAD), self._total_head("run", RUN_WIDTH, Order.RUN)]
        return [(" " * LEAD, palette.style()), name, *heads.lower(), *(totals if self.totals else ())]

    def _total_head(self, text: str, width: int, order: Order) -> Piece:
        """The head by which rows are sorted has an arrow."""
        if self.order is order:
            up, down = ("^", "v") if self.look.glyphs.rule.isascii() else ("▲", "▼")
            text += up if self.is_backwards != (order is Order.NAME) else down
        style = self.look.palette.style("text" if self.order is order else "muted")
        return (pad(text, width, right=order is not Order.NAME), style)

    def _heads(self) -> Heads:
        days = self.rows.days[self._shown()]
        return Heads(
            look=self.look,
            days=days,
            step=self.rows.step,
            cell_width=self.cell_width,
            cursor=self._cursor_place(len(days)),
            focused=self.has_focus,
        )

    def _cursor_place(self, shown: int) -> int | None:
        place = self.column - self.left
        return place if 0 <= place < shown and not self.waiting else None

    def _grid(self) -> Grid:
        return Grid(
            look=self.look,
            cell_width=self.cell_width,
            cursor=self._cursor_place(self.visible_days),
            focused=self.has_focus,
            display=self.display_as,
            muted=self.muted,
        )

    def _content(self, y: int) -> Strip:
        is_foot = y > self.HEADS and y == self.size.height - self.gap - 1
        if is_foot and self._foot_rows and self.count() and not self.notice and not self.waiting:
            return line(self._foot(), self.inner_width, self.look.palette.style())
        return super()._content(y)

    def _foot(self) -> list[Piece]:
        palette, numbers = self.look.palette, self.rows.bad_by_column
        name = pad(f"bad {self.noun}s", self.name_width)
        total = formats.count(sum(self.rows.bad)).rjust(BAD_WIDTH)
        muted = palette.style("muted")
        return [(" " * LEAD, muted), (name, muted), *self._grid().counts(numbers[self._shown()]), (total, muted)]

    # Rows.

    def row(self, index: int) -> Strip:
        """Marker, mark, name, cells, totals."""
        if self.narrow:
            return line(self._narrow_row(index), self.inner_width, self.look.palette.style())
        figures: Sequence[int] = self.rows.figures[index][self._shown()] if self.rows.figures else ()
        pieces = [
            *self._row_name(index),
            *self._grid().cells(
                self.rows.statuses[index][self._shown()],
                figures,
                crosshair=index == self.cursor,
                block=self._block_shown(index),
            ),
            *(self._row_totals(index) if self.totals else ()),
        ]
        return line(pieces, self.inner_width, self.look.palette.style())

    def _block_shown(self, index: int) -> range:
        """The places of the columns that are drawn of the block in this row."""
        block = self.block
        if block is None or index not in block.rows:
            return range(0)
        first, stop = block.columns.start - self.left, block.columns.stop - self.left
        return range(max(0, first), max(0, min(stop, self.visible_days)))

    def placeholder(self) -> list[Piece]:
        """Dots where a row will be."""
        faint, dot = self.look.palette.style("faint"), self.look.glyphs.nothing
        name = pad(dot * min(10, self.name_width - 1), self.name_width)
        return [(" " * LEAD, faint), (name, faint), (dot.center(self.cell_width) * self.visible_days, faint)]

    @property
    def _mark_sign(self) -> str:
        return "*" if self.look.glyphs.rule.isascii() else "■"

    def _mark(self, index: int, on: str) -> Piece:
        sign = self._mark_sign if self.rows.keys[index] in self.marks else " "
        return (sign, self.look.palette.style("accent", on))

    def _row_name(self, index: int) -> list[Piece]:
        palette, is_cursor = self.look.palette, index == self.cursor
        is_marked = self.rows.keys[index] in self.marks
        lit = is_cursor and self.has_focus
        on = "cursor-ground" if lit else "mark-ground" if is_marked else "background"
        style = palette.style(
            "muted" if self.muted else "text",
            on,
            bold=lit or self.rows.run[index] >= _LONG_RUN,
            under=is_cursor and not lit,
        )
        width = self.name_width
        if width not in self._labels:
            self._labels = {width: labels(self.rows.names, width - 1, self.look.glyphs.cut)}
        name = self._labels[width][index]
        mark = self._mark(index, "mark-ground" if is_marked else "background")
        return [self.marker(index), mark, (pad(name, width - 1), style), (" ", palette.style())]

    def _row_totals(self, index: int) -> list[Piece]:
        palette, nothing = self.look.palette, self.look.glyphs.nothing
        bad, run = self.rows.bad[index], self.rows.run[index]
        loud = palette.style("error") if run >= _LONG_RUN and not self.muted else palette.style("muted")
        faint = palette.style("faint")
        return [
            ((formats.count(bad) if bad else nothing).rjust(BAD_WIDTH), loud if bad else faint),
            ((f"{run}{self.rows.step.letter}" if run else nothing).rjust(RUN_WIDTH), loud if run else faint),
        ]

    def _narrow_head(self, index: int) -> list[Piece]:
        palette = self.look.palette
        if index == 0 or self.day is None:
            return []
        words = self.rows.step.short_words(self.day) if self.rows.step is not Step.DAY else formats.short_day(self.day)
        return [
            (f"    {self.noun}".ljust(self.inner_width - 14), palette.style("muted")),
            (words, palette.style(bold=True)),
        ]

    def _narrow_row(self, index: int) -> list[Piece]:
        palette, status = self.look.palette, Status(self.rows.statuses[index][self.column])
        on = "cursor-ground" if index == self.cursor and self.has_focus else "background"
        room = self.inner_width - 4 - 14
        name = pad(cut(self.rows.names[index], room - 1, self.look.glyphs.cut), room)
        mark, sign = self._mark(index, on), f"{self.look.glyphs.status[status]} "
        return [
            self.marker(index, on=on),
            mark,
            (sign, palette.status(status, on)),
            (name, palette.style("muted" if self.muted else "text", on, bold=self.rows.run[index] >= _LONG_RUN)),
            (status.word.ljust(15), palette.status(status, on)),
        ]
