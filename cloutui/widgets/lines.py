"""The ground of every pane: a title rule, heads that stay, and rows under a cursor, drawn line by line.

A pane of a million rows costs what its visible rows cost. A subclass says how many rows there are and what is on
one; moving, scrolling, the mouse and the focus mark are done here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip

from cloutui.model.safe_text import safe
from cloutui.widgets.begun import NOTHING
from cloutui.widgets.keyed import ACT, GO, MOVE, VIEW, Keyed
from cloutui.widgets.look import Look
from cloutui.widgets.paragraph import Paragraph, lay_out
from cloutui.widgets.text import Piece, cut, length, line

__all__ = ["ACT", "GO", "MOVE", "VIEW", "Lines"]

_WHEEL_ROWS = 3


class Lines(Keyed, can_focus=True):
    """A pane of rows. Knows nothing of what they mean."""

    DEFAULT_CSS = "Lines { width: 1fr; height: 1fr; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "down", "row down", id="lines.down", show=False, group=MOVE),
        Binding("k,up", "up", "row up", id="lines.up", show=False, group=MOVE),
        Binding("pagedown", "page(1)", "page down", id="lines.page-down", show=False, group=MOVE),
        Binding("pageup", "page(-1)", "page up", id="lines.page-up", show=False, group=MOVE),
        Binding("ctrl+d", "half_page(1)", "half a page down", id="lines.half-down", show=False, group=MOVE),
        Binding("ctrl+u", "half_page(-1)", "half a page up", id="lines.half-up", show=False, group=MOVE),
        Binding("G", "last", "last row", id="lines.last", show=False, group=MOVE),
        Binding("home", "first", "first row", id="lines.home", show=False, group=MOVE),
        Binding("end", "last", "last row", id="lines.end", show=False, group=MOVE),
        Binding("ctrl+home", "first", "first row", id="lines.top", show=False, group=MOVE),
        Binding("ctrl+end", "last", "last row", id="lines.bottom", show=False, group=MOVE),
    ]

    HEADS: ClassVar[int] = 0
    """Lines between the title rule and the rows."""

    @dataclass
    class Moved(Message):
        """The cursor stands on another row, or the row under it has changed."""

        lines: Lines

        @property
        def control(self) -> Lines:
            """The pane, so that `@on` can name it."""
            return self.lines

    @dataclass
    class Opened(Message):
        """The row under the cursor was chosen."""

        lines: Lines

        @property
        def control(self) -> Lines:
            """The pane, so that `@on` can name it."""
            return self.lines

    def __init__(self, look: Look, title: str = "", *, edge: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.look = look
        self.heading = title
        self.note = ""
        self.notice: Sequence[Paragraph] = ()
        """Said in place of the rows: why there are none, what went wrong."""
        self.waiting = False
        """Whether dots stand for rows that are on their way."""
        self.cursor = 0
        self.top = 0
        self.edge = edge
        self.gap = 0
        """Lines under the title rule that are left free, for what the screen lays over them."""
        self.most: int | None = None
        """How high the pane is at most, where what its rows do not need is for what stands below it; else None."""

    # What a subclass says.

    def count(self) -> int:
        """How many rows there are."""
        return 0

    def head(self, index: int) -> list[Piece]:
        """A line that stays above the rows."""
        raise IndexError(index)

    def row(self, index: int) -> list[Piece] | Strip:
        """One row. A strip must be `inner_width` wide."""
        raise IndexError(index)

    def placeholder(self) -> list[Piece]:
        """What stands for a row that is on its way."""
        return [("  " + self.look.glyphs.nothing * 5, self.look.palette.style("faint"))]

    def position(self) -> str:
        """Where the cursor is, for the key bar: `1/28`."""
        return f"{self.cursor + 1}/{self.count()}" if self.count() else ""

    def cell_text(self) -> str:
        """The value under the cursor, to be copied; nothing where rows have no cells."""
        return ""

    def row_text(self) -> str:
        """The cursor row, to be copied."""
        if self.notice or self.waiting or not self.count():
            return ""
        row = self.row(self.cursor)
        return row.text.strip() if isinstance(row, Strip) else "".join(text for text, _ in row).strip()

    def cursor_cell(self) -> Offset:
        """Where the cursor is, within the pane."""
        return Offset(self.cursor_x(), self.gap + self._line_of(self.cursor))

    def cursor_x(self) -> int:
        """The cell of the cursor in its row."""
        return 0

    def has_marks(self) -> bool:
        """Whether rows are marked."""
        return False

    def clear_marks(self) -> None:
        """No row is marked any more."""

    # What others say to a pane.

    def entitle(self, title: str | None = None, note: str | None = None) -> None:
        """Change the title, the note at the right end of its rule, or both."""
        title, note = self.heading if title is None else title, self.note if note is None else note
        if (title, note) != (self.heading, self.note):
            self.heading, self.note = title, note
            self.refresh_lines(0)

    def say(self, notice: Sequence[Paragraph]) -> None:
        """Show this in place of the rows; nothing brings the rows back."""
        self.notice, self.waiting = notice, False
        self._hug()
        self.refresh()
        self.post_message(self.Moved(self))

    def move_to(self, index: int) -> None:
        """Put the cursor on a row, the nearest there is, and bring it into view."""
        index = max(0, min(index, self.count() - 1))
        old, top = self.cursor, self.top
        self.cursor = index
        self._follow()
        if self.top != top:
            self.refresh()
        elif index != old:
            self.refresh_lines(self._line_of(old), self._line_of(index))
        if index != old:
            self.post_message(self.Moved(self))

    def changed(self) -> None:
        """The rows are others: put the cursor where it can be, and draw everything anew."""
        self.cursor = max(0, min(self.cursor, self.count() - 1))
        self._hug()
        self._follow()
        self.refresh()

    def hug(self, most: int | None) -> None:
        """Be no higher than the rows need from now on, and at most so high; None: as high as there is room."""
        if most is None and self.most is not None:
            self.styles.height = "1fr"
        self.most = most
        self._hug()

    # Where things are.

    @property
    def inner_width(self) -> int:
        """The cells of a line, without the divider at the edge."""
        return self.size.width - (1 if self.edge else 0)

    @property
    def page_rows(self) -> int:
        """How many rows fit."""
        return max(1, self.size.height - 1 - self.HEADS - self.gap)

    @property
    def lines_needed(self) -> int:
        """The height in which all rows are seen, and a blank line below them."""
        return 1 + self.HEADS + self.gap + self.count() + 1

    def _hug(self) -> None:
        """Rows that are on their way change no height; dots and a notice have all of it."""
        if self.most is None:
            return
        if self.notice or not self.count():
            self.styles.height = self.most
        elif not self.waiting:
            self.styles.height = min(self.lines_needed, self.most)

    def _line_of(self, index: int) -> int:
        return 1 + self.HEADS + index - self.top

    def _follow(self) -> None:
        rows = self.page_rows
        if self.cursor < self.top:
            self.top = self.cursor
        elif self.cursor >= self.top + rows:
            self.top = self.cursor - rows + 1
        self.top = max(0, min(self.top, self.count() - rows))

    def refresh_lines(self, *lines: int) -> None:
        """Draw only these lines anew: a cursor that moves costs few bytes on a slow line."""
        placed = (y + self.gap if y > 0 else y for y in lines)
        self.refresh(*(Region(0, y, self.size.width, 1) for y in placed if 0 <= y < self.size.height))

    # Drawing.

    def render_line(self, y: int) -> Strip:
        """One line of the pane, as Textual asks for it."""
        strip = self._blank() if 0 < y <= self.gap else self._content(max(0, y - self.gap))
        if not self.edge:
            return strip
        divider: list[Piece] = [(self.look.glyphs.divider, self.look.palette.style("line"))]
        return Strip.join([strip, line(divider, 1, self.look.palette.style())])

    def _blank(self) -> Strip:
        return line([], self.inner_width, self.look.palette.style())

    def leave_gap(self, lines: int) -> None:
        """Leave so many lines free under the title rule."""
        if lines != self.gap:
            self.gap = lines
            self._hug()
            self._follow()
            self.refresh()

    def _content(self, y: int) -> Strip:
        width, plain = self.inner_width, self.look.palette.style()
        if y == 0:
            return self.rule()
        if y <= self.HEADS:
            return line(self.head(y - 1), width, plain)
        if self.notice:
            said, index = lay_out(self.notice, width, plain), y - self.HEADS - 2  # one blank line above
            return line(said[index].pieces if 0 <= index < len(said) else (), width, plain)
        if self.waiting:
            return line(self.placeholder(), width, plain)
        index = self.top + y - 1 - self.HEADS
        row = self.row(index) if index < self.count() else []
        return row if isinstance(row, Strip) else line(row, width, plain)

    def rule(self) -> Strip:
        """`▌ Title ───────────── note ─`: the only frame a pane has."""
        palette, glyphs, width = self.look.palette, self.look.glyphs, self.inner_width
        plain, ruled = palette.style(), palette.style("line")
        title = cut(safe(self.heading), max(4, width - 6), glyphs.cut)
        note = self._fitting_note(width - cell_len(title) - 8)
        focused = self.has_focus
        left: list[Piece] = [
            (glyphs.cursor, palette.style("accent")) if focused else (glyphs.rule, ruled),
            (f" {title} " if title else "", palette.style("accent" if focused else "text", bold=True)),
        ]
        right: list[Piece] = [(note, palette.style("muted")), (glyphs.rule, ruled)]
        between = width - length(left) - length(right)
        return line([*left, (glyphs.rule * between, ruled), *right], width, plain)

    def _fitting_note(self, room: int) -> str:
        """The note, or as many of its parts as fit: three blanks part them."""
        note = safe(self.note)
        while note and cell_len(note) > room:
            note = note.rpartition("   ")[0]
        return f" {note} " if note else ""

    def marker(self, index: int, *, on: str = "background") -> Piece:
        """The cell left of a row: filled where the cursor is, hollow when the pane has no focus."""
        palette, glyphs = self.look.palette, self.look.glyphs
        if index != self.cursor:
            return (" ", palette.style(on=on))
        if self.has_focus:
            return (glyphs.cursor, palette.style("accent"))
        return (glyphs.cursor_away, palette.style("accent"))

    # Moving.

    def action_down(self) -> None:
        """One row down."""
        self.move_to(self.cursor + (self.times or 1))

    def action_up(self) -> None:
        """One row up."""
        self.move_to(self.cursor - (self.times or 1))

    def action_page(self, direction: int) -> None:
        """One page, the view with it."""
        self._leap(direction * self.page_rows * (self.times or 1))

    def action_half_page(self, direction: int) -> None:
        """Half a page, the view with it."""
        self._leap(direction * max(1, self.page_rows // 2) * (self.times or 1))

    def _leap(self, rows: int) -> None:
        self.top = max(0, min(self.top + rows, self.count() - self.page_rows))
        self.refresh()
        self.move_to(self.cursor + rows)

    def action_first(self) -> None:
        """To the first row."""
        self.move_to(0)

    def action_last(self) -> None:
        """To the last row; with a number, to that row."""
        self.move_to((self.times or self.count()) - 1)

    def on_focus(self) -> None:
        """The focus mark appears."""
        self.refresh()

    def on_blur(self) -> None:
        """The focus mark goes, and a half-typed key sequence with it."""
        self.begin(NOTHING)
        self.refresh()

    def on_resize(self) -> None:
        """The cursor row stays in view, whatever the size."""
        self._follow()
        self.refresh()

    # The mouse: anything that has a key.

    def on_click(self, event: events.Click) -> None:
        """A click moves, a click on the cursor row opens."""
        index = self.top + event.y - 1 - self.HEADS - self.gap
        if event.y <= self.HEADS + self.gap or self.notice or not 0 <= index < self.count():
            return
        event.stop()
        self.clicked(index, event.x)

    def clicked(self, index: int, x: int) -> None:
        """A row was clicked, at a cell."""
        del x
        if index == self.cursor:
            self.post_message(self.Opened(self))
        else:
            self.move_to(index)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The view moves, the cursor only as far as it must."""
        self._wheel(event, _WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The view moves, the cursor only as far as it must."""
        self._wheel(event, -_WHEEL_ROWS)

    def _wheel(self, event: events.MouseEvent, rows: int) -> None:
        event.stop()
        self.top = max(0, min(self.top + rows, self.count() - self.page_rows))
        self.refresh()
        self.move_to(max(self.top, min(self.cursor, self.top + self.page_rows - 1)))
