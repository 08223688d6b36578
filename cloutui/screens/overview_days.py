"""The block `Last 30 days` (more where there is room): how each day of the unit went, and how many jobs were bad."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.strip import Strip

from cloutui.model import formats
from cloutui.model.status import Status
from cloutui.widgets.lines import ACT, MOVE, Lines
from cloutui.widgets.look import Look
from cloutui.widgets.text import Piece, line

_DAY_CELLS = 3
_SATURDAY = 5
ROWS = 4
"""With the title rule."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a unit."""

    day: date
    status: Status
    bad: int


class DaysBlock(Lines):
    """Days from left to right, the newest last."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open", id="overview.day", group=ACT),
        Binding("h,left", "step(-1)", "day left", id="overview.day-left", show=False, group=MOVE),
        Binding("l,right", "step(1)", "day right", id="overview.day-right", show=False, group=MOVE),
        Binding("n", "problem(1)", "next problem", id="overview.next-bad-day", group=MOVE),
        Binding("N", "problem(-1)", "previous problem", id="overview.previous-bad-day", show=False, group=MOVE),
    ]

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Last days")
        self.days: Sequence[Day] = ()
        self.chosen: date | None = None
        """The day under the cursor; None is the last one."""

    def show(self, days: Sequence[Day]) -> None:
        """These days, the oldest first."""
        self.days, self.waiting, self.notice = days, False, ()
        self._say_how_many()
        self.refresh()

    def fill(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Show these rows of the report `days`."""
        signs = self.look.glyphs.status
        self.show([Day(row["day"], Status(row["status"]), row["bad"]) for row in rows])
        graded = f"{signs[Status.OK]} 98% good or more   {signs[Status.ERROR]} less than 95%"
        self.entitle(note=f"failed + missed below   {graded}")

    def on_resize(self) -> None:
        """Another width holds other days."""
        self._say_how_many()
        super().on_resize()

    def _say_how_many(self) -> None:
        if self.days:
            self.entitle(f"Last {formats.plural(len(self._shown()), 'day')}")

    def position(self) -> str:
        """The day under the cursor, and its bad jobs."""
        found = self.day
        return f"{formats.short_day(found.day)}  {formats.count(found.bad)} bad" if found else ""

    @property
    def day(self) -> Day | None:
        """The day under the cursor."""
        shown = self._shown()
        return next((day for day in shown if day.day == self.chosen), shown[-1] if shown else None)

    def _shown(self) -> Sequence[Day]:
        return self.days[-max(1, (self.inner_width - 2) // _DAY_CELLS) :]

    def _content(self, y: int) -> Strip:
        if y == 0 or self.notice or self.waiting:
            return super()._content(y)
        pieces: list[Piece] = [("  ", self.look.palette.style())]
        if y < ROWS:
            pieces += [self._cell(day, y) for day in self._shown()]
        return line(pieces, self.inner_width, self.look.palette.style())

    def _cell(self, day: Day, y: int) -> Piece:
        palette, under_cursor = self.look.palette, self.has_focus and day == self.day
        if y == 1:
            sign = self.look.glyphs.status[day.status]
            if under_cursor:
                return f"[{sign}]", palette.style(on="cursor-ground", bold=True)
            return f" {sign} ", palette.cell(day.status)
        if y == 2:
            return self._bad(day), palette.style("text" if day.status.is_problem else "muted")
        role = "faint" if day.day.weekday() >= _SATURDAY else "text"
        return f"{day.day.day:>2} ", palette.style(role, under=under_cursor)

    def _bad(self, day: Day) -> str:
        if day.status is Status.NONE:
            return f" {self.look.glyphs.nothing} "
        return f"{day.bad:>2} " if day.bad < 100 else f"{day.bad:>3}" if day.bad < 1000 else "1k+"

    # Keys.

    def action_step(self, step: int) -> None:
        """A day on or back."""
        shown, here = self._shown(), self.day
        if here is not None:
            self._go_to(shown[max(0, min(shown.index(here) + step, len(shown) - 1))])

    def action_problem(self, step: int) -> None:
        """The next day that is not well."""
        shown, here = self._shown(), self.day
        if here is None:
            return
        at = shown.index(here)
        ahead = shown[at + 1 :] if step > 0 else shown[:at][::-1]
        found = next((day for day in ahead if day.status.is_problem), None)
        if found is not None:
            self._go_to(found)

    def _go_to(self, day: Day) -> None:
        self.chosen = day.day
        self.refresh()
        self.post_message(self.Moved(self))

    def action_open(self) -> None:
        """That day in the matrix."""
        if self.day is not None and not self.notice and not self.waiting:
            self.post_message(self.Opened(self))
