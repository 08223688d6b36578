"""The one dialog of every action, made from what the registry says of it.

It tells what would happen, found out by the action itself, asks for what is missing, and lets nothing through that
the class of the action asks for: write mode, the name typed, a code. The session asks for all of it once more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.timer import Timer

from cloutui.actions.proof import asks_for_write_mode
from cloutui.errors import CloutuiError, NotConfirmed
from cloutui.model.action_class import ActionClass, ProofPart
from cloutui.screens.action_fields import CODE, NAME, Lists, field_named_in, fields_of, given_of
from cloutui.screens.action_plan import plan_lines
from cloutui.screens.action_words import consequence_of, title_of
from cloutui.screens.background import ask_in_background
from cloutui.screens.desk import Desk
from cloutui.screens.write_box import ask_for_write_mode
from cloutui.widgets.box_form import BoxForm
from cloutui.widgets.form import Form
from cloutui.widgets.form_fields import FieldKind, FormField
from cloutui.widgets.paragraph import Paragraph

if TYPE_CHECKING:
    from cloutui.actions.action import ActionSpec
    from cloutui.actions.perform import Outcome
    from cloutui.actions.plan import Plan

PAUSE_S = 0.3
"""Without a key until what would happen is asked for."""


class ActionBox(ModalScreen[bool], inherit_bindings=False):
    """Whether it was done; `outcome` is what came of it."""

    DEFAULT_CSS = "ActionBox { align: center middle; background: $background 60%; }"

    def __init__(
        self, desk: Desk, spec: ActionSpec, values: Mapping[str, str], lists: Lists, *, asks_for_code: bool
    ) -> None:
        """`values` stand in the fields already. `asks_for_code`: one was not shown a moment ago."""
        super().__init__()
        self.desk = desk
        self.spec = spec
        self.asks_for_code = asks_for_code
        self.plan: Plan | None = None
        """What would happen, as far as the fields say it."""
        self.outcome: Outcome | None = None
        title, fields = title_of(spec), self.fields(values, lists)
        self.form = BoxForm(
            desk.look,
            title,
            [*fields, *self._confirming()],
            submit=title,
            keep="Keep it as it is" if spec.action_class >= ActionClass.CHANGE else "Leave it",
            values={**{field.name: field.default for field in fields}, **values},
            is_danger=spec.action_class is ActionClass.DESTROY,
        )
        self.form.above = self._summary()
        self.form.blocked = self._blocked
        self._pausing: Timer | None = None

    # What an action with a form of its own says.

    def fields(self, values: Mapping[str, str], lists: Lists) -> list[FormField]:
        """What is asked for; `values` stand in them already."""
        del values
        return fields_of(self.spec, lists)

    def given(self) -> dict[str, object]:
        """What the action is to be given, as far as the fields say it."""
        return given_of(self.spec, self.form.state)

    def _confirming(self) -> list[FormField]:
        """What an action that destroys asks for beside its own parameters."""
        needs, fields = self.spec.action_class.needs, []
        if ProofPart.TYPED_NAME in needs:
            fields.append(
                FormField(
                    name=NAME, label="Type the name", required=True, hint="as it stands above", check=self._unlike
                )
            )
        if ProofPart.SECOND_FACTOR in needs:
            fields.append(
                FormField(
                    name=CODE,
                    label="Code",
                    kind=FieldKind.SECRET,
                    required=True,
                    hint="of your authenticator app, now",
                    shown=lambda _: self.asks_for_code,
                )
            )
        return fields

    def compose(self) -> ComposeResult:
        """The form alone."""
        yield self.form

    def on_mount(self) -> None:
        """It takes every key."""
        self.form.focus()
        self._ask_plan()

    def on_resize(self) -> None:
        """It fits the terminal."""
        self.form.redraw()

    # What is said.

    def _summary(self) -> Sequence[Paragraph]:
        """What it does, to what, where, and whether it can be taken back."""
        palette, glyphs = self.desk.look.palette, self.desk.look.glyphs
        said = [Paragraph([("  ", palette.style())], self.spec.summary)]
        consequence = consequence_of(self.spec)
        if consequence:
            role = "error" if self.spec.action_class is ActionClass.DESTROY else "warning"
            said.append(Paragraph([("  ", palette.style())], consequence, palette.style(role, bold=True)))
        if self.plan is not None:
            where = "; ".join(path.replace("/", f" {glyphs.crumb} ") for path in self.plan.units)
            told = {self.plan.target.kind.capitalize(): self.plan.target.name, "In": where}
            said.append(Paragraph())
            said += [
                Paragraph([(f"  {word:<19}", palette.style("muted"))], text, palette.style(bold=True))
                for word, text in told.items()
            ]
        return said

    def _show_plan(self, plan: Plan | None, problem: str = "") -> None:
        self.plan = plan
        below = plan_lines(plan, self.desk.look, is_done=self.spec.action_class >= ActionClass.CHANGE)
        if problem:
            palette = self.desk.look.palette
            below = [Paragraph([("  ", palette.style())], problem, palette.style("error"))]
        self.form.explain(above=self._summary(), below=below)

    def _unlike(self, text: str) -> str:
        """What is wrong with the name as it was typed."""
        if self.plan is None or text.casefold() == self.plan.target.name.casefold():
            return ""
        return f"is not {self.plan.target.name}"

    def _blocked(self) -> str:
        """Why the button does nothing though every field is filled in."""
        if NAME in self.form.state.edits and self._unlike(self.form.state.edits[NAME].text.strip()):
            return "needs the name, typed"
        return ""

    # What would happen.

    @on(Form.Changed)
    def _changed(self, message: Form.Changed) -> None:
        message.stop()
        if self._pausing is not None:
            self._pausing.stop()
        self._pausing = self.set_timer(PAUSE_S, self._ask_plan)

    def _ask_plan(self) -> None:
        given = self.given()
        if all(parameter.name in given for parameter in self.spec.parameters if parameter.required):
            ask_in_background(self, partial(self._find_plan, given), "plan")

    async def _find_plan(self, given: Mapping[str, object]) -> None:
        assert self.desk.session is not None
        try:
            plan = await self.desk.session.plan(self.spec.name, given)
        except CloutuiError as error:
            self._complain(error, moves=False)
        else:
            self._show_plan(plan)

    def _complain(self, error: CloutuiError, *, moves: bool) -> None:
        """At the field that it is about, else under the form. Only who has submitted is led there."""
        form, said = self.form, f"{error.what} {error.hint}"
        field = field_named_in(error, self.spec, form.state)
        if field is None or field not in form.state.edits:
            self._show_plan(None, said)
        elif moves:
            form.refuse(field, said)
        else:
            form.state.errors[field] = said
            self._show_plan(None)

    # Doing it.

    @on(Form.Left)
    def _left(self, message: Form.Left) -> None:
        message.stop()
        if not self.form.busy:  # what is being done is done: its end is waited for, so that it is told
            self.dismiss(False)

    @on(Form.Submitted)
    def _submitted(self, message: Form.Submitted) -> None:
        message.stop()
        # What would happen is not wanted any more: told after a refusal, it would take the refusal's place.
        if self._pausing is not None:
            self._pausing.stop()
        self.workers.cancel_group(self, "plan")
        ask_in_background(self, self._do, "do")

    async def _do(self) -> None:
        session, form = self.desk.session, self.form
        assert session is not None
        if lacks_write_mode(self.desk, self.spec):
            await ask_for_write_mode(self.app, self.desk, self._go_on, what_for=title_of(self.spec))
            return
        form.work("doing it")
        state = form.state
        code = state.secret(CODE) if CODE in state.edits else None
        name = state.value(NAME) if NAME in state.edits else None
        try:
            self.outcome = await session.act(self.spec.name, self.given(), typed_name=name, code=code)
        except CloutuiError as error:
            form.work("")
            self._refused(error, has_code=code is not None)
        else:
            self.dismiss(True)

    def _go_on(self, has_begun: bool | None) -> None:
        """After the question for write mode; what was filled in is still there."""
        if has_begun:
            ask_in_background(self, self._do, "do")
        else:
            self.form.redraw()

    def _refused(self, error: CloutuiError, *, has_code: bool) -> None:
        """A code is good once: what was given is taken out, whatever went wrong."""
        form, said = self.form, f"{error.what} {error.hint}"
        if has_code:
            form.state.edits[CODE].put("")
        if has_code and "code" in error.what.lower():
            form.refuse(CODE, said)
        elif isinstance(error, NotConfirmed) and "second factor" in error.what and CODE in form.state.edits:
            self.asks_for_code = True
            form.refuse(CODE, said)
        else:
            self._complain(error, moves=True)


def lacks_write_mode(desk: Desk, spec: ActionSpec) -> bool:
    """Whether the action is not done before write mode is begun."""
    mode = desk.session.write_mode if desk.session is not None else None
    return asks_for_write_mode(spec) and (mode is None or not mode.is_on(desk.now()))
