"""The screen `4 Weeks`: the days of one node, or of the whole unit, as weeks and as a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from cloutui.errors import CloutuiError
from cloutui.model.link import Link
from cloutui.model.step import Step
from cloutui.screens.background import ask_in_background
from cloutui.screens.catalogue import SCREENS
from cloutui.screens.desk import Desk
from cloutui.screens.jobs import Cell, subject_of_cell
from cloutui.screens.layout import Layout
from cloutui.screens.matrix_facts import NOT_SCHEDULED
from cloutui.screens.notices import empty_notice, error_notice
from cloutui.screens.subject import Subject
from cloutui.screens.view import CellOpened, CrumbsChanged, LinkOpened, View
from cloutui.screens.weeks_facts import Row, as_closed, cells_of, printed
from cloutui.widgets.days import DayPane
from cloutui.widgets.lines import MOVE, VIEW, Lines
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.week_grid import WeekGrid
from cloutui.widgets.year_strip import ROWS, YearStrip

if TYPE_CHECKING:
    from cloutui.model.question import Question

_LEAST_GRID = 12
"""Rows below which the year goes: a key away."""
_AIRY_FROM = 28
"""Rows from which the year says its months."""
_HALF_A_YEAR = timedelta(weeks=26)
_MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whose days are shown."""

    node_id: int | None = None
    """None: of all nodes of the unit."""
    schedule: str | None = None
    """None: of all its jobs; empty: of those that no schedule asked for."""

    def parameters(self) -> dict[str, object]:
        """As the report takes them."""
        given = {"node_id": self.node_id, "schedule": self.schedule}
        return {name: value for name, value in given.items() if value is not None}


class Weeks(View):
    """The days of a node, or of all nodes of the unit: each of the last weeks in words, each of a year as a sign."""

    HAS_DAYS = True

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("J", "node(1)", "next node", id="weeks.next-node", group=MOVE),
        Binding("K", "node(-1)", "previous node", id="weeks.previous-node", show=False, group=MOVE),
        Binding("d", "other_pane", "weeks or year", id="weeks.pane", tooltip="year", group=VIEW),
        Binding("s", "schedule", "one job or all", id="weeks.schedule", tooltip="job", group=VIEW),
        Binding("P", "print", "print view", id="weeks.print", show=False, group=VIEW),
    ]

    def __init__(self, desk: Desk) -> None:
        self.grid = WeekGrid(desk.look, "Trend matrix")
        self.strip = YearStrip(desk.look, "365 days")
        super().__init__(desk, self.grid)
        self.whose = _Whose()
        self.rows: Sequence[Row] = ()
        self._until: date | None = None
        """The last day of the year that is shown; None follows the calendar."""
        self._wanted: date | None = None
        """Where the cursor goes with the next answer."""
        self._called: dict[str, Any] = {}
        """Node, unit and server, as they were called last."""
        self._schedules: Sequence[str] | None = None

    def compose(self) -> list[Widget]:
        """The weeks over the year."""
        self.grid.waiting = self.strip.waiting = True
        self.strip.entitle(note="columns are weeks, rows Mon-Sun; worst status")
        return [self.grid, self.strip]

    def crumbs(self) -> list[str]:
        """The screen, and the node that is shown."""
        return ["Weeks", self._called["node"]] if self._called else ["Weeks"]

    # Size.

    def fit(self, layout: Layout, *, peek: bool) -> None:
        """As many weeks as fit above the year."""
        del layout, peek
        self.call_after_refresh(self._arrange)

    def on_resize(self) -> None:
        """Other weeks fit."""
        self._arrange()

    def _arrange(self) -> None:
        height = self.size.height
        if not height:
            return
        year = ROWS + (1 if height >= _AIRY_FROM else 0)
        both, in_year = height - year >= _LEAST_GRID, self.strip.has_focus
        self.strip.display = both or in_year
        self.grid.display = both or not in_year
        self.strip.styles.height = year if both else "1fr"
        if self.rows:
            self.call_after_refresh(self._entitle)

    def action_other_pane(self) -> None:
        """From the weeks to the year, and back."""
        to = self.grid if self.strip.has_focus else self.strip
        to.display = True
        to.focus()
        self.call_after_refresh(self._arrange)

    # As a link.

    @property
    def day(self) -> date | None:
        """The day under the cursor."""
        return self.grid.at if self.grid.is_shown else self._wanted

    def go_to(self, day: date) -> None:
        """That day, with the next answer; not beyond today."""
        self._wanted = min(day, self.desk.today())
        if not self._has(self._wanted):
            until = self._wanted + _HALF_A_YEAR
            self._until = None if until >= self.desk.today() else until

    def _has(self, day: date) -> bool:
        return self.grid.is_shown and self.grid.first <= day <= self.grid.last

    def place(self) -> date | None:
        """The day."""
        return self.day

    def link_query(self) -> dict[str, str]:
        """With the node and the schedule."""
        query = super().link_query()
        if self.whose.node_id is not None:
            query["at"] = str(self.whose.node_id)
        if self.whose.schedule is not None:
            query["job"] = self.whose.schedule or NOT_SCHEDULED
        return query

    def show(self, link: Link, place: Any = None) -> None:
        """A link says whose days; without a node they are the unit's."""
        node, schedule = link.query.get("at", ""), link.query.get("job")
        if not node.isdecimal():
            self._take(_Whose())
        else:
            self._take(_Whose(int(node), "" if schedule == NOT_SCHEDULED else schedule))
        super().show(link, place)

    def _take(self, whose: _Whose) -> None:
        if whose.node_id != self.whose.node_id:
            self._schedules, self._called = None, {}
        self.whose = whose

    def question(self) -> Question:
        """The month of the day under the cursor."""
        from cloutui.model.question import Question

        day = self.day or self.desk.today()
        month = {"first": Step.MONTH.first_of(day), "last": min(Step.MONTH.last_of(day), self.desk.today())}
        asked = {name: moment.isoformat() for name, moment in month.items()}
        return Question(report="weeks", unit=self.desk.scope, parameters={**asked, **self.whose.parameters()})

    def subject(self) -> Subject | None:
        """The node on that day."""
        cell = self._pointed()
        return subject_of_cell(cell) if cell else None

    def _pointed(self) -> Cell | None:
        if self.whose.node_id is None or not self._called or not self.grid.is_shown:
            return None
        return Cell(node_id=self.whose.node_id, day=self.grid.at, **self._called)

    # Facts.

    def reload(self, *, anew: bool = False) -> None:
        """Ask for the year again."""
        del anew
        if self.desk.session is not None:
            ask_in_background(self, partial(self._load, self.whose), "load")

    def scope_changed(self, place: Any = None) -> None:
        """Another unit: the same day of it."""
        if isinstance(place, date) and self._wanted is None:
            self.go_to(place)
        self.reload(anew=True)

    async def _load(self, whose: _Whose) -> None:
        asked = {"last": self._until.isoformat()} if self._until else {}
        try:
            answer = await self.ask("weeks", **asked, **whose.parameters())
        except CloutuiError as error:
            self._say(error_notice(error, self.desk.look))
            return
        if answer is not None and whose == self.whose:
            self._show(answer.rows.to_pylist())

    def _show(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        named = next((row for row in reversed(rows) if row["node"]), None)
        self._called = {name: named[name] for name in ("node", "unit", "server")} if named else {}
        self._entitle()
        if not rows or (self._until is None and not any(row["jobs"] for row in rows)):  # an older year may be empty
            self._say(self._why_empty())
            return
        cells = cells_of(rows, of_unit=self.whose.node_id is None, up=self.desk.look.glyphs.arrows[2])
        first, last = rows[0]["day"], rows[-1]["day"]
        at = self._wanted or (self.grid.at if self.grid.is_shown else last)
        self._wanted = None
        for pane in (self.grid, self.strip):
            pane.show(cells, first, last, at)
        self.post_message(CrumbsChanged())

    def _say(self, notice: Sequence[Paragraph]) -> None:
        self.grid.say(notice)
        self.strip.say(())
        self.strip.first = date.min  # no year without its days
        self.strip.refresh()

    def _why_empty(self) -> list[Paragraph]:
        look, desk = self.desk.look, self.desk
        if not desk.as_of:
            return empty_notice(
                look,
                "No backup server yet, so nothing is known.",
                ("cloutui server add", "connects the first"),
                ("cloutui demo", "shows a simulated fleet"),
            )
        if self.whose.schedule is not None:
            name = self.whose.schedule or NOT_SCHEDULED
            return empty_notice(look, f"No job {name} in this year.", ("s", "shows the next job"))
        if self.whose.node_id is not None:
            said = "This node had no job in this year, or is not yours."
            return empty_notice(look, said, ("J", "shows the next node"))
        return empty_notice(look, f"No jobs in {desk.scope_name()} in this year.", ("b", "chooses another unit"))

    def _entitle(self) -> None:
        node, schedule = self._called.get("node"), self.whose.schedule
        whose = str(node) if node else self.desk.scope_name() if self.whose.node_id is None else ""
        jobs = "all jobs" if schedule is None else schedule or NOT_SCHEDULED
        span = self.grid.span() if self.grid.is_shown else ""
        closed = self._as_closed()
        read = (closed,) if closed else (jobs, "stored, growth %, sent")
        self.grid.entitle(f"Trend matrix  {whose}".rstrip(), "   ".join(filter(None, (span, *read))))

    def _as_closed(self) -> str:
        """Of the day under the cursor."""
        here = (row for row in self.rows if row["day"] == self.grid.at)
        return as_closed(row) if (row := next(here, None)) else ""

    # Days.

    @on(Lines.Moved)
    def _moved(self, message: Lines.Moved) -> None:
        pane = message.lines
        if not isinstance(pane, DayPane) or not pane.is_shown:
            return
        other = self.strip if pane is self.grid else self.grid
        if other.at != pane.at:
            other.at = pane.at
            other.follow_day()
            other.refresh()
        self._entitle()

    @on(DayPane.Beyond)
    def _beyond(self, message: DayPane.Beyond) -> None:
        self._go(message.day)

    def _go(self, day: date) -> None:
        day = min(day, self.desk.today())
        if self._has(day):
            self.grid.go_to(day)
        elif self.grid.is_shown and not (day > self.grid.last and self._until is None):
            self.go_to(day)
            self.reload(anew=True)

    def move_day(self, days: int) -> None:
        """So many days on or back."""
        if self.grid.is_shown:
            self._go(self.grid.at + timedelta(days=days))

    def move_days(self, direction: int) -> None:
        """The same day of the month after, or of the one before."""
        if self.grid.is_shown:
            first = Step.MONTH.moved(self.grid.at, direction)
            self._go(min(first + timedelta(days=self.grid.at.day - 1), Step.MONTH.last_of(first)))

    def to_today(self) -> None:
        """The newest day."""
        self._go(self.desk.today())

    @on(Lines.Opened)
    def _opened(self, message: Lines.Opened) -> None:
        message.stop()
        cell = self._pointed()
        if cell is not None:
            self.post_message(CellOpened(cell))
        elif self.day is not None:
            self.post_message(LinkOpened(Link(unit=self.desk.unit, screen=_DAY_OF_UNIT, query=self._query_of_day())))

    def _query_of_day(self) -> dict[str, str]:
        assert self.day is not None
        return {"day": self.day.isoformat()}

    # Other nodes, other jobs.

    def action_node(self, step: int) -> None:
        """The next node of the list that one came from; without one, of the unit's nodes, the worst first."""
        ask_in_background(self, partial(self._to_node, step), "nodes")

    async def _to_node(self, step: int) -> None:
        listed = self.desk.listed_nodes or await self._nodes_of_unit()
        here = self.whose.node_id
        place = listed.index(here) + step if here in listed else 0
        if listed and 0 <= place < len(listed):
            self._take(_Whose(listed[place]))
            self._wanted = self.day
            await self._load(self.whose)

    async def _nodes_of_unit(self) -> Sequence[int]:
        try:
            answer = await self.ask("nodes", limit=_MOST_LISTED)
        except CloutuiError as error:
            self.grid.entitle(note=error.what)
            return ()
        return [row["node_id"] for row in answer.rows.to_pylist()] if answer is not None else ()

    def action_schedule(self) -> None:
        """The next of the node's schedules; after the last one all its jobs."""
        ask_in_background(self, self._to_schedule, "schedules")

    async def _to_schedule(self) -> None:
        if self.whose.node_id is None:
            self.grid.entitle(note="one job is one of a node: J shows the next one")
            return
        if self._schedules is None:
            self._schedules = await self._schedules_of(self.whose.node_id)
        ways = [None, *self._schedules]
        at = ways.index(self.whose.schedule) if self.whose.schedule in ways else 0
        self.whose = _Whose(self.whose.node_id, ways[(at + 1) % len(ways)])
        self._wanted = self.day
        await self._load(self.whose)

    async def _schedules_of(self, node_id: int) -> Sequence[str]:
        try:
            answer = await self.ask("node-schedules", node_id=node_id)
        except CloutuiError as error:
            self.grid.entitle(note=error.what)
            return ()
        names = {str(row["schedule"]) for row in answer.rows.to_pylist()} if answer is not None else set()
        return [*sorted(names), ""]

    def action_print(self) -> None:
        """The year as text, to be marked or printed."""
        from cloutui.screens.plain_page import PlainPage

        if self.grid.is_shown:
            text = "\n".join(printed(self.rows, self.grid.heading))
            self.app.push_screen(PlainPage(self.desk, "Print view", text))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One job is one of a node."""
        del parameters
        return action != "schedule" or self.whose.node_id is not None


_DAY_OF_UNIT = "daily" if any(spec.word == "daily" for spec in SCREENS) else "matrix"
"""The screen that tells of all nodes on a day."""
