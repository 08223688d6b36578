"""The days of a node, of a schedule and of a unit: their status, what was stored and sent, and what is not known."""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from cloutui.errors import Invalid
from cloutui.model.severity import RuleValue, stored_value
from cloutui.model.status import Status
from cloutui.products.observation import OCCUPANCY
from cloutui.records.daily_tables import severity_rule
from tests.world import NOON, World, a_job, a_node, a_row, jobs, nodes, observed

TODAY = NOON.date()
MONDAY = date(2026, 11, 16)
OTHER = "ACME-WEB04"


def job(day: int, said: str = "Completed", node: str = "ACME-SQL01", **differing: Any) -> dict[str, Any]:
    return a_job(node, datetime(2026, 11, day, differing.pop("hour", 1)), said, **differing)


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A week of one node that fails on Wednesday, and of another one. What they hold is collected at noon."""
    world = World(tmp_path_factory.mktemp("home"))
    unit, server = world.unit("Acme ApS"), world.server()
    world.nodes(server, "ACME-SQL01", OTHER)
    world.assign("ACME-SQL01", unit)
    for day, held in ((15, 100), (18, 150), (19, 60)):
        rows = [a_row(OCCUPANCY, node="ACME-SQL01", pool="P", type="Bkup", reporting_bytes=held, logical_bytes=held)]
        rows.append(a_row(OCCUPANCY, node=OTHER, pool="P", type="Bkup", reporting_bytes=1000, logical_bytes=500))
        world.cache.store(server, observed(OCCUPANCY, rows), NOON - timedelta(days=22 - day))
    told = [
        *(job(day, stored_bytes=10) for day in (16, 17)),
        job(18, "Failed", result=12),
        job(18, hour=8, schedule="LOGS", stored_bytes=5),
        job(21, stored_bytes=30),
        job(22, "Pending", hour=16),
        *(job(day, node=OTHER) for day in range(16, 22)),
    ]
    world.cache.store(server, jobs(*told), NOON)
    yield world
    world.close()


def asked(world: World, **given: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.run("weeks", **{"first": MONDAY, "last": TODAY, **given}).rows.to_pylist()
    return found


def node_id(world: World, name: str = "ACME-SQL01") -> int:
    return int(world.rows(f"SELECT data_source_id FROM data_source WHERE name = '{name}'")[0][0])


def column(rows: list[dict[str, Any]], name: str) -> list[Any]:
    return [row[name] for row in rows]


def test_a_nodes_days_one_row_each_also_where_nothing_was_scheduled(week: World) -> None:
    rows = asked(week, node_id=node_id(week))
    assert column(rows, "day") == [MONDAY + timedelta(days=n) for n in range(7)]
    assert column(rows, "week") == ["2026-W47"] * 7
    assert column(rows, "weekday") == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    ok, none = Status.OK, Status.NONE
    assert column(rows, "status") == [ok, ok, Status.ERROR, none, none, ok, Status.WARNING]
    assert column(rows, "closed") == ["", "", "", "", "", "no", "no"]
    assert column(rows, "worst")[6] == Status.PENDING, "and at risk, as the daily report has it"
    assert column(rows, "result") == [None, None, 12, None, None, None, None]
    assert column(rows, "sent") == [10, 10, 5, None, None, 30, None]
    assert column(rows, "jobs") == [1, 1, 2, 0, 0, 1, 1]
    assert column(rows, "bad") == [0, 0, 1, 0, 0, 0, 0]
    assert rows[0]["node"] == "ACME-SQL01"
    assert rows[0]["unit"] == "Acme ApS"
    assert rows[3]["node"] is None


def test_what_a_node_holds_is_what_it_last_held_and_grows_by_the_day(week: World) -> None:
    rows = asked(week, node_id=node_id(week))
    assert column(rows, "stored") == [100, 100, 150, 60, 60, 60, 60]
    assert column(rows, "growth") == [0, 0, 50, -60, 0, 0, 0]
    before = asked(week, node_id=node_id(week), first="2026-11-13", last="2026-11-15")
    assert column(before, "stored") == [None, None, 100], "before the first collection nothing is known"
    assert column(before, "growth") == [None, None, None]


def test_what_a_node_holds_moves_with_it(world: World) -> None:
    before, after, server = world.unit("Acme ApS"), world.unit("Bolt Logistik"), world.server()
    world.nodes(server, "ACME-SQL01")
    moved = date(2026, 11, 19)
    world.assign_all([("ACME-SQL01", before, None, moved), ("ACME-SQL01", after, moved, None)])
    held = a_row(OCCUPANCY, node="ACME-SQL01", pool="P", type="Bkup", reporting_bytes=100)
    world.cache.store(server, observed(OCCUPANCY, [held]), NOON - timedelta(days=5))
    held_by = {
        unit: world.run("weeks", unit, node_id=node_id(world), first=MONDAY, last=TODAY).rows.column("stored")
        for unit in (before, after)
    }
    assert held_by[before].to_pylist() == [None, 100, 100, None, None, None, None]
    assert held_by[after].to_pylist() == [None, None, None, 100, 100, 100, 100]


def test_one_schedule_of_the_node_alone(week: World) -> None:
    rows = asked(week, node_id=node_id(week), schedule="LOGS")
    assert [row["status"] for row in rows if row["jobs"]] == [Status.OK]
    assert column(rows, "sent") == [None, None, 5, None, None, None, None]
    assert column(rows, "stored") == [100, 100, 150, 60, 60, 60, 60], "the node's: no schedule has a size of its own"
    assert not any(row["jobs"] for row in asked(week, node_id=node_id(week), schedule=""))


def test_a_units_days_are_judged_by_their_share_of_good_jobs(week: World) -> None:
    rows = asked(week)
    assert column(rows, "jobs") == [2, 2, 3, 1, 1, 2, 1]
    assert column(rows, "status")[2] == Status.ERROR, "one of three is less than 95 in 100"
    assert column(rows, "status")[6] == Status.PENDING
    assert column(rows, "stored") == [1100, 1100, 1150, 1060, None, None, None], "up to the newest collection of all"
    acme = week.run("weeks", week.rows("SELECT unit_id FROM unit WHERE name = 'Acme ApS'")[0][0], days=7)
    assert acme.rows.column("stored").to_pylist()[:4] == [100, 100, 150, 60]


def test_without_days_a_year_of_whole_weeks(week: World) -> None:
    rows: list[dict[str, Any]] = week.run("weeks").rows.to_pylist()
    assert rows[0]["weekday"] == "Mon"
    assert rows[-1]["day"] == TODAY
    assert len(rows) == 52 * 7 + TODAY.isoweekday()


def test_what_a_silent_server_had_still_to_tell_is_unknown(world: World) -> None:
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    world.cache.store(server, jobs(job(18), job(19, "Pending")), NOON)
    heard = datetime(2026, 11, 19, 12, tzinfo=NOON.tzinfo)
    world.swept(server, heard)
    world.swept(server, code="product-unreachable", problem="refused", has_data=False)
    rows = asked(world, node_id=node_id(world))
    none, unknown = Status.NONE, Status.UNKNOWN
    assert column(rows, "status") == [none, none, Status.OK, unknown, unknown, unknown, unknown]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("status:error", RuleValue(Status.OKWARN)),
        ("result:12", RuleValue(Status.IGNORED)),
        ("at-risk", RuleValue(Status.ERROR, 3600)),
        ("no-schedule", RuleValue(Status.IGNORED)),
        ("growth", RuleValue(Status.ERROR, 5)),
        ("muted", None),
    ],
    ids=str,
)
def test_days_that_are_open_stand_as_in_the_daily_report(world: World, key: str, said: RuleValue | None) -> None:
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    world.cache.store(server, nodes(a_node("ACME-SQL01")), NOON)
    world.cache.store(server, jobs(*(job(day, "Failed", result=12) for day in (20, 21, 22))), NOON)
    for day, held in ((19, 100), (21, 200), (22, 300)):
        row = a_row(OCCUPANCY, node="ACME-SQL01", pool="P", reporting_bytes=held)
        world.cache.store(server, observed(OCCUPANCY, [row]), NOON - timedelta(days=22 - day))
    world.swept(server, NOON)
    if said is None:
        world.handled(node_id(world), world.records.root_unit_id, day=TODAY, state="muted")
    else:
        rule = {"unit_id": world.records.root_unit_id, "product": "", "key": key, "value": stored_value(said)}
        world._change(insert(severity_rule).values(**rule, set_at=NOON, set_by="op"))
        world.cache.copy_dimensions()
    rows = {row["day"]: row for row in asked(world, node_id=node_id(world))}
    stood = []
    for day in (TODAY - timedelta(days=1), TODAY):
        (daily,) = world.run("daily", day=day).rows.to_pylist()
        assert rows[day]["status"] == daily["status"]
        stood.append(daily["status"])
    assert stood != [Status.ERROR, Status.ERROR] or key in ("at-risk", "growth"), "the rule says something"
    assert rows[TODAY - timedelta(days=2)]["status"] == Status.ERROR, "a day that is over, and was not frozen"


def test_a_schedule_without_its_node_is_refused(week: World) -> None:
    with pytest.raises(Invalid, match="one of a node"):
        asked(week, schedule="DAILY")


def test_a_node_of_others_has_no_days_as_one_that_there_is_not(week: World) -> None:
    (acme,) = week.rows("SELECT unit_id FROM unit WHERE name = 'Acme ApS'")[0]
    others, nobodys = node_id(week, OTHER), 999_999
    for report, days in (("weeks", {"days": 7}), ("node-day", {"day": MONDAY})):
        assert week.run(report, node_id=others, **days).rows.num_rows
        assert not week.run(report, acme, node_id=others, **days).rows.num_rows
        assert not week.run(report, acme, node_id=nobodys, **days).rows.num_rows
    assert week.run("weeks", acme, node_id=node_id(week), last="2020-01-31", days=7).rows.num_rows == 7, "but empty"
