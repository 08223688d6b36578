"""A server forgets what is older than it is told to keep."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from cloutui.simulator.clock import Clock
from cloutui.simulator.fleet import FleetPlan, build_fleet
from cloutui.simulator.server import Server

MADE = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def oldest(server: Server) -> tuple[date, date, date]:
    found = []
    for select in (
        "SELECT MIN(DATE(SCHEDULED_START)) FROM EVENTS WHERE SCHEDULED_START > '2012-01-01'",
        "SELECT MIN(DATE(START_TIME)) FROM SUMMARY",
        "SELECT MIN(DATE(DATE_TIME)) FROM ACTLOG",
    ):
        ((day,),) = server.select(select).rows
        assert isinstance(day, date)
        found.append(day)
    return found[0], found[1], found[2]


def test_events_summary_and_log_are_forgotten_each_in_its_time() -> None:
    clock = Clock(MADE)
    server = build_fleet(FleetPlan(servers=1, nodes=40, days=50, seed=1, event_retention_days=10), clock)["SPA01"]
    today = MADE.date()
    assert oldest(server) == tuple(today - timedelta(days=days) for days in (10, 30, 30))
    clock.set(MADE + timedelta(days=5))
    assert oldest(server) == tuple(today + timedelta(days=5) - timedelta(days=days) for days in (10, 30, 30))


def test_the_demo_keeps_sixty_days_and_history_begins_where_it_was_told_to() -> None:
    server = build_fleet(FleetPlan(servers=1, nodes=40, days=45, seed=1, at=MADE))["SPA01"]
    began = MADE.date() - timedelta(days=45)
    assert oldest(server) == (began, began, MADE.date() - timedelta(days=30))
    assert server.select("SELECT EVENTRETENTION, SUMMARYRETENTION, ACTLOGRETENTION FROM STATUS").rows == [(60, 60, 30)]


def test_new_nodes_have_no_jobs_before_they_were_registered() -> None:
    server = build_fleet(FleetPlan(servers=1, nodes=400, days=40, seed=1, at=MADE))["SPA01"]
    new = server.select(
        "SELECT N.NODE_NAME, N.REG_TIME, MIN(E.SCHEDULED_START) FROM NODES N JOIN EVENTS E ON E.NODE_NAME = N.NODE_NAME"
        " WHERE E.SCHEDULED_START > '2012-01-01' AND N.REG_TIME > '2026-10-15' GROUP BY N.NODE_NAME, N.REG_TIME"
    )
    assert new.rows
    assert all(first >= registered for _, registered, first in new.rows)
