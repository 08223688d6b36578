"""What can be taken along: copies of cells, rows and commands, files, and links."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from cloutui.errors import CloutuiError, Invalid
from cloutui.model import formats
from cloutui.model.typed_path import is_there, typed_path
from cloutui.screens.background import ask_in_background
from cloutui.screens.tasks import Task
from cloutui.screens.working import Working
from cloutui.widgets.lines import ACT

if TYPE_CHECKING:
    from cloutui.model.question import Question
    from cloutui.screens.export_box import ExportBox

_NAMES = {"tsv": "table", "json": "table as JSON", "command": "command line", "dsmadmc": "dsmadmc commands"}
_NO_ROWS = ("There is nothing to take along here.", "Go back to the list first.")


class Taking(Working):
    """Copies go to the clipboard of the reader's terminal, or into a box that it can be marked in."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "copy as", id="view.copy", group=ACT),
        Binding("Y", "copy_link", "copy link", id="view.copy-link", show=False, group=ACT),
        Binding("e", "export", "export", id="view.export", group=ACT),
    ]

    def _question(self) -> Question:
        question = self.view.question()
        if question is None or self.desk.session is None:
            raise Invalid(_NO_ROWS[0], hint=_NO_ROWS[1])
        return question

    # Copies.

    def action_copy_link(self) -> None:
        """The link of what is on the screen."""
        self.hand_out(str(self.view.link()), "link")

    def action_copy(self) -> None:
        """Ask what is to be copied."""
        from cloutui.screens.copy_box import CopyBox

        box = CopyBox(self.desk, self.view)
        self.app.push_screen(box, lambda wanted: self._copy(box.chosen) if wanted else None)

    def _copy(self, what: str) -> None:
        from cloutui.screens.copy_box import rows_to_copy

        main = self.view.main
        match what:
            case "cell":
                self.hand_out(main.cell_text(), what)
            case "row":
                self.hand_out(rows_to_copy(main), what)
            case _:
                ask_in_background(self, partial(self._copy_answer, what), "copy")

    async def _copy_answer(self, what: str) -> None:
        try:
            question = self._question()
            assert self.desk.session is not None
            text = await self.desk.session.copied(question, what)
        except CloutuiError as error:
            self.complain(error)
        else:
            self.hand_out(text, _NAMES.get(what, what))

    def hand_out(self, text: str, what: str) -> None:
        """Into the clipboard, or onto a page of its own that says why."""
        from cloutui.screens.clipboard import copy_out, fits
        from cloutui.screens.plain_page import PlainPage

        if not text:
            self.tell(f"There is no {what} to copy here.")
        elif self.desk.copies_by == "box":
            self.app.push_screen(PlainPage(self.desk, f"No clipboard here: the {what}", text))
        elif not fits(text):
            self.app.push_screen(PlainPage(self.desk, f"Too long for the clipboard: the {what}", text))
        else:
            copy_out(self.app, text)
            lines = text.count("\n") + (not text.endswith("\n"))
            self.tell(f"Copied the {what}." if lines < 2 else f"Copied {formats.plural(lines, 'line')} of the {what}.")

    # Files.

    def action_export(self) -> None:
        """Ask what is to be written, how and where."""
        self.ask_to_export("csv", "")

    def ask_to_export(self, how: str, file: str) -> None:
        """Open the dialog."""
        from cloutui.screens.export_box import ExportBox

        try:
            question = self._question()
        except CloutuiError as error:
            self.complain(error)
            return
        box = ExportBox(self.desk, question, self.view.answer, how=how, file=file, marked=self.view.marked())
        self.app.push_screen(box, lambda wanted: self._write(box) if wanted else None)

    def _write(self, box: ExportBox) -> None:
        if box.copies:
            self.hand_out(box.command, "command line")
        else:
            self._write_in_background(box.wanted, box.how, box.path, force=box.replaces)

    def export(self, how: str, file: str) -> None:
        """Write the rows that are shown; a file that is there is not replaced unasked. Raises: CloutuiError."""
        from cloutui.delivery.formats import find_format

        question = self._question()
        session = self.desk.session
        assert session is not None
        chosen = find_format(how).name
        if not session.may_write_files:
            self.ask_to_export(chosen, file)
            return
        path = typed_path(file or session.file_name(question, chosen))
        if is_there(path):
            self.ask_to_export(chosen, str(path))
        else:
            self._write_in_background(question, chosen, path, force=False)

    def _write_in_background(self, question: Question, how: str, path: Path, *, force: bool) -> None:
        session = self.desk.session
        assert session is not None

        async def write(task: Task) -> str:
            rows = await session.export(question, how, path, force=force, told=task.tell)
            return f"{formats.plural(rows, 'row')} in {path}."

        self.start(f"Export to {path.name}", "rows", write)
