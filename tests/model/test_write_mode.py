"""How long write mode lasts, and what ends it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.errors import Invalid
from cloutui.model.write_mode import IDLE, MINUTES, begin, chip

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


@given(st.sampled_from(MINUTES), st.lists(st.integers(0, 599), max_size=20))
def test_it_never_outlasts_its_time_however_busy_one_is(minutes: int, pauses: list[int]) -> None:
    mode, now = begin("SRQ-8812", minutes, NOW), NOW
    for pause in pauses:
        now += timedelta(seconds=pause)
        mode = mode.touched(now)
        assert mode.is_on(now) == (now < NOW + timedelta(minutes=minutes))


def test_who_touches_nothing_for_a_while_only_reads_again_even_if_they_come_back() -> None:
    mode = begin("SRQ-8812", 60, NOW)
    later = NOW + IDLE
    assert mode.is_on(later - timedelta(seconds=1))
    assert not mode.is_on(later)
    assert not mode.touched(later).is_on(later)


def test_it_holds_for_the_customer_it_was_begun_for() -> None:
    assert begin("SRQ-8812", 15, NOW, customer=7).allows(7)
    assert not begin("SRQ-8812", 15, NOW, customer=7).allows(8)
    assert begin("SRQ-8812", 15, NOW).allows(8)


@pytest.mark.parametrize(("reason", "minutes"), [("", 15), ("  \n", 15), ("x" * 201, 15), ("SRQ-8812", 240)])
def test_without_a_reason_or_with_a_time_of_ones_own_it_does_not_begin(reason: str, minutes: int) -> None:
    with pytest.raises(Invalid):
        begin(reason, minutes, NOW)


@pytest.mark.parametrize(
    ("after_s", "said"), [(0, "WRITE 15m"), (61, "WRITE 13m"), (870, "WRITE 30s"), (899, "WRITE 10s"), (900, "READ")]
)
def test_the_chip_says_what_is_left(after_s: int, said: str) -> None:
    now = NOW + timedelta(seconds=after_s)
    mode = begin("SRQ-8812", 15, NOW).touched(NOW + timedelta(seconds=min(after_s, 599))).touched(now)
    assert chip(mode, now, may_write=True) == said


def test_who_may_change_nothing_is_told_so() -> None:
    assert chip(None, NOW, may_write=False) == "READ-ONLY"
    assert chip(None, NOW, may_write=True) == "READ"
