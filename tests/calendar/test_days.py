"""When a day of a unit is closed: by the clock on its own wall, and a while after."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.calendar.days import DayClock, closed_days

GRACE = timedelta(hours=12)
ZONES = ("Pacific/Auckland", "Europe/Copenhagen", "America/Los_Angeles", "UTC", "Pacific/Kiritimati")


def closed_at(zone: str, day: date, *, day_start_s: int = 0) -> datetime:
    """When that day closes, told once more: twelve hours after the next one begins on the unit's wall."""
    wall = datetime.combine(day + timedelta(days=1), datetime.min.time()) + timedelta(seconds=day_start_s)
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) + GRACE


@pytest.mark.parametrize(
    ("zone", "day", "closed"),
    [
        ("UTC", date(2026, 11, 21), datetime(2026, 11, 22, 12, tzinfo=UTC)),
        ("Europe/Copenhagen", date(2026, 11, 21), datetime(2026, 11, 22, 11, tzinfo=UTC)),
        ("Pacific/Auckland", date(2026, 11, 21), datetime(2026, 11, 21, 23, tzinfo=UTC)),
        ("America/Los_Angeles", date(2026, 11, 21), datetime(2026, 11, 22, 20, tzinfo=UTC)),
        # Nights in which clocks went forward or back: the day before, and the day itself, of 23 or 25 hours.
        ("Europe/Copenhagen", date(2026, 3, 28), datetime(2026, 3, 29, 11, tzinfo=UTC)),
        ("Europe/Copenhagen", date(2026, 3, 29), datetime(2026, 3, 30, 10, tzinfo=UTC)),
        ("Europe/Copenhagen", date(2026, 10, 24), datetime(2026, 10, 25, 10, tzinfo=UTC)),
        ("Europe/Copenhagen", date(2026, 10, 25), datetime(2026, 10, 26, 11, tzinfo=UTC)),
        ("Pacific/Auckland", date(2026, 4, 4), datetime(2026, 4, 4, 23, tzinfo=UTC)),
        ("Pacific/Auckland", date(2026, 4, 5), datetime(2026, 4, 6, 0, tzinfo=UTC)),
        ("Pacific/Auckland", date(2026, 9, 26), datetime(2026, 9, 27, 0, tzinfo=UTC)),
        ("Pacific/Auckland", date(2026, 9, 27), datetime(2026, 9, 27, 23, tzinfo=UTC)),
        ("America/Los_Angeles", date(2026, 3, 7), datetime(2026, 3, 8, 20, tzinfo=UTC)),
        ("America/Los_Angeles", date(2026, 3, 8), datetime(2026, 3, 9, 19, tzinfo=UTC)),
        ("America/Los_Angeles", date(2026, 10, 31), datetime(2026, 11, 1, 19, tzinfo=UTC)),
        ("America/Los_Angeles", date(2026, 11, 1), datetime(2026, 11, 2, 20, tzinfo=UTC)),
    ],
)
def test_a_day_closes_when_the_next_one_is_half_a_day_old_where_the_unit_is(
    zone: str, day: date, closed: datetime
) -> None:
    clock = DayClock(zone, 0, frozenset({7}))
    assert day in closed_days([clock], closed, GRACE, 3)
    assert day not in closed_days([clock], closed - timedelta(seconds=1), GRACE, 3)


@pytest.mark.parametrize(
    ("zone", "start", "day", "closed"),
    [
        # From 06:00 to 06:00: the hour that is lost or comes twice lies in the day before.
        ("Europe/Copenhagen", 6, date(2026, 3, 28), datetime(2026, 3, 29, 16, tzinfo=UTC)),
        ("Europe/Copenhagen", 6, date(2026, 10, 24), datetime(2026, 10, 25, 17, tzinfo=UTC)),
        ("Pacific/Auckland", 6, date(2026, 4, 4), datetime(2026, 4, 5, 6, tzinfo=UTC)),
        ("Pacific/Auckland", 6, date(2026, 9, 26), datetime(2026, 9, 27, 5, tzinfo=UTC)),
        ("America/Los_Angeles", 6, date(2026, 3, 7), datetime(2026, 3, 9, 1, tzinfo=UTC)),
        ("America/Los_Angeles", 6, date(2026, 10, 31), datetime(2026, 11, 2, 2, tzinfo=UTC)),
        ("Pacific/Auckland", 18, date(2026, 11, 21), datetime(2026, 11, 22, 17, tzinfo=UTC)),
    ],
)
def test_a_day_that_begins_at_another_hour_closes_by_that_hour(
    zone: str, start: int, day: date, closed: datetime
) -> None:
    clock = DayClock(zone, start * 3600, frozenset({7}))
    assert day in closed_days([clock], closed, GRACE, 3)
    assert day not in closed_days([clock], closed - timedelta(seconds=1), GRACE, 3)


@given(
    st.sampled_from(ZONES), st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(0, 86_399), st.integers(0, 86_400)
)
def test_no_day_closes_before_it_is_over(zone: str, day: date, day_start_s: int, wait_s: int) -> None:
    clock = DayClock(zone, day_start_s, frozenset({1}))
    closed = closed_at(zone, day, day_start_s=day_start_s)
    # Around a change of clocks the wall's hours are skipped or come twice: an hour is no matter.
    assert day not in closed_days([clock], closed - timedelta(hours=1, seconds=1 + wait_s), GRACE, 40)
    assert day in closed_days([clock], closed + timedelta(hours=1, seconds=wait_s), GRACE, 40)


def test_units_far_apart_close_the_same_day_at_different_times() -> None:
    east, west = DayClock("Pacific/Auckland", 0, frozenset({1})), DayClock("America/Los_Angeles", 0, frozenset({2}))
    found = closed_days([east, west], datetime(2026, 11, 22, 6, tzinfo=UTC), GRACE, 2)
    assert found == {
        date(2026, 11, 19): frozenset({2}),
        date(2026, 11, 20): frozenset({1, 2}),
        date(2026, 11, 21): frozenset({1}),
    }
