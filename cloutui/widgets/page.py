"""Text to read: paragraphs that are wrapped to the pane and scrolled by line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.strip import Strip

from cloutui.model.safe_text import safe
from cloutui.widgets.lines import MOVE, VIEW, Lines
from cloutui.widgets.look import Look
from cloutui.widgets.page_search import Search, marked
from cloutui.widgets.paragraph import LaidOut, Paragraph, lay_out
from cloutui.widgets.text import Piece, cells_before, length, line

_STEPS = {"down": 1, "up": -1}
"""Keys that go on while a text is typed."""
_ENDLESS = 100_000
"""Cells: no line is that long."""


class Page(Lines):
    """Paragraphs under a title rule."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "problem(1)", "next problem", id="page.next-problem", group=MOVE),
        Binding("w", "wrap", "wrap long lines, or cut them", id="page.wrap", show=False, group=VIEW),
        Binding("N", "problem(-1)", "previous problem", id="page.previous-problem", show=False, group=MOVE),
        Binding("slash", "find", "find text", id="page.find", key_display="/", group=MOVE),
    ]

    CAN_BE_SOUGHT: ClassVar[bool] = True
    """Whether there may be so much to read that one looks for something."""

    def __init__(self, look: Look, title: str = "", *, edge: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(look, title, edge=edge, id=id)
        self.paragraphs: Sequence[Paragraph] = ()
        self.wraps = True
        self.search: Search | None = None
        """What is sought; None while nothing is."""
        self._sought_from = 0
        self._laid_out: list[LaidOut] = []
        self._width = 0

    def show(self, paragraphs: Sequence[Paragraph], *, stay: bool = False) -> None:
        """Show these from the top, or with `stay` from where the reader is."""
        self.paragraphs, self.waiting, self.notice = paragraphs, False, ()
        self._lay_out()
        if not stay:
            self.cursor = self.top = 0
            self.search = None
        self.changed()

    def count(self) -> int:
        """One row a line."""
        return len(self._laid_out)

    def row(self, index: int) -> list[Piece] | Strip:
        """A line as it was laid out; what is cut off leaves a sign."""
        pieces, width, plain = self._pieces(index), self.inner_width, self.look.palette.style()
        if length(pieces) <= width:
            return pieces
        sign = line([(self.look.glyphs.cut, self.look.palette.style("muted"))], 1, plain)
        return Strip.join([line(pieces, width - 1, plain), sign])

    def _pieces(self, index: int) -> list[Piece]:
        pieces, search, palette = self._laid_out[index].pieces, self.search, self.look.palette
        if search is None or index not in search.found:
            return list(pieces)
        return marked(pieces, search.text, palette.style(on="cursor-ground" if index == search.at else "mark-ground"))

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
        """The next paragraph that tells of a problem comes to the top; in a search the next line that has it."""
        if self.search is not None:
            self._seek(self.search.moved(step))
            return
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

    # Seeking.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Where there is nothing to look for no key offers it."""
        del parameters
        return action != "find" or (self.CAN_BE_SOUGHT and self.count() > 0)

    def action_find(self) -> None:
        """Type a part of a line."""
        self._sought_from = self.top
        self._seek(Search())

    async def takes(self, event: events.Key) -> bool:
        """While a text is typed, every letter belongs to it; `esc` ends a search before all else."""
        search = self.search
        if search is not None and event.key == "escape":
            self._seek(None)
        elif search is None or not search.is_typed:
            return await super().takes(event)
        elif event.key == "enter":
            self._seek(search.kept() if search.text else None)
        elif event.key in _STEPS:
            self._seek(search.moved(_STEPS[event.key]))
        elif event.key == "backspace":
            self._seek(search.typed(search.text[:-1]).among(self._texts(), self._sought_from))
        elif event.character and event.is_printable:
            self._seek(search.typed(search.text + event.character).among(self._texts(), self._sought_from))
        return True

    def _texts(self) -> list[str]:
        return ["".join(safe(text) for text, _ in laid.pieces) for laid in self._laid_out]

    def _seek(self, search: Search | None) -> None:
        """What was found comes into view, with a line above it where there is one."""
        self.search = search
        self.refresh()
        at = search.at if search is not None else None
        if at is not None and not self.top <= at < self.top + self.page_rows:
            self.move_to(at - 1)

    def rule(self) -> Strip:
        """The title, or what is sought."""
        if self.search is None:
            return super().rule()
        return line(self._sought(self.search), self.inner_width, self.look.palette.style("line"))

    def _sought(self, search: Search) -> list[Piece]:
        palette, glyphs = self.look.palette, self.look.glyphs
        return [
            (glyphs.cursor if self.has_focus else glyphs.rule, palette.style("accent")),
            (" find ", palette.style("accent", bold=True)),
            (safe(search.text), palette.style()),
            (glyphs.caret if search.is_typed else " ", palette.style("accent")),
            (f"  {search.words()}", palette.style("muted")),
        ]

    def cursor_cell(self) -> Offset:
        """Behind what is typed."""
        if self.search is None or not self.search.is_typed:
            return super().cursor_cell()
        return Offset(cells_before(self.look.glyphs.caret, self._sought(self.search), 0), 0)

    def on_blur(self) -> None:
        """A search does not outlive the focus."""
        self.search = None

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
        if self.search is not None:
            self.search = self.search.among(self._texts(), self.search.at or 0)
