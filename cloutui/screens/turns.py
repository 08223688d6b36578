"""Questions that a screen asks at the same time take turns: together on two processors all would be answered late."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from textual.widget import Widget

_AT_ONCE = 2
_ALONE_S = 0.3
"""Longer than any question is meant to take. One that does must not keep the others waiting."""


class Turns:
    """Two questions at a time, once the first one is answered and drawn."""

    def __init__(self, widget: Widget, first: str) -> None:
        """`first`: the question that all others wait for."""
        self._widget, self._first = widget, first
        self._drawn = asyncio.Event()
        self._free = asyncio.Semaphore(_AT_ONCE)

    @asynccontextmanager
    async def of(self, question: str) -> AsyncIterator[None]:
        """As long as it is asked."""
        if question != self._first:
            await self.after_first()
        try:
            async with self._free:
                yield
        finally:
            if question == self._first:
                self._widget.call_after_refresh(self._drawn.set)

    async def after_first(self) -> None:
        """For what is asked beside these: let the first one go ahead."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._drawn.wait(), _ALONE_S)
