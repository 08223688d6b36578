"""How old facts are graded, and how it is said."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from cloutui.model.status import Status
from cloutui.model.table import Freshness
from cloutui.screens.freshness import ages, grade
from tests.screens.fake_session import NOW

ZONE = ZoneInfo("Europe/Copenhagen")


def fresh(minutes: int | None, problem: str = "", failing: int | None = None) -> Freshness:
    return Freshness(
        server="SPA01",
        collected_at=None if minutes is None else NOW - timedelta(minutes=minutes),
        problem=problem,
        failing_since=None if failing is None else NOW - timedelta(minutes=failing),
    )


@pytest.mark.parametrize(
    ("freshness", "status", "words", "short"),
    [
        (fresh(3), Status.OK, "3m", "3m"),
        (fresh(10), Status.OK, "10m", "10m"),
        (fresh(14), Status.WARNING, "14m old", "14m"),
        (fresh(31), Status.UNKNOWN, "since 14:21", "31m"),
        (fresh(44, "refused", 41), Status.UNKNOWN, "since 14:11", "41m"),
        (fresh(None, "refused", 5), Status.UNKNOWN, "since 14:47", "5m"),
        (fresh(None, "refused"), Status.UNKNOWN, "never collected", "never"),
        (fresh(None), Status.PENDING, "not yet collected", "never"),
        # It answered after it began to fail: part of the answer could not be read.
        (fresh(2, "3 rows garbled", 4), Status.WARNING, "2m old", "4m"),
    ],
)
def test_grades_and_words(freshness: Freshness, status: Status, words: str, short: str) -> None:
    assert grade(freshness, NOW) is status
    (age,) = ages({"SPA01": freshness}, NOW)
    assert age.words(NOW, ZONE) == words
    assert age.short_words(NOW, ZONE) == short


def test_the_worst_server_comes_first() -> None:
    as_of = {"C": fresh(3), "A": fresh(14), "B": fresh(50, "refused", 41)}
    assert [age.server for age in ages(as_of, NOW)] == ["B", "A", "C"]
