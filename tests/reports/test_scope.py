"""Scope: whatever the tree, and whoever owned what when, a report shows what its scope owns, all of it and no more."""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloutui.errors import NotAllowed, NotFound
from cloutui.model.privilege import Privilege
from cloutui.model.table import Answer
from cloutui.products.observation import FILESPACES, OCCUPANCY, POOLS, SCHEDULES, SERVER
from cloutui.reports import scope
from cloutui.reports.registry import Report, all_reports
from tests.rounds import rounds
from tests.world import NOON, World, a_job, a_line, a_node, a_row, jobs, lines, nodes, observed

DAYS = [date(2026, 11, day) for day in range(19, 22)]
SERVERS = ("SPA01", "SPA02")


@dataclass(frozen=True)
class Plan:
    """A world in numbers. Unit 0 is the root."""

    parents: tuple[int, ...]
    """Of the units 1, 2, ...: the number of an earlier one."""
    server_units: tuple[int, int]
    moves: Mapping[str, tuple[tuple[int, int], ...]]
    """By node: (days from the first one on, unit), so that each holds until the next; unit -1: assigned to nobody."""

    def server_of(self, node: str) -> int:
        return sorted(self.moves).index(node) % 2

    def owner(self, node: str, day: date) -> int:
        """The unit that owned a node on a day: told here once more, and not as the product tells it."""
        offset = (day - DAYS[0]).days
        held = [unit for since, unit in self.moves[node] if since <= offset]
        return held[-1] if held and held[-1] >= 0 else self.server_units[self.server_of(node)]

    def below(self, top: int) -> set[int]:
        found = {top}
        for unit, parent in enumerate(self.parents, 1):
            if parent in found:
                found.add(unit)
        return found


units = st.integers(0, 5)
moves = st.lists(st.tuples(st.integers(-2, 4), st.integers(-1, 5)), max_size=3, unique_by=lambda move: move[0]).map(
    lambda found: tuple(sorted(found))
)

PLANS = st.builds(
    Plan,
    parents=st.tuples(*(st.integers(0, number) for number in range(5))),
    server_units=st.tuples(units, units),
    moves=st.fixed_dictionaries({f"NODE-{letter}": moves for letter in "ABC"}),
)

TWO_SIBLINGS = Plan(
    parents=(0, 0, 1, 2, 2),
    server_units=(1, 2),
    moves={"NODE-A": ((-3, 3),), "NODE-B": ((-3, 4),), "NODE-C": ((0, 3), (1, 4))},
)


class Built:
    """A planned world: its units are named after their numbers, its log lines after node and day."""

    def __init__(self, plan: Plan, home: Path) -> None:
        self.plan = plan
        self.world = World(home)
        self.ids = [self.world.records.root_unit_id]
        for number, parent in enumerate(plan.parents, 1):
            self.ids.append(self.world.unit(f"UNIT-{number}", self.ids[parent]))
        self.names = ["Nordhavn Backup", *(f"UNIT-{number}" for number in range(1, len(self.ids)))]
        self.servers = [
            self.world.server(name, self.ids[unit]) for name, unit in zip(SERVERS, plan.server_units, strict=True)
        ]
        for number, server in enumerate(self.servers):
            self._observe(server, [node for node in plan.moves if plan.server_of(node) == number], SERVERS[number])
        periods = [period for node, found in plan.moves.items() for period in self._periods(node, found)]
        if periods:
            self.world.assign_all(periods)

    def _observe(self, server: int, names: list[str], server_name: str) -> None:
        world = self.world
        world.nodes(server, *names)
        on_days = [(name, day, datetime(day.year, day.month, day.day, 1)) for name in names for day in DAYS]
        world.cache.store(server, jobs(*(a_job(name, at, "Missed", schedule=name) for name, _, at in on_days)), NOON)
        # The second line is within the time in which the job of the day before could still have run.
        told = [
            a_line(f"line of {name} on {day}", name, schedule=name, logged_local=at + timedelta(minutes=minutes))
            for name, day, at in on_days
            for minutes in (10, -58)
        ]
        world.cache.store(server, lines(*told), NOON)
        world.cache.store(server, nodes(*(a_node(name) for name in names)), NOON)
        held = [a_row(OCCUPANCY, node=name, pool=f"held by {name}", reporting_bytes=1) for name in names]
        disks = [a_row(FILESPACES, node=name, filespace=f"disk of {name}") for name in names]
        planned = [a_row(SCHEDULES, node=name, schedule=f"plan of {name}") for name in names]
        world.cache.store(server, observed(OCCUPANCY, held), NOON)
        world.cache.store(server, observed(FILESPACES, disks), NOON)
        world.cache.store(server, observed(SCHEDULES, planned), NOON)
        full = a_row(POOLS, pool=f"pool of {server_name}", used_percent=95.0)
        world.cache.store(server, observed(POOLS, [full]), NOON)
        world.cache.store(server, observed(SERVER, [a_row(SERVER, name=server_name, version=server_name)]), NOON)

    def _periods(self, node: str, found: tuple[tuple[int, int], ...]) -> Iterator[tuple[str, int, date, date | None]]:
        starts = [DAYS[0] + timedelta(days=since) for since, _ in found]
        for (_, unit), start, end in zip(found, starts, [*starts, None][1:], strict=False):
            if unit >= 0:
                yield node, self.ids[unit], start, end

    def run(self, report: str, top: int, **given: object) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask(report, top, **given).rows.to_pylist()
        return found

    def ask(self, report: str, top: int, **given: object) -> Answer:
        return self.world.run(report, self.ids[top], **given)

    def node_ids(self) -> dict[str, int]:
        return {source.native_key: source.data_source_id for source in self.world.records.dimensions().data_sources}


@contextmanager
def built(plan: Plan, home: Path) -> Iterator[Built]:
    made = Built(plan, home)
    try:
        yield made
    finally:
        made.world.close()


SPAN = {"first": DAYS[0], "last": DAYS[-1]}


def every_answer(made: Built, top: int) -> Iterator[tuple[Report, Answer]]:
    """Every report that is registered, asked for everything that exists anywhere."""
    ids = made.node_ids()
    on_days = [(node, day) for node in made.plan.moves for day in DAYS]
    given: dict[str, list[dict[str, object]]] = {
        "jobs": [SPAN],
        **{f"{rows}-matrix": [SPAN] for rows in ("jobs", "schedules", "servers", "units")},
        **{f"{rows}-figures": [SPAN] for rows in ("nodes", "schedules", "servers", "units")},
        "node-day": [{"node_id": ids[node], "day": day} for node, day in on_days],
        "job-log": [
            {"server": SERVERS[made.plan.server_of(node)], "job_key": f"{node}|{node}|{day} 01:00:00"}
            for node, day in on_days
        ],
        **{name: [{}] for name in ("nodes", "servers", "units", "attention", "stored", "capacity")},
        "business-units": [{}, {"archived": True}],
        **{name: [SPAN] for name in ("comments", "days", "handling-history", "job-counts")},
        **{
            name: [{"node_id": ids[node]} for node in made.plan.moves]
            for name in ("node-comments", "node-filespaces", "node-jobs", "node-occupancy", "node-schedules")
        },
        "sla": [SPAN, {**SPAN, "jobs": "backup"}],
        "sla-causes": [SPAN],
        "sla-months": [{}],
        "tags": [{}],
        "tag-uses": [{"tag_id": 1}],
        "node-tags": [{"nodes": list(ids.values())}],
        "find": [{"text": text} for text in ("node", "unit", "sp", "plan")],
        "weeks": [SPAN, *({"node_id": ids[node], **SPAN} for node in made.plan.moves)],
        **{name: [{"days": 5}] for name in ("forecast", "trends")},
        "server-pools": [{"server": name} for name in SERVERS],
        **{name: [{"day": day} for day in DAYS] for name in ("daily", "daily-since", "history-day")},
        "history": [SPAN],
        **{name: [{}] for name in ("my-account", "my-keys", "role-rights", "roles", "rules", "sessions")},
        **{name: [{}] for name in ("activity", "unit-settings", "user-keys", "users")},
        "activity-entry": [{"seq": line.seq} for line in made.world.records.activity(40)],
    }
    given["node-grades"] = [{"node_id": ids[node], "day": day} for node, day in on_days]
    given["severity-preview"] = [{"key": "status:missed", "value": "ok", "day": day} for day in DAYS]
    given["severity-rules"] = [{}, *({"node_id": ids[node]} for node in made.plan.moves)]
    for report in all_reports():
        assert report.name in given, f"say here what {report.name} is to be asked"
        for parameters in given[report.name]:
            yield report, made.ask(report.name, top, **parameters)


def leaks(made: Built, top: int) -> Iterator[str]:
    """Words of an answer that only somebody outside of `top` may read."""
    plan = made.plan
    inside = plan.below(top)
    ever = {
        node
        for node in plan.moves
        if any(plan.owner(node, DAYS[0] + timedelta(days=offset)) in inside for offset in range(-5, 10))
    }
    foreign = {name for number, name in enumerate(made.names) if number not in inside} | (set(plan.moves) - ever)
    foreign |= {
        f"line of {node} on {day}" for node in plan.moves for day in DAYS if plan.owner(node, day) not in inside
    }
    foreign |= {
        f"{what} {node}"
        for node in plan.moves
        for what in ("held by", "disk of", "plan of")
        if plan.owner(node, date(2026, 12, 31)) not in inside
    }
    foreign |= {f"pool of {name}" for name, unit in zip(SERVERS, plan.server_units, strict=True) if unit not in inside}
    foreign |= {
        name
        for number, name in enumerate(SERVERS)
        if plan.server_units[number] not in inside and not any(plan.server_of(node) == number for node in ever)
    }
    for report, answer in every_answer(made, top):
        told = repr((answer.rows.to_pylist(), answer.as_of, answer.notes))
        yield from (f"{report.name} tells of {word}" for word in foreign if word in told)


@pytest.fixture(scope="module")
def siblings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """Two subtrees side by side. Only looked at, so it is made once."""
    with built(TWO_SIBLINGS, tmp_path_factory.mktemp("siblings")) as made:
        yield made


@settings(max_examples=rounds(2, soak=50), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=PLANS, top=units)
def test_reports_tell_all_of_what_lies_inside_and_nothing_of_what_lies_outside(
    tmp_path_factory: pytest.TempPathFactory, plan: Plan, top: int
) -> None:
    with built(plan, tmp_path_factory.mktemp("world")) as made:
        assert list(leaks(made, top)) == []
        inside = plan.below(top)
        owned = {(node, day) for node in plan.moves for day in DAYS if plan.owner(node, day) in inside}
        found = made.run("jobs", top, **SPAN)
        assert {(row["node"], row["scheduled_start"].date()) for row in found} == owned
        assert {(row["node"], row["unit"]) for row in found} == {
            (node, made.names[plan.owner(node, day)]) for node, day in owned
        }
        assert {row["message"] for row in found} == {f"line of {node} on {day}" for node, day in owned}
        assert {
            (row["node"], day)
            for row in made.run("jobs-matrix", top, **SPAN)
            for day, status in zip(DAYS, row["days"], strict=True)
            if status
        } == owned
        assert {row["node"] for row in made.run("nodes", top)} == {
            node for node in plan.moves if plan.owner(node, date(2026, 12, 31)) in inside
        }
        assert {row["name"] for row in made.run("units", top)} == {made.names[number] for number in inside}


def sees_a_servers_state(made: Built) -> bool:
    return made.run("servers", 3)[0]["version"] is not None


def counts_jobs_of_others(made: Built) -> bool:
    return sum(row["jobs"] for row in made.run("days", 3, **SPAN)) > made.ask("jobs", 3, **SPAN).total


def sees_a_pool(made: Built) -> bool:
    return bool(made.run("server-pools", 3, server="SPA01"))


def knows_of_the_time_before(made: Built) -> bool:
    """NODE-C came to unit 4 on the second day: what failed on the first is the unit's before."""
    (since,) = (row["since"] for row in made.run("attention", 4) if row["name"] == "NODE-C")
    return bool(since.date() < DAYS[1])


def counts_nodes_of_others(made: Built) -> bool:
    return bool(made.run("servers", 3)[0]["nodes"] > 1)


def adds_up_days_of_others(made: Built) -> bool:
    return sum(row["bad"] for row in made.run("servers-matrix", 3, **SPAN)) > made.ask("jobs", 3, **SPAN).total


def holds_what_others_hold(made: Built) -> bool:
    """NODE-A is all that unit 3 has now, and holds one byte."""
    return bool(made.run("trends", 3, days=3)[-1]["stored"] != 1)


def knows_what_others_hold(made: Built) -> bool:
    # Of a node that was its own: of others there are no weeks at all.
    return any(row["stored"] for row in made.run("weeks", 3, days=3, node_id=made.node_ids()["NODE-C"]))


def tells_of_others(made: Built) -> bool:
    return next(leaks(made, 1), None) is not None


@pytest.mark.parametrize(
    ("relation", "guard", "without", "sees_too_much"),
    [
        ("scoped_unit", "WHERE u.lo >= $scope_lo AND u.lo < $scope_hi", "", tells_of_others),
        ("scoped_unit_day", "JOIN scoped_unit AS u", "JOIN unit AS u", counts_jobs_of_others),
        ("scoped_bare_node_day", "JOIN scoped_unit AS u", "JOIN unit AS u", adds_up_days_of_others),
        ("scoped_server", "JOIN scoped_unit AS u", "JOIN unit AS u", sees_a_servers_state),
        ("scoped_last", "JOIN scoped_unit AS u", "JOIN unit AS u", knows_of_the_time_before),
        ("scoped_node", "AND o.unit_id IN (SELECT unit_id FROM scoped_unit)", "", counts_nodes_of_others),
        ("scoped_server_state", "AND s.is_own", "", sees_a_servers_state),
        ("scoped_pool", "AND s.is_own", "", sees_a_pool),
        (
            "scoped_unit_stored",
            "AND lo < (SELECT hi FROM unit WHERE unit_id = $scope_unit)",
            "",
            holds_what_others_hold,
        ),
        ("scoped_stored_step", "JOIN scoped_unit AS u", "JOIN unit AS u", knows_what_others_hold),
    ],
)
def test_a_guard_that_is_gone_is_seen_in_reports(
    siblings: Built,
    monkeypatch: pytest.MonkeyPatch,
    relation: str,
    guard: str,
    without: str,
    sees_too_much: Callable[[Built], bool],
) -> None:
    """The negative control; `test_every_relation` tries every guard there is."""
    text = scope._TEXTS[relation]
    assert guard in text
    monkeypatch.setitem(scope._TEXTS, relation, text.replace(guard, without))
    scope._needed.cache_clear()
    try:
        assert sees_too_much(siblings)
    finally:
        scope._needed.cache_clear()


def test_with_every_guard_in_its_place_nothing_is_found(siblings: Built) -> None:
    others = (counts_nodes_of_others, counts_jobs_of_others, adds_up_days_of_others, knows_of_the_time_before)
    others += (holds_what_others_hold, knows_what_others_hold)
    for sees_too_much in (tells_of_others, sees_a_servers_state, sees_a_pool, *others):
        assert not sees_too_much(siblings)


def test_a_unit_outside_of_the_principals_is_not_found(siblings: Built) -> None:
    runner = siblings.world.runner()
    tenant = siblings.world.principal(siblings.ids[1])
    assert runner.run("units", tenant, {}, unit=siblings.ids[3]).total == 1
    for outside in (siblings.ids[0], siblings.ids[2], siblings.ids[4], 999_999):
        with pytest.raises(NotFound) as refused:
            runner.run("units", tenant, {}, unit=outside)
        assert refused.value.what == f"No unit “{outside}” here, or not yours."


@pytest.mark.parametrize("report", list(all_reports()), ids=lambda report: report.name)
def test_a_report_needs_its_privilege(siblings: Built, report: Report) -> None:
    world = siblings.world
    others = [privilege for privilege in Privilege if privilege is not report.needs]
    with pytest.raises(NotAllowed, match=report.needs):
        world.runner().run(report.name, world.principal(None, *others), {})


def test_a_tenant_sees_where_its_nodes_are_but_not_how_that_server_is(siblings: Built) -> None:
    rows = {row["server"]: row for row in siblings.run("servers", 3)}
    assert set(rows) == {"SPA01"}
    assert (rows["SPA01"]["unit"], rows["SPA01"]["version"]) == (None, None)
    assert siblings.run("servers", 1)[0]["version"] == "SPA01"


def test_a_move_in_the_tree_moves_what_is_seen(world: World) -> None:
    one, other = world.unit("UNIT-1"), world.unit("UNIT-2")
    child = world.unit("UNIT-3", one)
    server = world.server(unit=child)
    world.nodes(server, "NODE-A")
    world.cache.store(server, jobs(a_job("NODE-A")), NOON)
    span = {"first": date(2026, 11, 21), "last": date(2026, 11, 21)}
    assert (world.run("jobs", one, **span).total, world.run("jobs", other, **span).total) == (1, 0)
    world.move_unit(child, other)
    assert (world.run("jobs", one, **span).total, world.run("jobs", other, **span).total) == (0, 1)
