"""The screen of the set-up: from an empty installation to reports of one's own units, in five steps.

It keeps no account of its own. Which steps are done is seen from the installation, so it may be left at any time and
goes on where it is needed next; whatever it stores, it stores by actions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from cloutui.errors import CloutuiError
from cloutui.model.link import Link
from cloutui.model.set_up import SetUp, Step
from cloutui.model.status import Status
from cloutui.model.unit_proposal import Proposal
from cloutui.model.unit_setting import BACKUP_DAY_START
from cloutui.screens.background import ask_in_background
from cloutui.screens.desk import Desk
from cloutui.screens.notices import empty_notice, error_notice
from cloutui.screens.setup_forms import DAY, UNIT, day_preview, unit_values
from cloutui.screens.setup_server import ServerForm
from cloutui.screens.setup_units import ProposalList
from cloutui.screens.setup_words import LEAD, STEP_NAMES, collecting, is_complete, no_proposals
from cloutui.screens.setup_writing import store_in_write_mode
from cloutui.screens.view import LinkOpened, View
from cloutui.widgets.form import Form
from cloutui.widgets.lines import ACT, MOVE, Lines
from cloutui.widgets.page import Page
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.parts import Parted

if TYPE_CHECKING:
    from cloutui.first_run import FirstRun

_TITLES = {
    Step.UNIT: "Set up: your own unit",
    Step.SERVER: "Set up: the first server",
    Step.COLLECT: "Set up: collecting",
    Step.UNITS: "Set up: units",
    Step.DAY: "Set up: the backup day",
}


class SetupPage(Parted, Page):
    """A step that is read and not filled in."""

    CAN_BE_SOUGHT = False


class Setup(View):
    """One pane a step; the rule of each names them all."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", "go on", id="setup.go-on", group=ACT),
        Binding("J", "turn(1)", "next step", id="setup.next", tooltip="step", group=MOVE),
        Binding("K", "turn(-1)", "step before", id="setup.previous", tooltip="step", group=MOVE),
    ]

    def __init__(self, desk: Desk) -> None:
        self.page = SetupPage(desk.look, "Set up")
        super().__init__(desk, self.page)
        self.state: SetUp | None = None
        """None until it is known."""
        self.step: Step | None = None
        self._run: FirstRun | None = None
        self._panes: dict[Step, Lines] = {Step.COLLECT: self.page}
        self._note = ""
        """What is said once of where passwords are kept."""

    def compose(self) -> list[Widget]:
        """The other steps come when they are needed."""
        self.page.waiting = True
        return [self.page]

    def crumbs(self) -> list[str]:
        """The screen."""
        return ["Set up"]

    # Where it stands.

    def reload(self, *, anew: bool = False) -> None:
        """Look again at what there is."""
        del anew
        if self.desk.session is not None:
            ask_in_background(self, self._look_again, "set-up")

    def show(self, link: Link, place: object = None) -> None:
        """From the step that is needed next."""
        self.step = None
        super().show(link, place)

    async def _look_again(self) -> None:
        from cloutui.first_run import first_run_of

        self._run = self._run or first_run_of(self.desk.session)
        if self._run is None:
            said = "Setting up needs all rights over units, servers and rules, at the top of the tree."
            self.page.say(empty_notice(self.desk.look, said))
            return
        state = await self._asked()
        if state is None:
            return
        if self.step is None:
            await self._show_step(state.next_step or Step.UNIT)
        elif self.step in {Step.COLLECT, Step.UNITS}:
            await self._fill(self.step)
        self._name_steps()

    async def _asked(self) -> SetUp | None:
        """How far it is; None when that is not to be had, and why stands there."""
        assert self._run is not None
        try:
            self.state = await self._run.state()
        except CloutuiError as error:
            self.main.say(error_notice(error, self.desk.look))
            return None
        return self.state

    async def _go_on(self) -> None:
        """To the next step that is not done; to the overview when there is none."""
        state = await self._asked()
        if state is None:
            return
        following = state.next_step
        if following is None:
            self.post_message(LinkOpened(Link(unit=self.desk.unit, screen="overview")))
        else:
            await self._show_step(following)

    async def _show_step(self, step: Step) -> None:
        pane = self._panes.get(step)
        if pane is None:
            pane = self._panes[step] = await self._make(step)
            await self.mount(pane)
        self.step, self.main = step, pane
        for each in self._panes.values():
            each.display = each is pane
        self._name_steps()
        if self.display:
            self.screen.set_focus(pane)  # at once: what is typed next may already be waiting
        await self._fill(step)

    async def _make(self, step: Step) -> Lines:
        assert self._run is not None
        assert self.state is not None
        look, state = self.desk.look, self.state
        if step is Step.SERVER:
            return ServerForm(self.desk, self._run, await self._run.first_server())
        if step is Step.UNITS:
            return ProposalList(look)
        if step is Step.UNIT:
            values = unit_values(state, is_chosen=Step.UNIT in state.done)
            form = Form(look, _TITLES[step], UNIT, submit="Store name and zone", values=values)
            self._say_above(form, "Everything belongs to this unit until you make others below it.")
            return form
        form = Form(look, _TITLES[step], DAY, submit="Store the backup day", values={"day_start": state.day_start})
        self._say_above(form, "Backups of one night belong together, though half of them run after midnight.")
        self._preview_day(form)
        return form

    def _say_above(self, form: Form, text: str) -> None:
        palette = self.desk.look.palette
        form.explain(above=[Paragraph([("  ", palette.style())], text, palette.style("muted"))])

    def _name_steps(self) -> None:
        if self.state is None or self.step is None or not isinstance(self.main, Parted):
            return
        sign = self.desk.look.glyphs.status[Status.OK]
        names = [f"{sign} {name}" if step in self.state.done else name for step, name in STEP_NAMES.items()]
        self.main.entitle(_TITLES[self.step])
        self.main.name_parts(names, self.step - 1)

    async def _fill(self, step: Step) -> None:
        """What a step shows of the installation."""
        assert self._run is not None
        pane = self._panes[step]
        try:
            if step is Step.COLLECT:
                await self._fill_page()
            elif isinstance(pane, ProposalList) and not pane.doing:
                nodes = await self._run.found_nodes()
                pane.fill(nodes)
                if not pane.proposals:
                    pane.say(no_proposals(self.desk.look, len(nodes)))
        except CloutuiError as error:
            pane.say(error_notice(error, self.desk.look))

    async def _fill_page(self) -> None:
        assert self._run is not None
        servers = await self._run.collected()
        nodes = await self._run.count_nodes() if is_complete(servers) else None
        said = collecting(servers, nodes, self.desk.look)
        if not servers:
            said = empty_notice(self.desk.look, "There is no backup server yet.", ("K", "goes back to the first"))
        palette = self.desk.look.palette
        note = [Paragraph([("  ", palette.style())], self._note, palette.style("muted"))] if self._note else []
        self.page.show([Paragraph(), *said, Paragraph(), *note], stay=True)

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Before it is known where one is there is nowhere to go; at the ends there is no further."""
        if action == "go_on":
            return self.step is Step.COLLECT
        if action == "turn":
            (by,) = parameters
            assert isinstance(by, int)
            return self.step is not None and 1 <= self.step + by <= len(Step)
        return True

    def action_go_on(self) -> None:
        """On, once everything has been read."""
        ask_in_background(self, self._go_on, "step")

    def action_turn(self, by: int) -> None:
        """To another step, done or not."""
        if self.step is not None and 1 <= self.step + by <= len(Step):
            ask_in_background(self, partial(self._show_step, Step(self.step + by)), "step")

    @on(Form.Turned)
    def _turned(self, message: Form.Turned) -> None:
        message.stop()
        self.action_turn(message.by)

    @on(Form.Left)
    def _left(self, message: Form.Left) -> None:
        message.stop()
        self.post_message(LinkOpened(Link(unit=self.desk.unit, screen="overview")))

    # What is stored.

    @on(Form.Submitted)
    def _submitted(self, message: Form.Submitted) -> None:
        message.stop()
        assert self._run is not None
        form, store = message.form, self._store_unit if self.step is Step.UNIT else self._store_day
        left = partial(self._left_as_it_was, form, "name" if self.step is Step.UNIT else BACKUP_DAY_START.name)
        store_in_write_mode(form, self.desk, self._run, partial(store, form), left)

    def _left_as_it_was(self, form: Form, field: str, error: CloutuiError | None) -> None:
        form.work("")
        if error is not None:
            form.refuse(field, error.what)

    async def _store_unit(self, form: Form) -> None:
        assert self._run is not None
        assert self.state is not None
        values, field = form.state.values, "name"
        try:
            if values["name"] != self.state.own_name:
                await self._run.act("unit.rename", {"unit": ".", "name": values["name"]})
            field = "time_zone"
            await self._run.act("unit.set", {"unit": ".", "key": field, "value": values[field]})
        except CloutuiError as error:
            self._left_as_it_was(form, field, error)
        else:
            await self._stored(form)

    async def _store_day(self, form: Form) -> None:
        assert self._run is not None
        field = "day_start"
        try:
            given = {"unit": ".", "key": BACKUP_DAY_START.name, "value": form.state.values[field]}
            await self._run.act("unit.set", given)
        except CloutuiError as error:
            self._left_as_it_was(form, field, error)
        else:
            await self._stored(form)

    async def _stored(self, form: Form) -> None:
        form.state.kept()
        form.work("")
        await self._go_on()

    @on(Form.Changed)
    def _changed(self, message: Form.Changed) -> None:
        if self.step is Step.DAY:
            self._preview_day(message.form)

    def _preview_day(self, form: Form) -> None:
        zone = self.state.time_zone if self.state else ""
        said = day_preview(form.state.values["day_start"], zone)
        plain = self.desk.look.palette.style()
        form.explain(below=[Paragraph([(LEAD, plain)], text, self.desk.look.palette.style("muted")) for text in said])

    @on(ServerForm.Added)
    def _server_added(self, message: ServerForm.Added) -> None:
        message.stop()
        self._note = message.note
        # Made anew when it is next looked at: from then on it corrects what is there.
        pane = self._panes.pop(Step.SERVER)
        ask_in_background(self, partial(self._collect_then, pane), "step")

    async def _collect_then(self, form: Lines) -> None:
        await self._show_step(Step.COLLECT)
        await form.remove()

    @on(ProposalList.Wanted)
    def _units_wanted(self, message: ProposalList.Wanted) -> None:
        message.stop()
        assert self._run is not None
        pane = self._panes[Step.UNITS]
        assert isinstance(pane, ProposalList)

        def left(error: CloutuiError | None) -> None:
            pane.work("", complaint=f"{error.what} {error.hint}" if error is not None else "")

        make = partial(self._make_units, pane, message.proposals, left)
        store_in_write_mode(pane, self.desk, self._run, make, left)

    async def _make_units(
        self, pane: ProposalList, proposals: Sequence[Proposal], left: Callable[[CloutuiError], None]
    ) -> None:
        assert self._run is not None
        try:
            for place, proposal in enumerate(proposals):
                pane.work(f"making {place + 1} of {len(proposals)}: {proposal.unit}")
                await self._run.make_unit(proposal)
        except CloutuiError as error:
            left(error)
            await self._fill(Step.UNITS)
        else:
            pane.work("")
            await self._go_on()
