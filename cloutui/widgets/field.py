"""A field: one line to type into, with what could follow in faint, what is wrong underlined, and a word beside it.

While it has the focus every key is its own, but for those that leave the console.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from cloutui.model.safe_text import safe
from cloutui.widgets.keyed import QUIT
from cloutui.widgets.line_edit import LineEdit
from cloutui.widgets.look import Look
from cloutui.widgets.text import Piece, cells_before, cut, first_shown, length, line


class Field(Widget, can_focus=True):
    """Tells what is done with it, and knows nothing of what the text means."""

    DEFAULT_CSS = "Field { width: 1fr; height: 1; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", "take", id="field.take"),
        Binding("escape", "leave", "leave", id="field.leave"),
    ]

    @dataclass
    class Sent(Message):
        """Something of a field."""

        field: Field

        @property
        def control(self) -> Field:
            """The field, so that `@on` can name it."""
            return self.field

    class Changed(Sent):
        """The text is another one."""

    class Entered(Sent):
        """`enter`."""

    class Left(Sent):
        """`esc`: the reader does not want to go on."""

    @dataclass
    class Stepped(Sent):
        """An arrow up (-1) or down (1)."""

        by: int

    def __init__(self, look: Look, prompt: str, *, ground: str = "background", id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.look = look
        self.prompt = prompt
        self.ground = ground
        self.edit = LineEdit()
        self.ghost = ""
        """What the key → would add."""
        self.wrong: tuple[int, int] | None = None
        """Which characters cannot be understood."""
        self.note = ""
        """Beside the text."""
        self.is_alarming = False
        """Whether the note tells of a mistake."""
        self.below: Sequence[Piece] = ()
        """In a second line, where there is one."""

    @property
    def text(self) -> str:
        """As it was typed."""
        return self.edit.text

    def put(self, text: str) -> None:
        """Another text, which nobody typed: nobody is told."""
        self.edit.put(text)
        self.ghost, self.wrong, self.note, self.is_alarming = "", None, "", False
        self.refresh()

    def say(self, note: str, *, wrong: tuple[int, int] | None = None) -> None:
        """Say this beside the text."""
        self.note, self.wrong, self.is_alarming = note, wrong, wrong is not None
        self.refresh()

    def suggest(self, ghost: str) -> None:
        """What could follow."""
        if ghost != self.ghost:
            self.ghost = ghost
            self.refresh()

    # Drawing.

    def render_line(self, y: int) -> Strip:
        """The line, and what stands below it."""
        width, plain = self.size.width, self.look.palette.style(on=self.ground)
        return line(self._written(width) if y == 0 else self.below, width, plain)

    def _written(self, width: int) -> list[Piece]:
        palette, on = self.look.palette, self.ground
        prompt = (self.prompt, palette.style("accent", on, bold=True))
        text = self._text(max(8, width - cell_len(self.prompt) - 2))
        room = width - cell_len(self.prompt) - length(text) - 4
        note = cut(safe(self.note), max(0, room), self.look.glyphs.cut)
        return [
            prompt,
            *text,
            ("   ", palette.style(on=on)),
            (note, palette.style("error" if self.is_alarming else "muted", on)),
        ]

    def _text(self, room: int) -> list[Piece]:
        """As much as fits, with the cursor in it."""
        palette, on, edit = self.look.palette, self.ground, self.edit
        first = first_shown(edit.text[: edit.cursor], room)
        start, end = self.wrong or (0, 0)
        marks = sorted({first, max(first, start), max(first, end), max(first, edit.cursor), len(edit.text)})
        pieces: list[Piece] = []
        for at, until in zip(marks, [*marks[1:], len(edit.text)], strict=True):
            if at == edit.cursor and self.has_focus:
                pieces.append((self.look.glyphs.caret, palette.style("accent", on)))
            is_wrong = start <= at < end
            style = palette.style("error" if is_wrong else "text", on, under=is_wrong)
            pieces.append((safe(edit.text[at:until]), style))
        if self.ghost and self.has_focus and edit.cursor == len(edit.text):
            pieces.append((safe(self.ghost), palette.style("faint", on)))
        return pieces

    def cursor_cell(self) -> Offset:
        """Where one types, within the field."""
        return Offset(cells_before(self.look.glyphs.caret, self._written(self.size.width), 0), 0)

    # Keys.

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Nothing that the screen does with a key is done while one types."""
        del character
        return key != QUIT

    def on_key(self, event: events.Key) -> None:
        """Every key is ours."""
        event.stop()
        event.prevent_default()
        match event.key:
            case "escape" | "ctrl+c":
                self.action_leave()
            case "enter" | "ctrl+j":
                self.action_enter()
            case "up" | "down":
                self.post_message(self.Stepped(self, -1 if event.key == "up" else 1))
            case "right" | "tab" if self.ghost and self.edit.cursor == len(self.text):
                self._typed(self.ghost)
            case _:
                before = self.text
                if self.edit.press(event.key, event.character):
                    self._after(before)

    def action_enter(self) -> None:
        """The text is as it should be."""
        self.post_message(self.Entered(self))

    def action_leave(self) -> None:
        """The text is not wanted."""
        self.post_message(self.Left(self))

    def on_paste(self, event: events.Paste) -> None:
        """One line of it."""
        event.stop()
        self._typed(event.text)

    def _typed(self, text: str) -> None:
        before = self.text
        self.edit.insert(text)
        self._after(before)

    def _after(self, before: str) -> None:
        self.refresh()
        if self.text != before:
            self.ghost, self.wrong = "", None
            self.post_message(self.Changed(self))

    def on_focus(self) -> None:
        """The caret appears."""
        self.refresh()

    def on_blur(self) -> None:
        """The caret goes."""
        self.refresh()
