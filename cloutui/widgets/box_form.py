"""A form in a box: the question that is answered before anything else, with a way out that is where one begins.

Its two buttons stand side by side. The one that changes nothing is the first stop when there is nothing to fill in, so
that `enter` alone never changes anything; the other says what is missing for as long as something is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.strip import Strip

from cloutui.model.safe_text import safe
from cloutui.widgets.form import Form
from cloutui.widgets.form_fields import FormField, Values
from cloutui.widgets.form_lines import INDENT, FormLine, FormPainter
from cloutui.widgets.form_state import SUBMIT, FormState, Stop
from cloutui.widgets.look import Look
from cloutui.widgets.text import Piece, cut, line

KEEP = Stop("keep", is_button=True)
"""The button that changes nothing."""
_FRAME = 2
_GAP = 3


class BoxState(FormState):
    """With one more button, before the one that submits."""

    def __init__(self, fields: Sequence[FormField], values: Values | None = None) -> None:
        super().__init__(fields or (_NOTHING,), values)
        empty = [field for field in self.shown() if not self.edits[field.name].text]
        needed = next((field for field in empty if field.required), None)
        self.at = Stop(needed.name) if needed else KEEP

    def stops(self) -> list[Stop]:
        """The fields, and the two ways on."""
        return [*super().stops()[:-1], KEEP, SUBMIT]

    def missing(self) -> str:
        """The first thing that must still be filled in, in words."""
        for field in self.shown():
            if field.required and not self.edits[field.name].text.strip():
                # “Type the name” asks for the name.
                return f"needs {field.label[:1].lower()}{field.label[1:]}".replace("needs type ", "needs ")
        return ""


_NOTHING = FormField(name="", label="", shown=lambda _: False)
"""A form has a field; this one is never seen."""


class BoxForm(Form, inherit_bindings=False):
    """Framed, as wide as it is made and as high as it needs."""

    BINDINGS = Form.BINDINGS
    WIDTH: ClassVar[int] = 78

    def __init__(
        self,
        look: Look,
        title: str,
        fields: Sequence[FormField],
        *,
        submit: str,
        keep: str,
        values: Values | None = None,
        is_danger: bool = False,
    ) -> None:
        """`keep`: the words of the safe button, what stays. `is_danger`: drawn as what goes wrong is."""
        super().__init__(look, title, fields or (_NOTHING,), submit=submit)
        self.state: BoxState = BoxState(fields, values)
        self._painter = FormPainter(look, self.state)
        self.keep_words = keep
        self.is_danger = is_danger
        self.blocked: Callable[[], str] = str
        """Why it cannot be submitted yet, though everything is filled in; nothing when it can."""
        self._tallest = 0

    def missing(self) -> str:
        """Why the button does nothing yet."""
        return self.state.missing() or self.blocked()

    # Size.

    @property
    def inner_width(self) -> int:
        """Between the sides of the box, which is as wide before it is laid out as after."""
        return max(1, min(self.app.size.width, self.WIDTH) - 2 * _FRAME)

    @property
    def page_rows(self) -> int:
        """Between top and bottom."""
        return max(1, self.size.height - 2)

    def fit(self) -> None:
        """Into the terminal. It never gets smaller while one types: what moves is hard to hit."""
        width, height = self.app.size
        self.styles.width = min(width, self.WIDTH)
        self._tallest = max(self._tallest, self.count() + 3)
        self.styles.height = min(height, self._tallest)

    def on_mount(self) -> None:
        """As large as its lines."""
        self.fit()
        self.call_after_refresh(self.redraw)

    def redraw(self) -> None:
        """In a box that is high enough."""
        if self.is_attached:
            self.fit()
        super().redraw()

    def cursor_x(self) -> int:
        """Within the frame; on a button its first cell."""
        inside = INDENT + (cell_len(self._keep) + _GAP if self.state.at == SUBMIT else 0)
        return _FRAME + (inside if self.state.at in {KEEP, SUBMIT} else super().cursor_x())

    # Drawing.

    def render_line(self, y: int) -> Strip:
        """The frame, and what is in it."""
        width, palette, glyphs = self.size.width, self.look.palette, self.look.glyphs
        edge = palette.style("error" if self.is_danger else "accent")
        if y == 0:
            return self._top(width)
        if y == self.size.height - 1:
            text = glyphs.corners[2] + glyphs.rule * max(0, width - 2) + glyphs.corners[3]
            return line([(text, edge)], width, palette.style())
        left = line([(glyphs.divider, edge)], _FRAME, palette.style())
        right = line([(" ", palette.style()), (glyphs.divider, edge)], _FRAME, palette.style())
        return Strip.join([left, self._content(y), right])

    def _top(self, width: int) -> Strip:
        palette, glyphs = self.look.palette, self.look.glyphs
        role = "error" if self.is_danger else "accent"
        edge = palette.style(role)
        title = cut(safe(self.heading), max(4, width - 8), glyphs.cut)
        note = self._fitting_note(width - cell_len(title) - 8)
        dashes = max(0, width - 5 - cell_len(title) - cell_len(note))
        pieces: list[Piece] = [
            (glyphs.corners[0] + glyphs.rule + " ", edge),
            (title, palette.style(role, bold=True)),
            (" " + glyphs.rule * dashes, edge),
            (note, palette.style("muted")),
            (glyphs.corners[1], edge),
        ]
        return line(pieces, width, palette.style())

    def _drawn(self, every: Sequence[FormLine | list[Piece]], index: int, laid: FormLine) -> list[Piece]:
        return self._buttons() if laid.is_submit else super()._drawn(every, index, laid)

    def _buttons(self) -> list[Piece]:
        palette, missing, at = self.look.palette, self.missing(), self.state.at
        role = "faint" if missing or self.busy else "error" if self.is_danger else "accent"
        note = self.busy or ("not done yet: esc again leaves" if self._asked else missing or "ctrl+j")
        return [
            (" " * INDENT, palette.style()),
            (self._keep, palette.style("accent", self._ground(at == KEEP), bold=True)),
            (" " * _GAP, palette.style()),
            (f" {self.submit_words} ", palette.style(role, self._ground(at == SUBMIT), bold=True)),
            (f"  {note}", palette.style("muted")),
        ]

    @property
    def _keep(self) -> str:
        return f" {self.keep_words} (esc) "

    def _ground(self, is_here: bool) -> str:
        return "cursor-ground" if is_here and self.has_focus else "panel"

    # Keys and mouse.

    def _row_of_stop(self) -> int:
        if self.state.at != KEEP:
            return super()._row_of_stop()
        laid = self._laid()
        return next((at for at, each in enumerate(laid) if isinstance(each, FormLine) and each.is_submit), 0)

    def _enter(self) -> None:
        """On the safe button it leaves; from a field it goes on to the next, and at last to the safe one."""
        if self.state.at == KEEP:
            self.post_message(self.Left(self))
        else:
            super()._enter()

    def _following(self) -> list[Stop]:
        return [stop for stop in self.state.stops() if not stop.is_button or stop in {KEEP, SUBMIT}]

    def action_submit(self) -> None:
        """Only when nothing is missing; else the cursor goes to what is."""
        self._close_list()
        if self.state.submit() and not self.blocked():
            self.post_message(self.Submitted(self))
        self.redraw()

    def clicked(self, index: int, x: int) -> None:
        """Within the frame."""
        super().clicked(index, x - _FRAME)

    def _clicked_line(self, laid: FormLine, x: int) -> None:
        if not laid.is_submit:
            super()._clicked_line(laid, x)
            return
        after = INDENT + cell_len(self._keep)
        if INDENT <= x < after:
            self.post_message(self.Left(self))
        elif after + _GAP <= x < after + _GAP + cell_len(self.submit_words) + 2:
            self.action_submit()

    def _laid(self) -> list[FormLine | list[Piece]]:
        laid = super()._laid()
        return laid if self.below else laid[:-1]
