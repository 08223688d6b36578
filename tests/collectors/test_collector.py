"""The clockwork: each server at its own pace, whatever the others do, and never more than it can bear."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cloutui.collectors import collector as clockwork
from cloutui.collectors.collector import SESSIONS_A_SERVER, Collector
from cloutui.collectors.sweep import Sweeper, Swept
from cloutui.errors import Invalid, Unreachable
from cloutui.products.observation import JOBS, Observation, ObservationKind, Window
from cloutui.records.rows import ServerRecord
from cloutui.settings import CollectSettings
from tests.collectors.fakes import FakeProduct, Says
from tests.world import World, a_job, observed

PATIENCE_S = 60
QUIET = CollectSettings(events_every_s=3600, inventory_every_s=3600, occupancy_every_s=86400)


def has_a_job(kind: ObservationKind, window: Window) -> Observation | None:
    return observed(kind, [a_job()]) if kind is JOBS else None


def is_down(kind: ObservationKind, window: Window) -> Observation | None:
    raise Unreachable("SPA01", "127.0.0.1:1500", "connection refused")


class Fleet:
    """Servers that say what `says` holds for them, and a collector that follows them."""

    def __init__(self, world: World, settings: CollectSettings = QUIET) -> None:
        self.world = world
        self.products: dict[str, FakeProduct] = {}
        self.swept: asyncio.Queue[Swept] = asyncio.Queue()
        self.seen: list[ServerRecord] = []
        self.removed: set[str] = set()
        self.collector = Collector(
            Sweeper(world.cache, world.records),
            settings,
            servers=lambda: [server for server in world.records.servers() if server.name not in self.removed],
            product_of=self.product_of,
            swept=self.swept.put_nowait,
        )

    def add(self, name: str, says: Says = has_a_job) -> FakeProduct:
        self.world.server(name)
        self.products[name] = FakeProduct(says)
        return self.products[name]

    def product_of(self, server: ServerRecord) -> FakeProduct:
        self.seen.append(server)
        return self.products[server.name]

    async def next_one(self) -> Swept:
        return await asyncio.wait_for(self.swept.get(), PATIENCE_S)

    async def next_of(self, name: str, wanted: Callable[[Swept], bool] = lambda _: True) -> Swept:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                swept = await self.swept.get()
                if swept.server == name and wanted(swept):
                    return swept


@asynccontextmanager
async def following(fleet: Fleet) -> AsyncIterator[Collector]:
    fleet.collector.follow_servers()
    try:
        yield fleet.collector
    finally:
        await fleet.collector.stop()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Failures are waited out for a moment only. Returns how many failures there had been each time."""
    waited: list[int] = []

    def soon(failures: int, *, first: timedelta, chance: object) -> timedelta:
        waited.append(failures)
        return timedelta(milliseconds=20)

    monkeypatch.setattr(clockwork, "wait_after_failure", soon)
    return waited


async def test_one_server_that_fails_does_not_stop_the_others(world: World) -> None:
    fleet = Fleet(world)
    fleet.add("SPA01", is_down)
    fleet.add("SPA02")
    async with following(fleet):
        found = {(await fleet.next_one()).server for _ in range(2)}
    assert found == {"SPA01", "SPA02"}
    assert world.rows("SELECT server_status FROM job_event") == [("Completed",)]


@pytest.mark.parametrize("mistake", [ZeroDivisionError("oops"), KeyError("x"), Invalid("No door.", hint="Make one.")])
async def test_a_product_that_surprises_us_ends_neither_its_own_loop_nor_the_others(
    world: World, impatient: list[int], mistake: Exception
) -> None:
    fleet = Fleet(world)
    surprising = fleet.add("SPA01")

    def raising() -> None:
        raise mistake

    surprising.on_sign_in = raising
    fleet.add("SPA02")
    async with following(fleet):
        await fleet.next_of("SPA01", lambda swept: swept.problem is not None)
        surprising.on_sign_in = lambda: None
        assert (await fleet.next_of("SPA01", lambda swept: swept.problem is None)).changed == 1
    assert world.rows("SELECT count(*) FROM job_event") == [(2,)]


async def test_a_server_whose_door_makes_no_sense_is_asked_again_when_it_does(
    world: World, impatient: list[int]
) -> None:
    fleet = Fleet(world)
    world.server("SPA01")
    broken = True

    def product_of(server: ServerRecord) -> FakeProduct:
        if broken:
            raise Invalid("SPA01 has no door.", hint="Add one.")
        return FakeProduct(has_a_job)

    fleet.collector._product_of = product_of
    async with following(fleet):
        swept = await fleet.next_of("SPA01")
        assert swept.problem is not None
        assert swept.problem.code == "invalid"
        broken = False
        await fleet.next_of("SPA01", lambda swept: swept.problem is None)


async def test_one_sweep_of_all_goes_on_when_one_of_them_fails(world: World) -> None:
    fleet = Fleet(world)
    fleet.add("SPA01", is_down)
    fleet.add("SPA02", lambda kind, window: 1 / 0)  # type: ignore[return-value]
    fleet.add("SPA03")
    servers = world.records.servers()
    swept = await asyncio.gather(*(fleet.collector.sweep_once(server) for server in servers))
    assert [one.problem.code if one.problem else "" for one in swept] == ["product-unreachable", "internal", ""]
    assert fleet.swept.qsize() == 3


async def test_recovery_needs_no_hand(world: World, impatient: list[int]) -> None:
    fleet = Fleet(world)
    product = fleet.add("SPA01", is_down)
    async with following(fleet):
        for _ in range(3):
            swept = await fleet.next_of("SPA01")
            assert swept.problem is not None
        assert world.run("servers").as_of["SPA01"].is_silent
        product.says = has_a_job
        await fleet.next_of("SPA01", lambda swept: swept.problem is None and swept.changed == 1)
    state = world.run("servers").as_of["SPA01"]
    assert (state.is_silent, state.problem, state.failing_since) == (False, "", None)
    assert world.rows("SELECT server_status FROM job_event") == [("Completed",)]
    assert impatient[:3] == [1, 1, 1], "three paces, one failure"
    assert max(impatient) >= 3


async def test_a_server_that_fails_is_left_alone_for_a_while(world: World) -> None:
    fleet = Fleet(world)
    product = fleet.add("SPA01", is_down)
    async with following(fleet) as collector:
        await fleet.next_of("SPA01")
        await asyncio.wait_for(until(lambda: "SPA01" in collector.next_at), PATIENCE_S)
        wait = collector.next_at["SPA01"] - datetime.now(UTC)
        assert timedelta(seconds=10) < wait <= timedelta(seconds=30)
        assert product.sign_ins == 1


async def test_a_garbled_row_is_no_reason_to_ask_again_at_once(world: World) -> None:
    fleet = Fleet(world)
    fleet.add("SPA01", lambda kind, _: observed(kind, [a_job()], bad_rows=1) if kind is JOBS else None)
    async with following(fleet) as collector:
        swept = await fleet.next_of("SPA01")
        assert swept.problem is not None
        await asyncio.wait_for(until(lambda: "SPA01" in collector.next_at), PATIENCE_S)
        assert collector.next_at["SPA01"] - datetime.now(UTC) > timedelta(minutes=50)


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - what is waited for has no event
        await asyncio.sleep(0.005)


async def test_each_pace_comes_round_by_itself(world: World) -> None:
    fleet = Fleet(world, CollectSettings(events_every_s=0.05, inventory_every_s=3600, occupancy_every_s=86400))  # type: ignore[arg-type]
    product = fleet.add("SPA01")
    async with following(fleet):
        for _ in range(3):
            await fleet.next_of("SPA01")
    kinds = [name for name, _ in product.asked]
    assert kinds.count("jobs") >= 3
    assert kinds.count("nodes") == kinds.count("occupancy") == 1


class Gate:
    """A server whose sign-in waits until the test lets it through."""

    def __init__(self) -> None:
        self.inside = 0
        self.most = 0
        self.open = asyncio.Event()

    @asynccontextmanager
    async def converse(self) -> AsyncIterator[object]:
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            await self.open.wait()
            async with FakeProduct().converse() as conversation:
                yield conversation
        finally:
            self.inside -= 1


async def gated(fleet: Fleet, gate: Gate, sweeps: int, expected: int) -> None:
    """Start that many sweeps of each server at once; how many are let in together."""
    fleet.collector._product_of = lambda server: gate  # type: ignore[assignment,return-value]
    servers = fleet.world.records.servers()
    tasks = [asyncio.create_task(fleet.collector.sweep_once(server)) for server in servers for _ in range(sweeps)]
    await asyncio.wait_for(until(lambda: gate.inside == expected), PATIENCE_S)
    for _ in range(20):  # the event loop has every chance to let another one in
        await asyncio.sleep(0)
    gate.open.set()
    await asyncio.wait_for(asyncio.gather(*tasks), PATIENCE_S)
    assert gate.most == expected


async def test_a_server_never_has_more_than_two_sessions(world: World) -> None:
    fleet = Fleet(world)
    world.server("SPA01")
    await gated(fleet, Gate(), sweeps=5, expected=SESSIONS_A_SERVER)


async def test_no_more_servers_are_asked_at_once_than_the_settings_allow(world: World) -> None:
    fleet = Fleet(world, replace(QUIET, servers_at_once=3))
    for number in range(6):
        world.server(f"SPA{number:02}")
    await gated(fleet, Gate(), sweeps=1, expected=3)


@asynccontextmanager
async def resting(fleet: Fleet) -> AsyncIterator[tuple[Collector, list[ServerRecord]]]:
    """A collector that has asked all its servers once, and asks none for an hour."""
    async with following(fleet) as collector:
        await asyncio.wait_for(until(lambda: len(collector.next_at) == len(fleet.products)), PATIENCE_S)
        yield collector, list(fleet.world.records.servers())


async def test_servers_are_asked_at_once_when_somebody_would_not_wait(world: World) -> None:
    fleet = Fleet(world)
    products = [fleet.add("SPA01"), fleet.add("SPA02", is_down)]
    async with resting(fleet) as (collector, servers):
        products[0].says = lambda kind, window: observed(kind, [a_job(said="Failed")]) if kind is JOBS else None
        told: list[tuple[int, int]] = []
        asked = await asyncio.wait_for(collector.ask_all_now(servers, lambda *far: told.append(far)), PATIENCE_S)
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert [product.sign_ins for product in products] == [2, 2]
    assert [(one.server, one.answered, one.changed) for one in asked] == [("SPA01", True, 1), ("SPA02", False, 0)]
    assert "connection refused" in asked[1].problem


async def test_nobody_has_a_server_asked_twice_within_a_minute(world: World) -> None:
    fleet = Fleet(world)
    product = fleet.add("SPA01")
    async with resting(fleet) as (collector, [server]):
        first, second = await asyncio.wait_for(
            asyncio.gather(collector.ask_now(server), collector.ask_now(server)), PATIENCE_S
        )
        assert first == second, "who comes while it is asked waits for the same answer"
        refused = await collector.ask_now(server)
        assert refused.again_at is not None
        assert timedelta(seconds=30) < refused.again_at - datetime.now(UTC) <= timedelta(minutes=1)
        assert not refused.answered
        assert product.sign_ins == 2
        collector._called_at[server.server_id] -= timedelta(minutes=1)
        assert (await asyncio.wait_for(collector.ask_now(server), PATIENCE_S)).answered
        assert product.sign_ins == 3


async def test_who_waits_for_a_server_that_is_removed_or_for_one_that_nobody_asks_is_told(world: World) -> None:
    fleet = Fleet(world)
    fleet.add("SPA01")
    fleet.add("SPA02")
    gate = Gate()
    async with resting(fleet) as (collector, servers):
        fleet.collector._product_of = lambda server: gate  # type: ignore[assignment,return-value]
        waiting = [asyncio.create_task(collector.ask_now(server)) for server in servers]
        await asyncio.wait_for(until(lambda: gate.inside == 2), PATIENCE_S)
        fleet.removed.add("SPA01")
        collector.follow_servers()
        assert (await asyncio.wait_for(waiting[0], PATIENCE_S)).problem == "Nobody asks it any more."
        assert not waiting[1].done()
    assert (await asyncio.wait_for(waiting[1], PATIENCE_S)).problem == "Nobody asks it any more."


async def test_who_waits_no_more_leaves_the_sweep_to_itself(world: World) -> None:
    fleet = Fleet(world)
    product, gate = fleet.add("SPA01"), Gate()
    async with resting(fleet) as (collector, [server]):
        await fleet.next_one()
        fleet.collector._product_of = lambda server: gate  # type: ignore[assignment,return-value]
        waiting = asyncio.create_task(collector.ask_now(server))
        await asyncio.wait_for(until(lambda: gate.inside == 1), PATIENCE_S)
        waiting.cancel()
        gate.open.set()
        assert (await fleet.next_one()).problem is None
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert product.sign_ins == 1


async def test_servers_that_come_go_and_change_are_followed(world: World) -> None:
    fleet = Fleet(world)
    fleet.add("SPA01")
    async with following(fleet) as collector:
        await fleet.next_of("SPA01")
        second = fleet.add("SPA02")
        collector.follow_servers()
        await fleet.next_of("SPA02")
        fleet.removed.add("SPA02")
        collector.follow_servers()
        assert [task.get_name() for task in collector._tasks.values()] == ["collect SPA01"]
        # Another administrator, another door, another password: the next session is made with them.
        world.change_server("SPA01", administrator="OTHER")
        collector.follow_servers()
        await fleet.next_of("SPA01")
        assert fleet.seen[-1].administrator == "OTHER"
        collector.follow_servers()
    assert second.sessions == 0
    assert fleet.products["SPA01"].sign_ins == 2


async def test_stopping_closes_every_session(world: World) -> None:
    fleet = Fleet(world)
    world.server("SPA01")
    gate = Gate()
    fleet.collector._product_of = lambda server: gate  # type: ignore[assignment,return-value]
    async with following(fleet):
        await asyncio.wait_for(until(lambda: gate.inside == 1), PATIENCE_S)
    assert gate.inside == 0
