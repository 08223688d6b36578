"""Weeks one below the other, a column for each weekday: how each day went, in as many words as there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Offset

from cloutui.model import formats
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.widgets.days import DAY, WEEK, WEEKDAYS, DayCell, DayPane, monday
from cloutui.widgets.text import Piece, cut, pad

_LEAD = 2
_LABEL = 7
"""Cells before Monday: the week's number, its year, its month."""
_MOST_CELL = 23
_LINES = 3
"""Of a day, where there is room for them."""
_LEAST_WEEKS = 4
"""That are wanted before a day gets its third line, ..."""
_AIRY_FROM = 5
"""... and before weeks are set apart by a blank line."""


class WeekGrid(DayPane):
    """ISO weeks, the newest last."""

    ACROSS: ClassVar[int] = 1
    BELOW: ClassVar[int] = WEEK

    bottom = date.min
    """The Monday of the last week that is drawn."""

    # What fits.

    @property
    def lines(self) -> int:
        """Of a day."""
        return _LINES if self._room >= _LEAST_WEEKS * _LINES else _LINES - 1

    @property
    def weeks(self) -> int:
        """How many are drawn."""
        return max(1, (self._room + self._gap) // (self.lines + self._gap))

    @property
    def _room(self) -> int:
        return self.size.height - 2

    @property
    def _gap(self) -> int:
        return 1 if (self._room + 1) // (self.lines + 1) >= _AIRY_FROM else 0

    @property
    def _cell_width(self) -> int:
        """With the blank behind it."""
        return max(4, min(_MOST_CELL, (self.inner_width - _LEAD - _LABEL) // WEEK))

    @property
    def top_day(self) -> date:
        """The first Monday drawn."""
        return self.bottom - (self.weeks - 1) * WEEK * DAY

    def follow_day(self) -> None:
        """Bring the cursor's week into view."""
        if self.first == date.min:
            return
        newest, own = monday(self.last), monday(self.at)
        if not self.first <= self.bottom <= newest:
            self.bottom = newest
        oldest = max(self.top_day, monday(self.first) - WEEK * DAY)
        if own > self.bottom:
            self.bottom = own
        elif own < oldest:
            self.bottom = own + (self.weeks - 1) * WEEK * DAY
        self.bottom = min(newest, self.bottom)

    def span(self) -> str:
        """`W43 - W47 2026`: the weeks that are drawn."""
        first, last = (day.isocalendar() for day in (self.top_day, self.bottom))
        begin = f"W{first.week:02}" if first.year == last.year else f"W{first.week:02} {first.year}"
        return f"{begin} - W{last.week:02} {last.year}" if first != last else f"{begin} {last.year}"

    # Drawing.

    def drawn(self, y: int) -> list[Piece]:
        """The weekdays, then the weeks."""
        if y == 0:
            return self._heads()
        place, part = divmod(y - 1, self.lines + self._gap)
        if part >= self.lines or place >= self.weeks:
            return []
        week = self.top_day + place * WEEK * DAY
        pieces = [self._label(week, part)]
        for number in range(WEEK):
            pieces += self._of_day(week + number * DAY, part)
        return pieces

    def _heads(self) -> list[Piece]:
        muted, width = self.look.palette.style("muted"), self._cell_width
        text = " " * _LEAD + pad("week", _LABEL) + "".join(pad(f" {name}"[:width], width) for name in WEEKDAYS)
        return [(text, muted)]

    def _label(self, week: date, part: int) -> Piece:
        """The week, its year, and the month that most of it is in."""
        palette, thursday = self.look.palette, week + 3 * DAY
        month = formats.month(thursday)
        texts = [f"W{week.isocalendar().week:02}", str(thursday.year), month]
        if self.lines < _LINES:
            texts = [texts[0], month]
        style = palette.style(bold=True) if part == 0 else palette.style("muted")
        return (" " * _LEAD + pad(texts[part], _LABEL), style)

    def _of_day(self, day: date, part: int) -> list[Piece]:
        plain, width = self.look.palette.style(), self._cell_width - 1
        if not self.first <= day <= self.last:
            return [(" " * (width + 1), plain)]
        cell = self.cell(day)
        text = self._headline(day, cell, width) if part == 0 else _fitting(_line(cell, part), width - 1)
        text = text if part == 0 else f" {text}"
        return [(pad(cut(text, width, self.look.glyphs.cut), width), self._style(day, cell, part)), (" ", plain)]

    def _headline(self, day: date, cell: DayCell, width: int) -> str:
        sign = self.look.glyphs.status[cell.status]
        return f"{day.day:>2} {sign} {_fitting(cell.words, width - 5)}".rstrip()

    def _style(self, day: date, cell: DayCell, part: int) -> Style:
        palette, status = self.look.palette, cell.status
        if day == self.at and self.has_focus:
            return palette.style(on="cursor-ground", bold=part == 0)
        if part == 0:
            style = palette.cell(status)
            return style + Style(underline=True) if day == self.at else style
        role = "text" if part == 1 else "muted"
        return palette.style(role) if status in {Status.OK, Status.NONE} else palette.beside(status)

    # Where things are.

    def place_of_cursor(self) -> Offset:
        """The number of the cursor's day."""
        week = (monday(self.at) - self.top_day).days // WEEK
        x = _LEAD + _LABEL + self.at.weekday() * self._cell_width
        return Offset(x, 2 + week * (self.lines + self._gap))

    def day_under(self, x: int, y: int) -> date | None:
        """Any cell of a day, its blank line included."""
        column, week = (x - _LEAD - _LABEL) // self._cell_width, (y - 2) // (self.lines + self._gap)
        if not (0 <= column < WEEK and y >= 2 and week < self.weeks):
            return None
        return self.top_day + timedelta(days=week * WEEK + column)


def _line(cell: DayCell, part: int) -> Sequence[str]:
    return cell.lines[part - 1] if part - 1 < len(cell.lines) else ()


def _fitting(texts: Sequence[str], width: int) -> str:
    """The longest that fits."""
    return next((text for text in map(safe, texts) if cell_len(text) <= width), "")
