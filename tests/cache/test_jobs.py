"""Jobs in the cache: one row a job, the right winner, the right day, the right unit."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloutui.cache.cache import open_cache
from tests.world import NOON, World, a_job, jobs

NAMES = ("ACME-SQL01", "KS-FILE03")


def test_a_job_that_ran_and_then_ended_is_one_job(world: World) -> None:
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    world.cache.store(server, jobs(a_job(said="Started")), NOON)
    world.cache.store(server, jobs(a_job(said="Completed")), NOON + timedelta(minutes=5))
    assert world.rows("SELECT server_status, status FROM job_event") == [("Completed", 2)]
    assert world.rows("SELECT day, worst, jobs FROM node_day") == [(date(2026, 11, 21), 2, 1)]


def test_the_same_observation_twice_changes_nothing_and_archives_nothing(world: World) -> None:
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    first = world.cache.store(server, jobs(a_job(), a_job(said="Missed", schedule="WEEKLY")), NOON)
    again = world.cache.store(server, jobs(a_job(), a_job(said="Missed", schedule="WEEKLY")), NOON + timedelta(hours=1))
    assert (first.changed, again.changed) == (2, 0)
    assert len(world.cache.archive.batches("jobs", server)) == 1


@pytest.mark.parametrize("said", ["Future", "Pending", "Uncertain"])
def test_what_a_server_forgot_does_not_undo_what_it_said(world: World, said: str) -> None:
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    world.cache.store(server, jobs(a_job(said="Failed")), NOON)
    stored = world.cache.store(server, jobs(a_job(said=said)), NOON + timedelta(days=11))
    assert stored.changed == 0
    assert world.rows("SELECT server_status FROM job_event") == [("Failed",)]


def test_uncertain_replaces_what_had_not_ended(world: World) -> None:
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    world.cache.store(server, jobs(a_job(said="Started")), NOON)
    world.cache.store(server, jobs(a_job(said="Uncertain")), NOON + timedelta(days=11))
    assert world.rows("SELECT server_status FROM job_event") == [("Uncertain",)]


def test_a_day_shows_the_worst_of_its_jobs(world: World) -> None:
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    evening = datetime(2026, 11, 21, 22)
    world.cache.store(server, jobs(a_job(), a_job(said="Failed", scheduled=evening)), NOON)
    assert world.rows("SELECT day, worst, jobs, bad FROM node_day") == [(date(2026, 11, 21), 9, 2, 1)]


@pytest.mark.parametrize(
    ("zone", "day_start", "scheduled", "day"),
    [
        ("UTC", "00:00", datetime(2026, 11, 21, 23, 30), date(2026, 11, 21)),
        ("Europe/Copenhagen", "00:00", datetime(2026, 11, 21, 23, 30), date(2026, 11, 22)),
        ("Pacific/Auckland", "00:00", datetime(2026, 11, 21, 11, 30), date(2026, 11, 22)),
        ("America/Los_Angeles", "00:00", datetime(2026, 11, 21, 7, 30), date(2026, 11, 20)),
        ("UTC", "06:00", datetime(2026, 11, 21, 5, 59), date(2026, 11, 20)),
        ("UTC", "06:00", datetime(2026, 11, 21, 6, 0), date(2026, 11, 21)),
        # The night in which Copenhagen's clocks go back: 23:30 UTC is still 00:30 of the 25th, 22:30 UTC too late.
        ("Europe/Copenhagen", "00:00", datetime(2026, 10, 24, 22, 30), date(2026, 10, 25)),
        ("Europe/Copenhagen", "00:00", datetime(2026, 10, 25, 22, 30), date(2026, 10, 25)),
    ],
)
def test_a_jobs_day_is_its_scheduled_start_in_the_owning_units_zone(
    world: World, zone: str, day_start: str, scheduled: datetime, day: date
) -> None:
    unit = world.unit("Acme ApS")
    world.unit_setting(unit, "time_zone", zone)
    world.unit_setting(unit, "backup_day_start", day_start)
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    world.assign("ACME-SQL01", unit)
    world.cache.store(server, jobs(a_job(scheduled=scheduled)), NOON)
    assert world.rows("SELECT day FROM job_event") == [(day,)]


def test_server_time_becomes_utc_by_the_offset_that_the_server_gave(world: World) -> None:
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    world.cache.store(server, jobs(a_job(scheduled=datetime(2026, 11, 21, 1, 0), offset_s=-5 * 3600)), NOON)
    assert world.rows("SELECT scheduled_at FROM job_event") == [(datetime(2026, 11, 21, 6, 0),)]


def test_a_configured_zone_knows_when_clocks_changed(world: World) -> None:
    server = world.server(time_zone="Europe/Copenhagen")
    world.nodes(server, "ACME-SQL01")
    summer, winter = datetime(2026, 10, 24, 20, 0), datetime(2026, 10, 26, 20, 0)
    world.cache.store(
        server, jobs(a_job(scheduled=summer, offset_s=3600), a_job(scheduled=winter, offset_s=3600)), NOON
    )
    found = world.rows("SELECT scheduled_at FROM job_event ORDER BY 1")
    assert found == [(datetime(2026, 10, 24, 18, 0),), (datetime(2026, 10, 26, 19, 0),)]


def test_a_node_that_moves_leaves_its_history_with_the_unit_that_owned_it(world: World) -> None:
    old, new = world.unit("Acme ApS"), world.unit("Bolt Logistik")
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    before, after = datetime(2026, 11, 19, 1), datetime(2026, 11, 21, 1)
    world.cache.store(server, jobs(a_job(scheduled=before), a_job(scheduled=after)), NOON)
    world.assign("ACME-SQL01", old, valid_to=date(2026, 11, 20))
    world.assign("ACME-SQL01", new, valid_from=date(2026, 11, 20))
    expected = [(date(2026, 11, 19), old), (date(2026, 11, 21), new)]
    assert world.rows("SELECT day, unit_id FROM job_event ORDER BY day") == expected
    assert world.rows("SELECT day, unit_id FROM node_day ORDER BY day") == expected


def test_what_is_assigned_to_nobody_counts_to_its_servers_unit(world: World) -> None:
    unit = world.unit("Havn Energi")
    server = world.server(unit=unit)
    world.nodes(server, "ACME-SQL01")
    world.cache.store(server, jobs(a_job()), NOON)
    assert world.rows("SELECT unit_id FROM job_event") == [(unit,)]


SAID = st.sampled_from(["Future", "Pending", "Started", "Completed", "Failed", "Missed", "Uncertain"])
SWEEP = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(1, 3), SAID), max_size=6)


def everything(world: World) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table: sorted(world.rows(f"SELECT * FROM {table}"), key=repr) for table in ("job_event", "node_day", "owner")
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sweeps=st.lists(SWEEP, min_size=1, max_size=5))
def test_rebuilding_from_the_archive_gives_an_equal_cache(
    tmp_path_factory: pytest.TempPathFactory, sweeps: list[list[tuple[str, int, str]]]
) -> None:
    world = World(tmp_path_factory.mktemp("world"))
    server = world.server()
    world.nodes(server, *NAMES)
    for n, sweep in enumerate(sweeps):
        rows = {(name, day): a_job(name, datetime(2026, 11, day, 1), said) for name, day, said in sweep}
        world.cache.store(server, jobs(*rows.values()), NOON + timedelta(hours=n))
    before = everything(world)
    world.cache.close()
    (world.home / "cache.duckdb").unlink()
    world.cache = open_cache(world.home, world.records)
    assert everything(world) == before
    world.close()
