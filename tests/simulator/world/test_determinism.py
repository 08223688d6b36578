"""The same seed gives the same rows, and a day turns out the same whenever it is asked about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cloutui.simulator.clock import Clock
from cloutui.simulator.fleet import FleetPlan, build_fleet
from cloutui.simulator.server import Server
from cloutui.simulator.tables import catalogue

MADE = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PLAN = FleetPlan(servers=2, nodes=80, days=12, seed=9, at=MADE)
JOBS = (
    "SELECT E.DOMAIN_NAME, E.SCHEDULE_NAME, E.NODE_NAME, E.SCHEDULED_START, ACTUAL_START, COMPLETED, STATUS, RESULT,"
    " REASON FROM EVENTS E JOIN NODES N ON N.NODE_NAME = E.NODE_NAME WHERE DATE(SCHEDULED_START) = '2026-11-15'"
    " AND N.LOCKED = 'NO' AND N.REG_TIME < '2026-11-01'"
)
SESSIONS = (
    "SELECT ENTITY, SCHEDULE_NAME, START_TIME, END_TIME, EXAMINED, AFFECTED, FAILED, BYTES FROM SUMMARY"
    " WHERE DATE(START_TIME) = '2026-11-15' AND SCHEDULE_NAME LIKE 'DAILY%'"
)


@pytest.fixture(scope="module")
def twins() -> tuple[Server, Server]:
    return build_fleet(PLAN)["SPA02"], build_fleet(PLAN)["SPA02"]


@pytest.mark.parametrize("table", sorted(catalogue.columns()))
def test_the_same_plan_gives_the_same_rows(twins: tuple[Server, Server], table: str) -> None:
    one, other = (sorted(map(repr, server.query(f"SELECT * FROM {table}").rows)) for server in twins)
    assert one == other


def test_another_seed_gives_another_fleet() -> None:
    plans = (FleetPlan(servers=1, nodes=80, days=3, seed=seed, at=MADE) for seed in (1, 2))
    one, other = (
        build_fleet(plan)["SPA01"].select("SELECT NODE_NAME, ACTUAL_START FROM EVENTS").rows for plan in plans
    )
    assert set(one) != set(other)


@pytest.mark.parametrize("shift", [timedelta(days=3), timedelta(days=-2), timedelta(hours=7)])
def test_a_day_is_the_same_in_a_fleet_that_was_made_at_another_time(shift: timedelta) -> None:
    first = build_fleet(PLAN)["SPA01"]
    other = build_fleet(FleetPlan(servers=2, nodes=80, days=20, seed=9, at=MADE + shift))["SPA01"]
    steady = {row[0] for row in first.select("SELECT NODE_NAME FROM NODES WHERE LOCKED = 'NO'").rows}
    steady &= {row[0] for row in other.select("SELECT NODE_NAME FROM NODES WHERE LOCKED = 'NO'").rows}
    jobs = [{row for row in server.select(JOBS).rows if row[2] in steady} for server in (first, other)]
    assert jobs[0] == jobs[1]
    assert len(jobs[0]) > 30


def test_history_does_not_hang_on_how_the_clock_came_there() -> None:
    clock = Clock(MADE)
    walked = build_fleet(FleetPlan(servers=1, nodes=60, days=5, seed=4), clock)["SPA01"]
    for hours in range(0, 100, 7):
        clock.set(MADE + timedelta(hours=hours))
        walked.query("SELECT COUNT(*) FROM SUMMARY")
    clock.set(MADE)
    jumped = build_fleet(FleetPlan(servers=1, nodes=60, days=5, seed=4), jump := Clock(MADE))["SPA01"]
    for each in (clock, jump):
        each.set(MADE + timedelta(hours=100))
    for table in ("EVENTS", "SUMMARY", "ACTLOG", "NODES", "OCCUPANCY"):
        dated = " WHERE SCHEDULED_START > '2012-01-01'" if table == "EVENTS" else ""
        select = f"SELECT * FROM {table}{dated}"
        assert sorted(map(repr, walked.query(select).rows)) == sorted(map(repr, jumped.query(select).rows)), table


def test_sessions_of_a_day_are_the_same_whenever_asked() -> None:
    clock = Clock(MADE)
    server = build_fleet(FleetPlan(servers=1, nodes=60, days=8, seed=4), clock)["SPA01"]
    before = sorted(map(repr, server.select(SESSIONS).rows))
    clock.set(MADE + timedelta(days=9))
    assert sorted(map(repr, server.select(SESSIONS).rows)) == before


def test_servers_say_who_they_are() -> None:
    fleet = build_fleet(FleetPlan(servers=60, nodes=60, days=1, at=MADE))
    assert list(fleet)[:5] == ["SPA01", "SPA02", "SPB01", "SPB02", "SPC01"]
    assert len(fleet) == 60
    first = fleet["SPA01"]
    assert (first.platform, first.port, first.administrator) == ("Linux/x86_64", 1500, "CLOUTUI")
    assert {server.platform for server in fleet.values()} == {"Linux/x86_64", "AIX", "Windows"}
    assert first.password == build_fleet(FleetPlan(servers=1, nodes=1, days=1, at=MADE))["SPA01"].password
    row = first.select("SELECT SERVER_NAME, SERVER_HLA, VERSION, RELEASE, LEVEL, SUBLEVEL FROM STATUS").rows[0]
    assert row == (first.name, first.address, *first.version)
