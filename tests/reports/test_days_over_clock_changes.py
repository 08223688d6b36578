"""A node's day is right where clocks change: units in Auckland, Copenhagen and Los Angeles, the nights of 2026."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloutui.cache.placing import LOCAL_DAY
from cloutui.model.backup_day import backup_day
from tests.rounds import rounds
from tests.world import NOON, World, a_job, a_node, jobs, nodes

AUCKLAND, COPENHAGEN, LOS_ANGELES = "Pacific/Auckland", "Europe/Copenhagen", "America/Los_Angeles"
ZONES = (AUCKLAND, COPENHAGEN, LOS_ANGELES)
HOUR = timedelta(hours=1)

CHANGES = (
    (AUCKLAND, date(2026, 4, 5), 25),
    (AUCKLAND, date(2026, 9, 27), 23),
    (COPENHAGEN, date(2026, 3, 29), 23),
    (COPENHAGEN, date(2026, 10, 25), 25),
    (LOS_ANGELES, date(2026, 3, 8), 23),
    (LOS_ANGELES, date(2026, 11, 1), 25),
)
"""Zone, day, and how many hours it has there. Source: the IANA time zone database."""


@pytest.fixture(params=[None, "Europe/Copenhagen"], ids=["a server in UTC", "a server in Copenhagen"])
def three_units(world: World, request: pytest.FixtureRequest) -> World:
    """A unit in each zone, with a node each on one server."""
    server = world.server(time_zone=request.param)
    world.nodes(server, *ZONES)
    world.cache.store(server, nodes(*(a_node(zone) for zone in ZONES)), datetime(2026, 1, 1, tzinfo=UTC))
    for zone in ZONES:
        unit = world.unit(zone)
        world.unit_setting(unit, "time_zone", zone)
        world.assign(zone, unit)
    return world


def ran(world: World, first: datetime, hours: int, server_zone: str) -> None:
    """A job of each node at half past every hour of the world. A server tells its own time."""
    moments = [first + HOUR * n + timedelta(minutes=30) for n in range(hours)]
    told = []
    for moment in moments:
        local = moment.astimezone(ZoneInfo(server_zone)).replace(tzinfo=None)
        # An hour that the server's clock shows twice has one name: its jobs are told apart by their schedules.
        told += [a_job(zone, local, schedule=f"AT {moment:%d %H}") for zone in ZONES]
    world.cache.store(1, jobs(*told), moments[-1] + timedelta(days=1))


def test_a_day_has_as_many_hours_as_the_clock_of_its_unit_gives_it(three_units: World) -> None:
    world = three_units
    [(server_zone,)] = world.rows("SELECT coalesce(time_zone, 'UTC') FROM server")
    for _, day, _ in CHANGES:
        ran(world, datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=2), 5 * 24, server_zone)
    rows = world.rows("SELECT native_key, day, d.jobs FROM node_day AS d JOIN data_source USING (data_source_id)")
    found = {(zone, day): count for zone, day, count in rows}
    changed = {(zone, day): hours for zone, day, hours in CHANGES}
    for _, day, _ in CHANGES:
        for zone in ZONES:
            for near in (day - timedelta(days=1), day, day + timedelta(days=1)):
                assert found[zone, near] == changed.get((zone, near), 24), (zone, near)


@pytest.mark.parametrize(
    ("zone", "moment", "day_start", "day"),
    [
        (AUCKLAND, "2026-04-04 10:59", "00:00", "2026-04-04"),
        (AUCKLAND, "2026-04-04 11:00", "00:00", "2026-04-05"),
        (AUCKLAND, "2026-04-05 11:59", "00:00", "2026-04-05"),  # midnight comes an hour later: a day of 25
        (AUCKLAND, "2026-04-05 12:00", "00:00", "2026-04-06"),
        (AUCKLAND, "2026-09-26 11:59", "00:00", "2026-09-26"),
        (AUCKLAND, "2026-09-27 10:59", "00:00", "2026-09-27"),
        (AUCKLAND, "2026-09-27 11:00", "00:00", "2026-09-28"),
        (AUCKLAND, "2026-09-26 16:59", "06:00", "2026-09-26"),  # 05:59 in summer time
        (AUCKLAND, "2026-09-26 17:00", "06:00", "2026-09-27"),
        (COPENHAGEN, "2026-10-24 21:59", "00:00", "2026-10-24"),
        (COPENHAGEN, "2026-10-24 22:00", "00:00", "2026-10-25"),
        (COPENHAGEN, "2026-10-25 22:59", "00:00", "2026-10-25"),
        (COPENHAGEN, "2026-10-25 23:00", "00:00", "2026-10-26"),
        (COPENHAGEN, "2026-10-25 04:59", "06:00", "2026-10-24"),  # 05:59 in winter time, 06:59 in summer's
        (COPENHAGEN, "2026-10-25 05:00", "06:00", "2026-10-25"),
        (COPENHAGEN, "2026-03-29 00:59", "02:30", "2026-03-28"),  # 01:59; half past two is never shown
        (COPENHAGEN, "2026-03-29 01:00", "02:30", "2026-03-29"),  # 03:00
        (LOS_ANGELES, "2026-03-08 07:59", "00:00", "2026-03-07"),
        (LOS_ANGELES, "2026-03-08 08:00", "00:00", "2026-03-08"),
        (LOS_ANGELES, "2026-03-09 06:59", "00:00", "2026-03-08"),
        (LOS_ANGELES, "2026-03-09 07:00", "00:00", "2026-03-09"),
        (LOS_ANGELES, "2026-11-01 06:59", "00:00", "2026-10-31"),
        (LOS_ANGELES, "2026-11-02 07:59", "00:00", "2026-11-01"),
        (LOS_ANGELES, "2026-11-02 08:00", "00:00", "2026-11-02"),
    ],
)
def test_on_which_day_a_moment_lies(zone: str, moment: str, day_start: str, day: str) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    hour, minute = map(int, day_start.split(":"))
    start_s = hour * 3600 + minute * 60
    assert placed([(at, zone, start_s)]) == [date.fromisoformat(day)]
    assert backup_day(at, zone, start_s) == date.fromisoformat(day)


NIGHTS = [
    # The hour that no clock shows: half past two is read as an hour later, on the same day.
    (AUCKLAND, "2026-09-27", "02:30", "03:35", "03:55", "26 14:30", "26 14:35", "26 14:55"),
    (COPENHAGEN, "2026-03-29", "02:30", "03:35", "03:55", "29 01:30", "29 01:35", "29 01:55"),
    (LOS_ANGELES, "2026-03-08", "02:30", "03:35", "03:55", "08 10:30", "08 10:35", "08 10:55"),
    # A job through it took as long as it took: not an hour more.
    (COPENHAGEN, "2026-03-29", "01:30", "01:45", "03:05", "29 00:30", "29 00:45", "29 01:05"),
    # The hour that clocks show twice is read as the second of the two.
    (AUCKLAND, "2026-04-05", "02:30", "02:35", "02:55", "04 14:30", "04 14:35", "04 14:55"),
    (COPENHAGEN, "2026-10-25", "02:30", "02:35", "02:55", "25 01:30", "25 01:35", "25 01:55"),
    (LOS_ANGELES, "2026-11-01", "01:30", "01:35", "01:55", "01 09:30", "01 09:35", "01 09:55"),
    (COPENHAGEN, "2026-10-25", "01:30", "01:35", "03:05", "24 23:30", "24 23:35", "25 02:05"),
    # But nothing ends before it began, and nothing begins before it is due: then that was in the first.
    (AUCKLAND, "2026-04-05", "02:45", "02:50", "02:10", "04 13:45", "04 13:50", "04 14:10"),
    (COPENHAGEN, "2026-10-25", "02:45", "02:50", "02:10", "25 00:45", "25 00:50", "25 01:10"),
    (LOS_ANGELES, "2026-11-01", "01:45", "01:50", "01:10", "01 08:45", "01 08:50", "01 09:10"),
    (COPENHAGEN, "2026-10-25", "02:45", "02:05", "02:25", "25 00:45", "25 01:05", "25 01:25"),
    # A clock that was put back by hand is another matter: what it said is kept.
    (COPENHAGEN, "2026-10-25", "04:30", "04:50", "04:10", "25 03:30", "25 03:50", "25 03:10"),
]
"""Zone, date, and what a server's clock showed when a job was due, began and ended; the same in UTC, with the date."""


def test_jobs_of_the_hour_that_is_lost_and_of_the_one_that_comes_twice(world: World) -> None:
    for place, zone in enumerate(ZONES):
        unit, server = world.unit(zone), world.server(f"SPA0{place}", time_zone=zone)
        world.unit_setting(unit, "time_zone", zone)
        world.nodes(server, zone)
        world.assign(zone, unit)
        told = [
            a_job(zone, local(day, due), schedule=f"{number:02}")
            | {"started_local": local(day, started), "ended_local": local(day, ended)}
            for number, (where, day, due, started, ended, *_) in enumerate(NIGHTS)
            if where == zone
        ]
        world.cache.store(server, jobs(*told), NOON)
    found = world.rows("SELECT day, scheduled_at, started_at, ended_at FROM job_event ORDER BY schedule")
    for (zone, day, *_, due, started, ended), row in zip(NIGHTS, found, strict=True):
        expected = [datetime.fromisoformat(f"{day[:8]}{moment}") for moment in (due, started, ended)]
        assert row == (date.fromisoformat(day), *expected), (zone, day)


def local(day: str, time: str) -> datetime:
    return datetime.fromisoformat(f"{day} {time}")


moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)).map(lambda naive: naive.replace(tzinfo=UTC))  # noqa: DTZ001
near = st.builds(
    lambda change, hours: datetime.combine(change[1], datetime.min.time(), UTC) + timedelta(hours=hours),
    st.sampled_from(CHANGES),
    st.floats(-40, 40),
)
asked = st.tuples(near | moments, st.sampled_from((*ZONES, "UTC", "Asia/Kathmandu")), st.integers(0, 24 * 4 - 1))


@settings(max_examples=rounds(15, soak=400), deadline=None)
@given(told=st.lists(asked, min_size=20, max_size=60))
def test_the_cache_places_every_moment_as_the_model_does(told: list[tuple[datetime, str, int]]) -> None:
    asked_for = [(at.replace(microsecond=0), zone, quarter * 900) for at, zone, quarter in told]
    assert placed(asked_for) == [backup_day(*one) for one in asked_for]


starts = st.integers(0, 3_600) | st.integers(3 * 3_600, 86_399)
"""Of days. At a time that the clock shows twice, as from 01:00 to 03:00 in these zones, a day would begin twice."""


@settings(max_examples=rounds(10, soak=200), deadline=None)
@given(zone=st.sampled_from(ZONES), first=st.dates(date(2024, 1, 1), date(2028, 1, 1)), start_s=starts)
def test_days_follow_each_other_without_a_gap_and_all_have_their_hours(zone: str, first: date, start_s: int) -> None:
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC)
    days = [backup_day(begin + timedelta(minutes=15 * n), zone, start_s) for n in range(4 * 24 * 9)]
    assert {(later - earlier).days for earlier, later in pairwise(days)} == {0, 1}
    quarters = Counter(days)
    assert {quarters[day] for day in sorted(quarters)[1:-1]} <= {4 * 23, 4 * 24, 4 * 25}


@cache
def _database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def placed(told: list[tuple[datetime, str, int]]) -> list[date]:
    """What the cache's SQL makes of moments, zones and starts of the day."""
    rows = [f"({n}, TIMESTAMP '{at:%Y-%m-%d %H:%M:%S}', '{zone}', {start})" for n, (at, zone, start) in enumerate(told)]
    found = _database().execute(
        f"SELECT {LOCAL_DAY} FROM (VALUES {', '.join(rows)}) AS o(n, anchor, time_zone, day_start_s) ORDER BY n"
    )
    return [day for (day,) in found.fetchall()]
