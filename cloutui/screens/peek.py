"""The pane that tells more of what is under a cursor, without being asked and without being in the way.

It says at once what is known, asks for the rest when the cursor has rested a moment, and remembers what it was told
until the facts change.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Sequence
from functools import partial

from textual.geometry import Size
from textual.timer import Timer

from cloutui.errors import CloutuiError
from cloutui.screens.background import ask_in_background
from cloutui.screens.notices import error_notice
from cloutui.widgets.look import Look
from cloutui.widgets.page import Page
from cloutui.widgets.paragraph import Paragraph

REST_S = 0.12
"""How long a cursor rests before its row is asked for: keys that repeat ask for nothing."""
_MOST_KEPT = 256

Ask = Callable[[], Awaitable[Sequence[Paragraph]]]


class Peek(Page):
    """A page that follows a cursor."""

    def __init__(self, look: Look, title: str = "") -> None:
        super().__init__(look, title)
        self._timer: Timer | None = None
        self._key: Hashable = None
        self._ask: Ask | None = None
        self._told_for = Size()
        """What was told fits a pane of this size."""
        self._kept: dict[Hashable, Sequence[Paragraph]] = {}
        self._facts = 0
        """How often the facts have changed: what was asked of older ones is not kept."""
        self.is_asking = False
        """Whether more is to come of what is looked at."""

    def look_at(self, key: Hashable, at_once: Sequence[Paragraph], ask: Ask) -> None:
        """Tell of this from now on. An answer that comes after the cursor has moved on is not shown."""
        self._stop()
        moved, self._key, self._ask = key != self._key, key, ask
        kept = self._kept.get(key)
        self.is_asking = kept is None
        if kept is not None:
            self.show(kept, stay=not moved)
            return
        if moved:
            self.show(at_once)
        self._ask_soon(key, ask)

    def look_at_once(self, said: Sequence[Paragraph]) -> None:
        """Say this, of which nothing more is to be asked."""
        self._stop()
        self._key, self._ask, self.is_asking = None, None, False
        self.show(said)

    def look_at_nothing(self) -> None:
        """There is no row under the cursor."""
        self.look_at_once([])

    def forget(self) -> None:
        """The facts have changed. What is shown stays until it is asked for again."""
        self._kept.clear()
        self._facts += 1

    def on_resize(self) -> None:
        """More may be told where there is more room."""
        if not self.size or self.size == self._told_for:
            return  # it is hidden, or was
        self._told_for = self.size
        self.forget()
        if self._ask is not None:
            self._stop()
            self.is_asking = True
            self._ask_soon(self._key, self._ask)

    def _ask_soon(self, key: Hashable, ask: Ask) -> None:
        def begin() -> None:
            self._timer = None
            ask_in_background(self, partial(self._answer, key, ask), "peek")

        self._timer = self.set_timer(REST_S, begin)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    async def _answer(self, key: Hashable, ask: Ask) -> None:
        facts = self._facts
        try:
            paragraphs = await ask()
        except CloutuiError as error:
            paragraphs = error_notice(error, self.look)
        else:
            if facts == self._facts:
                self._keep(key, paragraphs)
        if key == self._key:
            self.is_asking = self._timer is not None  # then it is to be asked once more, for another size
            self.show(paragraphs, stay=True)

    def _keep(self, key: Hashable, paragraphs: Sequence[Paragraph]) -> None:
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[key] = paragraphs
