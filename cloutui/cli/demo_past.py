"""How the demo's servers stood on the days before it began: asked of a second fleet like the first, in this process.

The simulated servers are functions of the time, so the same plan tells the same past. A real installation begins its
history of what is stored on the day it starts: servers do not remember it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cloutui.installation import Installation
    from cloutui.simulator.clock import Clock
    from cloutui.simulator.fleet import FleetPlan
    from cloutui.simulator.server import Server

QueryAt = Callable[[datetime, str], Sequence[tuple[object, ...]]]

_DAILY = 60
_WEEK = 7


def moments(now: datetime, days: int) -> Sequence[datetime]:
    """The days that are asked for, the oldest first: each of the last sixty, and one a week before."""
    wanted = [back for back in range(1, days + 1) if back <= _DAILY or back % _WEEK == 0]
    return [now - timedelta(days=back) for back in reversed(wanted)]


async def bring_past(installation: Installation, plan: FleetPlan) -> None:
    """Have the installation know the plan's days of history. The listing of today must not be older than this call."""
    now = datetime.now(UTC)
    await asyncio.to_thread(_bring, installation, plan, moments(now, plan.days))
    installation.announce_change()


def _bring(installation: Installation, plan: FleetPlan, days: Sequence[datetime]) -> None:
    from cloutui.simulator.clock import Clock
    from cloutui.simulator.fleet import build_fleet

    clock = Clock(days[-1] + timedelta(days=1))
    for name, server in build_fleet(plan, clock).items():
        installation.take_past(name, _telling(server, clock), days)


def _telling(server: Server, clock: Clock) -> QueryAt:
    def query_at(at: datetime, sql: str) -> Sequence[tuple[object, ...]]:
        clock.set(at)
        return server.query(sql).rows

    return query_at
