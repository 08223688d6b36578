"""Days in weeks and months: each day is in exactly one step, and steps follow each other without a gap."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.model.step import Step

DAYS = st.dates(date(2, 1, 1), date(9998, 12, 31))
ONE_DAY = timedelta(days=1)


@given(DAYS, st.sampled_from(Step))
def test_a_day_is_in_the_step_that_begins_and_ends_around_it(day: date, step: Step) -> None:
    first, last = step.first_of(day), step.last_of(day)
    assert first <= day <= last
    assert {step.first_of(first), step.first_of(last)} == {first}
    assert step.first_of(last + ONE_DAY) == last + ONE_DAY
    assert step.last_of(first - ONE_DAY) == first - ONE_DAY


@given(DAYS)
def test_weeks_and_months_are_those_of_the_calendar(day: date) -> None:
    assert Step.WEEK.first_of(day) == date.fromisocalendar(*day.isocalendar()[:2], 1)
    first = Step.MONTH.first_of(day)
    assert (first.year, first.month, first.day) == (day.year, day.month, 1)


@given(DAYS, st.sampled_from(Step), st.integers(-11, 11))
def test_going_on_and_back_comes_back(day: date, step: Step, by: int) -> None:
    assert step.moved(step.moved(day, by), -by) == step.first_of(day)
    assert step.moved(day, 1) == step.last_of(day) + ONE_DAY


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 800), st.sampled_from(Step))
def test_the_steps_of_a_span_hold_each_of_its_days(first: date, length: int, step: Step) -> None:
    days = [first + timedelta(days=n) for n in range(length + 1)]
    assert step.firsts(days[0], days[-1]) == sorted({step.first_of(day) for day in days})


@pytest.mark.parametrize(
    ("step", "day", "words", "short"),
    [
        (Step.DAY, date(2026, 11, 21), "Sat 21 Nov", "21 Nov"),
        (Step.WEEK, date(2026, 11, 21), "week 47, 16 - 22 Nov", "week 47"),
        (Step.WEEK, date(2027, 1, 1), "week 53, 28 Dec - 3 Jan", "week 53"),
        (Step.MONTH, date(2026, 11, 21), "Nov 2026", "Nov 2026"),
    ],
)
def test_steps_have_names(step: Step, day: date, words: str, short: str) -> None:
    assert (step.words(day), step.short_words(day)) == (words, short)


def test_zooming_out_comes_round_and_zooming_in_goes_back() -> None:
    assert [step.coarser for step in Step] == [Step.WEEK, Step.MONTH, Step.DAY]
    assert all(step.coarser.finer is step for step in Step)
