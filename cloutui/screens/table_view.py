"""A report as a screen: its rows in a table, and a pane that tells more of the row under the cursor.

New facts change what rows say and never where they stand: another order and new rows come when they are asked for.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Container, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on

from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.model.question import Marked, Question
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.screens.background import ask_in_background
from cloutui.screens.desk import Desk
from cloutui.screens.freshness import ages
from cloutui.screens.notices import empty_notice, error_notice
from cloutui.screens.peek import Peek
from cloutui.screens.view import View
from cloutui.widgets.lines import Lines
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.parts import PartedTable
from cloutui.widgets.result_cells import Writer
from cloutui.widgets.result_order import OrderedResult
from cloutui.widgets.result_rows import keys_of
from cloutui.widgets.result_table import ResultTable

if TYPE_CHECKING:
    from cloutui.model.link import Link
    from cloutui.model.table import Answer


_FIRST: Mapping[str, object] = {"limit": 500}
"""What the largest terminal shows, a few times over: reports make it in a tenth of the time of 100,000 rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a table shows of a report."""

    report: str
    key: tuple[str, ...]
    """The columns that tell its rows apart."""
    shown: tuple[str, ...]
    """The columns, in order; what does not fit goes by its priority, and stands in the peek."""
    noun: str
    """What a row is: `node`."""
    status_detail: str = ""
    writers: Mapping[str, Writer] = field(default_factory=dict)


class TableView(View):
    """A list of rows. A subclass says which, what the peek tells, and what enter opens."""

    TAKES_FILTER = True
    BESIDE: ClassVar[Sequence[str]] = ()
    """Columns that are laid beside those of the report: nobody chooses them, and no export has them."""

    def __init__(self, desk: Desk, title: str, listing: Listing, peek: Peek | None = None) -> None:
        table = PartedTable(desk.look, title, now=desk.now, zone=desk.zone)
        super().__init__(desk, table, peek or Peek(desk.look))
        self.listing = listing
        self.is_answered = False
        """Whether the rows are those of the question as it is now."""
        self._wanted: Hashable = None
        """The key of the row that the cursor is to go to, once it is there."""

    @property
    def table(self) -> PartedTable:
        """The main list."""
        assert isinstance(self.main, PartedTable)
        return self.main

    # What a subclass says.

    def parameters(self) -> dict[str, object]:
        """What the report is asked with."""
        return {}

    def note(self, answer: Answer) -> str:
        """What stands right in the title rule; three blanks part what may be left out."""
        return formats.plural(answer.total, self.listing.noun)

    @abstractmethod
    def why_empty(self) -> list[Paragraph]:
        """Why there are no rows, and which key helps."""

    def glance(self, row: dict[str, Any]) -> list[Paragraph]:
        """What the peek says at once."""
        return field_lines_left_out(self)

    async def detail(self, row: dict[str, Any]) -> Sequence[Paragraph]:
        """What the peek says when it has asked. Raises: CloutuiError."""
        return self.glance(row)

    def entitle_peek(self, row: dict[str, Any]) -> None:
        """The title rule of the peek."""

    def open(self, row: dict[str, Any]) -> None:
        """Enter on a row."""

    # Facts.

    def on_mount(self) -> None:
        """Heads and dots at once, rows when they come."""
        self.prepare()

    def prepare(self) -> None:
        """Make the table ready for its listing: heads, and dots in place of rows."""
        from cloutui.reports.registry import find_report

        table, listing = self.table, self.listing
        table.chosen, table.sort, table.status_detail, table.writers = (), (), listing.status_detail, listing.writers
        table.cursor = table.top = 0
        self.is_answered = False
        table.expect(find_report(listing.report).columns)
        table.column = None  # then it stands on the first one
        table.choose_columns(self.wanted_columns())

    def wanted_columns(self) -> Sequence[str]:
        """What the reader chose to see of the report, else what anybody sees."""
        return self.desk.columns.get(self.listing.report) or self.listing.shown

    def reload(self, *, anew: bool = False) -> None:
        """Ask again."""
        if self.desk.session is None:
            return
        ask_in_background(self, partial(self._load, anew=anew), "load")

    def scope_changed(self, place: Any = None) -> None:
        """Another question: from its first row, or from the row that one was on."""
        self._wanted, self.is_answered = place, self.is_answered and place is not None
        self.reload(anew=True)

    def place(self) -> Hashable:
        """The key of the cursor row."""
        return self.table.key

    def show(self, link: Link, place: Any = None) -> None:
        """A link may name the row under the cursor, with `at`."""
        at = link.query.get("at")
        super().show(link, self.place_named(at) if at else place)

    def place_named(self, text: str) -> Hashable:
        """The key of the row that a link names."""
        return text

    async def _load(self, *, anew: bool) -> None:
        """Of a new question the first rows come at once, and all of them as soon as they are there."""
        try:
            answer = await self.ask(self.listing.report, **self.parameters(), **({} if self.is_answered else _FIRST))
            if answer is not None and self.peek is not None:
                self.peek.forget()
            if answer is not None and self._has_wanted(answer):
                self._show(answer, anew=anew)
            if answer is not None and answer.rows.num_rows < answer.total:
                answer = await self.ask(self.listing.report, **self.parameters())
                if answer is not None:
                    self._show(answer, anew=True)
        except CloutuiError as error:
            self._say_error(error, anew=anew)

    def _has_wanted(self, answer: Answer) -> bool:
        """Whether the row that the cursor is to go to is there, or will not come later either."""
        is_all = answer.rows.num_rows == answer.total
        return is_all or self._wanted is None or self._wanted in keys_of(answer.rows, self.listing.key)

    @on(OrderedResult.SortAsked)
    def _sort_asked(self, message: OrderedResult.SortAsked) -> None:
        """Of rows that were not all here: they are sorted once they are."""
        if self.table.rows.is_paged:
            self.table.sort = message.sort
        else:
            self.table.sort_by(message.sort)

    def _say_error(self, error: CloutuiError, *, anew: bool) -> None:
        if not anew and self.table.count() and self.is_answered:
            self.table.entitle(note=error.what)  # the rows are old, not wrong: they stay
        else:
            self.table.say(error_notice(error, self.desk.look))
            self._clear_peek()

    def _show(self, answer: Answer, *, anew: bool) -> None:
        table, waiting, note = self.table, 0, self.note(answer)
        if not anew and self.is_answered and table.count() and not table.rows.is_paged:
            answer, waiting = in_the_order_of(answer, self.listing.key, table.rows.keys(0, table.count()))
            table.show(answer, key=self.listing.key, sort=table.sort)
        else:
            cursor = self._wanted
            if cursor is None and not self.is_answered and answer.rows.num_rows:
                cursor = keys_of(answer.rows.slice(0, 1), self.listing.key)[0]
            table.show(answer, key=self.listing.key, stay=self.is_answered, cursor=cursor)
        self._wanted, self.is_answered = None, True
        self.entitle(f"{formats.count(waiting)} new, r shows   {note}" if waiting else note)
        if not answer.rows.num_rows:
            self.entitle("")
            table.say(self.why_empty())
            self._clear_peek()

    def entitle(self, note: str) -> None:
        """Say in the title rule what was found."""
        self.table.entitle(note=note)

    def no_servers(self) -> list[Paragraph]:
        """Nothing at all is known: said when there is no backup server."""
        return empty_notice(
            self.desk.look,
            "No backup server yet, so nothing is known.",
            ("cloutui server add", "connects the first"),
            ("cloutui demo", "shows a simulated fleet"),
        )

    def question(self) -> Question | None:
        """What is asked for these rows."""
        kept = [key for key in self.table.sort if key.column not in self.BESIDE]
        sort = [f"-{key.column}" if key.descending else key.column for key in kept]
        return Question(
            report=self.listing.report,
            unit=self.desk.unit,
            parameters=self.parameters(),
            filter=self.filter,
            sort=sort,
        )

    def marked(self) -> Marked | None:
        """By the key of the listing."""
        table = self.table
        return Marked(table.rows.key, frozenset(table.marks)) if table.marks else None

    # The cursor.

    @on(Lines.Moved)
    def _moved(self, message: Lines.Moved) -> None:
        if message.lines is self.table:
            self.tell()

    def tell(self) -> None:
        """Let the peek tell of the cursor row."""
        row = self.chosen()
        if self.peek is None or not row:
            self._clear_peek()
            return
        self.entitle_peek(row)
        self.peek.look_at(self.peek_key(), self.glance(row), lambda: self.detail(row))

    def chosen(self) -> dict[str, Any]:
        """The values of the cursor row; nothing where there is none."""
        return self.table.values() if self.table.count() and not self.table.notice else {}

    def peek_key(self) -> Hashable:
        """What the peek is about."""
        return self.table.key

    def _clear_peek(self) -> None:
        if self.peek is not None:
            self.peek.entitle("", "")
            self.peek.look_at_nothing()

    @on(OrderedResult.Sorted)
    def _sorted(self) -> None:
        self.tell()

    @on(ResultTable.RowChosen)
    def _chosen(self, message: ResultTable.RowChosen) -> None:
        message.stop()
        self.open(message.row)

    # Words that more than one view needs.

    def silence_of(self, server: str) -> str:
        """`since 14:11` when the server does not answer now, else nothing."""
        found = next((age for age in ages(self.desk.as_of, self.desk.now()) if age.server == server), None)
        if found is None or found.status is not Status.UNKNOWN:
            return ""
        return found.words(self.desk.now(), self.desk.zone)


def field_lines_left_out(view: TableView, told: Container[str] = ()) -> list[Paragraph]:
    """What the columns that did not fit would say of the cursor row, but for those whose heads are `told`."""
    muted = view.desk.look.palette.style("muted")
    texts = [f"{head} {text}" for head, text in view.table.left_out() if text not in {"", "-"} and head not in told]
    return [Paragraph([("    ", muted)], "   ".join(texts), muted)] if texts else []


def in_the_order_of(answer: Answer, key: Sequence[str], shown: Sequence[Hashable]) -> tuple[Answer, int]:
    """The rows that are shown already, where they stand, with what is said of them now; and how many others there are.

    Rows that are gone are left out.
    """
    places = {row_key: place for place, row_key in enumerate(keys_of(answer.rows, key))}
    kept = [places[row_key] for row_key in shown if row_key in places]
    waiting = answer.rows.num_rows - len(kept)
    if kept == list(range(answer.rows.num_rows)):
        return answer, 0
    return replace(answer, rows=answer.rows.take(kept), total=len(kept)), waiting


def where(desk: Desk, *parts: str | None) -> str:
    """`Acme ApS › SPA01 › PD_SQL`."""
    return f" {desk.look.glyphs.crumb} ".join(safe(part) for part in parts if part)
