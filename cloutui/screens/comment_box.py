"""The box that takes a comment: its words, what it is, and how the problem stands with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.screen import ModalScreen

from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.model.comment import CommentType, checked_text
from cloutui.model.handling import HandlingState
from cloutui.screens.background import ask_in_background
from cloutui.screens.desk import Desk
from cloutui.screens.subject import and_so_on
from cloutui.widgets.box_form import BoxForm
from cloutui.widgets.form import Form
from cloutui.widgets.form_fields import Choice, FieldKind, FormField, refused_by
from cloutui.widgets.paragraph import Paragraph

if TYPE_CHECKING:
    from cloutui.screens.subject import Subject

_TYPES = {
    CommentType.NOTE: "what the next reader should know",
    CommentType.TICKET: "the number under which it is worked on",
    CommentType.CAUSE: "why it went wrong",
    CommentType.FIXED: "what was done about it",
}
_AS_IT_IS = "as it is"
_STATES = {
    HandlingState.ACKNOWLEDGED: "seen, and taken care of",
    HandlingState.ACTIVE: "worked on, and still open",
    HandlingState.RESOLVED: "no problem any more",
    HandlingState.IGNORED: "of no matter",
    HandlingState.OPEN: "as if nobody had touched it",
}


@dataclass(frozen=True, slots=True)
class Written:
    """What came of it."""

    sentence: str
    state: HandlingState | None
    """How it is to stand now; None: as before."""


class CommentBox(ModalScreen[Written | None], inherit_bindings=False):
    """None when nothing was written."""

    DEFAULT_CSS = "CommentBox { align: center middle; background: $background 60%; }"

    def __init__(
        self,
        desk: Desk,
        problems: Sequence[Subject],
        kind: CommentType = CommentType.NOTE,
        *,
        may_handle: bool,
    ) -> None:
        """`kind`: what it is unless the reader says otherwise."""
        super().__init__()
        self.desk, self.problems = desk, problems
        title = "Note the ticket" if kind is CommentType.TICKET else "Write a comment"
        fields = _fields(kind, may_handle=may_handle)
        self.form = BoxForm(desk.look, title, fields, submit="Write comment", keep="Leave it")
        lead = [("  On  ", desk.look.palette.style("muted"))]
        self.form.above = [Paragraph(lead, _on_what(problems), desk.look.palette.style(bold=True))]

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
        if not self.form.busy:
            self.dismiss(None)

    @on(Form.Submitted)
    def _submitted(self, message: Form.Submitted) -> None:
        message.stop()
        self.form.work("writing")
        ask_in_background(self, self._write, "write")

    async def _write(self) -> None:
        values = self.form.state.values
        try:
            said = await write(self.desk, self.problems, values["text"], CommentType(values["type"]))
        except CloutuiError as error:
            self.form.work("")
            self.form.refuse("text", f"{error.what} {error.hint}")
        else:
            state = values.get("state", _AS_IT_IS)
            self.dismiss(Written(said, HandlingState(state) if state != _AS_IT_IS else None))


async def write(desk: Desk, problems: Sequence[Subject], text: str, kind: CommentType) -> str:
    """The same words on each of them: on the job where it is one, else on the day. Raises: CloutuiError."""
    assert desk.session is not None
    said, job = [], problems[0].job_key if len(problems) == 1 else ""
    for day in dict.fromkeys(problem.day for problem in problems):
        nodes = [str(problem.node_id) for problem in problems if problem.day == day]
        given = {"nodes": nodes, "day": str(day), "text": text, "type": kind.value} | ({"job": job} if job else {})
        said.append((await desk.session.act("comment.add", given)).sentence)
    return and_so_on(said)


def _fields(usual: CommentType, *, may_handle: bool) -> list[FormField]:
    types = [Choice(kind.value, note=note) for kind, note in _TYPES.items()]
    states = [Choice(_AS_IT_IS), *(Choice(state.value, note=note) for state, note in _STATES.items())]
    hint = _TYPES[usual] if usual is CommentType.TICKET else "one line, kept with the day"
    text = FormField(name="text", label="Comment", required=True, hint=hint, check=refused_by(checked_text))
    kind = FormField(
        name="type",
        label="What it is",
        kind=FieldKind.CHOICE,
        default=usual.value,
        hint="n note, t ticket, c cause, f fixed",
        choices=lambda: types,
    )
    stands = FormField(
        name="state",
        label="The problem is",
        kind=FieldKind.CHOICE,
        default=_AS_IT_IS,
        hint="how it stands with this",
        choices=lambda: states,
    )
    return [text, kind, *([stands] if may_handle else [])]


def _on_what(problems: Sequence[Subject]) -> str:
    """`ACME-SQL01, Sun 22 Nov`, `DAILY_SQL of ACME-SQL01, Sun 22 Nov`, `14 nodes`, `9 problems of 3 nodes`."""
    first, nodes = problems[0], formats.plural(len({problem.node_id for problem in problems}), "node")
    if len({problem.day for problem in problems}) > 1:
        return f"{formats.plural(len(problems), 'problem')} of {nodes}"
    if len(problems) > 1:
        return nodes
    day = formats.short_day(first.day) if first.day is not None else ""
    return ", ".join(filter(None, (f"{first.job} of {first.node}" if first.job else first.node, day)))
