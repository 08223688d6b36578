"""The days that a report covers: how many they are, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest

from cloutui.errors import Invalid
from cloutui.reports.span import DaySpan, bound_days

TODAY = date(2026, 11, 22)


def test_so_many_days_end_today_and_without_a_number_they_are_the_usual_ones() -> None:
    for span, first in (
        (DaySpan(days=1), TODAY),
        (DaySpan(days=22), date(2026, 11, 1)),
        (DaySpan(), date(2026, 11, 20)),
    ):
        assert bound_days(span, {"today": TODAY}, usual=3) == {"first": first, "last": TODAY}


@pytest.mark.parametrize("days", [0, -5, -(10**12)])
@pytest.mark.parametrize("first", [None, TODAY])
def test_less_than_a_day_is_refused_as_a_number(days: int, first: date | None) -> None:
    with pytest.raises(Invalid) as refused:
        bound_days(DaySpan(first=first, days=days), {"today": TODAY}, usual=3)
    assert (refused.value.what, refused.value.hint) == (f"“{days}” is less than days can be.", "Give 1, or more.")
