"""A form: one column of fields that are filled in by keys or by the mouse, and a button that submits it.

While it has the focus every key is its own, but for those that leave the console. It tells when it is changed,
submitted or left, and knows nothing of what its fields mean: that is `form_fields`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.timer import Timer

from cloutui.widgets.form_fields import FieldKind, FormField, Values
from cloutui.widgets.form_lines import INDENT, LABEL, FormLine, FormPainter, field_width, lines_of, list_width
from cloutui.widgets.form_list import FormList
from cloutui.widgets.form_state import SUBMIT, FormState, Stop
from cloutui.widgets.keyed import QUIT
from cloutui.widgets.lines import ACT, GO, MOVE
from cloutui.widgets.look import Look
from cloutui.widgets.paragraph import Paragraph, lay_out
from cloutui.widgets.parts import Parted
from cloutui.widgets.text import Piece, cells_before, length

REVEALED_S = 10.0
"""How long a secret stays readable."""
_ASKED = "not stored yet: esc again leaves"
_STEPS = {"up": -1, "down": 1, "pageup": -8, "pagedown": 8}


class Form(Parted, inherit_bindings=False):
    """Fields under a title rule, between what is said above and below them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "step(1)", "next field", id="form.next", group=MOVE),
        Binding("shift+tab", "step(-1)", "field before", id="form.previous", show=False, group=MOVE),
        Binding("down,ctrl+@", "list", "list of values", id="form.list", key_display="↓", group=ACT),
        Binding("ctrl+j", "submit", "submit", id="form.submit", group=ACT),
        Binding("escape", "leave", "leave", id="form.leave", group=GO),
    ]

    @dataclass
    class Sent(Message):
        """Something of a form."""

        form: Form

        @property
        def control(self) -> Form:
            """The form, so that `@on` can name it."""
            return self.form

    class Changed(Sent):
        """Another text stands in it."""

    class Submitted(Sent):
        """Every field is right, as far as the form can tell. See its `state` for what was put in."""

    class Left(Sent):
        """`esc`, and where something would be lost twice."""

    @dataclass
    class Turned(Sent):
        """A page on (1) or back (-1), for forms that are one of several."""

        by: int

    def __init__(
        self,
        look: Look,
        title: str,
        fields: Sequence[FormField],
        *,
        submit: str,
        values: Values | None = None,
        id: str | None = None,  # noqa: A002
    ) -> None:
        """`submit`: the words of the button, verb and object."""
        super().__init__(look, title, id=id)
        self.state = FormState(fields, values)
        self.submit_words = submit
        self.above: Sequence[Paragraph] = ()
        self.below: Sequence[Paragraph] = ()
        """What is said over the fields, and under them: a preview, what came of submitting."""
        self.busy = ""
        """What is being done with it; until that is over only `esc` is taken."""
        self._painter = FormPainter(look, self.state)
        self._list: FormList | None = None
        self._hiding: Timer | None = None
        self._asked = False

    # What others say to it.

    def explain(self, *, above: Sequence[Paragraph] | None = None, below: Sequence[Paragraph] | None = None) -> None:
        """Say this over the fields, or under them."""
        self.above = self.above if above is None else above
        self.below = self.below if below is None else below
        self.redraw()

    def work(self, words: str) -> None:
        """This is being done with it; nothing, when it is over."""
        self.busy = words
        self.redraw()

    def refuse(self, field: str, why: str) -> None:
        """What was submitted is wrong after all."""
        self.state.refuse(field, why)
        self.redraw()

    def redraw(self) -> None:
        """Everything, with the cursor's field in view."""
        self.cursor = self._row_of_stop()
        self._follow()
        self.refresh()

    # Lines.

    def _laid(self) -> list[FormLine | list[Piece]]:
        plain, width = self.look.palette.style(), self.inner_width
        above = [list(laid.pieces) for laid in lay_out(self.above, width, plain)]
        below = [list(laid.pieces) for laid in lay_out(self.below, width, plain)]
        return [[], *above, *([[]] if above else []), *lines_of(self.state, width), [], *below]

    def _row_of_stop(self) -> int:
        for at, laid in enumerate(self._laid()):
            if isinstance(laid, FormLine) and laid.below is None:
                is_stop = laid.is_submit if self.state.at == SUBMIT else laid.is_of(self.state.at.field)
                if is_stop:
                    return at
        return 0

    def count(self) -> int:
        """Its lines; more, where a list hangs over the last of them."""
        rows = len(self._laid())
        return rows if self._list is None else max(rows, self._row_of_stop() + 1 + self._list.rows)

    def position(self) -> str:
        """There is no row to be at."""
        return ""

    def cursor_x(self) -> int:
        """Where one types; of a button its first cell."""
        return cells_before(self.look.glyphs.caret, self.row(self.cursor), INDENT + LABEL)

    def row(self, index: int) -> list[Piece]:
        """A line, or what the open list lays over it."""
        if self._list is not None and 0 <= (row := index - self._row_of_stop() - 1) < self._list.rows:
            blank = (" " * (INDENT + LABEL), self.look.palette.style())
            return [blank, *self._list.line(row, self.look, list_width(self.inner_width))]
        every = self._laid()
        laid = every[index] if index < len(every) else []
        return self._drawn(every, index, laid) if isinstance(laid, FormLine) else laid

    def _drawn(self, every: Sequence[FormLine | list[Piece]], index: int, laid: FormLine) -> list[Piece]:
        if laid.is_submit:
            note = self.busy or (_ASKED if self._asked else "ctrl+j")
            return self._painter.submit(self.submit_words, note, focused=self.has_focus)
        if laid.field is None:
            return []
        if laid.below is None:
            return self._painter.field(laid.field, self.inner_width, focused=self.has_focus)
        before = every[index - 1]
        return self._painter.below(laid, is_first=isinstance(before, FormLine) and before.below is None)

    # Keys.

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Nothing that the screen does with a key is done while one types."""
        del character
        return key != QUIT

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a list there is none to open."""
        del parameters
        return action != "list" or (self.state.field is not None and self._has_list())

    async def on_key(self, event: events.Key) -> None:
        """Every key is ours."""
        event.stop()
        event.prevent_default()
        if event.key in {"escape", "ctrl+c"}:
            self.action_leave()
            return
        if self.busy:
            return
        self._asked = False
        before = self.state.values
        if self._list is None or not self._press_in_list(event.key):
            self._press(event.key, event.character)
        self._after(before)

    def _press(self, key: str, character: str | None) -> None:
        match key:
            case "tab" | "shift+tab":
                self.action_step(1 if key == "tab" else -1)
            case "ctrl+j":
                self.action_submit()
            case "enter":
                self._enter()
            case "down" | "ctrl+@" if self._has_list():
                self.action_list()
            case "up" | "down":
                self.action_step(_STEPS[key])
            case "pageup" | "pagedown":
                self.state.leave()
                self.post_message(self.Turned(self, -1 if key == "pageup" else 1))
            case "space" if self.state.at.is_button:
                self._enter()
            case _:
                self._type(key, character)

    def _press_in_list(self, key: str) -> bool:
        assert self._list is not None
        if key in _STEPS:
            self._list.move(_STEPS[key])
        elif key in {"enter", "tab"}:
            self._take()
        else:
            return False
        return True

    def _type(self, key: str, character: str | None) -> None:
        field = self.state.field
        if field is None:
            return
        edit = self.state.edits[field.name]
        is_choice = field.kind is FieldKind.CHOICE
        if is_choice and self._list is None and (key == "backspace" or (character and character.isprintable())):
            self.action_list()
            edit.put("")  # what is typed now is looked for, and does not belong to what was chosen
        text = edit.text
        edit.press(key, character)
        if edit.text != text:
            self._text_changed()

    def _text_changed(self) -> None:
        self.state.typed()
        field = self.state.field
        if self._list is not None and field is not None:
            self._list.narrow(self.state.edits[field.name].text)
        self.post_message(self.Changed(self))

    def _after(self, before: Values) -> None:
        self.redraw()
        if self.state.values != before:
            self.post_message(self.Changed(self))
        self.post_message(self.Moved(self))

    def _enter(self) -> None:
        """On: a field gives way to the next, a button does what it says."""
        if self.state.at == SUBMIT:
            self.action_submit()
        elif self.state.at.is_button:
            self._reveal(self.state.at.field)
        else:
            following = self._following()
            self.state.go_to(following[following.index(self.state.at) + 1])

    def _following(self) -> list[Stop]:
        """What `enter` goes through."""
        return [stop for stop in self.state.stops() if not stop.is_button or stop == SUBMIT]

    def action_step(self, by: int) -> None:
        """The next stop, or the one before."""
        self._hide()
        self.state.move(by)

    def action_submit(self) -> None:
        """Judge everything, and tell when all is right."""
        self._close_list()
        if self.state.submit():
            self.post_message(self.Submitted(self))
        self.redraw()

    def action_leave(self) -> None:
        """Close the list; else leave, and where something would be lost ask first."""
        if self._list is not None:
            self._close_list()
        elif self.state.is_changed and not self._asked and not self.busy:
            self._asked = True
        else:
            self._asked = False
            self.post_message(self.Left(self))
        self.redraw()

    # The list.

    def _has_list(self) -> bool:
        return self.state.field is not None and self.state.field.has_list

    def action_list(self) -> None:
        """Open the list of the field."""
        field = self.state.field
        if field is not None:
            choices, text = self.state.choices(field.name), self.state.edits[field.name].text
            self._list = FormList(choices, text)
            if text and all(choice.shown != text for choice in choices):
                self._list.narrow(text)
            self._show_list()

    def _show_list(self) -> None:
        """As much of it as there is room for."""
        assert self._list is not None
        bottom = self._row_of_stop() + 1 + self._list.rows
        self.top = max(self.top, bottom - self.page_rows)
        self.refresh()

    def _close_list(self) -> None:
        if self._list is not None:
            self._list = None
            self.state.leave()

    def _take(self) -> None:
        assert self._list is not None
        field, chosen = self.state.field, self._list.chosen
        if field is not None and chosen is not None:
            self.state.edits[field.name].put(chosen.shown)
        self._close_list()
        self.state.move(1)

    # Secrets.

    def _reveal(self, name: str) -> None:
        """Readable for some seconds, or no longer."""
        if self._painter.revealed:
            self._hide()
            return
        self._painter.revealed = name
        self._hiding = self.set_timer(REVEALED_S, self._hide)
        self.refresh()

    def _hide(self) -> None:
        if self._hiding is not None:
            self._hiding.stop()
            self._hiding = None
        self._painter.revealed = ""
        self.refresh()

    # Focus, size and mouse.

    def on_blur(self) -> None:
        """What was readable is not, when nobody types here."""
        self._hide()

    def _follow(self) -> None:
        super()._follow()
        if self._list is not None:
            self.top = max(self.top, min(self.cursor, self.cursor + 1 + self._list.rows - self.page_rows))

    def on_paste(self, event: events.Paste) -> None:
        """One line of it."""
        event.stop()
        field = self.state.field
        if field is not None and field.kind is not FieldKind.CHOICE and not self.busy:
            self.state.edits[field.name].insert(event.text)
            self._text_changed()
            self.redraw()

    def clicked(self, index: int, x: int) -> None:
        """A field, its list, an entry of the open one, or a button."""
        before = self.state.values
        if self.busy:
            return
        if self._list is not None:
            self._clicked_list(index - self._row_of_stop() - 1)
        else:
            laid = self._laid()[index]
            if isinstance(laid, FormLine):
                self._clicked_line(laid, x)
        self._after(before)

    def _clicked_list(self, row: int) -> None:
        assert self._list is not None
        choice = self._list.at(row) if row >= 0 else None
        if choice is None:
            self._close_list()
        else:
            self._list.cursor = self._list.top + row
            self._take()

    def _clicked_line(self, laid: FormLine, x: int) -> None:
        if laid.is_submit:
            start = INDENT + LABEL
            if start <= x < start + length([(f" {self.submit_words} ", self.look.palette.style())]):
                self.action_submit()
        elif laid.field is not None:
            self._hide()
            button = Stop(laid.field.name, is_button=True)
            is_button = x > INDENT + LABEL + field_width(self.inner_width) and button in self.state.stops()
            self.state.go_to(button if is_button else Stop(laid.field.name))
            if is_button:
                self._reveal(laid.field.name)
            elif laid.field.kind is FieldKind.CHOICE:
                self.action_list()
