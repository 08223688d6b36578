"""Days under a cursor: what a pane that shows many of them shares with any other, whichever way it lays them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip

from cloutui.model import formats
from cloutui.model.status import Status
from cloutui.widgets.lines import ACT, MOVE, Lines
from cloutui.widgets.look import Look
from cloutui.widgets.text import Piece, line

WEEK = 7
DAY = timedelta(days=1)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCell:
    """One day. Texts are given longest first: the first one that fits is shown, and nothing where none does."""

    status: Status
    words: Sequence[str] = ()
    """How it went: `Failed 12`, `Failed`, `Fail`."""
    lines: Sequence[Sequence[str]] = ()
    """What else is to be read of it, line by line."""


_NOTHING = DayCell(status=Status.NONE)


def monday(day: date) -> date:
    """The first day of its ISO week."""
    return day - timedelta(days=day.weekday())


class DayPane(Lines):
    """Days from one to another, both of them shown, under a cursor. A subclass says where each is drawn."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open the day", id="days.open", tooltip="open", group=ACT),
        Binding("n", "problem(1)", "next problem", id="days.next-problem", group=MOVE),
        Binding("N", "problem(-1)", "previous problem", id="days.previous-problem", show=False, group=MOVE),
        Binding("h,left", "across(-1)", "left", id="days.left", show=False, group=MOVE),
        Binding("l,right", "across(1)", "right", id="days.right", show=False, group=MOVE),
    ]

    ACROSS: ClassVar[int]
    """So many days is the column right of one, ..."""
    BELOW: ClassVar[int]
    """... and so many the row below it."""

    @dataclass
    class Beyond(Message):
        """The reader went to a day that is not among those shown."""

        pane: DayPane
        day: date

    def __init__(self, look: Look, title: str = "", *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(look, title, id=id)
        self.first = self.last = self.at = date.min
        """The first and the last day there is, and the one under the cursor."""
        self.cells: Mapping[date, DayCell] = {}

    def show(self, cells: Mapping[date, DayCell], first: date, last: date, at: date) -> None:
        """Show the days from first to last; those that have no cell are days of which nothing is known."""
        self.cells, self.first, self.last = cells, first, last
        self.waiting, self.notice = False, ()
        self.at = max(first, min(at, last))
        self.follow_day()
        self.refresh()
        self.post_message(self.Moved(self))

    def cell(self, day: date) -> DayCell:
        """What is known of a day."""
        return self.cells.get(day, _NOTHING)

    @property
    def is_shown(self) -> bool:
        """Whether there are days at all."""
        return self.first > date.min and not self.waiting and not self.notice

    # What a subclass says.

    def drawn(self, y: int) -> list[Piece]:
        """A line of the pane below its title rule, from 0 on."""
        raise IndexError(y)

    def day_under(self, x: int, y: int) -> date | None:
        """The day that is drawn at a place of the pane."""
        del x, y
        return None

    def place_of_cursor(self) -> Offset:
        """Where the cursor's day is drawn."""
        return Offset(0, 0)

    def follow_day(self) -> None:
        """Bring the cursor's day into view."""

    # What a pane of lines asks.

    def count(self) -> int:
        """The days."""
        return (self.last - self.first).days + 1 if self.is_shown else 0

    def position(self) -> str:
        """The day under the cursor."""
        return formats.short_day(self.at) if self.is_shown else ""

    def cell_text(self) -> str:
        """The day, and how it went."""
        return self.row_text()

    def row_text(self) -> str:
        """The day, how it went, and what else is read of it."""
        if not self.is_shown:
            return ""
        cell = self.cell(self.at)
        texts = [self.at.isoformat(), *cell.words[:1], *(texts[0] for texts in cell.lines if texts)]
        return "\t".join(text.strip() for text in texts)

    def cursor_cell(self) -> Offset:
        """Where the terminal's own cursor goes."""
        return self.place_of_cursor() if self.is_shown else Offset(0, 0)

    def _content(self, y: int) -> Strip:
        if y == 0 or self.notice or self.waiting:
            return super()._content(y)
        pieces = self.drawn(y - 1) if self.first > date.min else []
        return line(pieces, self.inner_width, self.look.palette.style())

    def on_resize(self) -> None:
        """Another size has room for other days."""
        self.follow_day()

    # Moving.

    def go_to(self, day: date) -> None:
        """Put the cursor on a day; one that is not there is asked for."""
        if not self.is_shown or day == self.at:
            return
        if not self.first <= day <= self.last:
            self.post_message(self.Beyond(self, day))
            return
        self.at = day
        self.follow_day()
        self.refresh()
        self.post_message(self.Moved(self))

    def _by(self, days: int) -> None:
        if self.is_shown:
            self.go_to(self.at + timedelta(days=days))

    def action_across(self, columns: int) -> None:
        """A column on or back."""
        self._by(columns * self.ACROSS)

    def action_down(self) -> None:
        """A row down."""
        self._by(self.BELOW * (self.times or 1))

    def action_up(self) -> None:
        """A row up."""
        self._by(-self.BELOW * (self.times or 1))

    def action_page(self, direction: int) -> None:
        """Four weeks."""
        self._by(direction * 4 * WEEK * (self.times or 1))

    def action_half_page(self, direction: int) -> None:
        """Two weeks."""
        self._by(direction * 2 * WEEK * (self.times or 1))

    def action_first(self) -> None:
        """The first day that is shown."""
        self.go_to(self.first)

    def action_last(self) -> None:
        """The last one."""
        self.go_to(self.last)

    def action_problem(self, step: int) -> None:
        """The next day that is not well."""
        ahead = (self.last - self.at if step > 0 else self.at - self.first).days
        days = (self.at + place * step * DAY for place in range(1, ahead + 1))
        self.go_to(next((day for day in days if self.cell(day).status.is_problem), self.at))

    def action_open(self) -> None:
        """That day."""
        if self.is_shown:
            self.post_message(self.Opened(self))

    def clicked(self, index: int, x: int) -> None:
        """A click goes to a day, a click on the cursor's opens it."""
        day = self.day_under(x, index + 1)
        if day is None or not self.first <= day <= self.last:
            return
        if day == self.at:
            self.action_open()
        else:
            self.go_to(day)

    def _wheel(self, event: events.MouseEvent, rows: int) -> None:
        event.stop()
        self.go_to(max(self.first, min(self.at + (WEEK if rows > 0 else -WEEK) * DAY, self.last)))
