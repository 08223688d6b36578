"""When servers are asked, and for what: no window leaves a gap, and failures are waited out with patience."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.collectors.pace import FIRST_LOOK, LOOK_AHEAD, OLDEST_OPEN, OVERLAP, paces, wait_after_failure, window
from cloutui.products.observation import KINDS
from cloutui.settings import CollectSettings

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

pause = st.timedeltas(min_value=timedelta(minutes=5), max_value=timedelta(days=400))


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


@pytest.mark.parametrize(
    ("last_sweep", "oldest_open", "since"),
    [
        (None, None, NOW - FIRST_LOOK),
        (None, ago(hours=1), NOW - FIRST_LOOK),
        (ago(minutes=5), None, ago(minutes=5) - OVERLAP),
        # A job that had not ended is asked for from its scheduled start on,
        (ago(minutes=5), ago(hours=20), ago(hours=20)),
        # but only so far back,
        (ago(minutes=5), ago(days=4), ago(minutes=5) - OLDEST_OPEN),
        # as seen from the last sweep: after a long pause it is asked for still.
        (ago(days=30), ago(days=30, hours=20), ago(days=30, hours=20)),
        (ago(days=30), ago(days=40), ago(days=30) - OLDEST_OPEN),
        # What is open and lies within the window, or before us, changes nothing.
        (ago(minutes=5), ago(minutes=30), ago(minutes=5) - OVERLAP),
        (ago(minutes=5), NOW + timedelta(hours=3), ago(minutes=5) - OVERLAP),
    ],
)
def test_from_when_on_a_server_is_asked(
    last_sweep: datetime | None, oldest_open: datetime | None, since: datetime
) -> None:
    found = window(NOW, last_sweep=last_sweep, oldest_open=oldest_open)
    assert found.since == since
    assert found.until == NOW + LOOK_AHEAD


@given(pauses=st.lists(pause, min_size=1, max_size=6))
def test_windows_overlap_whatever_the_pauses_between_them(pauses: list[timedelta]) -> None:
    now = NOW
    before = window(now, last_sweep=None, oldest_open=None)
    for between in pauses:
        last, now = now, now + between
        found = window(now, last_sweep=last, oldest_open=None)
        assert found.since <= last - OVERLAP
        assert found.since < before.until
        assert found.until > before.until
        before = found


@given(
    between=pause,
    scheduled=st.timedeltas(min_value=timedelta(), max_value=timedelta(days=2, hours=23)),
    ran=st.timedeltas(max_value=timedelta(days=400), min_value=timedelta(minutes=1)),
)
def test_a_job_that_ran_at_the_last_sweep_is_in_the_next_window(
    between: timedelta, scheduled: timedelta, ran: timedelta
) -> None:
    last = NOW
    start = last - scheduled
    found = window(last + between, last_sweep=last, oldest_open=start)
    assert found.since <= start < found.until


def test_a_window_seen_from_now_only_would_lose_that_job() -> None:
    """The negative control: what an earlier version did."""
    last, start = NOW, NOW - timedelta(hours=20)
    now = last + timedelta(days=30)
    assert max(start, now - OLDEST_OPEN) > start


@given(failures=st.integers(1, 10_000), first_s=st.integers(1, 86_400), seed=st.integers())
def test_the_wait_after_a_failure_is_bounded(failures: int, first_s: int, seed: int) -> None:
    wait = wait_after_failure(failures, first=timedelta(seconds=first_s), chance=random.Random(seed))
    assert timedelta(seconds=0.5) <= wait <= timedelta(hours=1)
    assert wait <= timedelta(minutes=15) or first_s > 6 * 3600


@pytest.mark.parametrize(
    ("failures", "longest_s"), [(1, 30), (2, 60), (3, 120), (4, 240), (5, 480), (6, 900), (7, 900), (100, 900)]
)
@pytest.mark.parametrize("every_s", [300, 3600])
def test_the_wait_doubles_and_is_spread(failures: int, longest_s: int, every_s: int) -> None:
    chance = random.Random(1)
    every = timedelta(seconds=every_s)
    waits = [wait_after_failure(failures, first=every, chance=chance).total_seconds() for _ in range(200)]
    assert longest_s / 2 <= min(waits) < longest_s * 0.55
    assert longest_s * 0.95 < max(waits) <= longest_s


def test_what_is_asked_once_a_day_waits_up_to_an_hour() -> None:
    chance = random.Random(1)
    waits = [wait_after_failure(20, first=timedelta(days=1), chance=chance).total_seconds() for _ in range(200)]
    assert 1800 <= min(waits) < 2000
    assert 3500 < max(waits) <= 3600


def test_a_quick_pace_is_not_slower_than_itself_after_one_failure() -> None:
    wait = wait_after_failure(1, first=timedelta(seconds=5), chance=random.Random(1))
    assert wait <= timedelta(seconds=5)


def test_every_kind_has_its_pace_and_inventory_comes_first() -> None:
    found = paces(CollectSettings(events_every_s=1, inventory_every_s=2, occupancy_every_s=3))
    assert [(pace.name, pace.every.total_seconds()) for pace in found] == [
        ("inventory", 2),
        ("events", 1),
        ("occupancy", 3),
    ]
    assert sorted(kind.name for pace in found for kind in pace.kinds) == sorted(KINDS)
