"""How a word is read for each kind of column, and what is said of one that cannot be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.model import formats
from cloutui.model.filter.problem import BadFilter, Place
from cloutui.model.filter.tree import Text
from cloutui.model.filter.values import Age, Clock, Reading, Span, read
from cloutui.model.status import Status
from cloutui.model.table import Kind

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
CLOCK = Clock(now=NOW, today=date(2026, 11, 21), zone=COPENHAGEN)
"""The backup day begins at 06:00 there, so that it is still yesterday's."""


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


READ: list[tuple[Kind, str, Reading]] = [
    (Kind.STATUS, "warning", Span(Status.WARNING)),
    (Kind.STATUS, "Failed", Span(Status.ERROR)),
    (Kind.BYTES, "0", Span(0)),
    (Kind.BYTES, "500B", Span(500)),
    (Kind.BYTES, "10GB", Span(10**10)),
    (Kind.BYTES, "10gb", Span(10**10)),
    (Kind.BYTES, "10GiB", Span(10 * 2**30)),
    (Kind.BYTES, "10G", Span(10 * 2**30)),
    (Kind.BYTES, "1.5T", Span(3 * 2**39)),
    (Kind.BYTES, "4.12 TiB", Span(round(4.12 * 2**40))),
    (Kind.BYTES, "1PiB", Span(2**50)),
    (Kind.BYTES, "-1k", Span(-1024)),
    (Kind.COUNT, "12", Span(12)),
    (Kind.COUNT, "1.5k", Span(1500)),
    (Kind.COUNT, "+3M", Span(3_000_000)),
    (Kind.PERCENT, "80%", Span(80.0)),
    (Kind.PERCENT, "97.6", Span(97.6)),
    (Kind.PERCENT, "-5%", Span(-5.0)),
    (Kind.DURATION, "90s", Span(90)),
    (Kind.DURATION, "1h30m", Span(5400)),
    (Kind.DURATION, "1h 30m", Span(5400)),
    (Kind.DURATION, "2D", Span(172_800)),
    (Kind.AGE, "2d", Age(utc(2026, 11, 20, 1, 30))),
    (Kind.TIME, "4h", Age(utc(2026, 11, 21, 21, 30))),
    (Kind.TIME, "1w", Age(utc(2026, 11, 15, 1, 30))),
    (Kind.DAY, "7d", Age(utc(2026, 11, 14))),
    (Kind.DAY, "today", Span(date(2026, 11, 21))),
    (Kind.DAY, "2026-11-21", Span(date(2026, 11, 21))),
    # The clock on the wall says the 22nd there.
    (Kind.TIME, "today", Span(utc(2026, 11, 21, 23), utc(2026, 11, 22, 23))),
    (Kind.TIME, "2026-11-21", Span(utc(2026, 11, 20, 23), utc(2026, 11, 21, 23))),
    (Kind.TIME, "2026-11-21T14:30", Span(utc(2026, 11, 21, 13, 30), utc(2026, 11, 21, 13, 31))),
    (Kind.TIME, "2026-11-21 14:30:05", Span(utc(2026, 11, 21, 13, 30, 5), utc(2026, 11, 21, 13, 30, 6))),
    (Kind.TIME, "2026-11-21T14:30Z", Span(utc(2026, 11, 21, 14, 30), utc(2026, 11, 21, 14, 31))),
    # The days on which the clocks change have 23 and 25 hours.
    (Kind.TIME, "2026-03-29", Span(utc(2026, 3, 28, 23), utc(2026, 3, 29, 22))),
    (Kind.TIME, "2026-10-25", Span(utc(2026, 10, 24, 22), utc(2026, 10, 25, 23))),
]


@pytest.mark.parametrize(("kind", "word", "meaning"), READ)
def test_a_word_is_read_by_the_kind_of_its_column(kind: Kind, word: str, meaning: Reading) -> None:
    assert read(kind, Text(word), CLOCK) == meaning


REFUSED = [
    (Kind.BYTES, "10XB", "size"),
    (Kind.BYTES, "GB", "size"),
    (Kind.BYTES, "1,000", "size"),
    (Kind.BYTES, "10%", "size"),
    (Kind.BYTES, "9E", "size"),
    (Kind.BYTES, "1" * 5000, "size"),
    (Kind.BYTES, "\u0661", "size"),
    (Kind.COUNT, "1.5", "whole number"),
    (Kind.COUNT, "1GB", "whole number"),
    (Kind.COUNT, "1e3", "whole number"),
    (Kind.PERCENT, "5k", "percentage"),
    (Kind.DURATION, "90", "span"),
    (Kind.DURATION, "1y", "span"),
    (Kind.DURATION, "99999999d", "span"),
    (Kind.DURATION, "", "span"),
    (Kind.AGE, "soon", "date or age"),
    (Kind.TIME, "2026-02-30", "date or age"),
    (Kind.TIME, "1026-02-03", "date or age"),
    (Kind.TIME, "20261121", "date or age"),
    (Kind.TIME, "2026-11-21T25:00", "date or age"),
    (Kind.TIME, "2026-11-21T10:60", "date or age"),
    (Kind.DAY, "2026-11-21T10:00", "day or age"),
]


@pytest.mark.parametrize(("kind", "word", "what"), REFUSED)
def test_a_word_that_means_nothing_is_refused_with_examples(kind: Kind, word: str, what: str) -> None:
    with pytest.raises(BadFilter, match=what) as caught:
        read(kind, Text(word, at=Place(3, 9)), CLOCK)
    assert caught.value.at == (3, 9)
    assert caught.value.hint.startswith("Write it as")


def test_a_wrong_status_is_answered_with_the_nearest() -> None:
    with pytest.raises(BadFilter) as caught:
        read(Kind.STATUS, Text("warnin"), CLOCK)
    assert caught.value.nearest == "warning"
    assert caught.value.hint.startswith("Did you mean “warning”? Statuses: error, missed,")


@given(st.sampled_from([kind for kind in Kind if kind not in {Kind.TEXT, Kind.STATUSES}]), st.text(max_size=30))
def test_any_word_is_read_or_refused(kind: Kind, word: str) -> None:
    try:
        read(kind, Text(word), CLOCK)
    except BadFilter:
        return


@given(st.integers(0, 2**62))
def test_a_size_as_it_is_shown_is_read_as_nearly_that_size(count: int) -> None:
    for shown in (formats.size(count), formats.dense_size(count)):
        meaning = read(Kind.BYTES, Text(shown), CLOCK)
        assert isinstance(meaning, Span)
        # Three digits are shown.
        assert abs(meaning.least - count) <= count * 0.0051 + 1


@given(st.integers(0, 10**6))
def test_a_duration_as_it_is_shown_is_read_as_nearly_that_duration(seconds: int) -> None:
    meaning = read(Kind.DURATION, Text(formats.duration(seconds)), CLOCK)
    assert isinstance(meaning, Span)
    assert timedelta(0) <= timedelta(seconds=seconds - meaning.least) < timedelta(hours=1)
