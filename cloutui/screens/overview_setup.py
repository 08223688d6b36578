"""The overview's first line until the installation is set up: how far it is, what comes next, and the key for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from cloutui.widgets.look import Look
from cloutui.widgets.text import line

if TYPE_CHECKING:
    from cloutui.model.set_up import SetUp, Step

KEY = "s"
_NEXT = ("names your unit", "adds the first server", "collects", "makes units", "says when the backup day begins")
"""What each step does, in their order."""


class SetUpLine(Widget):
    """Not there when there is nothing left to set up."""

    DEFAULT_CSS = "SetUpLine { width: 1fr; height: 1; margin: 0 0 1 0; display: none; }"
    HEIGHT = 2
    """With the blank below."""

    class Pressed(Message):
        """The reader wants to go on with it."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self._words = ""
        self._step: Step | None = None

    def show(self, state: SetUp) -> None:
        """Say how far that is."""
        self._words, self._step = state.words, state.next_step
        was, self.display = self.display, self._step is not None
        self.refresh()
        if self.display is not was:
            # What is below moves by this line; of the blanks between, which are nobody's, the old lines would be left.
            self.call_after_refresh(self.screen.refresh)

    def render_line(self, y: int) -> Strip:
        """The one line."""
        del y
        palette = self.look.palette
        does = _NEXT[self._step - 1] if self._step is not None else ""
        pieces = [
            (f"  {self.look.glyphs.arrow} ", palette.style("accent")),
            (f"set-up {self._words}", palette.style(bold=True)),
            ("   ", palette.style()),
            (KEY, palette.style("accent", bold=True)),
            (f" {does}", palette.style("muted")),
        ]
        return line(pieces, self.size.width, palette.style())

    def on_click(self, event: events.Click) -> None:
        """A click is its key."""
        event.stop()
        self.post_message(self.Pressed())
