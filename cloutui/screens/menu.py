"""A menu over the shell: some things, one of which is chosen by its digit, with the cursor, or by a click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from cloutui.model.safe_text import safe
from cloutui.screens.desk import Desk
from cloutui.widgets.lines import ACT, Lines
from cloutui.widgets.look import Look
from cloutui.widgets.text import Piece, cut, length, pad

_MOST_WIDTH = 96
_DETAIL_FROM = 24
"""Where what is said of an entry begins, when all names are shorter."""
_DIGITS = "123456789"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that can be chosen, or one that cannot and says why."""

    name: str
    detail: str = ""
    key: str = ""
    """The key that does the same without the menu; `-` when there is none."""
    is_allowed: bool = True


class Choices(Lines):
    """The entries, a digit before each of the first nine."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "open", "choose", id="menu.choose", group=ACT)]

    def __init__(self, look: Look, title: str, entries: Sequence[Entry]) -> None:
        super().__init__(look, title)
        self.entries = entries
        self.note = "esc closes"

    def count(self) -> int:
        """One row an entry."""
        return len(self.entries)

    def row(self, index: int) -> list[Piece]:
        """Digit, name, what it is, key."""
        palette, glyphs, entry = self.look.palette, self.look.glyphs, self.entries[index]
        on = "cursor-ground" if index == self.cursor else "background"
        role, plain = ("text" if entry.is_allowed else "faint"), palette.style(on=on)
        digit = _DIGITS[index] if index < len(_DIGITS) else " "
        key = f" {entry.key} " if entry.key else " "
        room = self.inner_width - 5 - cell_len(key)
        widest = max(cell_len(safe(each.name)) for each in self.entries)
        name = cut(safe(entry.name), min(room, max(widest, _DETAIL_FROM)), glyphs.cut)
        name = pad(name, min(room, max(widest, _DETAIL_FROM)))
        detail = cut(f"  {safe(entry.detail)}", max(0, room - cell_len(name)), glyphs.cut)
        pieces: list[Piece] = [
            self.marker(index, on=on),
            (f" {digit}  ", palette.style("accent" if entry.is_allowed else "faint", on, bold=entry.is_allowed)),
            (name, palette.style(role, on, bold=entry.is_allowed)),
            (pad(detail, room - cell_len(name)), palette.style("muted", on)),
            (key, palette.style("accent", on)),
        ]
        return [*pieces, (" " * max(0, self.inner_width - length(pieces)), plain)]

    def action_open(self) -> None:
        """Choose the one under the cursor."""
        self.post_message(self.Opened(self))

    def clicked(self, index: int, x: int) -> None:
        """A click chooses."""
        del x
        self.move_to(index)
        self.action_open()


class Menu(ModalScreen[int | None], inherit_bindings=False):
    """The answer is the place of what was chosen; one that is not allowed cannot be."""

    DEFAULT_CSS = """
    Menu { align: center middle; background: $background 60%; }
    Menu > Choices { background: $background; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "close", id="menu.close"),
        *(Binding(digit, f"choose({digit})", "choose", id=f"menu.{digit}", show=False) for digit in _DIGITS),
    ]

    def __init__(self, desk: Desk, title: str, entries: Sequence[Entry]) -> None:
        super().__init__()
        self.choices = Choices(desk.look, title, entries)

    def compose(self) -> ComposeResult:
        """The list alone."""
        yield self.choices

    def on_mount(self) -> None:
        """As large as it needs to be."""
        self._fit()
        self.choices.focus()

    def on_resize(self) -> None:
        """It fits the terminal."""
        self._fit()

    def _fit(self) -> None:
        width, height = self.app.size
        self.choices.styles.width = min(width - 2, _MOST_WIDTH)
        self.choices.styles.height = min(height - 2, self.choices.count() + 1)

    @on(Lines.Opened)
    def _opened(self) -> None:
        if self.choices.entries[self.choices.cursor].is_allowed:
            self.dismiss(self.choices.cursor)

    def action_choose(self, digit: int) -> None:
        """The entry with that digit."""
        if digit <= self.choices.count():
            self.choices.move_to(digit - 1)
            self._opened()

    def action_close(self) -> None:
        """Nothing."""
        self.dismiss(None)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A click beside the menu closes it."""
        if self.get_widget_at(event.screen_x, event.screen_y)[0] is self:
            self.action_close()
