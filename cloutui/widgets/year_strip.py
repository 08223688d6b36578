"""A year at a glance: a column for each week, a row for each weekday, one sign a day. Below it how many were how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import ClassVar

from rich.style import Style
from textual.geometry import Offset

from cloutui.model import formats
from cloutui.model.status import Status
from cloutui.widgets.days import DAY, WEEK, WEEKDAYS, DayPane, monday
from cloutui.widgets.glyphs import ASCII
from cloutui.widgets.text import Piece, pad

_LEAD = 2
_LABEL = 5
_MOST_CELL = 3
_NAMED = (0, 2, 4, 6)
"""Rows that say which weekday they are."""
ROWS = 9
"""Without the months: the title rule, the weekdays, the counts."""

_GOOD = {Status.OK, Status.OKWARN}
_JUDGED = {*_GOOD, Status.WARNING, Status.MISSED, Status.ERROR}
_COUNTED = (Status.OK, Status.OKWARN, Status.WARNING, Status.ERROR, Status.MISSED)
_TELLS_NOTHING = {Status.NONE, Status.IGNORED, Status.PENDING, Status.RUNNING}


class YearStrip(DayPane):
    """Up to 53 weeks, the newest at the right."""

    ACROSS: ClassVar[int] = WEEK
    BELOW: ClassVar[int] = 1

    # What fits.

    @property
    def _heads(self) -> int:
        """Where there is a line to spare the months are named."""
        return 1 if self.size.height > ROWS else 0

    @property
    def _start(self) -> date:
        return monday(self.first)

    @property
    def _columns(self) -> int:
        return (monday(self.last) - self._start).days // WEEK + 1

    @property
    def _cell_width(self) -> int:
        return max(1, min(_MOST_CELL, (self.inner_width - _LEAD - _LABEL) // self._columns))

    @property
    def _hidden(self) -> int:
        """Columns that there is no room for: the oldest, or as many of the newest as let the cursor be seen."""
        fitting = max(1, (self.inner_width - _LEAD - _LABEL) // self._cell_width)
        return max(0, min(self._columns - fitting, (self.at - self._start).days // WEEK))

    # Drawing.

    def drawn(self, y: int) -> list[Piece]:
        """Months, weekdays, counts."""
        if y < self._heads:
            return [self._months()]
        row = y - self._heads
        if row < WEEK:
            name = WEEKDAYS[row] if row in _NAMED else ""
            label: Piece = (" " * _LEAD + pad(name, _LABEL), self.look.palette.style("muted"))
            return [label, *(piece for week in self._weeks() for piece in self._of_day(week + row * DAY))]
        return self._counts() if row == WEEK else []

    def _weeks(self) -> Iterable[date]:
        return (self._start + column * WEEK * DAY for column in range(self._hidden, self._columns))

    def _months(self) -> Piece:
        """Each above the week that its first day is in, if the one before leaves room."""
        text = ""
        for place, week in enumerate(self._weeks()):
            last = week + 6 * DAY
            at = place * self._cell_width
            if (last.day <= WEEK or place == 0) and at > len(text) - (not text):
                text = text.ljust(at) + formats.month(last)
        return (" " * (_LEAD + _LABEL) + text, self.look.palette.style("muted"))

    def _of_day(self, day: date) -> list[Piece]:
        palette, width = self.look.palette, self._cell_width
        if not self.first <= day <= self.last:
            return [(" " * width, palette.style())]
        status = self.cell(day).status
        sign = self._sign(status)
        style = self._style(day, status)
        return [(sign.center(width) if width == _MOST_CELL else sign.ljust(width), style)]

    def _sign(self, status: Status) -> str:
        # Three hundred large dots would be a wall: health whispers.
        is_quiet = status is Status.OK and self.look.glyphs != ASCII
        return "▪" if is_quiet else self.look.glyphs.status[status]

    def _style(self, day: date, status: Status) -> Style:
        palette = self.look.palette
        if day == self.at:
            return palette.style(on="cursor-ground", bold=True) if self.has_focus else palette.style("text", under=True)
        return palette.cell(status)

    def _counts(self) -> list[Piece]:
        """How many days were how, the share of good ones, and how long it went badly at worst."""
        palette, signs = self.look.palette, self.look.glyphs.status
        days = [self.first + number * DAY for number in range((self.last - self.first).days + 1)]
        statuses = [self.cell(day).status for day in days]
        counted = Counter(statuses)
        pieces: list[Piece] = [("  ", palette.style())]
        pieces += [(f"{signs[status]} {counted[status]}  ", palette.style(status.key)) for status in _COUNTED]
        pieces.append((f"none {counted[Status.NONE]}", palette.style("muted")))
        if good := share_of_good(statuses):
            pieces.append((f"     success {good}", palette.style()))
        if run := longest_bad_run(statuses):
            pieces.append((f"  longest bad run {run}d", palette.style()))
        return pieces

    # Where things are.

    def place_of_cursor(self) -> Offset:
        """The sign of the cursor's day."""
        column = (self.at - self._start).days // WEEK - self._hidden
        return Offset(_LEAD + _LABEL + column * self._cell_width, 1 + self._heads + self.at.weekday())

    def day_under(self, x: int, y: int) -> date | None:
        """The day of a sign."""
        column, row = (x - _LEAD - _LABEL) // self._cell_width, y - 1 - self._heads
        if column < 0 or not 0 <= row < WEEK:
            return None
        return self._start + timedelta(days=(column + self._hidden) * WEEK + row)


def share_of_good(statuses: Iterable[Status]) -> str:
    """`90.3%` of the days that were decided, those with notes included; nothing where none was."""
    judged = [status for status in statuses if status in _JUDGED]
    return formats.percent(sum(status in _GOOD for status in judged) / len(judged), digits=1) if judged else ""


def longest_bad_run(statuses: Iterable[Status]) -> int:
    """The longest run of failed and missed days; those on which nothing ended do not break it."""
    longest = run = 0
    for status in statuses:
        if status.is_bad:
            run += 1
            longest = max(longest, run)
        elif status not in _TELLS_NOTHING:
            run = 0
    return longest
