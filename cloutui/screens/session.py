"""What the console needs of an installation: answers, and word when there is something new.

The console opens its session after the first paint, so that a slow cache or a first collection delays nothing that
can already be shown.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cloutui.model.table import Answer


class Session(Protocol):
    """One reader's way to the reports. The scope is a unit and all below it; None is the reader's own root."""

    async def ask(self, report: str, /, *, unit: int | None = None, **params: object) -> Answer:
        """The answer of a report. Never blocks the event loop. Raises: CloutuiError."""

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Have `changed` called, on the event loop, when the cache has new facts. The answer ends that."""

    async def close(self) -> None:
        """Let go of everything."""


OpenSession = Callable[[Callable[[str], None]], Awaitable[Session]]
"""Opens a session; is given a function that takes lines of progress ("collecting SPA01, 2 of 3 servers")."""
