"""A past that is known from elsewhere, taken in: for the demo, whose servers can tell how they were on any day."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from cloutui.collectors.sweep import Sweeper
from cloutui.products.observation import OCCUPANCY, POOLS, Observation, ObservationKind
from cloutui.products.storage_protect.in_memory import observed_in_memory

if TYPE_CHECKING:
    from cloutui.records.rows import ServerRecord

QueryAt = Callable[[str, datetime, str], Sequence[Sequence[object]]]
"""Answers a SELECT as the server of a name stood at a moment."""

KEPT_OVER_TIME = (OCCUPANCY, POOLS)
"""Lists whose past is kept, what people look at first. Jobs have their past on the server."""


def take_past(
    sweeper: Sweeper,
    servers: Sequence[ServerRecord],
    query_at: QueryAt,
    moments: Sequence[datetime],
    kept: Callable[[], None],
) -> None:
    """Ask for how servers stood at these aware moments, the oldest first, and keep it. Takes a thread of its own.

    `kept` is called, on that thread, whenever there is something new to show. Raises: ValueError when a list is known
    from before the last of the moments already.
    """
    for kind in KEPT_OVER_TIME:
        for server in servers:
            query = partial(query_at, server.name)
            told = asyncio.run(_told(kind, server.time_zone or "UTC", query, moments))
            sweeper.store_past(server, told)
        kept()


async def _told(
    kind: ObservationKind,
    time_zone: str,
    query_at: Callable[[datetime, str], Sequence[Sequence[object]]],
    moments: Sequence[datetime],
) -> list[tuple[datetime, Observation]]:
    return [(at, await observed_in_memory(partial(query_at, at), kind, at=at, time_zone=time_zone)) for at in moments]
