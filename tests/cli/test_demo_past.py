"""The demo's servers have a past: what was stored, and how full they were, on the days before it began."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from cloutui.cli.demo_past import bring_past, moments
from cloutui.collectors.past import KEPT_OVER_TIME
from cloutui.collectors.sweep import Sweeper
from cloutui.home import Home
from cloutui.installation import Installation
from cloutui.products.storage_protect.in_memory import observed_in_memory
from cloutui.simulator.clock import Clock
from cloutui.simulator.fleet import FleetPlan, build_fleet
from tests.world import NOON, World

PLAN = FleetPlan(servers=1, nodes=12, days=4)


def test_each_of_the_last_sixty_days_and_one_a_week_before() -> None:
    found = [(NOON - moment).days for moment in moments(NOON, 100)]
    assert found == [98, 91, 84, 77, 70, 63, *range(60, 0, -1)]
    assert [(NOON - moment).days for moment in moments(NOON, 3)] == [3, 2, 1]


async def test_what_was_stored_on_the_days_before_comes_when_today_is_known_already(tmp_path: Path) -> None:
    built = World(tmp_path)
    servers = {name: built.server(name) for name in build_fleet(PLAN)}
    built.close()
    installation = Installation.open(Home.at(tmp_path))
    today = datetime.now(UTC)
    await _ask(installation, today)
    await bring_past(installation, PLAN)
    with installation.cache.database.reader() as reader:
        days = reader.execute(
            "SELECT server_id, count(DISTINCT day), min(day), max(day) FROM stored_day GROUP BY 1 ORDER BY 1"
        ).fetchall()
        levels = reader.execute("SELECT DISTINCT day FROM pool_day WHERE pool = 'DEDUP-B' ORDER BY 1").fetchall()
        held = reader.execute("SELECT day, sum(stored) FROM unit_stored GROUP BY 1 ORDER BY 1").fetchall()
        lists = reader.execute("SELECT sum(reporting_bytes)::BIGINT FROM occupancy_now").fetchone()
    installation.close()
    newest = today.date()
    first = today.date() - timedelta(days=PLAN.days)
    assert [row[0] for row in days] == sorted(servers.values())
    assert {row[2:] for row in days} == {(first, newest)}
    assert levels[0] == (first,)
    assert [day for day, _ in held] == [first + timedelta(days=n) for n in range((newest - first).days + 1)]
    # It grows, a little: nothing is doubled where the past meets what was asked for.
    assert all(0.7 < float(later / earlier) < 1.5 for (_, earlier), (_, later) in pairwise(held))
    assert lists == (held[-1][1],)


async def _ask(installation: Installation, now: datetime) -> None:
    """As the first sweep does: the newest list is known before the older ones."""
    fleet = build_fleet(PLAN, Clock(now))
    for server in installation.records.servers():

        def answers(sql: str, name: str = server.name) -> Sequence[tuple[object, ...]]:
            return fleet[name].query(sql).rows

        for kind in KEPT_OVER_TIME:
            seen = await observed_in_memory(answers, kind, at=now, time_zone="UTC")
            Sweeper(installation.cache, installation.records).store_past(server, [(now, seen)])


async def test_who_leaves_does_not_wait_for_the_past(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = World(tmp_path)
    built.server("SPA01")
    built.close()
    installation = Installation.open(Home.at(tmp_path))
    begun, take_past = threading.Event(), installation.take_past

    def taking(*what: Any, **how: Any) -> None:
        begun.set()
        take_past(*what, **how)

    monkeypatch.setattr(installation, "take_past", taking)
    bringing = asyncio.create_task(bring_past(installation, FleetPlan(servers=1, nodes=400, days=60)))
    async with asyncio.timeout(60):
        await asyncio.to_thread(begun.wait)
        bringing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await bringing
        # What the loop waits for when it ends: its threads.
        await asyncio.get_running_loop().shutdown_default_executor()
    with installation.cache.database.reader() as reader:
        assert reader.execute("SELECT count(*) FROM pool_day").fetchall() == [(0,)]
    installation.close()
