"""At risk: what others back up in a node's name counts, and who only works for others has nothing to lose."""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cloutui.model.status import Status
from cloutui.products.observation import OCCUPANCY
from tests.world import World, a_job, a_node, a_row, jobs, nodes, observed

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LONG_AGO, YESTERDAY, TOMORROW = (datetime(2026, 11, day, 22) for day in (17, 21, 23))
REGISTERED = datetime(2026, 11, 1)
HELD = {"AGENT": 0, "AGENT-HOLDS": 1}
WORKERS = ("SERVES", "FAILS", "SERVED-ONCE")
CASES: Sequence[tuple[str, dict[str, Any], Status]] = (
    ("OWN-AND-NONE", {}, Status.WARNING),
    ("CENTER", {}, Status.NONE),
    ("CENTER-FAILED", {}, Status.WARNING),
    ("CENTER-LONG-AGO", {}, Status.WARNING),
    ("AGENT", {"works_for": "X"}, Status.NONE),
    ("AGENT-HOLDS", {"works_for": "X"}, Status.WARNING),
    ("AGENT-IS-DUE", {"works_for": "X"}, Status.WARNING),
    ("AGENT-SAVED-ONCE", {"works_for": "X"}, Status.WARNING),
)
"""A node, what its server says of it, and how its day stands with nothing else on it."""


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("served"))
    server = world.server()
    world.nodes(server, *(name for name, _, _ in CASES), *WORKERS)
    listed = [a_node(name, registered_local=REGISTERED, **said) for name, said, _ in CASES]
    store = world.cache.store
    store(server, nodes(*listed, *(a_node(name, registered_local=REGISTERED) for name in WORKERS)), NOW)
    runs = [
        a_job("SERVES", YESTERDAY, made_for=["CENTER"]),
        a_job("FAILS", YESTERDAY, said="Failed", made_for=["CENTER-FAILED"]),
        a_job("SERVED-ONCE", LONG_AGO, made_for=["CENTER-LONG-AGO"]),
        a_job("AGENT-SAVED-ONCE", LONG_AGO),
        a_job("AGENT-IS-DUE", TOMORROW, said="Future"),
    ]
    store(server, jobs(*runs), NOW)
    held = [a_row(OCCUPANCY, node=node, pool="P", reporting_bytes=size) for node, size in HELD.items()]
    store(server, observed(OCCUPANCY, held), NOW)
    world.swept(server, NOW)
    yield world
    world.close()


def stood(world: World, day: date | None = None) -> dict[str, tuple[Status, Any]]:
    rows = world.run("daily", now=NOW, day=day).rows.to_pylist()
    return {row["node"]: (Status(row["status"]), row["last_ok"]) for row in rows}


@pytest.mark.parametrize(("name", "status"), [(name, status) for name, _, status in CASES])
def test_a_node_is_at_risk_when_nobody_saved_it(fleet: World, name: str, status: Status) -> None:
    assert stood(fleet)[name][0] is status


def test_a_node_was_last_saved_when_others_saved_it(fleet: World) -> None:
    saved = YESTERDAY + timedelta(minutes=22)
    assert stood(fleet)["CENTER"][1] == saved
    [listed] = [row for row in fleet.run("nodes", now=NOW).rows.to_pylist() if row["node"] == "CENTER"]
    assert (listed["last_ok"], listed["status"]) == (saved, Status.NONE)


@pytest.mark.parametrize(("day", "status"), [(16, Status.WARNING), (17, Status.NONE), (18, Status.WARNING)])
def test_days_that_are_over_go_by_what_had_been_saved_by_then(fleet: World, day: int, status: Status) -> None:
    assert stood(fleet, date(2026, 11, day))["CENTER-LONG-AGO"][0] is status
