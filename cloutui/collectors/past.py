"""A past that is known from elsewhere, taken in: for the demo, whose servers can tell how they were on any day."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from cloutui.collectors.sweep import Sweeper
from cloutui.products.observation import OCCUPANCY, POOLS, SERVER, Observation, ObservationKind
from cloutui.products.storage_protect.in_memory import observed_in_memory

if TYPE_CHECKING:
    from cloutui.records.rows import ServerRecord

QueryAt = Callable[[datetime, str], Sequence[Sequence[object]]]
"""Answers a SELECT as the server stood at a moment."""

KEPT_OVER_TIME = (OCCUPANCY, POOLS, SERVER)
"""Lists whose past is kept. Jobs have theirs on the server."""


def take_past(sweeper: Sweeper, server: ServerRecord, query_at: QueryAt, moments: Sequence[datetime]) -> None:
    """Ask for how the server stood at these aware moments, the oldest first, and keep it. Takes a thread of its own.

    Raises: ValueError when a list is known from before the last of them already.
    """
    for kind in KEPT_OVER_TIME:
        sweeper.store_past(server, asyncio.run(_told(kind, server.time_zone or "UTC", query_at, moments)))


async def _told(
    kind: ObservationKind, time_zone: str, query_at: QueryAt, moments: Sequence[datetime]
) -> list[tuple[datetime, Observation]]:
    return [(at, await observed_in_memory(partial(query_at, at), kind, at=at, time_zone=time_zone)) for at in moments]
