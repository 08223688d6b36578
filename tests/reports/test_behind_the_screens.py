"""The reports behind the overview, the servers and a node's own page: what their rows say."""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from cloutui.model.status import Status
from cloutui.products.observation import FILESPACES, OCCUPANCY, POOLS, SCHEDULES, SERVER
from tests.world import NOON, World, a_job, a_node, a_row, jobs, nodes, observed

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def server(world: World) -> int:
    """A server that answers, with three nodes of one unit."""
    unit = world.unit("Acme ApS")
    made = world.server()
    names = ("ACME-SQL01", "ACME-WEB04", "ACME-LX11")
    world.nodes(made, *names)
    world.assign_all([(name, unit, None, None) for name in names])
    world.cache.store(made, nodes(*(a_node(name) for name in names)), NOON)
    world.swept(made)
    return made


def rows(world: World, report: str, **given: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.run(report, **given).rows.to_pylist()
    return found


def on(day: int, hour: int = 1) -> datetime:
    return datetime(2026, 11, day, hour)


# What needs attention.


def test_a_nodes_problem_is_as_old_as_its_first_bad_job_after_its_last_good_day(world: World, server: int) -> None:
    told = [
        a_job(scheduled=on(18), said="Failed", result=12),
        a_job(scheduled=on(19)),
        a_job(scheduled=on(20), said="Failed", result=8),
        a_job(scheduled=on(21), said="Failed", result=12),
        a_job(scheduled=on(22, 22), said="Future"),
    ]
    world.cache.store(server, jobs(*told), NOON)
    assert rows(world, "attention") == [
        {
            "status": int(Status.ERROR),
            "name": "ACME-SQL01",
            "what": "Failed 12",
            "since": datetime(2026, 11, 20, 1, 4),
            "unit": "Acme ApS",
            "server": "SPA01",
            "kind": "node",
            "node_id": 1,
            "day": date(2026, 11, 21),
            "handled": "",
        }
    ]


def test_the_worst_and_then_the_oldest_comes_first(world: World, server: int) -> None:
    told = [
        a_job("ACME-SQL01", on(21), "Missed"),
        a_job("ACME-WEB04", on(21), "Failed"),
        *(a_job("ACME-LX11", on(day), "Failed") for day in (20, 21)),
    ]
    world.cache.store(server, jobs(*told), NOON)
    found = [(row["name"], row["what"]) for row in rows(world, "attention")]
    assert found == [("ACME-LX11", "Failed"), ("ACME-WEB04", "Failed"), ("ACME-SQL01", "Missed")]


def test_a_node_that_is_well_again_needs_nobody(world: World, server: int) -> None:
    world.cache.store(server, jobs(a_job(scheduled=on(20), said="Failed"), a_job(scheduled=on(21))), NOON)
    assert rows(world, "attention") == []


def test_a_node_whose_last_word_is_older_than_a_week_is_not_todays_problem(world: World, server: int) -> None:
    world.cache.store(server, jobs(a_job(scheduled=on(10), said="Failed")), NOON)
    assert rows(world, "attention") == []


def test_a_node_that_has_moved_brings_no_verdict_on_the_days_of_its_old_owner(world: World) -> None:
    old, new = world.unit("Acme ApS"), world.unit("Bolt Logistik")
    made = world.server()
    world.nodes(made, "ACME-SQL01")
    world.assign_all([("ACME-SQL01", old, None, date(2026, 11, 22)), ("ACME-SQL01", new, date(2026, 11, 22), None)])
    world.cache.store(made, nodes(a_node()), NOON)
    world.cache.store(made, jobs(a_job(scheduled=on(21), said="Failed")), NOON)
    assert [row["status"] for row in world.run("nodes", new).rows.to_pylist()] == [int(Status.NONE)]
    assert world.run("attention", new).total == world.run("attention", old).total == 0


def test_a_silent_server_is_in_the_queue_since_it_fell_silent(world: World, server: int) -> None:
    world.swept(server, LATER, code="product-unreachable", problem="no answer", hint="Look.", has_data=False)
    (row,) = rows(world, "attention", now=LATER)
    told = (row["status"], row["name"], row["kind"], row["since"])
    assert told == (int(Status.UNKNOWN), "SPA01", "server", LATER.replace(tzinfo=None))


def test_a_server_that_nobody_has_asked_for_half_an_hour_is_silent_too(world: World, server: int) -> None:
    assert rows(world, "attention", now=NOON + timedelta(minutes=29)) == []
    (row,) = rows(world, "attention", now=NOON + timedelta(minutes=31))
    assert (row["name"], row["since"]) == ("SPA01", NOON.replace(tzinfo=None))


def test_a_full_pool_is_a_warning_as_long_as_its_server_answers(world: World, server: int) -> None:
    told = [a_row(POOLS, pool=pool, used_percent=used) for pool, used in (("A", 89.9), ("B", 90.0), ("C", None))]
    world.cache.store(server, observed(POOLS, told), NOON)
    (row,) = rows(world, "attention")
    assert (row["status"], row["name"], row["what"], row["kind"]) == (int(Status.WARNING), "B", "90% used", "pool")
    assert [row["kind"] for row in rows(world, "attention", now=LATER)] == ["server"]


# Days and counts.


def test_jobs_are_counted_by_status_the_worst_first(world: World, server: int) -> None:
    told = [a_job(said="Failed"), a_job("ACME-WEB04"), a_job("ACME-LX11"), a_job(scheduled=on(20))]
    world.cache.store(server, jobs(*told), NOON)
    found = rows(world, "job-counts", first=date(2026, 11, 21), last=date(2026, 11, 21))
    assert found == [{"status": int(Status.ERROR), "jobs": 1}, {"status": int(Status.OK), "jobs": 2}]
    assert rows(world, "job-counts") == [], "today nothing was scheduled"


@pytest.mark.parametrize(
    ("bad", "good", "status"),
    [(0, 100, Status.OK), (2, 98, Status.OK), (3, 97, Status.WARNING), (5, 95, Status.WARNING), (6, 94, Status.ERROR)],
)
def test_a_day_is_judged_by_its_share_of_good_jobs(
    world: World, server: int, bad: int, good: int, status: Status
) -> None:
    told = [a_job(scheduled=on(21), schedule=f"S{number}", said="Failed") for number in range(bad)]
    told += [a_job(scheduled=on(21), schedule=f"G{number}") for number in range(good)]
    world.cache.store(server, jobs(*told), NOON)
    (row,) = rows(world, "days", first=date(2026, 11, 21), last=date(2026, 11, 21))
    assert row == {"day": date(2026, 11, 21), "status": int(status), "jobs": 100, "bad": bad, "good": float(good)}


def test_every_day_has_a_row_and_one_that_has_not_ended_is_pending(world: World, server: int) -> None:
    world.cache.store(server, jobs(a_job(scheduled=on(20)), a_job(scheduled=on(22, 22), said="Future")), NOON)
    found = rows(world, "days", days=3)
    assert [(row["day"].day, row["status"], row["good"]) for row in found] == [
        (20, int(Status.OK), 100.0),
        (21, int(Status.NONE), None),
        (22, int(Status.PENDING), 100.0),
    ]


def test_what_is_stored_in_all_is_unknown_until_a_server_has_told(world: World, server: int) -> None:
    assert rows(world, "stored") == [{"stored": None, "files": None, "nodes": 3}]
    held = [
        a_row(OCCUPANCY, node=node, pool="A", type="Bkup", files=7, reporting_bytes=2**40)
        for node in ("ACME-SQL01", "ACME-WEB04")
    ]
    world.cache.store(server, observed(OCCUPANCY, held), NOON)
    assert rows(world, "stored") == [{"stored": 2 * 2**40, "files": 14, "nodes": 3}]


# A server's pools.


def test_the_pools_of_a_server_the_fullest_first(world: World, server: int) -> None:
    told = [
        a_row(POOLS, pool="A", pool_type="PRIMARY", capacity_bytes=1000, used_percent=25.0),
        a_row(POOLS, pool="B", pool_type="COPY", capacity_bytes=1000, used_percent=95.0),
    ]
    world.cache.store(server, observed(POOLS, told), NOON)
    full, other = rows(world, "server-pools", server="SPA01")
    unknown = {"growth": None, "runway": None, "basis": "1 of 7 days known"}
    assert full == {
        "status": 7,
        "pool": "B",
        "type": "COPY",
        "total": 1000,
        "used": 95.0,
        "free": 50,
        "history": "95.0",
        **unknown,
    }
    assert other == {
        "status": 2,
        "pool": "A",
        "type": "PRIMARY",
        "total": 1000,
        "used": 25.0,
        "free": 750,
        "history": "25.0",
        **unknown,
    }
    silent = rows(world, "server-pools", server="SPA01", now=LATER)
    assert [(row["status"], row["total"], row["used"], row["free"]) for row in silent] == [(6, None, None, None)] * 2
    assert rows(world, "server-pools", server="SPA02") == []


def test_a_server_has_its_fullest_pool_and_what_it_stores(world: World, server: int) -> None:
    told = [a_row(POOLS, pool=pool, used_percent=used) for pool, used in (("A", 25.0), ("B", 95.0))]
    world.cache.store(server, observed(POOLS, told), NOON)
    held = a_row(OCCUPANCY, node="ACME-SQL01", pool="A", type="Bkup", reporting_bytes=5)
    world.cache.store(server, observed(OCCUPANCY, [held]), NOON)
    known = {"volumes": 41, "sessions": 7, "licence": "Valid", "utc_offset_s": 3600}
    state = a_row(SERVER, name="SPA01", last_db_backup_local=on(22, 10), restarted_local=on(1), **known)
    world.cache.store(server, observed(SERVER, [state]), NOON)
    (row,) = rows(world, "servers")
    assert (row["status"], row["pool"], row["pool_used"], row["stored"]) == (int(Status.WARNING), "B", 95.0, 5)
    assert (row["volumes"], row["sessions"], row["licence"]) == (41, 7, "Valid")
    assert (row["db_backup"], row["restarted"]) == (datetime(2026, 11, 22, 9), datetime(2026, 11, 1, 0))


# One node.


def test_file_spaces_of_a_node_in_utc_and_without_a_disk_that_is_none(world: World, server: int) -> None:
    common = {"node": "ACME-SQL01", "utc_offset_s": 3600}
    told = [
        a_row(FILESPACES, **common, filespace="/a", capacity_bytes=100, used_percent=41.0, backup_start_local=on(21, 1),
              backup_end_local=on(21, 2)),
        a_row(FILESPACES, **common, filespace="/b", capacity_bytes=0, used_percent=0.0, backup_start_local=on(21, 3),
              backup_end_local=on(20, 3)),
        a_row(FILESPACES, node="ACME-WEB04", filespace="/other"),
    ]  # fmt: skip
    world.cache.store(server, observed(FILESPACES, told), NOON)
    whole, running = rows(world, "node-filespaces", node_id=1)
    assert (whole["capacity"], whole["used"], whole["took"]) == (100, 41.0, 3600)
    assert (whole["backup_start"], whole["backup_end"]) == (on(21, 0), on(21, 1))
    assert (running["filespace"], running["capacity"], running["used"], running["took"]) == ("/b", None, None, None)


def test_schedules_of_a_node_with_how_they_last_went(world: World, server: int) -> None:
    told = [
        a_row(SCHEDULES, node="ACME-SQL01", domain="PD_SQL", schedule=schedule, action="Incremental")
        for schedule in ("DAILY", "WEEKLY")
    ]
    world.cache.store(server, observed(SCHEDULES, told), NOON)
    world.cache.store(server, jobs(a_job(scheduled=on(20)), a_job(scheduled=on(21), said="Failed")), NOON)
    daily, weekly = rows(world, "node-schedules", node_id=1)
    assert (daily["status"], daily["last_run"]) == (int(Status.ERROR), datetime(2026, 11, 21, 1, 4))
    assert (weekly["schedule"], weekly["status"], weekly["last_run"]) == ("WEEKLY", int(Status.NONE), None)
    assert rows(world, "node-schedules", node_id=2) == []


def test_what_a_node_holds_in_each_pool(world: World, server: int) -> None:
    told = [
        a_row(OCCUPANCY, node="ACME-SQL01", pool=pool, type="Bkup", files=1, reporting_bytes=held)
        for pool, held in (("A", 1), ("B", 2))
    ]
    world.cache.store(server, observed(OCCUPANCY, told), NOON)
    assert [(row["pool"], row["stored"]) for row in rows(world, "node-occupancy", node_id=1)] == [("B", 2), ("A", 1)]


def test_the_last_jobs_of_a_node_the_newest_first(world: World, server: int) -> None:
    told = [a_job(scheduled=on(day)) for day in (19, 21, 20)]
    world.cache.store(server, jobs(*told, a_job("ACME-WEB04")), NOON)
    found = rows(world, "node-jobs", node_id=1)
    assert [row["day"].day for row in found] == [21, 20, 19]
    assert {row["node_id"] for row in found} == {1}
