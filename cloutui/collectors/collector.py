"""The clockwork: every server at its own pace, backing off when it fails, never more than two sessions each."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cloutui.collectors.asked import NOT_SOONER_THAN, Asked
from cloutui.collectors.pace import Pace, paces, wait_after_failure
from cloutui.collectors.sweep import Sweeper, Swept
from cloutui.settings import CollectSettings

if TYPE_CHECKING:
    from cloutui.products.product import Product
    from cloutui.records.rows import ServerRecord

SESSIONS_A_SERVER = 2
"""At the most. Sessions are scarce on a busy backup server, and clients need them."""


TIDYING = "occupancy"
"""The pace after which a server's archive is tidied: the daily one."""


_Call = asyncio.Future[Swept | None]
"""Somebody who waits for a server. None: it is not asked any more."""


class Collector:
    """Collects from all servers until it is stopped."""

    def __init__(
        self,
        sweeper: Sweeper,
        settings: CollectSettings,
        *,
        servers: Callable[[], Sequence[ServerRecord]],
        product_of: Callable[[ServerRecord], Product],
        swept: Callable[[Swept], None],
    ) -> None:
        self._sweeper = sweeper
        self._paces = paces(settings)
        self._servers = servers
        self._product_of = product_of
        self._swept = swept
        self._at_once = asyncio.Semaphore(settings.servers_at_once)
        self._sessions: dict[int, asyncio.Semaphore] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._followed: dict[int, ServerRecord] = {}
        self._calls: dict[int, list[_Call]] = {}
        """By server: those who wait for its next full sweep."""
        self._called: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)
        """By server: wakes its follower."""
        self._called_at: dict[int, datetime] = {}
        """By server: when somebody last had it asked out of turn."""
        self.next_at: dict[str, datetime] = {}
        """By server name: when it will be asked for jobs again. For the faces."""

    def follow_servers(self) -> None:
        """Start on servers that are new or have changed, stop on those that are gone. Call it after each change."""
        current = {server.server_id: server for server in self._servers()}
        for server_id in list(self._tasks):
            if current.get(server_id) != self._followed[server_id]:
                self._tasks.pop(server_id).cancel()
        for server_id in self._calls.keys() - current.keys():
            self._answer(server_id, self._calls[server_id], None)
        for server_id, server in current.items():
            if server_id not in self._tasks:
                self._followed[server_id] = server
                self._tasks[server_id] = asyncio.create_task(self._follow(server), name=f"collect {server.name}")

    async def sweep_once(self, server: ServerRecord) -> Swept:
        """All kinds of one server, now."""
        return await self._sweep(server, self._paces)

    async def ask_now(self, server: ServerRecord) -> Asked:
        """Have the server asked for everything out of turn, and wait for what comes of it.

        Not more than once a minute: who comes later while it is still being asked waits for the same sweep, who comes
        after that is told when. A caller who is cancelled only stops waiting.
        """
        now, last = datetime.now(UTC), self._called_at.get(server.server_id)
        calls = self._calls.setdefault(server.server_id, [])
        if not calls and last is not None and now - last < NOT_SOONER_THAN:
            return Asked(server=server.name, again_at=last + NOT_SOONER_THAN)
        self._called_at[server.server_id] = now
        call: _Call = asyncio.get_running_loop().create_future()
        calls.append(call)
        self._called[server.server_id].set()
        swept = await call
        if swept is None:
            return Asked(server=server.name, problem="Nobody asks it any more.")
        problem = swept.problem
        return Asked(server=server.name, problem=problem.problem if problem else "", changed=swept.changed)

    async def ask_all_now(self, servers: Sequence[ServerRecord], told: Callable[[int, int], None]) -> Sequence[Asked]:
        """The same for several at once. `told` hears of how many of them that is known."""
        done = 0

        async def ask(server: ServerRecord) -> Asked:
            nonlocal done
            asked = await self.ask_now(server)
            done += 1
            told(done, len(servers))
            return asked

        told(0, len(servers))
        return await asyncio.gather(*map(ask, servers))

    async def stop(self) -> None:
        """End all work; what was stored stays, what was being asked is asked again next time."""
        for server_id, calls in self._calls.items():
            self._answer(server_id, calls, None)
        tasks = list(self._tasks.values())
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _follow(self, server: ServerRecord) -> None:
        chance = random.Random(f"{server.server_id} {server.name}")  # noqa: S311 - spreads load, guards nothing
        due = dict.fromkeys((pace.name for pace in self._paces), datetime.now(UTC))
        failures = 0
        while True:
            self._called[server.server_id].clear()
            now, calls = datetime.now(UTC), list(self._calls.get(server.server_id, ()))
            paces_due = [pace for pace in self._paces if calls or due[pace.name] <= now]
            if paces_due:
                swept = await self._sweep(server, paces_due)
                self._answer(server.server_id, calls, swept)
                # A garbled row is no reason to ask for the whole again at once: it would be garbled again.
                silent = {outcome.pace for outcome in swept.outcomes if not outcome.has_data}
                failures = failures + 1 if silent else 0
                for pace in paces_due:
                    is_silent = pace.name in silent
                    wait = wait_after_failure(failures, first=pace.every, chance=chance) if is_silent else pace.every
                    due[pace.name] = datetime.now(UTC) + wait
                    if pace.name == TIDYING and not is_silent:
                        await self._sweeper.tidy(server)
                self.next_at[server.name] = due["events"]
            await self._pause(server, min(due.values()) - datetime.now(UTC))

    async def _pause(self, server: ServerRecord, wait: timedelta) -> None:
        """Wait that long, at least a moment, or until somebody would not wait for this server."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._called[server.server_id].wait(), max(wait.total_seconds(), 0.05))

    def _answer(self, server_id: int, calls: Sequence[_Call], swept: Swept | None) -> None:
        """Tell these what came of it. Who has come since waits on."""
        self._calls[server_id] = [call for call in self._calls.get(server_id, ()) if call not in calls]
        for call in calls:
            if not call.done():  # its caller still waits
                call.set_result(swept)

    async def _sweep(self, server: ServerRecord, paces_due: Sequence[Pace]) -> Swept:
        sessions = self._sessions.setdefault(server.server_id, asyncio.Semaphore(SESSIONS_A_SERVER))
        async with self._at_once, sessions:
            swept = await self._sweeper.sweep(server, self._product_of, paces_due)
        self._swept(swept)
        return swept
