"""A bar whose parts lead somewhere: a click goes there, and so does `enter` while one walks along it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from cloutui.widgets.bar import Bar, Item
from cloutui.widgets.keyed import ACT, GO, MOVE, Keyed
from cloutui.widgets.text import Piece


class CrumbBar(Bar, Keyed, can_focus=False, inherit_bindings=False):
    """It has the focus only while one walks along it: no stop on the way from pane to pane."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h,left", "step(-1)", "part of the path before", id="crumbs.left", tooltip="part", group=MOVE),
        Binding("l,right", "step(1)", "part of the path behind", id="crumbs.right", tooltip="part", group=MOVE),
        Binding("enter", "choose", "go there", id="crumbs.choose", group=ACT),
        Binding("escape", "leave", "leave the path", id="crumbs.leave", tooltip="leave", group=GO),
    ]

    at = 0
    """The part under the cursor, while one walks."""

    class Left(Bar.Pressed):
        """The reader does not want to go anywhere."""

    def walk(self) -> None:
        """Put the cursor on the last part but one: that is where one most often wants to go."""
        self.can_focus = True
        self.at = max(0, len(self._parts) - 2)
        self.focus()
        self.refresh()

    @property
    def _parts(self) -> list[Item]:
        return [item for item in self.items if item.leads_to is not None]

    def drawn(self, item: Item) -> Sequence[Piece]:
        """The part under the cursor looks like it."""
        if not self.has_focus or item.leads_to is None or item is not self._parts[min(self.at, len(self._parts) - 1)]:
            return super().drawn(item)
        style = self.look.palette.style("text", "cursor-ground", bold=True)
        return [(text, style) for text, _ in item.pieces]

    def action_step(self, by: int) -> None:
        """One part further."""
        self.at = max(0, min(self.at + by, len(self._parts) - 1))
        self.refresh()

    def action_choose(self) -> None:
        """Go to the part under the cursor."""
        parts = self._parts
        if parts:
            self.post_message(self.Chosen(parts[min(self.at, len(parts) - 1)].leads_to))

    def action_leave(self) -> None:
        """Stay."""
        self.post_message(self.Left(""))

    def on_focus(self) -> None:
        """The cursor appears."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor goes, and with it the way back by `tab`."""
        self.can_focus = False
        self.refresh()
