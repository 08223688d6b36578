"""A table of what happened up to a day: other days are a key away, and the newest row can be followed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from cloutui.screens.desk import Desk
from cloutui.screens.table_view import Listing, TableView
from cloutui.screens.view import CrumbsChanged

if TYPE_CHECKING:
    from cloutui.model.table import Answer

_WEEK = 7


class DayTable(TableView):
    """Says which day it shows. Its newest row is the first one, unless it goes to another: see `go_to_newest`."""

    HAS_DAYS: ClassVar[bool] = True

    def __init__(self, desk: Desk, title: str, listing: Listing) -> None:
        super().__init__(desk, title, listing)
        self._day: date | None = None
        """The day that was chosen; None follows the calendar."""
        self.is_following = False
        """Whether the cursor goes to the newest row, whenever there are new facts."""

    def go_to_newest(self, answer: Answer) -> None:
        """The cursor goes there with this answer."""
        del answer
        self.is_answered = False  # from the first row

    @property
    def shown_day(self) -> date:
        """The day that is looked at, or the last one of several."""
        return self._day or self.desk.today()

    @property
    def day(self) -> date | None:
        """The one that was chosen."""
        return self._day

    def go_to(self, day: date) -> None:
        """That day from the next question on; not beyond today."""
        self._day = None if day >= self.desk.today() else day

    def move_day(self, days: int) -> None:
        """Another day; not beyond today."""
        moved = min(self.desk.today(), self.shown_day + timedelta(days=days))
        if moved != self.shown_day:
            self.is_following = False
            self.go_to(moved)
            self.scope_changed()
            self.post_message(CrumbsChanged())

    def move_days(self, direction: int) -> None:
        """The same weekday of another week."""
        self.move_day(direction * _WEEK)

    def to_today(self) -> None:
        """Up to today."""
        self.move_day((self.desk.today() - self.shown_day).days)

    def action_follow(self) -> None:
        """Go to the newest row, and on with every new one; again: stay."""
        self.is_following = not self.is_following
        self._day = None
        self.reload(anew=True)
        self.post_message(CrumbsChanged())

    def _show(self, answer: Answer, *, anew: bool) -> None:
        if self.is_following:
            self.go_to_newest(answer)
        super()._show(answer, anew=anew or self.is_following)
