"""The box that asks why one is going to change things, and for how long: write mode begins when it is answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from textual import on
from textual.app import App, ComposeResult
from textual.screen import ModalScreen

from cloutui.errors import CloutuiError
from cloutui.model.write_mode import MINUTES, WriteMode
from cloutui.screens.background import ask_in_background
from cloutui.screens.desk import Desk
from cloutui.widgets.box_form import BoxForm
from cloutui.widgets.form import Form
from cloutui.widgets.form_fields import Choice, FieldKind, FormField
from cloutui.widgets.paragraph import Paragraph

_LENGTHS = [Choice(str(minutes), f"{minutes} minutes") for minutes in MINUTES]
_FIELDS = (
    FormField(name="reason", label="Reason", required=True, hint="a ticket, or a few words: kept beside each change"),
    FormField(
        name="minutes",
        label="For",
        kind=FieldKind.CHOICE,
        required=True,
        default=str(MINUTES[0]),
        choices=lambda: _LENGTHS,
    ),
)
_CODE = FormField(name="code", label="Code", kind=FieldKind.SECRET, required=True, hint="of your authenticator app")


class WriteBox(ModalScreen[bool], inherit_bindings=False):
    """Whether write mode has begun."""

    DEFAULT_CSS = "WriteBox { align: center middle; background: $background 60%; }"

    def __init__(self, desk: Desk, *, asks_for_code: bool, what_for: str = "", now: WriteMode | None = None) -> None:
        """`what_for`: the action that waits for it. `now`: the mode that is to last longer."""
        super().__init__()
        self.desk = desk
        self.form = BoxForm(
            desk.look,
            "Extend write mode" if now else "Begin write mode",
            [*_FIELDS, *([_CODE] if asks_for_code else [])],
            submit="Extend write mode" if now else "Begin write mode",
            keep="As it is" if now else "Keep reading",
            values={"reason": now.reason, "minutes": _FIELDS[1].default} if now else None,
        )
        self.form.above = self._said(what_for)

    def _said(self, what_for: str) -> Sequence[Paragraph]:
        palette = self.desk.look.palette
        lead = [("  ", palette.style())]
        path = self.desk.forest.path(self.desk.unit) if self.desk.unit is not None else []
        where = f" {self.desk.look.glyphs.crumb} ".join(unit.name for unit in path)
        said = f"“{what_for}” changes something." if what_for else "Until you begin it, nothing can be changed here."
        ends = "It ends by itself, after 10 minutes without a key, with W, and at another customer."
        return [
            Paragraph(lead, said, palette.style()),
            Paragraph(lead, ends, palette.style("muted")),
            *([Paragraph(), Paragraph([("  In  ", palette.style("muted"))], where)] if where else []),
        ]

    def compose(self) -> ComposeResult:
        """The form alone."""
        yield self.form

    def on_mount(self) -> None:
        """It takes every key."""
        self.form.focus()

    def on_resize(self) -> None:
        """It fits the terminal."""
        self.form.redraw()

    @on(Form.Left)
    def _left(self, message: Form.Left) -> None:
        message.stop()
        if not self.form.busy:  # what is being done is done: its end is waited for, so that it is told
            self.dismiss(False)

    @on(Form.Submitted)
    def _submitted(self, message: Form.Submitted) -> None:
        message.stop()
        self.form.work("beginning")
        ask_in_background(self, partial(self._begin, self.form), "begin")

    async def _begin(self, form: BoxForm) -> None:
        session, values = self.desk.session, form.state.values
        assert session is not None
        code = form.state.secret("code") if "code" in form.state.edits else None
        try:
            await session.begin_write(values["reason"], values["minutes"], code, unit=self.desk.unit)
        except CloutuiError as error:
            form.work("")
            field = "code" if code is not None and "code" in error.what else "reason"
            if field == "code":
                form.state.edits["code"].put("")  # it is good for nothing any more
            form.refuse(field, f"{error.what} {error.hint}")
        else:
            self.dismiss(True)


async def ask_for_write_mode(
    app: App[Any],
    desk: Desk,
    then: Callable[[bool | None], None],
    *,
    what_for: str = "",
    now: WriteMode | None = None,
) -> None:
    """Open the box; `then` is told whether write mode has begun. Raises: CloutuiError."""
    assert desk.session is not None
    asks_for_code = await desk.session.asks_for_code()
    app.push_screen(WriteBox(desk, asks_for_code=asks_for_code, what_for=what_for, now=now), then)
