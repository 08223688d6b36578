"""From where on days and pools are bad: as their unit says, on the day that is looked at."""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

from datetime import date, datetime

import pytest

from cloutui.model.status import Status
from cloutui.products.observation import POOLS
from tests.world import NOON, World, a_job, a_row, jobs, observed

YESTERDAY, TODAY = date(2026, 11, 20), date(2026, 11, 21)
SPAN = {"first": YESTERDAY, "last": TODAY}


@pytest.fixture
def acme(world: World) -> int:
    """A unit with ten nodes, of which one failed on both days, and a server whose pool is full to 85 %."""
    unit = world.unit("Acme ApS")
    server = world.server(unit=unit)
    names = [f"ACME-{number:02}" for number in range(10)]
    world.nodes(server, *names)
    for day in (20, 21):
        at = datetime(2026, 11, day, 1)
        world.cache.store(
            server, jobs(*(a_job(name, at, "Failed" if name == names[0] else "Completed") for name in names)), NOON
        )
    world.cache.store(server, observed(POOLS, [a_row(POOLS, pool="DEDUP", used_percent=85.0)]), NOON)
    world.swept(server)
    return unit


def days(world: World, unit: int | None = None) -> list[Status]:
    return [Status(row["status"]) for row in world.run("days", unit, **SPAN).rows.to_pylist()]


def pools(world: World) -> tuple[Status, Status, list[str]]:
    """The pool's status, its server's, and what needs attention."""
    (pool,), (server,) = (
        world.run(name, **given).rows.to_pylist()
        for name, given in (("server-pools", {"server": "SPA01"}), ("servers", {}))
    )
    urgent = [row["name"] for row in world.run("attention").rows.to_pylist() if row["kind"] == "pool"]
    return Status(pool["status"]), Status(server["status"]), urgent


def test_a_day_is_judged_by_what_its_unit_asked_for_then(world: World, acme: int) -> None:
    assert days(world, acme) == [Status.ERROR, Status.ERROR]
    world.unit_setting(acme, "day_poor_percent", 90)
    assert days(world, acme) == [Status.WARNING, Status.WARNING]
    world.unit_setting(acme, "day_good_percent", 89.5, TODAY)
    assert days(world, acme) == [Status.WARNING, Status.OK]
    assert days(world) == [Status.ERROR, Status.ERROR]  # the unit above asks for more


def test_what_a_unit_does_not_say_it_has_from_above(world: World, acme: int) -> None:
    world.unit_setting(world.records.root_unit_id, "day_good_percent", 90)
    assert days(world, acme) == [Status.OK, Status.OK]


def test_a_pool_is_full_where_the_unit_of_its_server_says_so(world: World, acme: int) -> None:
    assert pools(world) == (Status.OK, Status.OK, [])
    world.unit_setting(acme, "pool_full_percent", 85)
    assert pools(world) == (Status.WARNING, Status.WARNING, ["DEDUP"])
    world.unit_setting(acme, "pool_full_percent", 86, TODAY)
    assert pools(world) == (Status.OK, Status.OK, [])
