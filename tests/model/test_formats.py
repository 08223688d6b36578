"""Numbers, sizes, times and ages as people read them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.model import formats

KIB, MIB, GIB, TIB = 2**10, 2**20, 2**30, 2**40
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
NOW = datetime(2026, 11, 22, 13, 52, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "0.98 KiB"),
        (1023, "1.00 KiB"),
        (812 * MIB, "812 MiB"),
        (round(4.12 * TIB), "4.12 TiB"),
        (round(41.9 * TIB), "41.9 TiB"),
        (612 * GIB, "612 GiB"),
        (1004 * GIB, "0.98 TiB"),
        (round(999.4 * MIB), "999 MiB"),
        (round(999.6 * MIB), "0.98 GiB"),
        (round(9.996 * GIB), "10.0 GiB"),
        (-5 * MIB, "-5.00 MiB"),
        (2**100, "1048576 YiB"),
    ],
)
def test_a_size_has_three_digits_and_never_a_thousand(count: int, text: str) -> None:
    assert formats.size(count) == text


@given(st.integers(min_value=0, max_value=2**80 - 1))
def test_every_size_is_short_and_close_to_the_truth(count: int) -> None:
    text = formats.size(count)
    number, unit = text.split()
    assert len(number) <= 4
    exponent = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB").index(unit)
    assert float(number) * 1024**exponent == pytest.approx(count, rel=0.0055, abs=0)


@pytest.mark.parametrize(
    ("count", "text"), [(round(4.44 * TIB), "4.44T"), (round(22.9 * GIB), "22.9G"), (17, "17"), (0, "0")]
)
def test_dense_sizes_fit_a_cell(count: int, text: str) -> None:
    assert formats.dense_size(count) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (4_529_984_118, "4,529,984,118 bytes (4.22 GiB)")],
)
def test_exact_sizes_leave_no_byte_out(count: int, text: str) -> None:
    assert formats.exact_size(count) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (9_999, "9,999"),
        (10_000, "10.0k"),
        (41_234, "41.2k"),
        (99_949, "99.9k"),
        (99_950, "100k"),
        (413_000, "413k"),
        (999_499, "999k"),
        (999_500, "1.0M"),
        (11_800_000, "11.8M"),
        (-41_234, "-41.2k"),
    ],
)
def test_counts_are_full_to_9999_and_short_beyond(number: int, text: str) -> None:
    assert formats.count(number) == text


@given(st.integers(min_value=0, max_value=10**14))
def test_a_short_count_is_never_wider_than_six(number: int) -> None:
    assert len(formats.count(number)) <= 6


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (22, "22nd"), (113, "113th")],
)
def test_ordinals(number: int, text: str) -> None:
    assert formats.ordinal(number) == text


def test_counts_with_nouns() -> None:
    assert formats.plural(1, "job") == "1 job"
    assert formats.plural(0, "job") == "0 jobs"
    assert formats.plural(2, "bad day") == "2 bad days"
    assert formats.plural(2, "entry", "entries") == "2 entries"
    assert formats.exact_count(41_234) == "41,234"


def test_percent_and_growth() -> None:
    assert formats.percent(0.61) == "61%"
    assert formats.percent(0.976, digits=1) == "97.6%"
    assert formats.growth(0.182) == "+18.2%"
    assert formats.growth(-0.001) == "-0.1%"
    assert formats.growth(0.0) == "±0"
    assert formats.growth(-0.0001) == "±0"


@pytest.mark.parametrize(
    ("seconds", "text", "dense"),
    [
        (0, "0s", "0s"),
        (18, "18s", "18s"),
        (18 * 60 + 7, "18m 07s", "18m"),
        (3 * 3600 + 5 * 60, "3h 05m", "3h"),
        (2 * 86400 + 4 * 3600, "2d 4h", "2d"),
        (-5, "0s", "0s"),
    ],
)
def test_durations(seconds: int, text: str, dense: str) -> None:
    assert formats.duration(seconds) == text
    assert formats.duration(timedelta(seconds=seconds)) == text
    assert formats.dense_duration(seconds) == dense


@given(st.integers(min_value=0, max_value=10**9))
def test_a_duration_never_shows_more_than_its_units_hold(seconds: int) -> None:
    parts = [(int(number), unit) for number, unit in re.findall(r"(\d+)([dhms])", formats.duration(seconds))]
    assert all(number < {"d": 10**9, "h": 24, "m": 60, "s": 60}[unit] for number, unit in parts)


def test_rates() -> None:
    assert formats.rate(round(84.1 * MIB) * 60, 60) == "84.1 MiB/s"
    assert formats.rate(5, 0) == ""


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=3), "3m"),
        (timedelta(hours=5), "5h"),
        (timedelta(days=13), "13d"),
        (timedelta(weeks=6), "6w"),
        (timedelta(days=80), "Thu 3 Sep"),
        (timedelta(days=400), "2025-10-18"),
        (-timedelta(seconds=30), "now"),
        (-timedelta(hours=6), "in 6h"),
    ],
)
def test_ages(ago: timedelta, text: str) -> None:
    assert formats.age(NOW - ago, NOW, COPENHAGEN) == text


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(0), "now"),
        (timedelta(minutes=3), "3 min ago"),
        (timedelta(hours=30), "30 h ago"),
        (timedelta(days=3), "3 days ago"),
    ],
)
def test_ages_as_a_phrase(ago: timedelta, text: str) -> None:
    assert formats.long_age(NOW - ago, NOW) == text


def test_times_are_as_short_as_they_stay_clear() -> None:
    assert formats.time(NOW, NOW, COPENHAGEN) == "14:52"
    assert formats.time(NOW - timedelta(days=1), NOW, COPENHAGEN) == "Sat 21 Nov 14:52"
    assert formats.time(NOW - timedelta(days=366), NOW, COPENHAGEN) == "2025-11-21"
    assert formats.clock(NOW, UTC) == "13:52"
    assert formats.exact_clock(NOW, UTC) == "13:52:00"
    assert formats.exact_time(NOW, COPENHAGEN) == "Sun 22 Nov 2026 14:52:00"


def test_today_is_the_day_of_the_readers_zone() -> None:
    # 23:30 UTC is already tomorrow in Copenhagen.
    assert formats.time(datetime(2026, 11, 21, 23, 30, tzinfo=UTC), NOW, COPENHAGEN) == "00:30"


def test_days() -> None:
    today = date(2026, 11, 22)
    assert formats.day(date(2026, 11, 21), today) == "Sat 21 Nov"
    assert formats.day(date(2025, 11, 21), today) == "2025-11-21"
    assert formats.long_day(today) == "Sun 22 Nov 2026"
    assert formats.month(today) == "Nov"
    assert formats.dense_day(today) == "22 Nov"


def test_zones_without_a_name_are_written_as_their_offset() -> None:
    assert formats.zone_name(NOW, COPENHAGEN) == "CET"
    assert formats.zone_name(NOW, UTC) == "UTC"
    assert formats.zone_name(NOW, timezone(timedelta(hours=-5))) == "UTC-05:00"
    assert formats.zone_name(NOW, ZoneInfo("America/Bogota")) == "UTC-5"
    assert formats.zone_name(NOW, ZoneInfo("Asia/Kathmandu")) == "UTC+5:45"
