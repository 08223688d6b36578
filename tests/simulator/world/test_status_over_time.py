"""A job goes forward through its states and never back, and what has ended stays as it ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloutui.simulator.clock import Clock
from cloutui.simulator.fleet import FleetPlan, build_fleet
from cloutui.simulator.server import Server
from tests.rounds import rounds

MADE = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ENDED = {"Completed", "Missed", "Failed", "Failed - no restart", "Severed"}
ORDER = {"Future": 0, "Pending": 1, "Started": 2, "In Progress": 3, "Severed": 4, "Restarted": 5}
EVENTS = (
    "SELECT DOMAIN_NAME, SCHEDULE_NAME, NODE_NAME, SCHEDULED_START, ACTUAL_START, COMPLETED, STATUS, RESULT, REASON"
    " FROM EVENTS WHERE SCHEDULED_START >= '2026-11-18'"
)


class Watched:
    """A server whose clock the test moves."""

    def __init__(self) -> None:
        self.clock = Clock(MADE)
        self.server: Server = build_fleet(FleetPlan(servers=1, nodes=120, days=8, seed=3), self.clock)["SPA01"]

    def events(self, at: datetime) -> dict[tuple[object, ...], tuple[object, ...]]:
        self.clock.set(at)
        return {row[:4]: row[4:] for row in self.server.query(EVENTS).rows}


@pytest.fixture(scope="module")
def watched() -> Watched:
    return Watched()


def rank(status: object) -> int:
    return ORDER.get(str(status), 6)


@settings(max_examples=rounds(10, soak=40), deadline=None)
@given(st.integers(0, 3 * 86_400), st.integers(0, 8 * 3_600))
def test_a_job_never_goes_back(watched: Watched, seconds: int, later: int) -> None:
    first, then = MADE + timedelta(seconds=seconds), MADE + timedelta(seconds=seconds + later)
    before, after = watched.events(first), watched.events(then)
    now = first.replace(tzinfo=None)
    for key, (start, completed, status, result, reason) in before.items():
        scheduled = key[3]
        assert isinstance(scheduled, datetime)
        start_then, completed_then, status_then, result_then, reason_then = after[key]
        assert rank(status) <= rank(status_then), key
        if start is not None:
            assert start == start_then
            assert scheduled <= start <= now
        if completed is not None:
            assert (completed, status, result, reason) == (completed_then, status_then, result_then, reason_then)
            assert start < completed <= now
        assert (status == "Future") == (scheduled > now)


@settings(max_examples=rounds(8, soak=25), deadline=None)
@given(st.integers(0, 3 * 86_400))
def test_what_has_not_ended_has_no_result(watched: Watched, seconds: int) -> None:
    for start, completed, status, result, _ in watched.events(MADE + timedelta(seconds=seconds)).values():
        if status in ("Future", "Pending", "Missed"):
            assert start is None
        if status not in ENDED or status == "Missed":
            assert completed is None
            assert result is None


def test_every_state_is_seen_while_one_watches(watched: Watched) -> None:
    seen = set()
    for minutes in range(240):
        watched.clock.set(MADE.replace(hour=20) + timedelta(minutes=minutes))
        seen |= {status for (status,) in watched.server.select("SELECT DISTINCT STATUS FROM EVENTS").rows}
    watched.clock.set(MADE)
    seen |= {status for (status,) in watched.server.select(f"SELECT DISTINCT STATUS FROM ({EVENTS}) E").rows}
    assert seen >= {"Future", "Pending", "Started", "In Progress", "Completed", "Missed", "Failed"}


def test_a_job_that_was_cut_off_is_severed_then_restarted_then_completed() -> None:
    clock = Clock(MADE)
    server = build_fleet(FleetPlan(servers=1, nodes=200, days=20, seed=11), clock)["SPA01"]
    cut = server.select(
        "SELECT ENTITY, SCHEDULE_NAME, MIN(END_TIME), MAX(START_TIME), MAX(END_TIME) FROM SUMMARY"
        " WHERE SCHEDULE_NAME IS NOT NULL AND ENTITY NOT LIKE '%(%' GROUP BY ENTITY, SCHEDULE_NAME, DATE(START_TIME)"
        " HAVING SUM(CASE SUCCESSFUL WHEN 'NO' THEN 1 ELSE 0 END) = 1 AND COUNT(*) = 2"
        " AND MIN(SUCCESSFUL) <> MAX(SUCCESSFUL)"
        " AND MAX(START_TIME) > MIN(END_TIME)"
    )
    node, schedule, severed, resumed, ended = cut.rows[0]
    seen = []
    for moment in (severed, resumed, ended):
        assert isinstance(moment, datetime)
        clock.set(moment.replace(tzinfo=UTC) + timedelta(seconds=1))
        ((status,),) = server.select(
            f"SELECT STATUS FROM EVENTS WHERE NODE_NAME = '{node}' AND SCHEDULE_NAME = '{schedule}'"
            f" AND SCHEDULED_START > TIMESTAMP('{severed}') - 5 HOURS AND SCHEDULED_START < '{severed}'"
        ).rows
        seen.append(status)
    assert seen == ["Severed", "Restarted", "Completed"]


def test_outcomes_come_at_believable_rates() -> None:
    clock = Clock(MADE)
    servers = build_fleet(FleetPlan(servers=2, nodes=400, days=30, seed=5), clock).values()
    counted: dict[tuple[object, object], int] = {}
    for server in servers:
        for status, result, number in server.select(
            "SELECT STATUS, RESULT, COUNT(*) FROM EVENTS WHERE SCHEDULED_START > '2012-01-01' AND NODE_NAME IS NOT NULL"
            " AND SCHEDULED_START < CURRENT DATE GROUP BY STATUS, RESULT"
        ).rows:
            assert isinstance(number, int)
            counted[status, result] = counted.get((status, result), 0) + number
    whole = sum(counted.values())
    share = {key: number / whole for key, number in counted.items()}
    assert 0.90 < share["Completed", 0] < 0.98
    assert 0.005 < share["Completed", 4] < 0.04
    assert 0.002 < share["Completed", 8] < 0.02
    assert 0.003 < share["Failed", 12] < 0.04
    assert 0.003 < share["Missed", None] < 0.05
    assert 0 < share["Severed", None] < 0.005
    assert 0 < share["Failed - no restart", None] < 0.005


def test_troubled_nodes_fail_for_days_on_end() -> None:
    server = build_fleet(FleetPlan(servers=1, nodes=300, days=40, seed=2, at=MADE))["SPA01"]
    failed = server.select(
        "SELECT NODE_NAME, DAYS(SCHEDULED_START) FROM EVENTS WHERE SCHEDULED_START > '2012-01-01'"
        " AND SCHEDULE_NAME LIKE 'DAILY%' AND STATUS IN ('Failed', 'Missed')"
    ).rows
    days: dict[object, set[int]] = {}
    for node, day in failed:
        days.setdefault(node, set()).add(int(str(day)))
    assert any({day, day + 1, day + 2} <= found for found in days.values() for day in found)


def test_schedules_fire_on_days_that_were_not_yet_planned(watched: Watched) -> None:
    in_two_weeks = watched.events(MADE + timedelta(days=14))
    newest = max(key[3] for key in in_two_weeks)
    assert isinstance(newest, datetime)
    assert newest.date() == (MADE + timedelta(days=15)).date()


def test_events_without_a_date_are_todays(watched: Watched) -> None:
    watched.clock.set(MADE)
    (first, last), *_ = watched.server.select("SELECT MIN(SCHEDULED_START), MAX(SCHEDULED_START) FROM EVENTS").rows
    assert isinstance(first, datetime)
    assert isinstance(last, datetime)
    assert first.date() == last.date() == MADE.date()
    assert len(watched.server.select(EVENTS).rows) > len(watched.server.select("SELECT * FROM EVENTS").rows)
