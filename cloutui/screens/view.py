"""What stands in the content of the shell: a list with its peek, or a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Container
from textual.message import Message
from textual.widget import Widget

from cloutui.screens.desk import Desk
from cloutui.screens.layout import Layout
from cloutui.screens.peek import Peek
from cloutui.widgets.lines import Lines

if TYPE_CHECKING:
    from cloutui.screens.jobs import Cell, Job


class CellOpened(Message):
    """A cell of the matrix is to be looked into."""

    def __init__(self, cell: Cell) -> None:
        super().__init__()
        self.cell = cell


class JobOpened(Message):
    """A job is to be read in full."""

    def __init__(self, job: Job, cell: Cell) -> None:
        super().__init__()
        self.job, self.cell = job, cell


class CrumbsChanged(Message):
    """The path in the header says something else now."""


class View(Container):
    """One thing to look at. The shell arranges it, reloads it, and asks it for its part of the path."""

    DEFAULT_CSS = "View { width: 1fr; height: 1fr; layout: vertical; }"

    HAS_DAYS: ClassVar[bool] = False
    """Whether the keys for days mean something here."""

    def __init__(self, desk: Desk, main: Lines, peek: Peek | None = None) -> None:
        super().__init__()
        self.desk = desk
        self.main = main
        self.peek = peek

    def compose(self) -> list[Widget]:
        """The list, and what tells more of its cursor row."""
        return [self.main, self.peek] if self.peek else [self.main]

    def crumbs(self) -> list[str]:
        """What the path in the header says after the unit."""
        return []

    def reload(self, *, anew: bool = False) -> None:
        """Ask again. `anew` may bring other rows and another order; else only what rows say changes."""

    def fit(self, layout: Layout, *, peek: bool) -> None:
        """Fit the parts into a terminal of this size."""
        if self.peek is None:
            return
        beside = layout.peek_is_beside
        self.peek.display = peek and (beside or layout.peek_rows > 0)
        self.styles.layout = "horizontal" if beside else "vertical"
        self.main.edge = beside and self.peek.display
        self.peek.styles.width = layout.peek_width if beside else "1fr"
        self.peek.styles.height = "1fr" if beside else layout.peek_rows

    def move_day(self, days: int) -> None:
        """So many days on, or back."""

    def move_days(self, direction: int) -> None:
        """A week on, or back."""

    def to_today(self) -> None:
        """To the day it is."""
