"""Numbers and times of servers in any language, and the price of one that cannot be read: its own row."""

# ruff: noqa: DTZ001 - these are moments of a server's own clock, which says no zone
from __future__ import annotations

from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloutui.products.storage_protect.parser import Field, parse
from cloutui.products.storage_protect.values import BIG, DECIMAL, INTEGER, TEXT, TIME, typed
from tests.rounds import rounds


def read(to: pa.DataType, *texts: str | None) -> list[object]:
    return typed(pa.array(texts, pa.string()), to).to_pylist()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("-9", -9),
        ("316000000", 316000000),
        ("11.765.672", 11765672),
        ("1,194,850", 1194850),
        ("1\u202f194\u202f850", 1194850),
        ("1\u00a0194", 1194),
        ("12.", 12),
        ("12.00", 12),
        ("12,00", 12),
        (" 12 ", 12),
        ("1.19.4", None),
        ("9223372036854775808", None),
        ("99999999999999999999999", None),
        ("1e5", None),
        ("١٢", None),
        ("", None),
        ("twelve", None),
    ],
)
def test_whole_numbers(text: str, number: int | None) -> None:
    assert read(BIG, text) == [number]


def test_a_result_that_is_too_large_is_unreadable() -> None:
    assert read(INTEGER, "2147483648", "2147483647") == [None, 2147483647]


@pytest.mark.parametrize(
    ("column", "numbers"),
    [
        (["59.94", "0.5"], [59.94, 0.5]),
        (["59,94", "0,5"], [59.94, 0.5]),
        (["1.194,50", "1.194"], [1194.5, 1194.0]),  # a column writes in one way
        (["11.765.672", "7"], [11765672.0, 7.0]),
        (["11.765.672,25"], [11765672.25]),
        (["1,194,850", "1,194.50"], [1194850.0, 1194.5]),
        (["1\u202f194,5"], [1194.5]),
        (["-59,94"], [-59.94]),
        (["nan", "1.5"], [None, 1.5]),
        (["inf", "-inf"], [None, None]),
        (["59,94", "lots"], [59.94, None]),
        ([".5", "5."], [0.5, 5.0]),
    ],
)
def test_decimals(column: list[str], numbers: list[float | None]) -> None:
    assert read(DECIMAL, *column) == numbers


@given(
    st.decimals(0, 10**10, places=2, allow_nan=False),
    st.sampled_from([(",", "."), (".", ","), ("\u202f", ","), ("", ","), ("", ".")]),
)
@settings(max_examples=rounds(100, soak=300), deadline=None)
def test_a_decimal_of_two_places_survives_every_language(number: object, marks: tuple[str, str]) -> None:
    grouping, mark = marks
    text = f"{number:,.2f}".replace(",", "\1").replace(".", "\2").replace("\1", grouping).replace("\2", mark)
    assert read(DECIMAL, text) == [float(str(number))]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-21 22:00:00.000000", datetime(2026, 11, 21, 22)),
        ("2026-11-21 22:00:00.123456", datetime(2026, 11, 21, 22, 0, 0, 123456)),
        ("2026-11-21 22:00:00", datetime(2026, 11, 21, 22)),
        ("2026-11-21 22:00:00.5", datetime(2026, 11, 21, 22, 0, 0, 500000)),
        ("2026-11-21 22:00:00.123456789", datetime(2026, 11, 21, 22, 0, 0, 123456)),
        ("2026-11-21-22.00.00.000000", datetime(2026, 11, 21, 22)),
        ("2026-02-30 22:00:00.000000", None),
        ("11/21/2026 22:00:00", None),
        ("2026-11-21 22:00:00.000000 UTC", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_times(text: str, moment: datetime | None) -> None:
    assert read(TIME, text) == [moment]


@given(st.lists(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)), max_size=20))
@settings(max_examples=100, deadline=None)
def test_every_time_is_read_back(moments: list[datetime]) -> None:
    assert read(TIME, *[moment.isoformat(" ", "microseconds") for moment in moments]) == moments


@pytest.mark.parametrize("bad", [0, 4095, 4096, 9999])
def test_one_bad_value_costs_one_row(bad: int) -> None:
    start = datetime(2026, 1, 1)
    lines = [f"N{i},{start + timedelta(minutes=i)},{i}" for i in range(10_000)]
    lines[bad] = f"N{bad},2026-99-01 00:00:00,{bad}"
    found = parse("\n".join(lines).encode(), [Field("n", TEXT), Field("t", TIME), Field("i", INTEGER)])
    assert found.bad_rows == 1
    assert found.table.num_rows == 9_999
    assert found.table["i"].to_pylist() == [i for i in range(10_000) if i != bad]


def test_two_bad_values_in_one_row_are_one_bad_row() -> None:
    found = parse(b"A,never,many\nB,2026-01-01 00:00:00,7\n", [Field("n", TEXT), Field("t", TIME), Field("i", BIG)])
    assert found.bad_rows == 1
    assert found.table["n"].to_pylist() == ["B"]
