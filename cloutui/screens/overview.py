"""The screen `1 Overview`: how today goes, what needs somebody, how the servers are, and how the month went.

Each block asks on its own and fails on its own; one that the reader has no right to gives its room to the others.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widget import Widget

from cloutui.errors import CloutuiError, NotAllowed
from cloutui.model import formats
from cloutui.model.link import Link
from cloutui.model.privilege import Privilege
from cloutui.model.status import Status
from cloutui.screens.background import ask_in_background
from cloutui.screens.desk import Desk
from cloutui.screens.layout import Layout, SizeClass
from cloutui.screens.notices import empty_notice, error_notice
from cloutui.screens.overview_capacity import CapacityBlock, arrange_fleet
from cloutui.screens.overview_days import ROWS as DAYS_ROWS
from cloutui.screens.overview_days import DaysBlock
from cloutui.screens.overview_jobs import JobsBlock
from cloutui.screens.overview_links import link_of
from cloutui.screens.overview_lists import AttentionBlock, ServersBlock, well_notice
from cloutui.screens.overview_setup import KEY as SET_UP_KEY
from cloutui.screens.overview_setup import SetUpLine
from cloutui.screens.overview_sla import WIDTH as SLA_WIDTH
from cloutui.screens.overview_sla import SlaBlock
from cloutui.screens.overview_told import Queue
from cloutui.screens.subject import Subject
from cloutui.screens.turns import Turns
from cloutui.screens.view import LinkOpened, View
from cloutui.widgets.lines import GO, MOVE, Lines

if TYPE_CHECKING:
    from cloutui.model.handling import HandlingState
    from cloutui.model.table import Answer

_DAYS = 60
"""That many fit into the widest terminal; a narrow one shows the last of them."""
_LEAST_ATTENTION = 6
_LEAST_SERVERS = 4
"""Rows, with the title rule: below that the screen scrolls."""
_NOTICE_ROWS = 6
"""What an error takes, with the title rule and the blank above it."""
_SLA_ROWS = 6
"""Of what was promised, below what needs attention."""
_LEAST_BESIDE = 50
"""Cells that what needs attention keeps beside it."""
_MOST_ROWS = 30
"""Of units and pools: no block is higher."""
_MOST_SERVERS = {SizeClass.XS: 3, SizeClass.S: 5, SizeClass.M: 8, SizeClass.L: 12, SizeClass.XL: 16}
"""Rows of servers, by height; more are scrolled."""

Show = Callable[["Answer", bool], None]


class Overview(View):
    """Blocks, each a stop of the focus."""

    DEFAULT_CSS = """
    Overview { overflow-y: auto; scrollbar-size: 0 0; }
    Overview > #middle { width: 1fr; }
    Overview #now { width: 1fr; }
    Overview #fleet { width: 1fr; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("J", "block(1)", "next block", id="overview.next-block", show=False, group=MOVE),
        Binding("K", "block(-1)", "previous block", id="overview.previous-block", show=False, group=MOVE),
        Binding("n", "attention", "next problem", id="overview.attention", show=False, group=MOVE),
        Binding(SET_UP_KEY, "set_up", "go on with the set-up", id="overview.set-up", tooltip="set up", group=GO),
    ]

    def __init__(self, desk: Desk) -> None:
        self.set_up = SetUpLine(desk.look)
        self.jobs = JobsBlock(desk.look)
        self.attention = AttentionBlock(desk)
        self.servers = ServersBlock(desk)
        self.days = DaysBlock(desk.look)
        self.sla = SlaBlock(desk)
        self.queue = Queue(desk, self.attention)
        self.now = Container(self.queue, self.sla, id="now")
        self.capacity = CapacityBlock(desk)
        self.fleet = Container(self.servers, self.capacity, id="fleet")
        self.middle = Container(self.now, self.fleet, id="middle")
        super().__init__(desk, self.attention)
        self._layout_now = Layout(80, 24)
        self._stored = ""
        self._checked: int | None = None
        self._answering = self._untold = 0
        """Servers that the last answer knows of: the desk is told of them with the tree, which may come later."""
        self.turns: Turns = Turns(self, first="attention")
        self._is_set_up: bool | None = None
        """None until it was asked once. What is set up stays so: then it is not asked again."""
        self._handled: Sequence[Subject] = ()
        """What was taken care of last."""
        self._is_well = False
        """Whether an answer said that nothing needs attention: what could not be asked is not well."""

    @property
    def blocks(self) -> tuple[Lines, ...]:
        """In reading order, those that are shown."""
        every = (self.jobs, self.attention, self.sla, self.servers, self.capacity, self.days)
        return tuple(block for block in every if block.display)

    def compose(self) -> list[Widget]:
        """From the hour to the month."""
        for block in (self.jobs, self.attention, self.sla, self.servers, self.capacity, self.days):
            block.waiting = True
        self.sla.display = self.capacity.display = False  # until there is room
        return [self.set_up, self.jobs, self.middle, self.days]

    def crumbs(self) -> list[str]:
        """The screen."""
        return ["Overview"]

    # Size.

    def fit(self, layout: Layout, *, peek: bool) -> None:
        """Side by side where there is room, else one below the other."""
        del peek
        self._layout_now = layout
        self.call_after_refresh(self._arrange)

    def on_resize(self) -> None:
        """Other rows are left over."""
        self._arrange()

    def _arrange(self) -> None:
        """Give each block the rows that it needs; those left over are for what needs attention."""
        width, height = self.size
        if not width or not height:
            return
        beside = self._layout_now.width_class >= SizeClass.L and self.servers.display
        jobs = self.jobs.rows_needed(width) if self.jobs.counts else 3
        rest = height - (jobs + 1) - (DAYS_ROWS if self.days.display else 0)
        rest -= SetUpLine.HEIGHT if self.set_up.display else 0
        servers = self._server_rows() if self.servers.display else 0
        if beside:
            middle = max(_LEAST_ATTENTION + 1, servers + 1, rest)
            attention = servers = middle - 1
        elif servers:
            # What needs attention comes before the last of many servers: those are a key away.
            servers = min(servers, max(_LEAST_SERVERS, rest - 2 - _LEAST_ATTENTION))
            attention = max(_LEAST_ATTENTION, rest - 2 - servers)
            middle = attention + servers + 2
        else:
            attention = max(_LEAST_ATTENTION, rest - 1)
            middle = attention + 1
        self.jobs.styles.height, self.jobs.styles.margin = jobs, (0, 0, 1, 0)
        self.middle.styles.height = middle
        self.middle.styles.layout = "horizontal" if beside else "vertical"
        now = width * 5 // 9 if beside else width  # more than half: that is where text is read
        self.now.styles.width, self.now.styles.height = now, attention
        self.now.styles.margin = (0, 2 if beside else 0, 1, 0)
        self._arrange_now(attention, now)
        self.fleet.styles.height, self.fleet.styles.margin = servers, (0, 0, 1, 0)
        self._arrange_fleet(servers, width - now - 2 if beside else width, below=beside)
        self.days.styles.height = DAYS_ROWS

    def _arrange_now(self, height: int, width: int) -> None:
        """What was promised stands beside what needs attention, or below it: as a line where there is no more room."""
        session, beside = self.desk.session, width - SLA_WIDTH >= _LEAST_BESIDE
        rows = height if beside else _SLA_ROWS if height >= _LEAST_ATTENTION + _SLA_ROWS else 1
        is_shown = session is not None and session.may(Privilege.SLA_VIEW) and height >= _LEAST_ATTENTION
        below = rows + (rows > 1) if is_shown and not beside else 0
        is_new, self.sla.display = is_shown and not self.sla.display, is_shown
        self.now.styles.layout = "horizontal" if beside else "vertical"
        self.sla.styles.width = SLA_WIDTH if beside else "1fr"
        self.sla.styles.height = rows
        self.queue.styles.height = height - below
        self.queue.styles.margin = (0, 2 if beside and is_shown else 0, 1 if below > 1 else 0, 0)
        self.queue.share(height - below)
        if is_new:
            self._ask_sla(anew=False)

    def _arrange_fleet(self, height: int, width: int, *, below: bool) -> None:
        was_shown, self.fleet.display = self.capacity.display, self.servers.display
        if self.fleet.display:
            rows = self._server_rows() if below else None
            arrange_fleet(self.servers, self.capacity, height, width, rows)
            self.fleet.styles.layout = "vertical" if below else "horizontal"
        if self.capacity.display is not was_shown:
            self._say_stored()
            self._ask_capacity(anew=False)

    def _ask_more(self, block: SlaBlock | CapacityBlock, report: str, *, anew: bool, **given: object) -> None:
        """What is shown where there is room, and asked for then."""
        if block.display and self.desk.session is not None:

            def show(answer: Answer, anew: bool) -> None:
                del anew
                block.fill(answer.rows.to_pylist())

            ask_in_background(self, partial(self._ask, block, report, show, anew, given), f"load-{report}")

    def _ask_sla(self, *, anew: bool) -> None:
        self._ask_more(self.sla, "sla", anew=anew, levels=1, limit=_MOST_ROWS)

    def _ask_capacity(self, *, anew: bool) -> None:
        self._ask_more(self.capacity, "capacity", anew=anew, limit=_MOST_ROWS)

    def _server_rows(self) -> int:
        """With the title rule."""
        if self.servers.notice:
            return _NOTICE_ROWS
        return 1 + max(1, min(self.servers.count(), _MOST_SERVERS[self._layout_now.height_class]))

    # Facts.

    def reload(self, *, anew: bool = False) -> None:
        """Every block on its own; what needs attention first."""
        if self.desk.session is None:
            return
        self.jobs.entitle(note=f"{formats.short_day(self.desk.today())}, until now")
        asked: tuple[tuple[Lines, str, Show, dict[str, object]], ...] = (
            (self.attention, "attention", self._show_attention, {}),
            (self.jobs, "job-counts", self._show_jobs, {}),  # today is the report's to say: the unit has a zone
            (self.servers, "servers", self._show_servers, {}),
            (self.days, "days", lambda answer, _: self.days.fill(answer.rows.to_pylist()), {"days": _DAYS}),
            (self.attention, "stored", self._show_stored, {}),
        )
        for block, report, show, given in asked:
            work = partial(self._ask, block, report, show, anew, given)
            ask_in_background(self, work, f"load-{report}")
        self._ask_sla(anew=anew)
        self._ask_capacity(anew=anew)
        if not self._is_set_up:
            ask_in_background(self, self._ask_set_up, "set-up")

    def scope_changed(self, place: Any = None) -> None:
        """Another unit: from the top."""
        del place
        self.attention.cursor = self.servers.cursor = self.sla.cursor = self.capacity.cursor = 0
        self.reload(anew=True)

    async def _ask(self, block: Lines, report: str, show: Show, anew: bool, given: dict[str, object]) -> None:
        assert self.desk.session is not None
        try:
            async with self.turns.of(report):
                answer = await self.desk.session.ask(report, unit=self.desk.scope, **given)
        except NotAllowed:
            if report != "stored":
                block.display = False
                self._arrange()
        except CloutuiError as error:
            if report != "stored":
                self._is_well = self._is_well and block is not self.attention
                block.say(error_notice(error, self.desk.look))
                self._arrange()
        else:
            block.display = True
            show(answer, anew)
            self._arrange()

    async def _ask_set_up(self) -> None:
        """How far the installation is set up. Where there is nothing yet to look at, setting it up begins by itself."""
        try:
            async with self.turns.of("set-up"):  # after the blocks: it reads the tree of all units
                from cloutui.first_run import first_run_of

                run = None if self.desk.demo else first_run_of(self.desk.session)
                state = await run.state() if run else None
        except CloutuiError:
            return  # the blocks say what is wrong, and the next facts ask again
        if state is None:
            self._is_set_up = True
            return
        is_first_look, self._is_set_up = self._is_set_up is None, state.next_step is None
        self.set_up.show(state)
        self._arrange()
        if is_first_look and not state.has_server and self.display:
            self.action_set_up()

    def _show_jobs(self, answer: Answer, anew: bool) -> None:
        del anew
        rows = answer.rows.to_pylist()
        self.jobs.show({Status(row["status"]): row["jobs"] for row in rows})

    def _show_attention(self, answer: Answer, anew: bool) -> None:
        block, total, waiting = self.attention, answer.total, 0
        self.queue.told.forget()
        if not anew and block.count():
            from cloutui.screens.table_view import in_the_order_of

            answer, waiting = in_the_order_of(answer, block.KEY, [_key(row) for row in block.found])
        at = _key(block.chosen) if block.chosen else None
        rows = answer.rows.to_pylist()
        cursor = next((place for place, row in enumerate(rows) if _key(row) == at), None)
        block.fill(rows, cursor if not anew or cursor is not None else 0)
        self._is_well = not rows
        self._answering = len(answer.as_of)
        self._untold = sum(state.collected_at is None for state in answer.as_of.values())
        new = f"{formats.count(waiting)} new, r shows   " if waiting else ""
        block.entitle(note=f"{new}{formats.count(total)} open" if total else "")
        self._say_stored()
        if not rows:
            self._say_well()

    def _say_well(self) -> None:
        servers = len(self.desk.as_of) or self._answering
        self.attention.say(well_notice(self.desk.look, servers, self._untold, self._checked))

    def _show_servers(self, answer: Answer, anew: bool) -> None:
        del anew
        block, rows = self.servers, answer.rows.to_pylist()
        at = block.chosen["server"] if block.chosen else None
        if not rows:
            name = self.desk.scope_name()
            said = f"No backup server has nodes of {name}." if self.desk.as_of or answer.as_of else "None yet."
            block.say(empty_notice(self.desk.look, said))
            return
        block.fill(rows, next((place for place, row in enumerate(rows) if row["server"] == at), 0))
        self._say_stored()

    def _show_stored(self, answer: Answer, anew: bool) -> None:
        del anew
        (row,) = answer.rows.to_pylist()
        self._checked = row["nodes"]
        self._stored = f"stored {formats.size(row['stored'])}" if row["stored"] is not None else ""
        self._say_stored()
        if self._is_well:
            self._say_well()

    def _say_stored(self) -> None:
        """Where there is room: beside how long pools last, beside the servers, or where they would be."""
        dot = self.desk.look.glyphs.nothing
        self.capacity.entitle(note=self._stored or "at 90-day growth")
        if self.servers.display:
            stored = "" if self.capacity.display else self._stored
            self.servers.entitle(note="   ".join(filter(None, (f"db {dot} log {dot} pool", stored))))
        elif self._stored:
            self.days.entitle(note=self._stored)

    # Going.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is set up needs no key."""
        del parameters
        return action != "set_up" or self.set_up.display

    @on(SetUpLine.Pressed)
    def action_set_up(self) -> None:
        """Go on with it."""
        self.post_message(LinkOpened(Link(unit=self.desk.unit, screen="setup")))

    def action_block(self, step: int) -> None:
        """The next block, or the one before."""
        blocks = self.blocks
        at = next((place for place, block in enumerate(blocks) if block.has_focus), 0)
        self.screen.set_focus(blocks[(at + step) % len(blocks)])

    def action_attention(self) -> None:
        """From any other block to what needs somebody."""
        self.screen.set_focus(self.attention)

    def subject(self) -> Subject | None:
        """The node or the server under the cursor of the block that has the focus."""
        row = self.servers.chosen if self.servers.has_focus else self.attention.chosen
        if row is None or not (self.servers.has_focus or self.attention.has_focus):
            return None
        if row.get("kind") == "node":
            return self.attention.node
        return Subject(name=row["server"], server=row["server"])

    def problems(self) -> Sequence[Subject]:
        """That of the list, also while a command is typed."""
        is_elsewhere = any(block.has_focus for block in self.blocks if block is not self.attention)
        return [self.attention.node] if self.attention.node and not is_elsewhere else []

    def was_handled(self, problems: Sequence[Subject], state: HandlingState) -> None:
        """What is taken care of is listed no more, and can still be taken back."""
        self._handled = () if state.is_open else problems

    def takes_back(self) -> Sequence[Subject]:
        """The last one that has gone from the list."""
        return self._handled or self.problems()

    @on(Lines.Opened)
    def _opened(self, message: Lines.Opened) -> None:
        message.stop()
        link = link_of(self, message.lines)
        if link is not None:
            self.post_message(LinkOpened(link))


def _key(row: dict[str, Any]) -> Hashable:
    return tuple(row[name] for name in AttentionBlock.KEY)
