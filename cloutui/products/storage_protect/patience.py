"""How long to wait for a client, and waiting."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from cloutui.products.storage_protect.doors.door import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds."""

    sign_in_s: float = 60
    """From the start of the client to its first prompt."""
    silence_s: float = 60
    """Between two pieces of an answer."""
    quiet_s: float = 0.2
    """How long nothing follows a line without an end, until it counts as a question to us."""
    promptless_s: float = 10
    """A client that shows no prompt is taken for signed in after this long in silence."""
    farewell_s: float = 2


async def read(channel: Channel, wait_s: float) -> bytes | None:
    """The next piece; empty at the end, None when nothing came in time."""
    try:
        async with asyncio.timeout(wait_s):
            return await channel.read()
    except TimeoutError:
        return None
