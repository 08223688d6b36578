"""A list of things to flip, narrowed by what is typed: a letter seeks, backspace takes one back, a click flips."""

from __future__ import annotations

from abc import abstractmethod

from textual import events

from cloutui.model.safe_text import safe
from cloutui.widgets.lines import Lines
from cloutui.widgets.look import Look
from cloutui.widgets.text import Piece


class SoughtList(Lines, inherit_bindings=False):
    """Its keys and its rows are the subclass's. So letters seek, moving is for other keys."""

    def __init__(self, look: Look, title: str) -> None:
        super().__init__(look, title)
        self.sought = ""
        """What was typed, in small letters."""

    @abstractmethod
    def action_flip(self) -> None:
        """Do with the row under the cursor what a click on it does."""

    def typed(self) -> list[Piece]:
        """What was typed and the caret behind it."""
        palette = self.look.palette
        return [
            ("  ", palette.style()),
            (safe(self.sought), palette.style("text")),
            (self.look.glyphs.caret, palette.style("accent")),
        ]

    def action_shorten(self) -> None:
        """One letter less."""
        self._seek(self.sought[:-1])

    async def takes(self, event: events.Key) -> bool:
        """A letter narrows the list."""
        if await super().takes(event):
            return True
        if not event.character or not event.character.isprintable():
            return False
        self._seek(self.sought + event.character.lower())
        return True

    def clicked(self, index: int, x: int) -> None:
        """The row that is clicked is flipped."""
        del x
        self.move_to(index)
        self.action_flip()

    def _seek(self, sought: str) -> None:
        self.sought, self.cursor, self.top = sought, 0, 0
        self.changed()
