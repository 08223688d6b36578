"""The dialog of an export: which rows, which format, which file, and the command that does the same again."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType

from cloutui.delivery.formats import FORMATS
from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.model.question import Question
from cloutui.model.safe_text import safe
from cloutui.screens.background import ask_in_background
from cloutui.screens.boxes import BoxScreen, Line
from cloutui.screens.desk import Desk
from cloutui.widgets.line_edit import LineEdit
from cloutui.widgets.text import Piece, wrap

if TYPE_CHECKING:
    from cloutui.model.table import Answer

_FIELDS = ("rows", "format", "file")


class ExportBox(BoxScreen):
    """Enter writes. A file that is there is only replaced by a second enter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,down", "field(1)", "next field", id="export.next"),
        Binding("shift+tab,up", "field(-1)", "field before", id="export.previous"),
        Binding("enter,ctrl+j", "write", "write the file", id="export.write"),
    ]

    def __init__(self, desk: Desk, question: Question, answer: Answer | None, how: str, file: str) -> None:
        super().__init__(desk, "Export rows", "tab next   enter writes   esc leaves")
        self._question = question
        self._counts = (answer.total, answer.total + answer.hidden) if answer is not None else (0, 0)
        self._all_rows = False
        self._field = 2 if file else 1
        self._named_by_us = not file
        self._file = LineEdit(file)
        self._command = ""
        self.how = how
        self.replaces = False
        """Whether the reader has said that the file may be replaced."""
        self._propose()
        self._warned = self.path.exists() if file else False

    @property
    def path(self) -> Path:
        """The file."""
        return Path(self._file.text.strip()).expanduser()

    @property
    def wanted(self) -> Question:
        """What is to be written."""
        return replace(self._question, filter="") if self._all_rows else self._question

    def on_mount(self) -> None:
        """The command line comes from the session."""
        super().on_mount()
        self._ask_command()

    def _ask_command(self) -> None:
        ask_in_background(self, partial(self._show_command, self.wanted), "command")

    async def _show_command(self, question: Question) -> None:
        assert self.desk.session is not None
        try:
            self._command = await self.desk.session.copied(question, "command")
        except CloutuiError as error:
            self._command = error.what
        self._fill()

    def _propose(self) -> None:
        if self._named_by_us and self.desk.session is not None:
            self._file.put(self.desk.session.file_name(self.wanted, self.how))

    # What is seen.

    def lines(self, width: int) -> list[Line]:
        """A field a line, then the command."""
        palette = self.desk.look.palette
        muted = palette.style("muted", "panel")
        lines: list[Line] = [[], self._rows_line(), self._format_line(), self._file_line(), []]
        lines.append([(f"  {FORMATS[self.how].summary}", muted)])
        if self._warned:
            said = f"  {safe(self.path.name)} is there already: enter once more replaces it."
            lines.append([(said, palette.style("error", "panel"))])
        lines += [[], [("  The same on the command line:", muted)]]
        command = f"{self._command} --format {self.how} -o {quote(safe(self._file.text))}" if self._command else ""
        lines += [[(f"  {part}", palette.style("text", "panel"))] for part in wrap(safe(command), max(20, width - 4))]
        return [*lines, []]

    def _label(self, place: int) -> list[Piece]:
        palette, here = self.desk.look.palette, place == self._field
        sign = self.desk.look.glyphs.cursor if here else " "
        return [
            (f"{sign} ", palette.style("accent", "panel")),
            (f"{_FIELDS[place]:<8}", palette.style("text" if here else "muted", "panel", bold=here)),
        ]

    def _choice(self, text: str, *, chosen: bool) -> Piece:
        on = "cursor-ground" if chosen else "panel"
        return (f" {text} ", self.desk.look.palette.style("text", on, bold=chosen))

    def _rows_line(self) -> Line:
        matched, everything = self._counts
        if not self._question.filter:
            return [*self._label(0), self._choice(f"all {formats.count(everything)}", chosen=True)]
        return [
            *self._label(0),
            self._choice(f"{formats.count(matched)} filtered", chosen=not self._all_rows),
            self._choice(f"all {formats.count(everything)}", chosen=self._all_rows),
        ]

    def _format_line(self) -> Line:
        return [*self._label(1), *(self._choice(name, chosen=name == self.how) for name in FORMATS)]

    def _file_line(self) -> Line:
        palette, edit = self.desk.look.palette, self._file
        caret = self.desk.look.glyphs.caret if self._field == 2 else ""
        text = palette.style("text", "panel")
        return [
            *self._label(2),
            (" " + safe(edit.text[: edit.cursor]), text),
            (caret, palette.style("accent", "panel")),
            (safe(edit.text[edit.cursor :]), text),
        ]

    # Keys.

    def on_key(self, event: events.Key) -> None:
        """What is typed belongs to the file's name; the arrows choose."""
        if event.key in {"escape", "tab", "shift+tab", "up", "down", "enter", "ctrl+j"}:
            return
        event.stop()
        event.prevent_default()
        if self._field == 2:
            if self._file.press(event.key, event.character):
                self._named_by_us = self._warned = self.replaces = False
        elif event.key in {"left", "right", "h", "l", "space"}:
            self._choose(-1 if event.key in {"left", "h"} else 1)
        self._fill()

    def _choose(self, step: int) -> None:
        if self._field == 0 and self._question.filter:
            self._all_rows = not self._all_rows
            self._ask_command()
        elif self._field == 1:
            names = list(FORMATS)
            self.how = names[(names.index(self.how) + step) % len(names)]
            self._propose()
        self._warned = self.replaces = False

    def action_field(self, step: int) -> None:
        """Another field."""
        self._field = (self._field + step) % len(_FIELDS)
        self._fill()

    def action_write(self) -> None:
        """Write; ask first when there is such a file."""
        if not self._file.text.strip():
            self._field = 2
        elif self.path.exists() and not self._warned:
            self._warned = True
        else:
            self.replaces = self._warned
            self.dismiss(True)
            return
        self._fill()
