"""The keys of a pane: they act at once and in the order they came, some of them after others (`gg`, `gn`, `'12j`).

A slow line brings many keys in one piece. Left to the application, a key would act only after those that were typed
behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.message import Message
from textual.widget import Widget

from cloutui.widgets.begun import COUNTING, GOING, NOTHING, Begun

MOVE = Binding.Group("move")
ACT = Binding.Group("act")
VIEW = Binding.Group("view")
GO = Binding.Group("go")

QUIT = "ctrl+q"
"""Leaves at once: the only key of the application that is not typed where one types."""

_MOST_REPEATED = 400
"""Moves that are made one by one: a year of days."""


class Keyed(Widget):
    """A widget whose bindings, and those around it, are carried out as soon as it is given a key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "prefix", "first row", id="lines.first", key_display="gg", show=False, group=MOVE),
        Binding("apostrophe", "count", "so often: '12j", id="lines.count", key_display="'", show=False, group=MOVE),
    ]

    COUNTED: ClassVar[frozenset[str]] = frozenset({"down", "up", "page", "half_page", "last"})
    """Moves that go `times` at once; any other one is made so many times."""

    @dataclass
    class BegunChanged(Message):
        """A sequence of keys was begun, goes on, or is over."""

        keyed: Keyed
        begun: Begun

    begun = NOTHING
    """The keys that wait for another one."""
    times: int | None = None
    """How often the move is to be made that is being made; None when nobody said."""

    def begin(self, begun: Begun) -> None:
        """Wait for the key that comes after these, or for none."""
        if begun != self.begun:
            self.begun = begun
            self.post_message(self.BegunChanged(self, begun))

    def leave_begun(self) -> None:
        """No key is waited for any more."""
        self.begin(NOTHING)

    def action_prefix(self) -> None:
        """The first of two keys: a letter is a screen, the same again the first row."""
        if self.begun.goes:
            self.action_first()
        self.begin(NOTHING if self.begun.goes else GOING)

    def action_count(self) -> None:
        """A number follows, and then the move that is made so many times."""
        self.begin(COUNTING)

    def action_first(self) -> None:
        """To the first row."""

    async def _on_key(self, event: events.Key) -> None:
        """What was typed behind a key that led away from here goes where it led to."""
        if self.app.screen is not self.screen or self.screen.focused is not self:
            self.app.post_message(events.Key(event.key, event.character))
        elif not await self.takes(event):
            return
        event.stop()
        event.prevent_default()

    async def takes(self, event: events.Key) -> bool:
        """Do what a key says. Whether it said anything."""
        begun, active = self.begun, self.screen.active_bindings.get(event.key)  # with the keys of the reader's own
        action = active.binding.action if active is not None and active.enabled else None
        if begun.takes(event.character):
            self.begin(begun.then(event.character or ""))
            return True
        if action != "prefix":
            self.begin(NOTHING)
        if begun.goes and action != "prefix" and event.character and _is_place(event.character):
            # Carried out here, and not told: what was typed behind it belongs to where it leads.
            await self.app.run_action(f"screen.go({event.character!r})")
            return True
        if begun and event.key == "escape":
            return True
        if active is None or action is None or active.binding.priority:
            return False
        await self._act(action, active.node, begun.times if active.binding.group == MOVE else None)
        return True

    async def _act(self, action: str, node: DOMNode, times: int | None) -> None:
        by_itself = action.partition("(")[0] in self.COUNTED
        self.times = times
        try:
            for _ in range(1 if by_itself else min(times or 1, _MOST_REPEATED)):
                await self.app.run_action(action, node)
        finally:
            self.times = None


def _is_place(character: str) -> bool:
    """Whether it may lead to a screen: a letter, or the comma that stands for settings."""
    return character.isalpha() or character == ","
