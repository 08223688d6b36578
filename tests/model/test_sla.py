"""What was promised: shares in whole numbers, what may still go wrong, and the periods that are looked at."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.errors import Invalid
from cloutui.model.sla import (
    Period,
    PeriodName,
    month_named,
    standing,
    tenths,
    words_of,
)
from cloutui.model.status import Status

OK, WARNING, ERROR = Status.OK, Status.WARNING, Status.ERROR


@pytest.mark.parametrize(
    ("jobs", "good", "goal", "expected", "status", "result", "left"),
    [
        (1000, 980, 980, 0, OK, "98.0", 0),  # on the goal is reached
        (1000, 979, 980, 0, ERROR, "97.9", -1),
        (1000, 979, 980, 1050, WARNING, "97.9", 0),  # 2% of 1050 is 21
        (1000, 979, 980, 1049, ERROR, "97.9", -1),  # and of 1049 no whole job more
        (100_000, 97_999, 980, 0, ERROR, "97.9", -1),  # 97.999% is not 98%, and is not shown so
        (3, 2, 666, 0, OK, "66.6", 0),
        (3, 2, 667, 0, ERROR, "66.6", -1),
        (7, 7, 1000, 20, OK, "100.0", 0),  # nothing may ever go wrong
        (7, 6, 1000, 20, ERROR, "85.7", -1),
        (7, 0, 0, 20, OK, "0.0", 13),  # everything may
        (11_204, 10_934, 980, 15_278, WARNING, "97.5", 35),
        (6_410, 6_102, 980, 8_740, ERROR, "95.1", -134),
    ],
)
def test_a_unit_stands_against_its_goal(
    jobs: int, good: int, goal: int, expected: int, status: Status, result: str, left: int
) -> None:
    found = standing(jobs=jobs, good=good, goal=goal, expected=expected)
    assert (found.status, found.result, found.left) == (status, Decimal(result), left)


def test_without_jobs_nothing_was_kept_and_nothing_broken() -> None:
    found = standing(jobs=0, good=0, goal=980, expected=100)
    assert (found.status, found.result, found.left) == (Status.NONE, None, None)


@given(st.integers(1, 10**7), st.data())
def test_what_is_shown_as_reached_is_reached_and_what_is_left_may_really_go_wrong(
    jobs: int, data: st.DataObject
) -> None:
    good, goal = data.draw(st.integers(0, jobs)), data.draw(st.integers(0, 1000))
    expected = data.draw(st.integers(0, 2 * 10**7))
    found = standing(jobs=jobs, good=good, goal=goal, expected=expected)
    assert found.result is not None
    assert found.left is not None
    share = Fraction(good, jobs)
    assert (found.status is OK) == (share >= Fraction(goal, 1000)) == (found.result * 10 >= goal)
    assert 0 <= share * 100 - Fraction(found.result) < Fraction(1, 10)
    # If so many more go wrong, and all others are good, the goal is just reached at the end.
    whole, bad = max(jobs, expected), jobs - good
    assert Fraction(whole - bad - found.left, whole) >= Fraction(goal, 1000)
    assert Fraction(whole - bad - found.left - 1, whole) < Fraction(goal, 1000)
    assert (found.status is ERROR) == (found.left < 0)


NOV_22 = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("name", "today", "first", "last", "words"),
    [
        (PeriodName.THIS_MONTH, NOV_22, date(2026, 11, 1), date(2026, 11, 30), "November 2026, day 22 of 30"),
        (PeriodName.LAST_MONTH, NOV_22, date(2026, 10, 1), date(2026, 10, 31), "October 2026"),
        (PeriodName.LAST_MONTH, date(2027, 1, 1), date(2026, 12, 1), date(2026, 12, 31), "December 2026"),
        (PeriodName.LAST_WEEK, NOV_22, date(2026, 11, 9), date(2026, 11, 15), "9 - 15 Nov 2026"),
        (PeriodName.LAST_WEEK, date(2026, 11, 2), date(2026, 10, 26), date(2026, 11, 1), "26 Oct - 1 Nov 2026"),
        (PeriodName.LAST_WEEK, date(2027, 1, 5), date(2026, 12, 28), date(2027, 1, 3), "28 Dec 2026 - 3 Jan 2027"),
    ],
)
def test_periods_have_names(name: PeriodName, today: date, first: date, last: date, words: str) -> None:
    period = Period.named(name, today)
    assert (period.first, period.last, period.words(today)) == (first, last, words)
    assert period.is_month == (name is not PeriodName.LAST_WEEK)


def test_a_period_is_judged_on_its_last_day_and_until_then_on_the_present_one() -> None:
    november = Period.month_of(NOV_22)
    assert november.judged_on(NOV_22) == NOV_22
    assert november.judged_on(NOV_22 + timedelta(days=99)) == date(2026, 11, 30)


def test_months_are_named_as_people_write_them() -> None:
    assert month_named("2026-10") == date(2026, 10, 1)
    for text in ("2026-13", "October", "", "2026-10-01"):
        with pytest.raises(Invalid, match="is no month"):
            month_named(text)


def test_a_goal_is_whole_tenths_and_words_have_blanks_between_them() -> None:
    assert (tenths(98), tenths(99.9), tenths(0)) == (980, 999, 0)
    assert (list(words_of("none")), list(words_of("lab test"))) == ([], ["lab", "test"])
