"""Whether units keep what was promised: which jobs count, counted here once more, one by one."""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cloutui.model.sla import standing
from cloutui.model.status import Status
from cloutui.reports.sla_counts import Jobs
from cloutui.reports.sla_counts import standing as standing_in_sql
from tests.world import NOON, World, a_job, a_node, jobs, nodes

TODAY = NOON.date()
OCTOBER = date(2026, 10, 1)

WORDS = {2: "ok", 5: "okwarn", 7: "warning", 8: "missed", 9: "failed"}


@dataclass(frozen=True, slots=True)
class Ended:
    """A job, as far as a promise is about it."""

    node: str
    day: date
    number: int
    status: int
    is_scheduled: bool
    activity: str

    def observed(self) -> dict[str, Any]:
        at = datetime(self.day.year, self.day.month, self.day.day, 1, self.number)
        job = a_job(self.node, at, schedule=f"S{self.number}") | {"status": self.status, "activity": self.activity}
        return job if self.is_scheduled else job | {"schedule": None, "scheduled_local": None}


def some_jobs(names: list[str], luck: random.Random) -> Iterator[Ended]:
    for name in names:
        for back in range(40):
            for number in range(luck.randrange(4)):
                is_restore, is_scheduled = luck.random() < 0.2, luck.random() < 0.7
                outcomes = [2, 2, 2, 5, 7, 8, 9] if is_scheduled else [2, 2, 5, 7, 9]
                activity = luck.choice(["RESTORE", "RETRIEVE"]) if is_restore else luck.choice(["BACKUP", "ARCHIVE"])
                day = TODAY - timedelta(days=back)
                yield Ended(name, day, number, luck.choice(outcomes), is_scheduled, activity)


OWNERS = {"F1": 2, "F2": 2, "A1": 3, "A2": 3, "S1": 4}
TERMS: dict[int, dict[str, Any]] = {
    2: {"sla_unscheduled": True, "sla_tags_without": "lab", "sla_goal_percent": 75},
    3: {"sla_warning_counts": True, "sla_okwarn_counts": False, "sla_without_handled": "ignored resolved"},
    4: {"sla_locked": False, "sla_tags_only": "gold"},
}
"""Of Fjord, of Acme below it, and of Skov beside it."""
SAID_ON = date(2026, 10, 20)
"""After the first jobs: what holds on the last day of a month holds for all of it."""


@dataclass(frozen=True, slots=True)
class Told:
    """A world, and all of its jobs."""

    world: World
    jobs: list[Ended]
    handled_days: dict[tuple[str, date], str]
    handled_jobs: dict[tuple[str, date, int], str]

    def counts(self, job: Ended, looked_at: Jobs) -> bool:
        """Told here as the documents tell it."""
        owner, is_restore = OWNERS[job.node], job.activity in {"RESTORE", "RETRIEVE"}
        terms = {"sla_unscheduled": False, "sla_without_handled": ""} | TERMS[owner]
        if owner == 3:  # what Acme does not say it has from Fjord
            terms = TERMS[2] | terms | {"sla_unscheduled": True}
        if looked_at is not Jobs.ALL and is_restore != (looked_at is Jobs.RESTORE):
            return False
        if not job.is_scheduled and not terms["sla_unscheduled"] and looked_at is not Jobs.RESTORE:
            return False
        if job.node == "F2" or job.node == "S1":  # the one is of the lab, the other not of gold
            return False
        state = self.handled_days.get((job.node, job.day)) or self.handled_jobs.get((job.node, job.day, job.number))
        return self.is_good(job) or state not in str(terms["sla_without_handled"]).split()

    def is_good(self, job: Ended) -> bool:
        terms = TERMS[OWNERS[job.node]]
        good = {2} | ({5} if terms.get("sla_okwarn_counts", True) else set())
        return job.status in good | ({7} if terms.get("sla_warning_counts") else set())

    def expected(self, unit: int, first: date, looked_at: Jobs = Jobs.ALL, *, last: date = TODAY) -> dict[str, int]:
        below = {1: {2, 3, 4}, 2: {2, 3}, 3: {3}, 4: {4}}[unit]
        count: Counter[str] = Counter(jobs=0, good=0, **dict.fromkeys(WORDS.values(), 0))
        for job in self.jobs:
            if OWNERS[job.node] in below and first <= job.day <= last and self.counts(job, looked_at):
                count.update([WORDS[job.status], "jobs", *(["good"] if self.is_good(job) else [])])
        return dict(count)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    world, luck = World(tmp_path_factory.mktemp("sla")), random.Random(8)
    fjord = world.unit("Fjord Retail")
    acme, skov = world.unit("Acme ApS", fjord), world.unit("Skov Transport")
    assert (fjord, acme, skov) == (2, 3, 4)
    server = world.server()
    world.nodes(server, *OWNERS)
    world.assign_all([(node, unit, None, None) for node, unit in OWNERS.items()])
    ended = list(some_jobs(list(OWNERS), luck))
    world.cache.store(server, jobs(*(job.observed() for job in ended)), NOON)
    world.cache.store(server, nodes(*(a_node(name) for name in OWNERS)), NOON)
    for unit, terms in TERMS.items():
        for key, value in terms.items():
            world.unit_setting(unit, key, value, SAID_ON)
    world.put(world.tag("lab", fjord), node="F2")
    ids = {source.native_key: source.data_source_id for source in world.records.dimensions().data_sources}
    days, single = {}, {}
    for job in luck.sample([job for job in ended if job.node == "A1" and job.status >= 5], 12):
        state = luck.choice(["resolved", "ignored", "acknowledged"])
        if luck.random() < 0.5:
            days[job.node, job.day] = state
            world.handled(ids[job.node], 3, state, day=job.day)
        else:
            single[job.node, job.day, job.number] = state
            world.handled(ids[job.node], 3, "open", day=job.day, job_key=job.observed()["job_key"])
            world.handled(ids[job.node], 3, state, day=job.day, job_key=job.observed()["job_key"])
    world.cache.copy_dimensions()
    yield Told(world, ended, days, single)
    world.close()


@pytest.mark.parametrize("looked_at", list(Jobs))
@pytest.mark.parametrize("first", [date(2026, 11, 1), date(2026, 10, 14)])
def test_every_unit_is_shown_with_the_jobs_that_count_of_it_and_all_below(
    told: Told, first: date, looked_at: Jobs
) -> None:
    found = told.world.run("sla", first=first, last=TODAY, jobs=looked_at)
    rows = {row["unit_id"]: row for row in found.rows.to_pylist()}
    assert next(iter(rows)) == 1, "the unit that is asked about stands first"
    for unit in (1, 2, 3, 4):
        expected = told.expected(unit, first, looked_at)
        assert {name: rows[unit][name] for name in expected} == expected, unit


@pytest.mark.parametrize("looked_at", list(Jobs))
def test_what_broke_it_is_exactly_the_jobs_that_count_and_are_not_good(told: Told, looked_at: Jobs) -> None:
    found = told.world.run("sla-causes", jobs=looked_at).rows.to_pylist()
    bad = [
        job
        for job in told.jobs
        if job.day >= date(2026, 11, 1) and told.counts(job, looked_at) and not told.is_good(job)
    ]
    costs = Counter(job.node for job in bad)
    assert {row["node"]: row["cost"] for row in found} == dict(costs)
    assert sum(row["share"] for row in found) == pytest.approx(100)
    assert [row["cost"] for row in found] == sorted(costs.values(), reverse=True)


def test_a_month_that_is_over_counts_as_was_said_on_its_last_day(told: Told) -> None:
    for unit in (1, 2, 3):
        (month,) = told.world.run("sla-months", unit).rows.to_pylist()
        expected = told.expected(unit, OCTOBER, last=date(2026, 10, 31))
        assert {name: month[name] for name in expected} == expected, unit
    assert not told.world.run("sla-months", 4).rows.num_rows, "no job of the one that counts no node"


def test_the_goal_is_a_units_own_or_has_come_down_to_it_and_a_tenant_is_not_told_from_whom(told: Told) -> None:
    rows = {row["unit"]: row for row in told.world.run("sla").rows.to_pylist()}
    assert (rows["Fjord Retail"]["goal"], rows["Fjord Retail"]["source"]) == (75, "own")
    assert (rows["Acme ApS"]["goal"], rows["Acme ApS"]["source"]) == (75, "inherited")
    assert rows["Acme ApS"]["set_on"] == "Fjord Retail"
    assert (rows["Skov Transport"]["goal"], rows["Skov Transport"]["source"]) == (98, "default")
    (own,) = told.world.run("sla", 3).rows.to_pylist()
    assert (own["goal"], own["source"], own["set_on"]) == (75, "inherited", None)
    assert "nodes without tag lab" in rows["Fjord Retail"]["counts"]
    assert "without what is ignored or resolved" in rows["Acme ApS"]["counts"]


def test_what_may_still_go_wrong_goes_by_the_jobs_of_the_last_four_weeks(told: Told) -> None:
    row = told.world.run("sla", 3).rows.to_pylist()[0]
    counted = [job for job in told.jobs if OWNERS[job.node] == 3 and told.counts(job, Jobs.ALL)]
    before = sum(date(2026, 11, 1) <= job.day < TODAY for job in counted)
    tried = sum(TODAY - timedelta(days=28) <= job.day < TODAY for job in counted)
    expected = before + tried * 9 // 28
    found = standing(jobs=row["jobs"], good=row["good"], goal=750, expected=expected)
    assert (row["status"], row["result"], row["left"]) == (found.status, float(found.result or 0), found.left)


def test_sql_and_model_say_the_same_of_any_figures(world: World) -> None:
    luck = random.Random(3)
    cases = []
    for _ in range(400):
        whole = luck.choice([0, 1, 3, 7, 999, 1000, 12_345, 10**9])
        cases.append((whole, luck.randint(0, whole), luck.randint(0, 1000), luck.randint(0, 2 * whole)))
    cases += [(1000, good, 980, expected) for good in (979, 980, 981) for expected in (0, 1049, 1050)]
    status, result, left = standing_in_sql("jobs", "good", "goal", "expected")
    values = ", ".join(
        f"({jobs}::BIGINT, {good}::BIGINT, {goal}, {expected}::BIGINT)" for jobs, good, goal, expected in cases
    )
    rows = world.rows(f"SELECT {status}, {result}, {left} FROM (VALUES {values}) AS t(jobs, good, goal, expected)")
    for (jobs_, good, goal, expected), row in zip(cases, rows, strict=True):
        found = standing(jobs=jobs_, good=good, goal=goal, expected=expected)
        shown = None if found.result is None else pytest.approx(float(found.result))
        assert row == (found.status, shown, found.left), (jobs_, good, goal, expected)


@pytest.fixture
def acme(world: World) -> int:
    """A unit with two nodes, of which one failed on every tenth day, in October and November."""
    unit = world.unit("Acme ApS")
    server = world.server()
    world.nodes(server, "A1", "A2")
    world.assign_all([("A1", unit, None, None), ("A2", unit, None, None)])
    days = [date(2026, month, day) for month in (10, 11) for day in range(1, 22)]
    world.cache.store(
        server,
        jobs(
            *(
                a_job(name, datetime(day.year, day.month, day.day, 1), "Failed" if bad else "Completed")
                for day in days
                for name, bad in (("A1", day.day % 10 == 0), ("A2", False))
            )
        ),
        NOON,
    )
    return unit


def of_unit(world: World, unit: int, **given: Any) -> dict[str, Any]:
    return dict(world.run("sla", unit, **given).rows.to_pylist()[0])


def test_a_month_is_judged_by_what_was_promised_then(world: World, acme: int) -> None:
    world.unit_setting(acme, "sla_goal_percent", 95)
    world.unit_setting(acme, "sla_goal_percent", 96, date(2026, 11, 3))
    before, now = (of_unit(world, acme, period=name) for name in ("last-month", "this-month"))
    assert (before["goal"], before["result"], before["status"], before["left"]) == (95, 95.2, Status.OK, 0)
    assert (now["goal"], now["result"], now["status"], now["left"]) == (96, 95.2, Status.WARNING, 0)
    (month,) = world.run("sla-months", acme).rows.to_pylist()
    assert {name: month[name] for name in ("goal", "result", "status", "left", "revision")} == {
        **{name: before[name] for name in ("goal", "result", "status", "left")},
        "revision": 0,
    }


def test_a_month_that_was_closed_is_told_as_it_was_closed(world: World, acme: int) -> None:
    world.closed_month(acme, OCTOBER, goal=900, ok=50, good=52)
    world.closed_month(acme, date(2026, 8, 1), ok=96, good=98)
    last = of_unit(world, acme, period="last-month")
    assert (last["source"], last["goal"], last["ok"], last["jobs"], last["revision"]) == ("closed", 90, 50, 54, 1)
    assert last["months"] == "· · · 98.0 · 96.2"
    assert of_unit(world, acme)["months"] == "· · 98.0 · 96.2 95.2"
    assert of_unit(world, acme, period="last-month", anew=True)["jobs"] == 42
    world.closed_month(acme, OCTOBER, goal=900, ok=60, good=62, revision=2)
    assert of_unit(world, acme, period="last-month")["ok"] == 60
    found = world.run("sla-months", acme).rows.to_pylist()
    assert [(row["month"], row["ok"], row["revision"]) for row in found] == [
        (OCTOBER, 60, 2),
        (date(2026, 8, 1), 96, 1),
    ]


def test_a_locked_node_counts_unless_the_promise_leaves_it_out(world: World, acme: int) -> None:
    world.cache.store(1, nodes(a_node("A1", is_locked=True), a_node("A2")), NOON)
    assert of_unit(world, acme)["failed"] == 2
    world.unit_setting(acme, "sla_locked", False)
    assert (of_unit(world, acme)["failed"], of_unit(world, acme)["jobs"]) == (0, 21)


def test_a_unit_without_jobs_is_there_and_neither_good_nor_bad(world: World) -> None:
    world.unit("Acme ApS")
    rows = world.run("sla").rows.to_pylist()
    assert [(row["status"], row["result"], row["left"]) for row in rows] == [(Status.NONE, None, None)] * 2


def test_after_a_month_has_begun_nothing_is_left_of_the_one_before(world: World, acme: int) -> None:
    first = of_unit(world, acme, now=datetime(2026, 12, 1, 3, tzinfo=UTC))
    assert (first["jobs"], first["status"], first["left"]) == (0, Status.NONE, None)
