"""A box over the screen: the only frame with four sides, so that it can only mean "answer this first"."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.strip import Strip
from textual.widget import Widget

from cloutui.widgets.look import Look
from cloutui.widgets.text import Piece, cut, length, line


class Box(Widget, can_focus=True):
    """Lines in a frame, as wide as they need, and scrolled when they are more than fit."""

    def __init__(self, look: Look, title: str, note: str = "") -> None:
        super().__init__()
        self.look = look
        self.heading = title
        self.note = note
        self.lines: Sequence[Sequence[Piece]] = ()
        self.top = 0

    def show(self, lines: Sequence[Sequence[Piece]], *, width: int, height: int) -> None:
        """Show these on a screen of that size. The box is two cells wider and two lines higher than its lines."""
        widest = max([length(pieces) for pieces in lines] + [cell_len(self.heading) + cell_len(self.note) + 8])
        self.lines = lines
        self.styles.width = min(width, widest + 4)
        self.styles.height = min(height, len(lines) + 2)
        self.scroll_lines(0)

    def scroll_lines(self, by: int) -> None:
        """Down by so many lines, or up, as far as there are any."""
        room = max(1, self.size.height - 2) if self.size.height else len(self.lines)
        self.top = max(0, min(self.top + by, len(self.lines) - room))
        self.refresh()

    def show_line(self, index: int) -> None:
        """Scroll as far as it takes to bring this line and the next into view."""
        room = max(1, self.size.height - 2)
        if not self.top <= index < self.top + room - 1:
            self.scroll_lines(index - self.top if index < self.top else index - self.top - room + 2)

    def render_line(self, y: int) -> Strip:
        """One line of the frame or of what is in it."""
        palette, width = self.look.palette, self.size.width
        edge, plain = palette.style("accent", "panel"), palette.style(on="panel")
        if y == 0:
            return self._frame()
        if y == self.size.height - 1:
            corners = self.look.glyphs.corners[2:]
            return line([(corners[0] + self.look.glyphs.rule * (width - 2) + corners[1], edge)], width, plain)
        index = self.top + y - 1
        inner = line(self.lines[index] if index < len(self.lines) else (), width - 3, plain)
        side = Strip.join([line([(self.look.glyphs.divider + " ", edge)], 2, plain), inner])
        return Strip.join([side, line([(self.look.glyphs.divider, edge)], 1, plain)])

    def _frame(self) -> Strip:
        palette, glyphs, width = self.look.palette, self.look.glyphs, self.size.width
        edge = palette.style("accent", "panel")
        note = f" {self.note} " if self.note else ""
        title = cut(self.heading, max(4, width - 6 - cell_len(note)), glyphs.cut)
        dashes = max(0, width - 6 - cell_len(title) - cell_len(note))
        pieces: list[Piece] = [
            (glyphs.corners[0] + glyphs.rule + " ", edge),
            (title, palette.style("accent", "panel", bold=True)),
            (" " + glyphs.rule * dashes, edge),
            (note, palette.style("muted", "panel")),
            (glyphs.rule + glyphs.corners[1], edge),
        ]
        return line(pieces, width, edge)
