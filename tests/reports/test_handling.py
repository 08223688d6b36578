"""What people said of problems, as reports tell it: to those whose day it was, and to those who may read it."""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from cloutui.model.privilege import Privilege
from cloutui.model.status import Status
from tests.world import NOON, World, a_job, a_node, jobs, nodes

TODAY = NOON.date()


@pytest.fixture
def house(world: World) -> World:
    """Acme ApS has a node since yesterday, Skov Transport had it before."""
    world.nodes(world.server(), "ACME-SQL01")
    acme, skov = world.unit("Acme ApS"), world.unit("Skov Transport")
    world.assign_all([("ACME-SQL01", skov, None, TODAY), ("ACME-SQL01", acme, TODAY, None)])
    world.comment(1, acme, "Disk full.", type="cause")
    world.comment(1, acme, "Always late.", day=None, written_at=NOON + timedelta(minutes=1))
    world.comment(1, skov, "Of before.", day=date(2026, 11, 20))
    world.comment(1, acme, "Taken away.", removed_at=NOON)
    return world


def texts(house: World, report: str, unit: int | None = None, **given: object) -> list[str]:
    return [row["comment"] for row in rows(house, report, unit, **given)]


def rows(house: World, report: str, unit: int | None = None, **given: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = house.run(report, unit, **given).rows.to_pylist()
    return found


def test_comments_are_told_newest_first_to_those_whose_day_it_was(house: World) -> None:
    assert texts(house, "comments") == ["Always late.", "Of before.", "Disk full."]
    assert texts(house, "comments", 2) == ["Always late.", "Disk full."]
    assert texts(house, "comments", 3) == ["Of before."]
    assert texts(house, "comments", first="2026-11-19", last="2026-11-21") == ["Of before."]


def test_a_nodes_comments_are_those_of_a_day_or_all(house: World) -> None:
    assert texts(house, "node-comments", node_id=1) == ["Always late.", "Of before.", "Disk full."]
    assert texts(house, "node-comments", node_id=1, day=TODAY) == ["Always late.", "Disk full."]
    assert texts(house, "node-comments", node_id=2) == []


def test_every_word_of_handling_is_told_newest_first(house: World) -> None:
    for minute, state in enumerate(("acknowledged", "open", "resolved")):
        house.handled(1, 2, state, at=NOON + timedelta(minutes=minute))
    house.handled(1, 3, "ignored", day=date(2026, 11, 20))
    assert [row["state"] for row in rows(house, "handling-history", 2)] == ["resolved", "open", "acknowledged"]
    assert [row["unit"] for row in rows(house, "handling-history", node_id=1, last="2026-11-20")] == ["Skov Transport"]


def a_failed_day(house: World) -> None:
    house.cache.store(1, nodes(a_node()), NOON)
    house.cache.store(1, jobs(a_job(scheduled=datetime(2026, 11, 22, 1), said="Failed", result=12)), NOON)


def open_problems(house: World) -> tuple[list[str], list[int]]:
    """By `attention`, and by the tree of units: the root, and Acme ApS."""
    problems = {row["name"]: row["problems"] for row in rows(house, "units")}
    return [row["name"] for row in rows(house, "attention")], [problems["Nordhavn Backup"], problems["Acme ApS"]]


@pytest.mark.parametrize(
    ("state", "is_open"),
    [("acknowledged", False), ("resolved", False), ("ignored", False), ("active", True), ("open", True)],
)
def test_what_somebody_takes_care_of_leaves_the_open_counts(house: World, state: str, is_open: bool) -> None:
    a_failed_day(house)
    assert open_problems(house) == (["ACME-SQL01"], [1, 1])
    house.handled(1, 2, "acknowledged")
    house.handled(1, 2, state, actor="OP2")
    assert open_problems(house) == ((["ACME-SQL01"], [1, 1]) if is_open else ([], [0, 0]))
    told = [row["handled"] for row in rows(house, "attention", handled=True)]
    assert told == ["" if state == "open" else f"{state} OP2"]
    assert rows(house, "units")[0]["status"] == Status.ERROR


@pytest.mark.parametrize("handled", [{"day": date(2026, 11, 21)}, {"job_key": "DAILY|ACME-SQL01"}])
def test_another_day_and_one_job_take_nothing_from_today(house: World, handled: dict[str, Any]) -> None:
    a_failed_day(house)
    house.handled(1, 2, **handled)
    assert open_problems(house) == (["ACME-SQL01"], [1, 1])


def test_a_report_that_tells_of_servers_says_how_old_that_is_whatever_people_said(house: World) -> None:
    for report, is_old in {"attention": True, "units": True, "comments": False, "handling-history": False}.items():
        assert bool(house.run(report).as_of) is is_old, report


def test_the_daily_report_says_who_takes_care_and_what_was_written_last(house: World) -> None:
    a_failed_day(house)
    house.handled(1, 2, "acknowledged", actor="OP2")
    house.comment(1, 2, "Of long ago.", day=TODAY - timedelta(days=14))
    (row,) = rows(house, "daily", 2)
    assert (row["handled"], row["comments"]) == ("acknowledged OP2", 2)
    assert row["comment"] == "op: Always late."


def test_who_may_not_read_comments_reads_none_in_other_reports_either(house: World) -> None:
    a_failed_day(house)
    runner = house.runner(now=lambda: NOON)
    everything = set(Privilege)
    for told, rights in ((True, everything), (False, everything - {Privilege.COMMENT_VIEW})):
        (row,) = runner.run("daily", house.principal(None, *rights), {}).rows.to_pylist()
        assert ("Always late" in repr(row)) is told


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ("ack:yes", 0),
        ("ack:no", 1),
        ("-ack:yes", 1),
        ("-ack", 1),
        ("ack", 0),
        ('"ack"', 0),
        ("handled:acknowledged", 0),
        ("comment:late", 1),
    ],
)
def test_reports_are_sought_by_what_people_said(house: World, filter: str, found: int) -> None:  # noqa: A002 - its name
    a_failed_day(house)
    house.handled(1, 2, "active")
    assert house.runner(now=lambda: NOON).run("daily", house.principal(), {}, filter=filter).total == found


# Muting.


DAYS = [TODAY - timedelta(days=back) for back in range(4)]
FAILED = (Status.ERROR, "Failed 12")
MUTED = (Status.IGNORED, "Muted")


@pytest.fixture
def failing(world: World) -> World:
    """Acme ApS has a node that fails every day."""
    world.nodes(world.server(), "ACME-SQL01")
    acme = world.unit("Acme ApS")
    world.unit("Skov Transport")
    world.assign("ACME-SQL01", acme)
    world.cache.store(1, nodes(a_node()), NOON)
    began = [datetime(day.year, day.month, day.day, 1) for day in DAYS]
    world.cache.store(1, jobs(*(a_job(scheduled=at, said="Failed", result=12) for at in began)), NOON)
    return world


def stood(house: World) -> dict[date, tuple[Status, str]]:
    """By day: how the node stood, and why."""
    told = {day: rows(house, "daily", day=day)[0] for day in DAYS}
    return {day: (Status(row["status"]), row["reason"]) for day, row in told.items()}


def test_a_node_is_ignored_on_the_days_on_which_it_is_muted_and_on_no_other(failing: World) -> None:
    for day in DAYS[1:3]:
        failing.handled(1, 2, "muted", day=day)
    assert stood(failing) == dict(zip(DAYS, (FAILED, MUTED, MUTED, FAILED), strict=True))
    failing.handled(1, 2, "open", day=DAYS[1])
    assert stood(failing) == dict(zip(DAYS, (FAILED, FAILED, MUTED, FAILED), strict=True)), "said of it again"


def test_a_muted_day_says_why_and_is_open_no_more(failing: World) -> None:
    failing.handled(1, 2, "muted", actor="OP1")
    (row,) = rows(failing, "daily")
    assert (row["handled"], row["rule"], row["source"]) == ("muted OP1", "muted", "site")
    decided, *others = rows(failing, "node-grades", node_id=1, day=TODAY)
    assert (decided["rule"], decided["reason"], decided["decided"]) == ("muted", "Muted", "yes")
    assert "status:error" in {other["rule"] for other in others}, "and what it takes the place of"
    assert rows(failing, "attention") == []
    assert rows(failing, "units")[0]["problems"] == 0


def test_what_a_unit_mutes_is_muted_for_its_own_time_alone(failing: World) -> None:
    failing.handled(1, 3, "muted")  # by a unit that does not have the node
    assert stood(failing)[TODAY] == FAILED
