"""How the cells of a row are drawn: signs, letters or figures, the cursor's cell, and the counts in the foot.

Pure: values in, pieces of a line out. A cell with a sign is three cells wide, two, or one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.style import Style

from cloutui.model import formats
from cloutui.model.status import Status
from cloutui.widgets.look import Look
from cloutui.widgets.matrix_display import FIGURE_CELLS, Display
from cloutui.widgets.text import Piece

_AROUND = {4: (" ", "  "), 3: (" ", " "), 2: (" ", ""), 1: ("", "")}
"""The blanks before and after a sign, by the width of a cell."""
_NO_BLOCK = range(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """How cells are drawn, and which of them is the cursor's."""

    look: Look
    cell_width: int
    cursor: int | None
    """The place of the cursor's column among those that are drawn, None when it is not."""
    focused: bool
    display: Display = Display.SIGNS
    muted: bool = False
    """Whether all colour is taken away, because the cells belong to another question."""

    def cells(
        self, statuses: bytes, figures: Sequence[int] = (), *, crosshair: bool, block: range = _NO_BLOCK
    ) -> list[Piece]:
        """One row. `crosshair` draws the cursor in it, `block` the part of it that belongs to a block."""
        cursor = self.cursor if crosshair else None
        if self.display.has_figures:
            return self._figures(statuses, figures, cursor, block)
        if block:
            return [
                *self._runs(statuses[: block.start]),
                *self._in_block(statuses[block.start : block.stop], None if cursor is None else cursor - block.start),
                *self._runs(statuses[block.stop :]),
            ]
        if cursor is None:
            return self._runs(statuses)
        return [*self._runs(statuses[:cursor]), *self._from_cursor(statuses[cursor:])]

    def counts(self, numbers: Sequence[int]) -> list[Piece]:
        """A number under each column, as far as it fits; nothing for none.

        Two cells leave no blank between two digits: then every other column is left out, but the cursor's, as in heads.
        """
        palette, nothing, width = self.look.palette, self.look.glyphs.nothing, self.cell_width
        if width == 1:
            return [("".join(_digit(number, nothing) for number in numbers), palette.style("muted"))]
        room, last = max(2, width - 1), len(numbers) - 1
        is_crowded = width == room and max(numbers, default=0) > 9
        return [
            (f"{_short(number, room) if number else nothing:>{room}}{' ' * (width - room)}", self._count_style(number))
            if not is_crowded or place == self.cursor or place % 2 == last % 2
            else (" " * width, palette.style())
            for place, number in enumerate(numbers)
        ]

    def _count_style(self, number: int) -> Style:
        return self.look.palette.style("muted" if number else "faint")

    @property
    def _signs(self) -> Mapping[Status, str]:
        return self.display.signs(self.look.glyphs)

    def _runs(self, statuses: bytes) -> list[Piece]:
        """Equal neighbours are one piece: a healthy row is one text, and few bytes on a slow line."""
        before, after = _AROUND[self.cell_width]
        signs, palette = self._signs, self.look.palette
        if self.muted:
            text = "".join(before + signs[Status(status)] + after for status in statuses)
            return [(text, palette.style("faint"))]
        return [
            ((before + signs[status] + after) * len(list(run)), palette.cell(status))
            for status, run in ((Status(number), run) for number, run in groupby(statuses))
        ]

    def _from_cursor(self, statuses: bytes) -> list[Piece]:
        """The cursor's cell, and those after it."""
        palette, signs = self.look.palette, self._signs
        here, rest = Status(statuses[0]), statuses[1:]
        ground = self._cursor_ground()
        if self.cell_width >= 3:
            gap = " " * (self.cell_width - 3)
            return [(f"[{signs[here]}]", ground), (gap, palette.style()), *self._runs(rest)]
        if self.cell_width == 1:
            return [(signs[here], palette.style(on="cursor-ground", bold=True)), *self._runs(rest)]
        # Two cells hold no closing bracket: it takes the blank of the next day.
        pieces: list[Piece] = [(f"[{signs[here]}", ground)]
        if rest:
            neighbour = Status(rest[0])
            pieces += [("]", ground), (signs[neighbour], palette.cell(neighbour)), *self._runs(rest[1:])]
        return pieces

    def _in_block(self, statuses: bytes, cursor: int | None) -> list[Piece]:
        """The cells of a block, one by one: on the ground of marks, its ends in brackets where there is a blank."""
        palette, signs, (before, after) = self.look.palette, self._signs, _AROUND[self.cell_width]
        pieces: list[Piece] = []
        for place, number in enumerate(statuses):
            status, is_cursor = Status(number), place == cursor
            opens = "[" if before and (place == 0 or is_cursor) else before
            closes = "]" + after[1:] if after and (place == len(statuses) - 1 or is_cursor) else after
            style = self._cursor_ground() if is_cursor else palette.status(status, "mark-ground")
            pieces.append((opens + signs[status] + closes, style))
        return pieces

    def _cursor_ground(self, *, under: bool = False) -> Style:
        palette = self.look.palette
        return palette.style(on="cursor-ground", bold=True) if self.focused else palette.style(bold=True, under=under)

    def _figures(self, statuses: bytes, figures: Sequence[int], cursor: int | None, block: range) -> list[Piece]:
        """Each figure on the ground of its status; the status itself where there is no figure."""
        palette, signs, blank = self.look.palette, self.look.glyphs.status, self.look.palette.style()
        pieces: list[Piece] = []
        for place, number in enumerate(statuses):
            status = Status(number)
            figure = figures[place] if place < len(figures) else -1
            text = self.display.figure(figure) if figure >= 0 else signs[status]
            style = palette.style("faint") if self.muted else palette.cell(status)
            style = palette.status(status, "mark-ground") if place in block else style
            style = self._cursor_ground(under=True) if place == cursor else style  # no room for brackets
            pieces += [(f"{text:>{FIGURE_CELLS}}", style), (" ", blank)]
        return pieces


def _short(number: int, room: int) -> str:
    """The number, or that it is too long: 412 rows in two cells are `++`."""
    text = formats.count(number).replace(",", "")
    if len(text) > room:
        text = f"{number // 1000}k"
    return text if len(text) <= room else "+" * room


def _digit(number: int, nothing: str) -> str:
    return nothing if not number else str(number) if number < 10 else "+"
