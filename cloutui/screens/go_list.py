"""The screens and their letters, shown when somebody hesitates after `g`. The next key, or a click, ends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from cloutui.screens.catalogue import ScreenSpec
from cloutui.widgets.look import Look
from cloutui.widgets.text import Piece, cut, line, pad

AFTER_S = 0.3
"""How long one hesitates before it comes."""
_COLUMN = 19
_MOST_ROWS = 6


class GoList(Widget):
    """Lies over what is above the key bar. It never has the focus: the keys stay where they are."""

    @dataclass
    class Chosen(Message):
        """A letter was clicked."""

        letter: str

    DEFAULT_CSS: ClassVar[str] = "GoList { layer: notice; position: absolute; height: 1; width: 1; display: none; }"

    def __init__(self, look: Look) -> None:
        super().__init__(id="go-list")
        self.look = look
        self._entries: list[tuple[str, str]] = []
        self._rows = 1

    def open(self, screens: Sequence[ScreenSpec], width: int, bottom: int) -> None:
        """Show these, above the line `bottom` of a screen of that width."""
        self._entries = [(spec.letter, spec.title) for spec in screens] + [("g", "first row")]
        columns = max(1, min(-(-len(self._entries) // _MOST_ROWS), (width - 2) // _COLUMN))
        self._rows = -(-len(self._entries) // columns)
        self.styles.width = min(width, columns * _COLUMN + 2)
        self.styles.height = self._rows + 1
        self.styles.offset = Offset(0, max(0, bottom - self._rows - 1))
        self.display = True
        self.refresh(layout=True)

    def close(self) -> None:
        """It is over."""
        self.display = False

    def render_line(self, y: int) -> Strip:
        """`─ g ─── go to ─`, and below it letters and titles."""
        palette, glyphs, width = self.look.palette, self.look.glyphs, self.size.width
        plain = palette.style(on="panel")
        if y == 0:
            title: list[Piece] = [
                (glyphs.rule, palette.style("line", "panel")),
                (" Go to ", palette.style("text", "panel", bold=True)),
                (glyphs.rule * width, palette.style("line", "panel")),
            ]
            return line(title, width, plain)
        pieces: list[Piece] = [(" ", plain)]
        for letter, title_of in self._entries[y - 1 :: self._rows]:
            pieces.append((f" {letter} ", palette.style("accent", "panel", bold=True)))
            pieces.append((pad(cut(title_of, _COLUMN - 4, glyphs.cut), _COLUMN - 3), palette.style("text", "panel")))
        return line(pieces, width, plain)

    def on_click(self, event: events.Click) -> None:
        """As if the letter had been typed."""
        event.stop()
        place = (event.x - 1) // _COLUMN * self._rows + event.y - 1
        if event.y > 0 and 0 <= place < len(self._entries):
            self.post_message(self.Chosen(self._entries[place][0]))
