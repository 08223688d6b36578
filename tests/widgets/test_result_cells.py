"""What stands in a cell, by kind."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.model.status import Status
from cloutui.model.table import Column, Kind
from cloutui.widgets.glyphs import ASCII, FULL
from cloutui.widgets.result_cells import Writing, growth, status_word, write
from cloutui.widgets.result_copy import exact

NOW = datetime(2026, 11, 22, 13, 52, tzinfo=UTC)
WRITING = Writing(glyphs=FULL, now=NOW, zone=timezone(timedelta(hours=1)))


def written(kind: Kind, value: Any, status: Status | None = None) -> str:
    return write(Column(name="c", kind=kind), value, status, WRITING).text


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (Kind.TEXT, "Øresund", "Øresund"),
        (Kind.TEXT, True, "yes"),
        (Kind.TEXT, 8, "8"),
        (Kind.BYTES, 4_529_984_118, "4.22 GiB"),
        (Kind.BYTES, Decimal(1024), "1.00 KiB"),
        (Kind.COUNT, 41_234, "41.2k"),
        (Kind.PERCENT, 60.6, "61%"),
        (Kind.DURATION, 1087, "18m 07s"),
        (Kind.DURATION, timedelta(hours=3, minutes=5), "3h 05m"),
        (Kind.TIME, datetime(2026, 11, 22, 8, 0, tzinfo=UTC), "09:00"),
        (Kind.TIME, datetime(2026, 11, 21, 13, 52), "Sat 21 Nov 14:52"),  # noqa: DTZ001 Arrow gives both
        (Kind.DAY, date(2026, 11, 21), "Sat 21 Nov"),
        (Kind.AGE, NOW - timedelta(hours=5), "5h"),
        (Kind.STATUS, 9, "× Failed"),
        (Kind.STATUS, 77, "? Unknown"),
        (Kind.STATUSES, [2, 9, 0], "●×·"),
    ],
)
def test_a_value_is_written_as_people_write_it(kind: Kind, value: Any, text: str) -> None:
    assert written(kind, value) == text


@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_missing_looks_like_it_and_on_an_unknown_row_is_unknown(kind: Kind) -> None:
    assert written(kind, None) == ("·" if kind is Kind.TEXT else "-")
    assert written(kind, None, Status.UNKNOWN) == "?"


@pytest.mark.parametrize("kind", list(Kind))
@given(
    value=st.text(max_size=8) | st.floats() | st.integers() | st.booleans() | st.datetimes() | st.dates() | st.binary()
)
def test_a_value_that_is_not_what_its_kind_says_is_shown_and_harmless(kind: Kind, value: Any) -> None:
    steering = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not steering & {unicodedata.category(char) for char in written(kind, value)}
    assert not steering & {unicodedata.category(char) for char in exact(Column(name="c", kind=Kind.TEXT), value)}


def test_growth_is_always_signed() -> None:
    ascii_writing = Writing(glyphs=ASCII, now=NOW, zone=UTC)
    assert [growth(value, None, WRITING).text for value in (18.2, -0.1, 0)] == ["+18.2%", "-0.1%", "±0"]
    assert growth(0, None, ascii_writing).text == "+/-0"


def test_an_age_is_loud_only_on_a_row_with_a_problem_and_from_two_days_on() -> None:
    def role(status: Status, days: float) -> str:
        return write(Column(name="c", kind=Kind.AGE), NOW - timedelta(days=days), status, WRITING).role

    assert role(Status.MISSED, 2) == "error"
    assert role(Status.MISSED, 1.9) == "muted"
    assert role(Status.OK, 30) == "muted"


@pytest.mark.parametrize(
    ("status", "detail", "word"),
    [
        (Status.ERROR, 12, "Failed 12"),
        (Status.ERROR, 0, "Failed"),
        (Status.OK, 4, "OK"),
        (Status.WARNING, "Limit 90%", "Limit 90%"),
        (Status.OK, None, "OK"),
        (Status.OK, "", "OK"),
    ],
)
def test_the_word_of_a_status_says_more_when_more_is_known(status: Status, detail: Any, word: str) -> None:
    assert status_word(status, detail) == word
