"""Choosing columns: the table behind the box shows at once what is chosen, `esc` brings back what was there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import ModalScreen

from cloutui.model.safe_text import safe
from cloutui.model.table import Column
from cloutui.screens.desk import Desk
from cloutui.widgets.lines import ACT, MOVE
from cloutui.widgets.result_choice import ColumnChoice
from cloutui.widgets.sought_list import SoughtList
from cloutui.widgets.text import Piece, cut, pad

_WIDTH = 46
_RESET = "the usual columns"

Show = Callable[[Sequence[str]], None]


class ColumnLines(SoughtList, inherit_bindings=False):
    """The columns, a row each, and below them the way back. What is typed narrows them."""

    HEADS: ClassVar[int] = 1

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "down", "down", id="columns.down", show=False, group=MOVE),
        Binding("up", "up", "up", id="columns.up", show=False, group=MOVE),
        Binding("pagedown", "page(1)", "page down", id="columns.page-down", show=False, group=MOVE),
        Binding("pageup", "page(-1)", "page up", id="columns.page-up", show=False, group=MOVE),
        Binding("home", "first", "first", id="columns.first", show=False, group=MOVE),
        Binding("end", "last", "last", id="columns.last", show=False, group=MOVE),
        Binding("space", "flip", "show or hide", id="columns.flip", group=ACT),
        Binding("J", "shift(1)", "move down", id="columns.move-down", group=ACT),
        Binding("K", "shift(-1)", "move up", id="columns.move-up", group=ACT),
        Binding("backspace", "shorten", "take back a letter", id="columns.shorten", show=False, group=ACT),
    ]

    @dataclass
    class Chosen(Message):
        """Other columns are to be shown."""

        names: Sequence[str]

    def __init__(self, desk: Desk, columns: Sequence[Column], choice: ColumnChoice) -> None:
        super().__init__(desk.look, "Columns")
        self.choice = choice
        self._heads = {column.name: safe(column.head) for column in columns}

    def listed(self) -> list[str | None]:
        """The columns that have what was typed in their heads or names; None is the way back, last."""
        found = [name for name in self.choice.order if self.sought in self._heads[name].lower() or self.sought in name]
        return [*found, *([] if self.sought else [None])]

    def count(self) -> int:
        """One a column, and one."""
        return len(self.listed())

    def head(self, index: int) -> list[Piece]:
        """What is typed, and what keys do."""
        del index
        palette = self.look.palette
        if self.sought:
            return self.typed()
        keys = ("space shows or hides", "J K move", f"{self.look.glyphs.enter} takes")
        return [("  ", palette.style()), (f"   {'   '.join(keys)}", palette.style("muted"))]

    def row(self, index: int) -> list[Piece]:
        """A box, filled or not, and the head."""
        palette, glyphs, name = self.look.palette, self.look.glyphs, self.listed()[index]
        on = "cursor-ground" if index == self.cursor else "background"
        room = self.inner_width - 5
        if name is None:
            sign, text, role = " ", _RESET, "muted"
        else:
            is_shown = name in self.choice.shown
            full, empty = ("*", "-") if glyphs.rule.isascii() else ("■", "□")
            sign, text, role = (full if is_shown else empty), self._heads[name], "text" if is_shown else "muted"
        return [
            self.marker(index, on=on),
            (f" {sign}  ", palette.style("accent", on)),
            (pad(cut(text, room, glyphs.cut), room), palette.style(role, on)),
        ]

    def action_flip(self) -> None:
        """Show the column, hide it, or go back to the usual ones."""
        name = self._under_cursor()
        if name is None:
            self.choice.reset()
        else:
            self.choice.flip(name)
        self._tell()

    def action_shift(self, steps: int) -> None:
        """The column one place on."""
        name = self._under_cursor()
        if name is not None:
            self.choice.move(name, steps)
            self.move_to(self.listed().index(name))
            self._tell()

    def _under_cursor(self) -> str | None:
        listed = self.listed()
        return listed[self.cursor] if self.cursor < len(listed) else None

    def _tell(self) -> None:
        self.changed()
        self.post_message(self.Chosen(self.choice.chosen))


class ColumnBox(ModalScreen[bool], inherit_bindings=False):
    """Whether the choice is to be kept; `choice` is what was chosen."""

    DEFAULT_CSS = """
    ColumnBox { align: right top; background: $background 30%; }
    ColumnLines { margin: 2 1 0 0; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "take", id="columns.take"),
        Binding("escape,ctrl+c", "restore", "as before", id="columns.restore"),
    ]

    def __init__(self, desk: Desk, columns: Sequence[Column], choice: ColumnChoice, show: Show) -> None:
        """`show` is given what is chosen, each time that changes."""
        super().__init__()
        self.choice = choice
        self.list = ColumnLines(desk, columns, choice)
        self._show = show
        self._before = choice.chosen

    def compose(self) -> ComposeResult:
        """The list alone."""
        yield self.list

    def on_mount(self) -> None:
        """At the right, so that the table can be seen beside it."""
        self._fit()
        self.list.focus()

    def on_resize(self) -> None:
        """As high as it needs, where there is room."""
        self._fit()

    def _fit(self) -> None:
        width, height = self.app.size
        self.list.styles.width = min(width - 2, _WIDTH)
        self.list.styles.height = max(4, min(len(self.choice.order) + 3, height - 4))

    @on(ColumnLines.Chosen)
    def _chosen(self, message: ColumnLines.Chosen) -> None:
        self._show(message.names)

    def action_take(self) -> None:
        """Keep what is shown."""
        self.dismiss(True)

    def action_restore(self) -> None:
        """What was there before."""
        self._show(self._before)
        self.dismiss(False)
