"""The clock: once a minute it asks every duty whether something is due, in a thread, one after the other.

A duty that fails is asked again a minute later; the others go on. Nothing is remembered of the minutes that were
missed while nothing ran: a duty looks at what there is, and does what has not been done.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

log = logging.getLogger(__name__)

Duty = Callable[[datetime], bool]
"""Blocking. Given the moment (aware UTC), does what is due, and says whether anything was."""

GRAIN_S = 60.0


def _now() -> datetime:
    return datetime.now(UTC)


class Clock:
    """Runs on the event loop that starts it, until `stop`."""

    def __init__(
        self, duties: Sequence[Duty], *, done: Callable[[], None] = lambda: None, now: Callable[[], datetime] = _now
    ) -> None:
        """`done`: called on the event loop after a round in which anything was due."""
        self._duties = duties
        self._done = done
        self._now = now
        self._ticking: asyncio.Task[None] | None = None

    def start(self, *, after_s: float) -> None:
        """`after_s`: what the servers have to tell comes first, so that a day is not closed without it."""
        self._ticking = asyncio.create_task(self._tick(after_s), name="calendar")

    async def stop(self) -> None:
        """Wait for what is being done, and do no more."""
        if self._ticking is not None:
            self._ticking.cancel()
            await asyncio.wait({self._ticking})
            self._ticking = None

    def ring(self) -> bool:
        """One round, now, on the caller's thread. Returns whether anything was due."""
        now, did = self._now(), False
        for duty in self._duties:
            try:
                did |= duty(now)
            except Exception:
                # A guest: whatever went wrong with one day must not keep the others from closing.
                log.exception("%s was not done", getattr(duty, "__qualname__", duty))
        return did

    async def _tick(self, after_s: float) -> None:
        await asyncio.sleep(after_s)
        while True:
            # Shielded: a thread cannot be stopped, so a round that has begun is waited for.
            round_ = asyncio.ensure_future(asyncio.to_thread(self.ring))
            try:
                await asyncio.shield(round_)
            except asyncio.CancelledError:
                await asyncio.wait({round_})
                raise
            if round_.result():
                self._done()
            await asyncio.sleep(GRAIN_S)
