"""How the demo's servers stood on the days before it began: asked of a second fleet like the first, in this process.

The simulated servers are functions of the time, so the same plan tells the same past. A real installation begins its
history of what is stored on the day it starts: servers do not remember it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cloutui.installation import Installation
    from cloutui.simulator.fleet import FleetPlan

_DAILY = 60
_WEEK = 7


def moments(now: datetime, days: int) -> Sequence[datetime]:
    """The days that are asked for, the oldest first: each of the last sixty, and one a week before."""
    wanted = [back for back in range(1, days + 1) if back <= _DAILY or back % _WEEK == 0]
    return [now - timedelta(days=back) for back in reversed(wanted)]


async def bring_past(installation: Installation, plan: FleetPlan) -> None:
    """Have the installation know the plan's days of history. The listing of today must not be older than this call."""
    days, loop = moments(plan.at or datetime.now(UTC), plan.days), asyncio.get_running_loop()

    def kept() -> None:
        loop.call_soon_threadsafe(installation.announce_change)

    nobody_waits = Event()
    try:
        await asyncio.to_thread(_bring, installation, plan, days, kept, nobody_waits)
    finally:
        # Whoever leaves the console does not wait for its past.
        nobody_waits.set()


class _NobodyWaits(Exception):
    """Ends the thread."""


def _bring(
    installation: Installation,
    plan: FleetPlan,
    days: Sequence[datetime],
    kept: Callable[[], None],
    nobody_waits: Event,
) -> None:
    from cloutui.simulator.clock import Clock
    from cloutui.simulator.fleet import build_fleet

    clock = Clock(days[-1] + timedelta(days=1))
    fleet = build_fleet(plan, clock)

    def query_at(name: str, at: datetime, sql: str) -> Sequence[tuple[object, ...]]:
        if nobody_waits.is_set():
            raise _NobodyWaits
        clock.set(at)
        return fleet[name].query(sql).rows

    installation.take_past(query_at, days, kept=kept)
