"""The dialog of an export: which rows, which format, which file, and the command that does the same again.

Where no file can be written (a console that one has signed in to) it hands out that command instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
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
from cloutui.model.question import Marked, Question
from cloutui.model.safe_text import safe
from cloutui.model.typed_path import is_there, typed_path
from cloutui.screens.background import ask_in_background
from cloutui.screens.boxes import BoxScreen, Line, button
from cloutui.screens.desk import Desk
from cloutui.widgets.line_edit import LineEdit
from cloutui.widgets.text import Piece, wrap

if TYPE_CHECKING:
    from cloutui.model.table import Answer

_ROWS, _FORMAT, _FILE = range(3)
_LABELS = ("rows", "format", "file")


def row_choices(question: Question, answer: Answer | None, marked: Marked | None) -> list[tuple[str, Question]]:
    """Which rows there are to choose from, and the question for each: marked ones, those of the filter, all."""
    matched, hidden = (answer.total, answer.hidden) if answer is not None else (0, 0)
    everything = replace(question, filter="")
    choices = []
    if marked is not None and marked.rows:
        choices.append((f"{formats.count(len(marked.rows))} marked", replace(everything, marked=marked)))
    if question.filter:
        choices.append((f"{formats.count(matched)} filtered", question))
    return [*choices, (f"all {formats.count(matched + hidden)}", everything)]


class ExportBox(BoxScreen):
    """Enter writes. A file that is there is only replaced by a second enter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,down", "field(1)", "next field", id="export.next"),
        Binding("shift+tab,up", "field(-1)", "field before", id="export.previous"),
        Binding("enter,ctrl+j", "write", "write the file", id="export.write"),
    ]

    def __init__(
        self,
        desk: Desk,
        question: Question,
        answer: Answer | None,
        *,
        how: str,
        file: str = "",
        marked: Marked | None = None,
    ) -> None:
        """`how` is the format that is proposed, and `file` the name when there is one already."""
        self._writes = desk.session is None or desk.session.may_write_files
        does = "enter writes" if self._writes else "enter copies the command"
        super().__init__(desk, "Export rows", f"tab next   {does}   esc leaves")
        # No command line knows what is marked here.
        self._rows = row_choices(question, answer, marked if self._writes else None)
        self._row = 0
        self._fields: Sequence[int] = (_ROWS, _FORMAT, _FILE) if self._writes else (_ROWS, _FORMAT)
        self._field = _FILE if file and self._writes else _FORMAT
        self._named_by_us = not file
        self._file = LineEdit(file)
        self._command = self._refusal = ""
        self.how = how
        self.replaces = False
        """Whether the reader has said that the file may be replaced."""
        self.copies = False
        """Whether the command is to be copied, and nothing to be written."""
        self._propose()
        self._warned = self._writes and is_there(self.path) if file else False

    @property
    def path(self) -> Path:
        """The file."""
        return typed_path(self._file.text.strip())

    @property
    def wanted(self) -> Question:
        """What is to be written."""
        return self._rows[self._row][1]

    @property
    def command(self) -> str:
        """The line that does the same again; empty while it is not known, and for marked rows: no line knows them."""
        if not self._command or self.wanted.marked is not None:
            return ""
        target = f"-o {quote(safe(self._file.text))}" if self._writes else f"> {quote(safe(self._file.text))}"
        return f"{self._command} --format {self.how} {target}"

    def on_mount(self) -> None:
        """The command line comes from the session."""
        super().on_mount()
        self._ask_command()

    def _ask_command(self) -> None:
        ask_in_background(self, partial(self._show_command, self.wanted), "command")

    async def _show_command(self, question: Question) -> None:
        assert self.desk.session is not None
        try:
            self._command, self._refusal = await self.desk.session.copied(question, "command"), ""
        except CloutuiError as error:
            self._command, self._refusal = "", error.what
        self._fill()

    def _propose(self) -> None:
        if self._named_by_us and self.desk.session is not None:
            with suppress(CloutuiError):  # why there is none stands where the command would
                self._file.put(self.desk.session.file_name(self.wanted, self.how))

    # What is seen.

    def lines(self, width: int) -> list[Line]:
        """A field a line, then the command."""
        palette = self.desk.look.palette
        muted = palette.style("muted", "panel")
        lines: list[Line] = [[], self._rows_line(), self._format_line()]
        lines += [self._file_line()] if self._writes else []
        lines += [[], [(f"  {FORMATS[self.how].summary}", muted)]]
        if self._warned:
            said = f"  {safe(self.path.name)} is there already: enter once more replaces it."
            lines.append([button(said, palette.style("error", "panel"), "write")])
        return [*lines, [], *self._command_lines(width), []]

    def _command_lines(self, width: int) -> list[Line]:
        palette = self.desk.look.palette
        muted, text = palette.style("muted", "panel"), palette.style("text", "panel")
        if self.wanted.marked is not None:
            return [[("  What is marked here is not known to the command line.", muted)]]
        told = "  On your own machine, with your own ssh:" if not self._writes else "  The same on the command line:"
        if self._refusal:
            return [[(f"  {part}", muted)] for part in wrap(safe(self._refusal), max(20, width - 4))]
        parts = wrap(safe(self.command), max(20, width - 4))
        return [[(told, muted)], *([button(f"  {part}", text, "copy_command")] for part in parts)]

    def _label(self, field: int) -> list[Piece]:
        palette, here = self.desk.look.palette, field == self._field
        sign = self.desk.look.glyphs.cursor if here else " "
        style = palette.style("text" if here else "muted", "panel", bold=here)
        return [(f"{sign} ", palette.style("accent", "panel")), button(f"{_LABELS[field]:<8}", style, "go_to", field)]

    def _choice(self, text: str, field: int, place: int, *, chosen: bool) -> Piece:
        on = "cursor-ground" if chosen else "panel"
        return button(f" {text} ", self.desk.look.palette.style("text", on, bold=chosen), "choose", field, place)

    def _rows_line(self) -> Line:
        shown = [self._choice(text, _ROWS, at, chosen=at == self._row) for at, (text, _) in enumerate(self._rows)]
        return [*self._label(_ROWS), *shown]

    def _format_line(self) -> Line:
        shown = [self._choice(name, _FORMAT, at, chosen=name == self.how) for at, name in enumerate(FORMATS)]
        return [*self._label(_FORMAT), *shown]

    def _file_line(self) -> Line:
        palette, edit = self.desk.look.palette, self._file
        caret = self.desk.look.glyphs.caret if self._field == _FILE else ""
        text = palette.style("text", "panel")
        return [
            *self._label(_FILE),
            button(" " + safe(edit.text[: edit.cursor]), text, "go_to", _FILE),
            (caret, palette.style("accent", "panel")),
            button(safe(edit.text[edit.cursor :]), text, "go_to", _FILE),
        ]

    # Keys.

    def on_key(self, event: events.Key) -> None:
        """What is typed belongs to the file's name; the arrows choose, and `y` copies the command."""
        if event.key in {"escape", "ctrl+c", "tab", "shift+tab", "up", "down", "enter", "ctrl+j"}:
            return
        event.stop()
        event.prevent_default()
        if self._field == _FILE:
            if self._file.press(event.key, event.character):
                self._named_by_us = self._warned = self.replaces = False
                self._fill()
        elif event.key == "y":
            self.action_copy_command()
        elif event.key in {"left", "right", "h", "l", "space"}:
            self._step(-1 if event.key in {"left", "h"} else 1)

    def _step(self, step: int) -> None:
        if self._field == _ROWS:
            self.action_choose(_ROWS, (self._row + step) % len(self._rows))
        else:
            self.action_choose(_FORMAT, (list(FORMATS).index(self.how) + step) % len(FORMATS))

    def action_choose(self, field: int, place: int) -> None:
        """These rows, or this format."""
        if field == _ROWS:
            self._row = place
            self._ask_command()
        else:
            self.how = list(FORMATS)[place]
            self._propose()
        self._warned = self.replaces = False
        self.action_go_to(field)

    def action_field(self, step: int) -> None:
        """Another field."""
        self.action_go_to(self._fields[(self._fields.index(self._field) + step) % len(self._fields)])

    def action_go_to(self, field: int) -> None:
        """This field."""
        self._field = field
        self._fill()

    def action_copy_command(self) -> None:
        """Hand out the command, and write nothing."""
        if self.command:
            self.copies = True
            self.dismiss(True)

    def action_write(self) -> None:
        """Write; ask first when there is such a file."""
        if not self._writes:
            self.action_copy_command()
        elif not self._file.text.strip():
            self.action_go_to(_FILE)
        elif is_there(self.path) and not self._warned:
            self._warned = True
            self._fill()
        else:
            self.replaces = self._warned
            self.dismiss(True)
