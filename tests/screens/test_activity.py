"""The activity log on the screen: what was changed, and whether the chain holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.errors import Unreachable
from cloutui.records.rows import Verification
from cloutui.screens.activity import Activity
from cloutui.screens.activity_words import Difference, chain_words, check_line, differences, parsed, written
from cloutui.widgets.glyphs import FULL
from cloutui.widgets.look import Look
from cloutui.widgets.palette import Depth
from tests.screens.console import ZONE, Console, console
from tests.screens.fake_session import NOW, TODAY, fleet
from tests.screens.fake_views import ViewsSession
from tests.screens.shown import quiet

LOOK = Look.of("nightwatch", Depth.TRUECOLOR, FULL)
BROKEN = Verification(entries=810, head="cd" * 32, bad_seq=811, problem="not as it was written")

PLAIN = st.dictionaries(
    st.text(min_size=1, max_size=6),
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.lists(st.text(max_size=4), max_size=3),
    max_size=5,
)


@given(PLAIN, PLAIN)
def test_what_is_told_as_different_is_what_is_written_differently(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    found = {each.name: (each.before, each.after) for each in differences(before, after)}
    for name in {*before, *after}:
        was = None if before.get(name) is None else written(before[name])
        now = None if after.get(name) is None else written(after[name])
        assert found.get(name, (was, was)) == (was, now) if was == now else found[name] == (was, now)


def test_what_came_and_what_went() -> None:
    assert differences({"a": 1, "b": 2}, {"b": 3, "c": True}) == [
        Difference("a", "1", None),
        Difference("b", "2", "3"),
        Difference("c", None, "yes"),
    ]


@pytest.mark.parametrize("text", ["", None, "{}", "[1]", "{broken", '{"a": [1, {"b": null}]}'])
def test_whatever_is_in_the_log_is_shown(text: str | None) -> None:
    assert isinstance(written(parsed(text)), str)


def test_up_to_the_break_lines_are_right_and_behind_it_unknown() -> None:
    def words(seq: int, verified: Verification | None) -> str:
        return "".join(piece for piece, _ in check_line(seq, "ab", verified, LOOK).lead)

    assert "as it was written" in words(810, BROKEN)
    assert "not as it was written" in words(811, BROKEN)
    assert "behind the break at 811" in words(812, BROKEN)
    assert "being verified" in words(812, None)


def test_nothing_is_claimed_of_a_chain_that_was_not_read() -> None:
    assert chain_words(None, None, LOOK, NOW, ZONE) == "chain …"
    assert chain_words(Verification(entries=1, head=""), NOW, LOOK, NOW, ZONE) == "chain ● 14:52"
    assert chain_words(BROKEN, NOW, LOOK, NOW, ZONE) == "chain × broken at 811"


# On the screen.


def view_of(it: Console) -> Activity:
    view = it.shell.bases["activity"]
    assert isinstance(view, Activity)
    return view


async def test_a_line_is_told_with_what_was_before_and_after() -> None:
    async with console(session=ViewsSession(fleet(nodes=12)), start="activity") as it:
        await it.sees("5 lines", "chain ● 14:52", "Gave ACME-WEB004")
        await it.sees("- unit_id  3", "+ unit_id  5", "+ how      by hand")


async def test_a_broken_chain_is_said_aloud() -> None:
    session = ViewsSession(fleet(nodes=12))
    session.verified = BROKEN
    async with console(session=session, start="activity") as it:
        await it.sees("chain × broken at 811")


async def test_a_chain_that_cannot_be_read_keeps_no_lines_back() -> None:
    session = ViewsSession(fleet(nodes=12))
    session.failing["verify"] = Unreachable("the log", "here", "no answer")
    async with console(session=session, start="activity") as it:
        await it.sees("chain …", "Gave ACME-WEB004")


async def test_days_move_and_new_facts_do_not_read_the_chain_again() -> None:
    session = ViewsSession(fleet(nodes=12))
    async with console(session=session, start="activity") as it:
        await quiet(it)
        await it.press("[")
        await it.sees("7d to Sat 21 Nov")
        asked = [params for report, params in session.asked if report == "activity"][-1]
        last = TODAY - timedelta(days=1)
        assert (asked["first"], asked["last"]) == ((last - timedelta(days=6)).isoformat(), last.isoformat())
        await it.press("]")
        await it.sees("7d to Sun 22 Nov")
        session.verified = BROKEN
        session.tell()
        await quiet(it)
        assert "chain ● 14:52" in it.text(), "that takes a while: it is done when asked for"
        await it.press("r")
        await it.sees("chain × broken at 811")


async def test_following_stays_at_the_newest_line() -> None:
    session = ViewsSession(fleet(nodes=12))
    async with console(session=session, start="activity") as it:
        await it.sees("5 lines")
        await it.press("j", "j", "F")
        await it.sees("following")
        assert view_of(it).table.cursor == 0
        await it.press("F")
        await it.until(lambda: "following" not in it.text())
