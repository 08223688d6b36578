"""Reports against what really happened: statuses, matrices and promises, as the simulated servers' engine knows it.

The servers are asked several times on the way, so jobs are seen pending and running before they end.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cloutui.model.status import Status
from cloutui.products.observation import JOBS, NODES, Window
from cloutui.products.storage_protect.in_memory import observed_in_memory
from cloutui.simulator.clock import Clock
from cloutui.simulator.fleet import FleetPlan, build_fleet
from cloutui.simulator.server import Server
from tests.reports.truth import TrueJob, TrueNode, true_jobs, true_nodes, true_status
from tests.world import World

AT = datetime(2026, 11, 22, 15, 0, 30, tzinfo=UTC)
LAST = date(2026, 11, 21)
"""The newest day that is over in every zone, with all that was scheduled on it."""
ASKED = (timedelta(days=9), timedelta(days=8, hours=17), timedelta(days=3), timedelta())
"""How long before `AT`."""
ZONES = ("UTC", "Pacific/Auckland", "America/Los_Angeles")


@dataclass(frozen=True)
class Size:
    """How large, and which fleet."""

    seed: int
    servers: int = 3
    nodes: int = 600
    days: int = 45
    zone: str = "UTC"
    """Of the servers."""


FULL = [Size(1), Size(2, zone="Europe/Copenhagen"), Size(3, zone="America/Los_Angeles")]
SIZES = FULL if os.environ.get("CLOUTUI_SOAK") else [Size(4, servers=1, nodes=30, days=15, zone="Europe/Copenhagen")]


@dataclass
class Truth:
    """A world that was collected, and what is true of it."""

    world: World
    size: Size
    unit_of: dict[str, int] = field(default_factory=dict)
    zone_of: dict[str, str] = field(default_factory=dict)
    """Of each node's unit."""
    above: dict[int, Sequence[int]] = field(default_factory=dict)
    """Each unit, and those that it is below."""
    jobs: dict[str, list[TrueJob]] = field(default_factory=lambda: defaultdict(list))
    nodes: dict[str, TrueNode] = field(default_factory=dict)

    @property
    def days(self) -> list[date]:
        return [LAST - timedelta(days=back) for back in reversed(range(self.size.days))]

    def of_days(self) -> Iterator[TrueJob]:
        """Those of the days that are looked at."""
        first = self.days[0]
        return (job for found in self.jobs.values() for job in found if first <= job.day <= LAST)

    def status(self, node: TrueNode, day: date) -> Status | None:
        for_it = [job for other in node.served_by for job in self.jobs[other]]
        return true_status(node, self.jobs[node.name], day, self.zone_of[node.name], for_it=for_it)

    def rows(self, report: str, **given: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.world.run(report, now=AT, **given).rows.to_pylist()
        return rows

    def span(self) -> dict[str, Any]:
        return {"first": self.days[0], "last": LAST}


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: f"seed {size.seed}")
def truth(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Truth]:
    size: Size = request.param
    clock = Clock(AT)
    plan = FleetPlan(servers=size.servers, nodes=size.nodes, days=size.days + 2, seed=size.seed, time_zone=size.zone)
    fleet = build_fleet(plan, clock)
    made = Truth(World(tmp_path_factory.mktemp("truth")), size)
    units = [made.world.unit(zone) for zone in ZONES]
    below = made.world.unit("below", units[0])
    root = made.world.records.root_unit_id
    made.above = {root: [root], below: [below, units[0], root], **{unit: [unit, root] for unit in units}}
    for unit, zone in zip(units, ZONES, strict=True):
        made.world.unit_setting(unit, "time_zone", zone)
    for name, server in fleet.items():
        server_id = made.world.server(name, time_zone=size.zone)
        for node in true_nodes(server, AT, size.zone):
            place = sum(map(ord, node.name)) % 4
            made.nodes[node.name] = node
            made.unit_of[node.name] = [*units, below][place]
            made.zone_of[node.name] = [*ZONES, ZONES[0]][place]
        own = [node.name for node in true_nodes(server, AT, size.zone)]
        made.world.nodes(server_id, *own)
        made.world.assign_all([(node, made.unit_of[node], None, None) for node in own])
        for back, before in zip(ASKED, [None, *ASKED[:-1]], strict=True):
            clock.set(AT - back)
            _collect(made, server_id, server, AT - back, None if before is None else AT - before)
        made.world.swept(server_id, AT)
        for job in true_jobs(server, made.zone_of):
            made.jobs[job.node].append(job)
    yield made
    made.world.close()


def _collect(made: Truth, server_id: int, server: Server, at: datetime, before: datetime | None) -> None:
    """One sweep. Three days back, because what had not ended then may have ended since."""
    since = at - timedelta(days=made.size.days + 5) if before is None else before - timedelta(days=3)
    window = Window(since=since, until=at + timedelta(days=1))
    zone = made.size.zone
    for kind in (NODES, JOBS):
        asked = observed_in_memory(lambda sql: server.query(sql).rows, kind, at=at, time_zone=zone, window=window)
        made.world.cache.store(server_id, asyncio.run(asked), at)


def test_there_is_something_to_be_wrong_about(truth: Truth) -> None:
    seen = Counter(job.status for job in truth.of_days())
    assert set(seen) == {Status.OK, Status.OKWARN, Status.WARNING, Status.MISSED, Status.ERROR}
    assert len({job.is_scheduled for job in truth.of_days()}) == 2


def test_there_are_as_many_jobs_of_each_status_as_really_ran(truth: Truth) -> None:
    found = {Status(row["status"]): row["jobs"] for row in truth.rows("job-counts", **truth.span())}
    assert found == Counter(job.status for job in truth.of_days())


def test_the_jobs_matrix_has_the_worst_of_each_nodes_day(truth: Truth) -> None:
    answer = truth.world.run("jobs-matrix", now=AT, **truth.span())
    expected: dict[tuple[str, str], Status] = {}
    for job in truth.of_days():
        cell = job.node, str(job.day)
        expected[cell] = max(job.status, expected.get(cell, Status.NONE))
    found = {
        (row["node"], day): Status(status)
        for row in answer.rows.to_pylist()
        for day, status in zip(answer.days, row["days"], strict=True)
        if status
    }
    assert found == expected
    bad = {row["node"]: row["bad"] for row in answer.rows.to_pylist() if row["bad"]}
    assert bad == Counter(node for (node, _), status in expected.items() if status.is_bad)


def test_the_units_matrix_has_the_worst_of_each_units_day(truth: Truth) -> None:
    answer = truth.world.run("units-matrix", now=AT, **truth.span())
    expected: dict[tuple[int, str], Status] = {}
    for job in truth.of_days():
        for unit in truth.above[truth.unit_of[job.node]]:
            expected[unit, str(job.day)] = max(job.status, expected.get((unit, str(job.day)), Status.NONE))
    found = {
        (row["unit_id"], day): Status(status)
        for row in answer.rows.to_pylist()
        for day, status in zip(answer.days, row["days"], strict=True)
        if status
    }
    assert found == {key: status for key, status in expected.items() if key[0] in {unit for unit, _ in found}}
    assert {unit for unit, _ in found} >= set(truth.unit_of.values()) - {truth.world.records.root_unit_id}


def test_every_days_report_has_each_node_as_it_stood(truth: Truth) -> None:
    for day in truth.days[:: 1 if SIZES is FULL else 5]:
        found = {row["node"]: Status(row["status"]) for row in truth.rows("daily", day=day)}
        expected = {
            name: status for name, node in truth.nodes.items() if (status := truth.status(node, day)) is not None
        }
        differing = {name: (found.get(name), expected.get(name)) for name in found.keys() | expected.keys()}
        assert {name: pair for name, pair in differing.items() if pair[0] != pair[1]} == {}, day


@pytest.mark.parametrize("span", ["all", "a week"])
def test_a_promise_is_kept_by_as_many_jobs_as_were_good(truth: Truth, span: str) -> None:
    days: dict[str, Any] = truth.span() if span == "all" else {"first": LAST - timedelta(days=6), "last": LAST}
    expected = _promises(truth, days)
    rows = truth.rows("sla", **days)
    assert {row["unit_id"] for row in rows} >= expected.keys()
    for row in rows:
        counted = expected[row["unit_id"]]
        found = {status: row[word] for word, status in _WORDS.items()}
        assert found == {status: counted[status] for status in _WORDS.values()}
        jobs = sum(counted.values())
        good = counted[Status.OK] + counted[Status.OKWARN]
        assert (row["jobs"], row["good"]) == (jobs, good)
        assert Decimal(str(row["result"])) == Decimal(good * 1000 // jobs) / 10


_WORDS = {
    "ok": Status.OK,
    "okwarn": Status.OKWARN,
    "warning": Status.WARNING,
    "failed": Status.ERROR,
    "missed": Status.MISSED,
}


def _promises(truth: Truth, days: Mapping[str, date]) -> dict[int, Counter[Status]]:
    """Scheduled jobs by how they ended, of each unit with all below it."""
    found: dict[int, Counter[Status]] = defaultdict(Counter)
    for job in truth.of_days():
        if job.is_scheduled and days["first"] <= job.day <= days["last"]:
            for unit in truth.above[truth.unit_of[job.node]]:
                found[unit][job.status] += 1
    return found
