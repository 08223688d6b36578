"""What stands in the content of the shell: a list with its peek, or a page.

A view is made once and kept: what it shows follows the desk (whose facts) and the link that it is given (which day,
which filter), and it tells the same as a link.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.containers import Container
from textual.message import Message
from textual.widget import Widget

from cloutui.model.link import Link
from cloutui.screens.desk import Desk
from cloutui.screens.layout import Layout
from cloutui.screens.peek import Peek
from cloutui.widgets.lines import Lines

if TYPE_CHECKING:
    from textual.binding import Binding

    from cloutui.model.filter.problem import BadFilter
    from cloutui.model.handling import HandlingState
    from cloutui.model.question import Marked, Question
    from cloutui.model.table import Answer
    from cloutui.screens.jobs import Cell, Job
    from cloutui.screens.subject import NodeDay, Subject
    from cloutui.screens.turns import Turns


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


class LinkOpened(Message):
    """What the link names is to be shown."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self.link = link


class ActionAsked(Message):
    """An action is to be done: its dialog opens with these values, and asks for the others."""

    def __init__(self, name: str, /, **values: object) -> None:
        super().__init__()
        self.name, self.values = name, values


class ViewOpened(Message):
    """Something that has no link of its own is to be looked into."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self.view = view


class Preferred(Message):
    """The console is to be like this from now on, as far as it can be seen: a key of `model.preference`."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__()
        self.name, self.value = name, value


class RoundEnded(Message):
    """A round through problems is over: so many there were, so many were handled, in so many seconds."""

    def __init__(self, *, problems: int, handled: int, took_s: float) -> None:
        super().__init__()
        self.problems, self.handled, self.took_s = problems, handled, took_s


class CrumbsChanged(Message):
    """The path in the header says something else now."""


class Filtered(Message):
    """A question with the view's filter has been answered: so many rows of so many, or why it cannot be."""

    def __init__(self, view: View, matched: int, everything: int, problem: BadFilter | None = None) -> None:
        super().__init__()
        self.view, self.matched, self.everything, self.problem = view, matched, everything, problem


class View(Container):
    """One thing to look at. The shell arranges it, reloads it, and asks it for its part of the path."""

    DEFAULT_CSS = "View { width: 1fr; height: 1fr; layout: vertical; }"

    HAS_DAYS: ClassVar[bool] = False
    """Whether the keys for days mean something here."""
    TAKES_FILTER: ClassVar[bool] = False
    """Whether `/` does: such a view asks with `ask`, which brings its filter."""

    def __init__(self, desk: Desk, main: Lines, peek: Peek | None = None) -> None:
        super().__init__()
        self.desk = desk
        self.main = main
        self.peek = peek
        self.word = ""
        """The screen it belongs to. Said by the shell."""
        self.filter = ""
        """Which rows are wanted, in the filter language."""
        self.turns: Turns | None = None
        """Of its questions, where they need nothing that comes with the tree of units, and may come before it."""
        self.answer: Answer | None = None
        """The last one to `ask`: its columns and values are offered while a filter is typed."""
        self._peek_rows = 0
        """What the peek has below a long list; 0 where it is not below."""
        self._lines = 0
        """The height; what is hidden has the one that it had."""
        self._at_once: tuple[NodeDay | None, Sequence[Subject]] = (None, ())
        """What was handled at once, when that was the last, and on which of it the cursor was."""

    def compose(self) -> list[Widget]:
        """The list, and what tells more of its cursor row."""
        return [self.main, self.peek] if self.peek else [self.main]

    def crumbs(self) -> list[str]:
        """What the path in the header says after the unit."""
        return []

    def reload(self, *, anew: bool = False) -> None:
        """Ask again. `anew` may bring other rows and another order; else only what rows say changes."""

    def scope_changed(self, place: Any = None) -> None:
        """Another unit is the scope: from the first row, or from where the reader was in it (see `place`)."""
        if place is None:
            self.main.cursor = self.main.top = 0
        self.reload(anew=True)

    def place(self) -> Any:
        """Where the reader is among the rows, for `scope_changed` to come back to."""
        return None

    def subject(self) -> Subject | None:
        """What is under the cursor, for menus; None where there is nothing that other screens know too."""
        return None

    def problems(self) -> Sequence[Subject]:
        """The days of nodes that are handled together: of those that are marked, else of the one under the cursor."""
        subject = self.subject()
        return [subject] if subject is not None and subject.node_id is not None and subject.day is not None else []

    def takes_back(self) -> Sequence[Subject]:
        """Those that are opened again: what was just handled at once, as long as the cursor has not left it."""
        problems, (at, at_once) = self.problems(), self._at_once
        return at_once if at_once and [problem.node_day for problem in problems] == [at] else problems

    def was_handled(self, problems: Sequence[Subject], state: HandlingState) -> None:
        """Somebody said here how these stand now."""
        del state
        subject = self.subject()
        self._at_once = (subject.node_day, problems) if subject is not None and len(problems) > 1 else (None, ())

    def missing_right(self, binding: Binding) -> str:
        """The right without which a key of this view is shown and does nothing."""
        del binding
        return ""

    # As a link.

    @property
    def day(self) -> date | None:
        """The day that is looked at; None where days mean nothing, or where none was chosen."""
        return None

    def go_to(self, day: date) -> None:
        """Look at that day when it is next asked; a view without days knows none."""

    def link(self) -> Link:
        """What is on the screen now."""
        return Link(unit=self.desk.unit, screen=self.word, query=self.link_query())

    def link_query(self) -> dict[str, str]:
        """The part of the link after `?`."""
        said = {"day": self.day.isoformat() if self.day else "", "filter": self.filter}
        return {name: value for name, value in said.items() if value}

    def show(self, link: Link, place: Any = None) -> None:
        """Show what the link names, with the cursor at `place` where that is known, and ask for it.

        Raises: Invalid, when its day is none.
        """
        if self.TAKES_FILTER:
            self.filter = link.query.get("filter", "")
        if link.day is not None:
            self.go_to(link.day)
        self.scope_changed(place)

    # As questions.

    def question(self) -> Question | None:
        """What is asked for the rows that are shown, for exports and copies; None where there are no rows."""
        return None

    def marked(self) -> Marked | None:
        """The rows that are marked, wherever a filter hides them; None where none are."""
        return None

    async def ask(self, report: str, **asked: object) -> Answer | None:
        """Ask with the scope and the filter, and tell how much the filter lets through.

        None when the filter is wrong: what is shown stays, and the filter's row says why. Raises: CloutuiError.
        """
        from cloutui.model.filter.problem import BadFilter

        assert self.desk.session is not None
        if self.filter:
            asked["filter"] = self.filter
        try:
            answer = await self.desk.session.ask(report, unit=self.desk.scope, **asked)
        except BadFilter as problem:
            self.post_message(Filtered(self, 0, 0, problem))
            return None
        self.answer = answer
        self.post_message(Filtered(self, answer.total, answer.total + answer.hidden))
        return answer

    # Size.

    def fit(self, layout: Layout, *, peek: bool) -> None:
        """Fit the parts into a terminal of this size."""
        if self.peek is None:
            return
        beside, alone = layout.peek_is_beside, layout.peek_is_alone
        self.main.display = not alone
        self.peek.display = alone or (peek and (beside or layout.peek_rows > 0))
        self.styles.layout = "horizontal" if beside else "vertical"
        self.main.edge = beside and self.peek.display
        self.peek.styles.width = layout.peek_width if beside and not alone else "1fr"
        self._peek_rows = layout.peek_rows if self.peek.display and not (beside or alone) else 0
        self._share()

    @on(events.Resize)
    def _resized(self) -> None:
        self._lines = self.size.height or self._lines
        self._share()

    def _share(self) -> None:
        """What the list does not need is for the peek below it."""
        if self.peek is None:
            return
        most = self._lines - self.least_of_peek() if self._peek_rows else 0
        self.main.hug(most if most > 0 else None)
        self.peek.styles.height = self._peek_rows if self._peek_rows and most <= 0 else "1fr"

    def least_of_peek(self) -> int:
        """How high the peek below the list is, however long that is."""
        return self._peek_rows

    # Days.

    def move_day(self, days: int) -> None:
        """So many days on, or back."""

    def move_days(self, direction: int) -> None:
        """A week on, or back."""

    def to_today(self) -> None:
        """To the day it is."""
