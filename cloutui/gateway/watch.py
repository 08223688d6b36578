"""Ends what runs for who may not be here any more: locked, expired, removed. At once, not with their next key."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress

from cloutui.errors import AccessEnded
from cloutui.gateway.sessions import Running
from cloutui.gateway.sign_in import SignedIn

_log = logging.getLogger(__name__)

_LOOK_S = 30.0
"""Somebody's last day ends without anybody doing anything."""
_GATHER_S = 0.2
"""Changes that come in a burst are looked at once."""


class Watch:
    """Looks after every change of the records, and now and then in any case."""

    def __init__(
        self, running: Callable[[], Iterable[Running]], present: Callable[[SignedIn], Awaitable[object]]
    ) -> None:
        """`present` raises AccessEnded for who may not be here any more."""
        self._running = running
        self._present = present
        self._changed = asyncio.Event()

    def changed(self) -> None:
        """Something has."""
        self._changed.set()

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), _LOOK_S)
                await asyncio.sleep(_GATHER_S)
            self._changed.clear()
            await self.look()

    async def look(self) -> None:
        """At everybody."""
        for each in tuple(self._running()):
            try:
                await self._present(each.who)
            except AccessEnded as error:
                each.end(f"Signed out. {error.what}")
            except Exception:  # records that cannot be read for a moment end nobody's console
                _log.exception("whether %s may still be here is not known", each.who.user)
