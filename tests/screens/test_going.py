"""From screen to screen, from unit to unit, into things, and back."""

from __future__ import annotations

import pytest
from textual.events import Key

from cloutui.errors import Invalid, NotFound
from cloutui.model.link import Link, parse_link
from cloutui.model.privilege import Privilege
from cloutui.screens.catalogue import SCREENS, find_screen
from cloutui.screens.history import LONGEST
from cloutui.screens.job import JobText
from cloutui.screens.node_day import NodeDay
from tests.screens.console import Console, console
from tests.screens.fake_session import TODAY, FakeSession, fleet
from tests.screens.fake_views import ViewsSession

ELSEWHERE = next(spec for spec in SCREENS if spec.word == "nodes")


async def to_day(it: Console) -> None:
    await it.press("enter")
    await it.until(lambda: isinstance(it.shell.view, NodeDay))
    await it.settled()


def test_keys_letters_and_words_are_taken_once() -> None:
    for names in ([s.key for s in SCREENS if s.key], [s.letter for s in SCREENS], [s.word for s in SCREENS]):
        assert len(names) == len(set(names))
    places = {spec.letter for spec in SCREENS} - {","}  # the comma is for what one sets for oneself
    assert all(len(letter) == 1 and letter.isalpha() and letter != "g" for letter in places)


def test_a_wrong_screen_names_the_nearest() -> None:
    with pytest.raises(NotFound) as caught:
        find_screen("matrx")
    assert "matrix" in caught.value.hint


@pytest.mark.parametrize("spec", SCREENS, ids=lambda spec: spec.word)
async def test_every_screen_is_reached_by_its_letter_and_shown_as_a_tab(spec) -> None:  # type: ignore[no-untyped-def]
    async with console(session=ViewsSession(fleet(nodes=60))) as it:
        await it.settled()
        await it.press("g", spec.letter)
        await it.until(lambda: it.shell.view.word == spec.word)
        assert it.shell.view.main.has_focus
        assert spec.title in it.lines()[1]
        assert f"cloutui://unit/1/{spec.word}" in str(it.shell.view.link())


async def test_numbers_dash_and_back() -> None:
    async with console() as it:
        await it.settled()
        await it.press(ELSEWHERE.key)
        await it.until(lambda: it.shell.view.word == ELSEWHERE.word)
        await it.press("minus")
        await it.until(lambda: it.shell.view.word == "matrix")
        await it.press("minus")
        await it.until(lambda: it.shell.view.word == ELSEWHERE.word)
        for word in ("matrix", ELSEWHERE.word, "matrix"):
            await it.press("backspace")
            await it.until(lambda word=word: it.shell.view.word == word)  # type: ignore[misc]
        await it.settled()
        before = it.text()
        await it.press("backspace")
        await it.settled()
        assert it.text() == before
        await it.press("ctrl+n")
        await it.until(lambda: it.shell.view.word == ELSEWHERE.word)


async def test_a_screen_keeps_its_place_while_others_are_shown() -> None:
    async with console() as it:
        await it.settled()
        await it.press("j", "j", "j", "h", "h")
        place = (it.matrix.key, it.matrix.day)
        await it.press(ELSEWHERE.key)
        await it.until(lambda: it.shell.view.word == ELSEWHERE.word)
        await it.press("3")
        await it.settled()
        assert (it.matrix.key, it.matrix.day) == place


async def test_the_unit_goes_along() -> None:
    async with console() as it:
        await it.settled()
        await it.press(ELSEWHERE.key)
        await it.until(lambda: it.shell.view.word == ELSEWHERE.word)
        await it.press("shift+tab", "j", "enter")
        await it.sees("› Fjord Retail")
        assert it.shell.view.word == ELSEWHERE.word
        await it.press("3")
        await it.until(lambda: 0 < it.matrix.count() < 60)
        await it.press("backspace", "backspace")
        await it.until(lambda: it.shell.desk.scope is None)
        assert it.shell.view.word == ELSEWHERE.word


async def test_back_and_forward_through_a_day_and_a_job() -> None:
    async with console() as it:
        await it.settled()
        await to_day(it)
        await it.press("enter")
        await it.until(lambda: isinstance(it.shell.view, JobText))
        job = str(it.shell.view.link())
        await it.press("backspace", "backspace")
        await it.until(lambda: it.shell.view is it.matrix_view)
        await it.press("ctrl+n")
        await it.until(lambda: isinstance(it.shell.view, NodeDay))
        await it.press("ctrl+n")
        await it.until(lambda: isinstance(it.shell.view, JobText))
        assert str(it.shell.view.link()) == job


async def test_back_from_another_unit_opens_what_was_open() -> None:
    async with console() as it:
        await it.settled()
        await to_day(it)
        link = str(it.shell.view.link())
        await it.press("shift+tab", "j", "enter")
        await it.sees("Nordhavn Backup › Fjord Retail")
        await it.press("backspace")
        await it.until(lambda: isinstance(it.shell.view, NodeDay))
        assert str(it.shell.view.link()) == link


async def test_the_way_back_is_bounded() -> None:
    async with console() as it:
        await it.settled()
        for _ in range(LONGEST + 5):
            await it.shell.choose_unit(2)
            await it.shell.choose_unit(1)
        back = 0
        while it.shell.history.can_go_back:
            await it.shell.go_back()
            back += 1
        assert back == LONGEST


@pytest.mark.parametrize(
    "tail", ["matrix", "matrix?day=2026-11-10", "matrix/node-day/1003?day=2026-11-20", ELSEWHERE.word]
)
async def test_a_link_leads_to_what_it_was_made_from(tail: str) -> None:
    async with console() as it:
        await it.settled()
        link = parse_link(f"cloutui://unit/1/{tail}")
        await it.shell.visit(link)
        await it.settled()
        assert it.shell.view.link().screen == link.screen
        assert (it.shell.view.link().kind, it.shell.view.link().id) == (link.kind, link.id)
        if "day" in link.query:
            assert it.shell.view.link().query["day"] == link.query["day"]


async def test_a_link_to_a_job_opens_it() -> None:
    async with console() as it:
        await it.settled()
        await to_day(it)
        await it.press("enter")
        await it.until(lambda: isinstance(it.shell.view, JobText))
        link = it.shell.view.link()
    async with console() as it:
        await it.settled()
        await it.shell.visit(parse_link(str(link)))
        await it.sees("server said", "DAILY_SQL")
        await it.press("escape", "escape")
        assert it.shell.view is it.matrix_view


@pytest.mark.parametrize(
    ("link", "error"),
    [
        (Link(unit=4711, screen="matrix"), NotFound),
        (Link(unit=1, screen="nothing"), NotFound),
        (Link(unit=1, screen="matrix", kind="node-day", id=99), NotFound),
        (Link(unit=1, screen="matrix", kind="nothing", id=1), NotFound),
        (Link(unit=2, screen="matrix", kind="node-day", id=1003, query={"day": "2026-02-31"}), Invalid),
        (Link(unit=1, screen="matrix", query={"day": "soon"}), Invalid),
    ],
)
async def test_a_link_that_leads_nowhere_changes_nothing(link: Link, error: type[Exception]) -> None:
    async with console() as it:
        await it.settled()
        before = it.text()
        with pytest.raises(error):
            await it.shell.visit(link)
        await it.settled()
        assert it.text() == before
        assert not it.shell.history.can_go_back


async def test_a_screen_without_the_right_is_not_there() -> None:
    session = FakeSession(fleet(nodes=60), denied={ELSEWHERE.needs})
    async with console(session=session) as it:
        await it.settled()
        assert ELSEWHERE.title not in it.lines()[1]
        for keys in ((ELSEWHERE.key,), ("g", ELSEWHERE.letter)):
            await it.press(*keys)
            assert it.shell.view.word == "matrix"
        with pytest.raises(NotFound) as refused:
            await it.shell.visit(Link(screen=ELSEWHERE.word))
        assert Privilege.NODE_VIEW.value not in str(refused.value)


async def test_the_day_goes_along_to_a_screen_with_days() -> None:
    async with console() as it:
        await it.settled()
        await it.shell.visit(Link(screen="matrix", query={"day": "2026-11-01"}))
        await it.settled()
        assert it.matrix.day is not None
        assert it.matrix.day.isoformat() == "2026-11-01"
        await it.press("full_stop")
        await it.settled()
        assert it.matrix.day == TODAY


@pytest.mark.parametrize("way", [["8"], ["g", "n"]])
async def test_what_is_typed_in_one_piece_goes_where_each_key_leads(way: list[str]) -> None:
    async with console(session=ViewsSession(fleet(nodes=20)), start="overview") as it:
        await it.sees("Needs attention")
        for key in (*way, "slash", "s", "q", "l"):  # as one read of a slow line brings them
            it.app.post_message(Key(key, "/" if key == "slash" else key))
        await it.until(lambda: it.shell.view.word == "nodes" and it.shell.view.filter == "sql")
