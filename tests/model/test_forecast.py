"""The forecast: a line is found again, the band holds what it promises, and too little is said to be too little."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.model.forecast import LEAST_POINTS, fitted, forecast, student_quantile, why_none


def series(count: int, likeness: float, seed: int) -> list[float]:
    """A line with noise of deviation 1, each value's noise so like the one before's."""
    dice, noise, values = random.Random(seed), 0.0, []
    for place in range(count):
        noise = likeness * noise + dice.gauss(0, (1 - likeness**2) ** 0.5)
        values.append(100 + 0.5 * place + noise)
    return values


@given(st.floats(1, 1e6), st.floats(0, 1e4), st.integers(LEAST_POINTS, 60), st.data())
def test_a_straight_line_goes_on_whatever_is_missing_of_it(
    at_zero: float, per_step: float, count: int, data: st.DataObject
) -> None:
    missing = data.draw(st.sets(st.integers(0, count - 1), max_size=count - LEAST_POINTS))
    values = [None if place in missing else at_zero + per_step * place for place in range(count)]
    for place, expected in enumerate(forecast(values, 5), count):
        assert expected.value == pytest.approx(at_zero + per_step * place, rel=1e-6)
        assert expected.low == pytest.approx(expected.high, rel=1e-3)


def test_what_falls_is_not_expected_below_zero() -> None:
    expected = forecast([float(value) for value in range(20, 0, -1)], 30)[-1]
    assert (expected.value, expected.low, expected.high) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("likeness", [0.0, 0.3, 0.6, 0.8])
def test_the_band_holds_95_of_100_values_also_where_neighbours_are_alike(likeness: float) -> None:
    held = []
    for seed in range(150):
        values = series(120, likeness, seed)
        held += [
            expected.low <= value <= expected.high
            for expected, value in zip(forecast(values[:90], 30), values[90:], strict=True)
        ]
    assert 0.925 <= sum(held) / len(held) <= 0.975


def test_alike_neighbours_tell_less_than_their_number() -> None:
    apart, alike = fitted(series(90, 0.0, 1)), fitted(series(90, 0.8, 1))
    assert apart is not None
    assert alike is not None
    assert apart.worth > 60 > 20 > alike.worth


def test_a_forecast_is_less_sure_the_further_it_looks() -> None:
    widths = [expected.high - expected.low for expected in forecast(series(30, 0.0, 3), 60)]
    assert widths == sorted(widths)
    assert widths[-1] > 1.5 * widths[0]


def test_too_few_values_give_no_forecast() -> None:
    known: list[float | None] = [1.0] * (LEAST_POINTS - 1)
    assert forecast([*known, None, None], 10) == ()
    assert len(forecast([*known, 1.0], 10)) == 10
    assert why_none(9) == "no forecast: 9 of 14 values"


@pytest.mark.parametrize(("freedom", "value"), [(3, 3.1824), (5, 2.5706), (12, 2.1788), (30, 2.0423), (1000, 1.9623)])
def test_students_quantile_is_that_of_the_tables(freedom: int, value: float) -> None:
    assert student_quantile(freedom) == pytest.approx(value, rel=2e-3)
