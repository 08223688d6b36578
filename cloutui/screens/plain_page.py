"""Text over the whole terminal, without a frame, to be marked with the terminal's own mouse."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from cloutui.screens.clipboard import leave_mouse_to_terminal
from cloutui.screens.desk import Desk
from cloutui.widgets.page import Page
from cloutui.widgets.paragraph import Paragraph


class PlainPage(ModalScreen[None], inherit_bindings=False):
    """As long as it is there, the mouse is the terminal's."""

    DEFAULT_CSS = "PlainPage { background: $background; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,ctrl+c", "close", "close", id="plain.close"),
    ]

    def __init__(self, desk: Desk, title: str, text: str) -> None:
        super().__init__()
        self.desk = desk
        self.page = Page(desk.look, title)
        # Marked on a screen, a tab is blanks anyway; a sign in its place would be taken along.
        self._lines = text.replace("\t", "  ").splitlines()

    def compose(self) -> ComposeResult:
        """The page alone."""
        yield self.page

    def on_mount(self) -> None:
        """From its beginning."""
        self.page.entitle(note="mark with the mouse   esc closes")
        plain = self.desk.look.palette.style()
        # What a line is indented by is its lead: a text that is wrapped begins with its first word.
        indents = [line[: len(line) - len(line.lstrip(" "))] for line in self._lines]
        pairs = zip(indents, self._lines, strict=True)
        self.page.show(
            [Paragraph([(indent, plain)] if indent else [], line.lstrip(" "), plain) for indent, line in pairs]
        )
        self.page.focus()
        leave_mouse_to_terminal(self.app, leave=True)

    def on_unmount(self) -> None:
        """The mouse is ours again."""
        leave_mouse_to_terminal(self.app, leave=False)

    def action_close(self) -> None:
        """Back to what is below."""
        self.dismiss()
