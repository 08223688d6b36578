"""A bar: one line at the edge of the screen, with something at its left and something at its right end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from cloutui.model.safe_text import safe
from cloutui.widgets.look import Look
from cloutui.widgets.text import Piece, line


@dataclass(frozen=True, slots=True)
class Item:
    """Pieces that are shown whole or not at all; a key, when a click on them is as good as pressing it."""

    pieces: Sequence[Piece]
    key: str = ""
    leads_to: object = None
    """What a click on them leads to, where that is no key: whoever made the item knows what it is."""


class Bar(Widget):
    """Items from the left, as many as fit beside those at the right end."""

    DEFAULT_CSS = "Bar { width: 1fr; height: 1; }"

    @dataclass
    class Pressed(Message):
        """An item with a key was clicked."""

        key: str

    @dataclass
    class Chosen(Message):
        """An item that leads somewhere was clicked."""

        leads_to: object

    def __init__(self, look: Look, ground: str, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.look = look
        self.ground = ground
        self.items: Sequence[Item] = ()
        self.end: Sequence[Item] = ()
        self._places: list[tuple[int, int, Item]] = []
        """Which item stands where: its first cell, and the first behind it."""

    def show(self, items: Sequence[Item], end: Sequence[Item] = ()) -> None:
        """Show these. Nothing is drawn anew when they are the same."""
        if (items, end) != (self.items, self.end):
            self.items, self.end = items, end
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The one line."""
        del y
        width, plain = self.size.width, self.look.palette.style(on=self.ground)
        end_width = sum(_width(item) for item in self.end)
        self._places = []
        pieces = self._fitting(self.items, 0, width - end_width)
        used = sum(cell_len(text) for text, _ in pieces)
        gap: Piece = (" " * max(0, width - end_width - used), plain)
        return line([*pieces, gap, *self._fitting(self.end, used + len(gap[0]), width)], width, plain)

    def _fitting(self, items: Sequence[Item], at: int, limit: int) -> list[Piece]:
        pieces: list[Piece] = []
        for item in items:
            # The first is shown even if it must be cut: a bar is never empty for want of room.
            if at + _width(item) > limit and pieces:
                break
            self._places.append((at, at + _width(item), item))
            pieces += [(safe(text), style) for text, style in self.drawn(item)]
            at += _width(item)
        return pieces

    def drawn(self, item: Item) -> Sequence[Piece]:
        """How an item looks now."""
        return item.pieces

    def on_click(self, event: events.Click) -> None:
        """A click on an item is its key, or goes where it leads to."""
        for start, end, item in self._places:
            if start <= event.x < end and (item.key or item.leads_to is not None):
                event.stop()
                self.post_message(self.Pressed(item.key) if item.key else self.Chosen(item.leads_to))


def _width(item: Item) -> int:
    return sum(cell_len(safe(text)) for text, _ in item.pieces)
