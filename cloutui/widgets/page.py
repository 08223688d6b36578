"""Text to read: paragraphs that are wrapped to the pane and scrolled by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.strip import Strip

from cloutui.widgets.lines import MOVE, VIEW, Lines
from cloutui.widgets.look import Look
from cloutui.widgets.paragraph import LaidOut, Paragraph, lay_out
from cloutui.widgets.text import Piece, length, line

_ENDLESS = 100_000
"""Cells: no line is that long."""


class Page(Lines):
    """Paragraphs under a title rule."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "problem(1)", "next problem", id="page.next-problem", group=MOVE),
        Binding("w", "wrap", "wrap long lines, or cut them", id="page.wrap", show=False, group=VIEW),
        Binding("N", "problem(-1)", "previous problem", id="page.previous-problem", show=False, group=MOVE),
    ]

    def __init__(self, look: Look, title: str = "", *, edge: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(look, title, edge=edge, id=id)
        self.paragraphs: Sequence[Paragraph] = ()
        self.wraps = True
        self._laid_out: list[LaidOut] = []
        self._width = 0

    def show(self, paragraphs: Sequence[Paragraph], *, stay: bool = False) -> None:
        """Show these from the top, or with `stay` from where the reader is."""
        self.paragraphs, self.waiting, self.notice = paragraphs, False, ()
        self._lay_out()
        if not stay:
            self.cursor = self.top = 0
        self.changed()

    def count(self) -> int:
        """One row a line."""
        return len(self._laid_out)

    def row(self, index: int) -> list[Piece] | Strip:
        """A line as it was laid out; what is cut off leaves a sign."""
        pieces, width, plain = list(self._laid_out[index].pieces), self.inner_width, self.look.palette.style()
        if length(pieces) <= width:
            return pieces
        sign = line([(self.look.glyphs.cut, self.look.palette.style("muted"))], 1, plain)
        return Strip.join([line(pieces, width - 1, plain), sign])

    def position(self) -> str:
        """How far down the last line in view is."""
        if self.count() <= self.page_rows:
            return ""
        return f"{min(self.count(), self.top + self.page_rows)}/{self.count()}"

    def move_to(self, index: int) -> None:
        """A page has no cursor: the line comes to the top, as far as there is text below."""
        top = max(0, min(index, self.count() - self.page_rows))
        if top != self.top:
            self.top = self.cursor = top
            self.refresh()
            self.post_message(self.Moved(self))
        self.cursor = self.top

    def action_problem(self, step: int) -> None:
        """The next paragraph that tells of a problem comes to the top."""
        places = range(self.top + 1, self.count()) if step > 0 else range(self.top - 1, -1, -1)
        for place in places:
            if self._laid_out[place].starts_problem:
                self.move_to(place)
                return

    def action_wrap(self) -> None:
        """A message a line is quicker to look through; wrapped, all of it can be read."""
        self.wraps = not self.wraps
        self._lay_out()
        self.changed()

    def on_resize(self) -> None:
        """Another width wraps otherwise."""
        if self.inner_width != self._width:
            self._lay_out()
        super().on_resize()

    def clicked(self, index: int, x: int) -> None:
        """There is nothing to choose on a page."""

    def _follow(self) -> None:
        self.top = self.cursor = max(0, min(self.cursor, self.count() - self.page_rows))

    def _lay_out(self) -> None:
        self._width = self.inner_width
        self._laid_out = lay_out(self.paragraphs, self._width if self.wraps else _ENDLESS, self.look.palette.style())
