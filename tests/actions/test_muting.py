"""Muting nodes: for a span of days, and for no day before or after it."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloutui.errors import Conflict, Invalid
from cloutui.records import handling
from tests.actions.site import Site

FJORD_FS01 = 4
TODAY = date(2026, 11, 22)
NODE = {"nodes": ["SPF01/FJORD-FS01"]}


@pytest.fixture
def noon(site: Site) -> Site:
    site.now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    return site


def muted(site: Site) -> list[date]:
    """The days on which the node is."""
    with site.records.reading() as connection:
        return sorted(day for _, day in handling.muted_days(connection, [FJORD_FS01], date(2026, 1, 1)))


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=on) for on in range((last - first).days + 1)]


def test_a_node_is_muted_up_to_a_day_and_no_longer(noon: Site) -> None:
    done = noon.do("problem.mute", {**NODE, "until": "2026-11-28"})
    assert done.sentence == "Muted FJORD-FS01 until 2026-11-28."
    assert muted(noon) == days(TODAY, date(2026, 11, 28))
    noon.do("problem.mute", {**NODE, "until": "2026-11-30", "day": "2026-11-20"})
    assert muted(noon) == days(date(2026, 11, 20), date(2026, 11, 30)), "it may be said again"
    noon.do("problem.mute", {**NODE, "until": "2026-11-24"})
    assert muted(noon) == days(date(2026, 11, 20), date(2026, 11, 24)), "with another end"
    with pytest.raises(Conflict, match="muted until 2026-11-24 already"):
        noon.do("problem.mute", {**NODE, "until": "2026-11-24"})


def test_it_may_begin_on_a_day_to_come(noon: Site) -> None:
    done = noon.do("problem.mute", {**NODE, "until": "2026-11-28", "day": "2026-11-26"})
    assert done.sentence == "Muted FJORD-FS01 from 2026-11-26 until 2026-11-28."
    assert muted(noon) == days(date(2026, 11, 26), date(2026, 11, 28))
    noon.do("problem.mute", {**NODE, "until": "2026-11-23"})
    assert muted(noon) == days(TODAY, date(2026, 11, 23)), "what begins now says when it ends"
    noon.do("problem.mute", {**NODE, "until": "2026-11-28", "day": "2026-11-26"})
    noon.do("problem.unmute", {**NODE, "day": "2026-11-26"})
    assert muted(noon) == days(TODAY, date(2026, 11, 23))


def test_it_ends_when_somebody_says_so_and_the_days_before_stay(noon: Site) -> None:
    noon.do("problem.mute", {**NODE, "until": "2026-11-28", "day": "2026-11-20"})
    assert noon.do("problem.unmute", NODE).sentence == "FJORD-FS01 is muted no more."
    assert muted(noon) == days(date(2026, 11, 20), date(2026, 11, 21))
    with pytest.raises(Conflict, match="is not muted from 2026-11-22 on"):
        noon.do("problem.unmute", NODE)


def test_what_is_said_of_one_day_holds_for_that_day(noon: Site) -> None:
    noon.do("problem.mute", {**NODE, "until": "2026-11-24"})
    noon.do("problem.handle", {**NODE, "day": "2026-11-22", "state": "acknowledged"})
    assert muted(noon) == days(date(2026, 11, 23), date(2026, 11, 24))


@pytest.mark.parametrize(
    ("differing", "says"),
    [
        ({"until": "2026-11-21"}, "is no end for what begins on 2026-11-22"),
        ({"until": "2027-11-23"}, "is no end"),
        ({"until": "2026-11-28", "day": "2026-11-29"}, "is no end for what begins on 2026-11-29"),
        ({"until": "2027-12-01", "day": "2027-11-23"}, "is too far off"),
        ({"until": "2026-11-28", "nodes": []}, "No node was named"),
    ],
)
def test_what_cannot_be_meant_is_refused(noon: Site, differing: dict[str, Any], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        noon.do("problem.mute", {**NODE, **differing})
    assert muted(noon) == []


Said = tuple[str, int, int]
spans = st.lists(
    st.tuples(st.sampled_from(["mute", "mute", "unmute"]), st.integers(0, 9), st.integers(0, 9)), max_size=5
)


@settings(max_examples=12, deadline=None)
@given(said=spans)
def test_the_last_word_on_a_day_counts(built: Site, said: list[Said]) -> None:
    begin, expected = date(2026, 11, 10), set[date]()
    with built.rehearsal() as site:
        site.now = datetime(2026, 11, 22, 12, tzinfo=UTC)
        for what, first, length in said:
            day, until = begin + timedelta(days=first), begin + timedelta(days=first + length)
            with suppress(Conflict):
                site.do(
                    f"problem.{what}", {**NODE, "day": str(day)} | ({"until": str(until)} if what == "mute" else {})
                )
            expected = {each for each in expected if each < day} | (set(days(day, until)) if what == "mute" else set())
        assert muted(site) == sorted(expected)
