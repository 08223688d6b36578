"""Jobs in the cache: one row a job, the right winner, the right day, the right unit."""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

import duckdb
import pyarrow as pa
import pytest

from cloutui.cache import jobs as cached_jobs
from cloutui.cache.incoming import Incoming, stamped
from cloutui.products.observation import JOBS
from tests.world import NOON, World, a_job, jobs


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


def test_what_a_job_moved_is_kept_when_the_server_does_not_tell_it_any_more(world: World) -> None:
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    world.cache.store(server, jobs(a_job(stored_bytes=4096)), NOON)
    world.cache.store(server, jobs(a_job(stored_bytes=None)), NOON + timedelta(hours=1))
    assert world.rows("SELECT bytes FROM job_event") == [(4096,)]
    assert world.rows("SELECT bytes FROM node_day") == [(4096,)]
    again = world.cache.store(server, jobs(a_job(stored_bytes=None)), NOON + timedelta(hours=2))
    assert again.changed == 0
    world.cache.store(server, jobs(a_job(stored_bytes=5000)), NOON + timedelta(hours=3))
    assert world.rows("SELECT bytes FROM job_event") == [(5000,)]


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


def test_what_a_server_forgot_is_remembered_over_any_number_of_sweeps(world: World) -> None:
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    for hour, said in enumerate(["Completed", "Started", "Future", "Uncertain"]):
        world.cache.store(server, jobs(a_job(said=said)), NOON + timedelta(hours=hour))
    # A server may say that a job that had ended runs again (Restarted): that is news. That it is Future is not.
    assert world.rows("SELECT server_status, was_ended FROM job_event") == [("Started", True)]


def test_the_rule_of_the_ended_job_is_what_keeps_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: without the rule in the statements, what a server forgot is forgotten here."""
    rule = "ORDER BY is_provisional AND was_ended, collected_at DESC"
    assert rule in cached_jobs._CONTEST
    monkeypatch.setattr(cached_jobs, "_CONTEST", cached_jobs._CONTEST.replace(rule, "ORDER BY collected_at DESC"))
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    world.cache.store(server, jobs(a_job(said="Failed"), a_job(said="Missed", schedule="WEEKLY")), NOON)
    # By way of the archive, as after a crash: `store` would not let the batch through.
    forgotten = jobs(a_job(said="Future"), a_job(said="Future", schedule="WEEKLY"))
    later = NOON + timedelta(days=11)
    world.cache.archive.write(JOBS, server, stamped(JOBS, forgotten.batch, later), later)
    world.cache.catch_up()
    assert world.rows("SELECT DISTINCT server_status FROM job_event") == [("Future",)]


@pytest.mark.parametrize("split", range(1, 4))
def test_merging_one_by_one_or_together_gives_the_same_winner(world: World, split: int) -> None:
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    parts = [
        stamped(JOBS, jobs(a_job(said=said)).batch, NOON + timedelta(hours=hour))
        for hour, said in enumerate(["Pending", "Started", "Failed", "Future"])
    ]
    for rows in (pa.concat_tables(parts[:split]), pa.concat_tables(parts[split:])):
        world.cache.database.write(partial(merge_alone, rows=Incoming(JOBS, server, rows)))
    assert world.rows("SELECT server_status, was_ended FROM job_event") == [("Failed", True)]


def merge_alone(con: duckdb.DuckDBPyConnection, rows: Incoming) -> None:
    cached_jobs.merge(con, rows)


def test_a_job_whose_start_was_corrected_by_a_day_is_still_one_job(world: World) -> None:
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    job = a_job(said="Started")
    world.cache.store(server, jobs(job), NOON)
    corrected = {**job, "scheduled_local": job["scheduled_local"] + timedelta(days=1), "server_status": "Restarted"}
    world.cache.store(server, jobs(corrected), NOON + timedelta(minutes=5))
    assert world.rows("SELECT day, server_status FROM job_event") == [(date(2026, 11, 22), "Restarted")]
    assert world.rows("SELECT day, jobs FROM node_day") == [(date(2026, 11, 22), 1)]


def test_a_job_of_a_node_that_no_record_knows_is_not_taken_in(world: World) -> None:
    server = world.server()
    assert world.cache.store(server, jobs(a_job("NOBODY")), NOON).changed == 0
    assert world.cache.archive.batches("jobs", server) == []


def test_a_unit_whose_day_moves_has_its_jobs_placed_anew(world: World) -> None:
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    world.cache.store(server, jobs(a_job(scheduled=datetime(2026, 11, 21, 1))), NOON)
    world.unit_setting(world.records.root_unit_id, "backup_day_start", "06:00")
    assert world.rows("SELECT day FROM job_event") == [(date(2026, 11, 20),)]
    assert world.rows("SELECT day FROM node_day") == [(date(2026, 11, 20),)]
