"""How a window of days is drawn: months, day heads, and the cells of a row.

Pure: values in, pieces of a line out. A day is three cells wide, two, or one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from rich.style import Style

from cloutui.model import formats
from cloutui.model.status import Status
from cloutui.widgets.look import Look
from cloutui.widgets.text import Piece

_SATURDAY = 5
_AROUND = {3: (" ", " "), 2: (" ", ""), 1: ("", "")}
"""The blanks before and after a sign, by the width of a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The days that are drawn, and the cursor's place among them."""

    look: Look
    days: Sequence[date]
    cell_width: int
    cursor: int | None
    """The place of the cursor's day, None when it is not drawn."""
    focused: bool
    muted: bool = False
    """Whether all colour is taken away, because the cells belong to another question."""

    @property
    def width(self) -> int:
        """All cells together."""
        return len(self.days) * self.cell_width

    def months(self) -> list[Piece]:
        """Each month above its first day, and the first month shown above the first day if there is room."""
        text = " " * self.width
        for place, day in enumerate(self.days):
            leads = place == 0 and not any(later.day == 1 for later in self.days[1 : 1 + 4 // self.cell_width])
            if day.day == 1 or leads:
                at = place * self.cell_width
                text = text[:at] + f"{formats.month(day):<3}" + text[at + 3 :]
        return [(text[: self.width], self.look.palette.style("muted"))]

    def heads(self) -> list[Piece]:
        """The day of the month above each column, as far as the width lets them be told apart."""
        if self.cell_width == 1:
            return self._narrow_heads()
        gap = " " * (self.cell_width - 2)
        return [(self._head(place, day) + gap, self._head_style(place, day)) for place, day in enumerate(self.days)]

    def cells(self, statuses: bytes, *, crosshair: bool) -> list[Piece]:
        """One row. `crosshair` draws the cursor in it."""
        if not crosshair or self.cursor is None:
            return self._runs(statuses)
        return [*self._runs(statuses[: self.cursor]), *self._from_cursor(statuses[self.cursor :])]

    def _runs(self, statuses: bytes) -> list[Piece]:
        """Equal neighbours are one piece: a healthy row is one text, and few bytes on a slow line."""
        before, after = _AROUND[self.cell_width]
        signs, palette = self.look.glyphs.status, self.look.palette
        if self.muted:
            text = "".join(before + signs[Status(status)] + after for status in statuses)
            return [(text, palette.style("faint"))]
        return [
            ((before + signs[status] + after) * len(list(run)), palette.cell(status))
            for status, run in ((Status(number), run) for number, run in groupby(statuses))
        ]

    def _from_cursor(self, statuses: bytes) -> list[Piece]:
        """The cursor's cell, and those after it."""
        palette, signs = self.look.palette, self.look.glyphs.status
        here, rest = Status(statuses[0]), statuses[1:]
        ground = palette.style(on="cursor-ground", bold=True) if self.focused else palette.style(bold=True)
        if self.cell_width == 3:
            return [(f"[{signs[here]}]", ground), *self._runs(rest)]
        if self.cell_width == 1:
            return [(signs[here], palette.style(on="cursor-ground", bold=True)), *self._runs(rest)]
        # Two cells hold no closing bracket: it takes the blank of the next day.
        pieces: list[Piece] = [(f"[{signs[here]}", ground)]
        if rest:
            neighbour = Status(rest[0])
            pieces += [("]", ground), (signs[neighbour], palette.cell(neighbour)), *self._runs(rest[1:])]
        return pieces

    def _head(self, place: int, day: date) -> str:
        # Two cells a day leave no blank between the numbers: every other one is left out, but the cursor's.
        if self.cell_width == 2 and place % 2 != (len(self.days) - 1) % 2 and place != self.cursor:
            return "  "
        return f"{day.day:>2}"

    def _narrow_heads(self) -> list[Piece]:
        """One cell a day holds no number: Mondays are named, over Tuesday's cell too."""
        text = " " * len(self.days)
        for place, day in enumerate(self.days[:-1]):
            if day.weekday() == 0:
                text = text[:place] + f"{day.day:<2}" + text[place + 2 :]
        style, at = self.look.palette.style("muted"), self.cursor
        if at is None:
            return [(text, style)]
        return [(text[:at], style), (text[at], self._head_style(at, self.days[at])), (text[at + 1 :], style)]

    def _head_style(self, place: int, day: date) -> Style:
        palette = self.look.palette
        if place == self.cursor:
            return (
                palette.style(on="cursor-ground", bold=True) if self.focused else palette.style(bold=True, under=True)
            )
        return palette.style("faint" if day.weekday() >= _SATURDAY else "text")
