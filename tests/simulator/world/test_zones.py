"""A server speaks its own time, and the plan is kept in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.simulator.clock import Clock
from cloutui.simulator.fleet import FleetPlan, build_fleet
from cloutui.simulator.world import zone

FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
ZONES = ("UTC", "Europe/Copenhagen", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")


@pytest.fixture(scope="module")
def clocks() -> dict[str, duckdb.DuckDBPyConnection]:
    made = {}
    for name in ZONES:
        made[name] = duckdb.connect()
        made[name].execute(zone.macros(ZoneInfo(name), FIRST, LAST))
    return made


@given(st.sampled_from(ZONES), st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None)))
def test_sql_and_python_agree_on_the_time(
    clocks: dict[str, duckdb.DuckDBPyConnection], name: str, at: datetime
) -> None:
    said = zone.local(at.replace(tzinfo=UTC), ZoneInfo(name))
    found = clocks[name].execute("SELECT to_local(?::TIMESTAMP), to_utc(?::TIMESTAMP)", [at, said]).fetchone()
    assert found is not None
    assert found[0] == said
    # A time that the clock says twice means the first of the two.
    assert found[1] == said.replace(tzinfo=ZoneInfo(name), fold=0).astimezone(UTC).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("name", "at", "offset"),
    [
        ("UTC", datetime(2026, 7, 1, tzinfo=UTC), 0),
        ("Europe/Copenhagen", datetime(2026, 7, 1, tzinfo=UTC), 20_000),
        ("Europe/Copenhagen", datetime(2026, 12, 1, tzinfo=UTC), 10_000),
        ("America/New_York", datetime(2026, 12, 1, tzinfo=UTC), -50_000),
        ("Asia/Kolkata", datetime(2026, 12, 1, tzinfo=UTC), 53_000),
    ],
)
def test_current_timezone_is_a_decimal_hhmmss(name: str, at: datetime, offset: int) -> None:
    server = build_fleet(FleetPlan(servers=1, nodes=5, days=1, time_zone=name, at=at))["SPA01"]
    answer = server.select("SELECT CURRENT TIMEZONE, CURRENT_TIMESTAMP FROM SYSIBM.SYSDUMMY1")
    assert answer.rows == [(offset, zone.local(at, ZoneInfo(name)))]


def test_no_job_is_planned_twice_in_the_night_that_the_clocks_change() -> None:
    for at in (datetime(2026, 10, 25, 12, tzinfo=UTC), datetime(2026, 3, 29, 12, tzinfo=UTC)):
        plan = FleetPlan(servers=1, nodes=60, days=3, seed=2, time_zone="Europe/Copenhagen", at=at)
        server = build_fleet(plan)["SPA01"]
        answer = server.select(
            "SELECT COUNT(*) FROM EVENTS WHERE SCHEDULED_START > '2012-01-01'"
            " GROUP BY DOMAIN_NAME, SCHEDULE_NAME, NODE_NAME, SCHEDULED_START"
        )
        assert {count for (count,) in answer.rows} == {1}


def test_jobs_go_on_when_the_clock_goes_back() -> None:
    night = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    clock = Clock(night)
    server = build_fleet(FleetPlan(servers=1, nodes=60, days=3, seed=2, time_zone="Europe/Copenhagen"), clock)["SPA01"]
    ended: set[object] = set()
    for minutes in range(0, 180, 10):
        clock.set(night + timedelta(minutes=minutes))
        answer = server.query(
            "SELECT NODE_NAME, SCHEDULE_NAME, SCHEDULED_START, COMPLETED FROM EVENTS"
            " WHERE SCHEDULED_START > '2012-01-01' AND COMPLETED IS NOT NULL"
        )
        now: set[object] = set(answer.rows)
        assert ended <= now
        ended = now
