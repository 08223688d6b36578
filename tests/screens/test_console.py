"""The shell: tree, drill, back, boxes, sizes and what the bars say."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from rich.cells import cell_len

from cloutui.errors import Busy, Unreachable
from cloutui.screens.boxes import BoxScreen, KeysBox, QuitBox, WhyBox
from cloutui.screens.job import JobText
from cloutui.screens.node_day import NodeDay
from tests.screens.console import Console, console
from tests.screens.fake_session import NOW, FakeSession, fleet, opener

SIZES = [(60, 16), (70, 20), (80, 24), (100, 24), (120, 36), (160, 48), (220, 24), (220, 60)]


async def open_day(it: Console) -> NodeDay:
    await it.settled()
    await it.press("enter")
    await it.until(lambda: len(it.shell.views) == 2)
    await it.settled()
    assert isinstance(it.shell.view, NodeDay)
    return it.shell.view


# The way down, and back.


async def test_a_cell_opens_its_day_and_a_job_its_text() -> None:
    async with console() as it:
        day = await open_day(it)
        await it.sees("◄ Sun 22 Nov 2026 ►", "Failed 12", "18m 07s", "4.22 GiB")
        assert day.job_list.has_focus
        await it.press("enter")
        await it.until(lambda: isinstance(it.shell.view, JobText))
        await it.sees(
            "Failed, result 12",
            "Sun 22 Nov 2026 02:04:07, 4m 07s after its time",
            "41,234 objects",
            "4,529,984,118 bytes (4.22 GiB), 3.97 MiB/s",
            "ANR2579E  Schedule DAILY_SQL in domain PD_SQL failed (return code 12)",
        )


@pytest.mark.parametrize("key", ["escape", "backspace", "ctrl+o", "q"])
async def test_every_back_key_goes_up_one_step(key: str) -> None:
    async with console() as it:
        await open_day(it)
        await it.press("enter")
        await it.until(lambda: len(it.shell.views) == 3)
        await it.press(key)
        assert len(it.shell.views) == 2
        assert it.shell.view.main.has_focus
        await it.press(key)
        assert len(it.shell.views) == 1
        assert it.matrix.has_focus


@pytest.mark.parametrize("keys", [("3",), ("g", "j")])
async def test_the_number_of_the_screen_leads_back_to_it(keys: tuple[str, ...]) -> None:
    async with console() as it:
        await open_day(it)
        await it.press("enter")
        await it.until(lambda: len(it.shell.views) == 3)
        await it.press(*keys)
        assert len(it.shell.views) == 1


async def test_the_day_of_a_node_moves() -> None:
    async with console() as it:
        day = await open_day(it)
        for keys, back in ((("[",), 1), (("]",), 0), (("{",), 7), (("}",), 0), (("[", "["), 2), (("full_stop",), 0)):
            await it.press(*keys)
            await it.settled()
            assert day.cell.day == NOW.date() - timedelta(days=back)
        await it.press("]")
        assert day.cell.day == NOW.date(), "there is nothing after today"


async def test_a_day_without_jobs_says_so_and_what_to_press() -> None:
    async with console() as it:
        await it.settled()
        it.shell.desk.session.fleet.nodes[:] = [  # type: ignore[union-attr]
            replace(node, statuses=bytes(len(node.statuses) - 1) + b"\x00") for node in it.session.fleet.nodes
        ]
        await it.press("enter")
        await it.sees("Nothing was scheduled for", "[ goes a day back")


async def test_the_header_says_where_one_is() -> None:
    async with console() as it:
        await it.settled()
        node = it.matrix.name_under_cursor
        assert "cloutui  › Nordhavn Backup " in it.lines()[0]
        await open_day(it)
        await it.sees(f"{node} › 22 Nov")
        await it.press("[")
        await it.sees(f"{node} › 21 Nov")


async def test_the_page_of_a_job_scrolls_and_finds_errors() -> None:
    made = fleet(nodes=60)
    made.log = [(f"ANR{n:04}{'E' if n == 40 else 'I'}", "E" if n == 40 else "I", f"line {n}") for n in range(80)]
    async with console(made=made) as it:
        await open_day(it)
        await it.press("enter")
        await it.sees("line 3")
        page = it.shell.view.main
        await it.press("n")
        await it.sees("line 40")
        assert page.top > 30
        await it.press("G")
        await it.sees("line 79")
        await it.press("g", "g", "j", "j", "k", "pagedown")
        assert page.top == 1 + page.page_rows


# The tree.


async def test_a_unit_becomes_the_scope_and_back() -> None:
    async with console() as it:
        await it.settled()
        await it.press("shift+tab", "j", "enter")
        await it.settled()
        assert it.session.asked[-1][1]["unit"] == it.shell.desk.scope or it.shell.desk.scope is not None
        await it.sees("Nordhavn Backup › Fjord Retail")
        await it.until(lambda: 0 < it.matrix.count() < 60)
        await it.press("escape")
        await it.until(lambda: it.matrix.count() == 60)
        assert "Fjord Retail" not in it.lines()[0]


async def test_scope_is_asked_for_in_every_question() -> None:
    async with console() as it:
        await it.settled()
        await it.press("shift+tab", "j", "enter", "tab")
        await it.until(lambda: 0 < it.matrix.count() < 60)
        it.session.asked.clear()
        await it.press("j")
        await it.settled()
        assert {params["unit"] for report, params in it.session.asked if report == "node-day"} == {2}


async def test_another_unit_closes_what_was_open() -> None:
    async with console() as it:
        await open_day(it)
        await it.press("shift+tab", "j", "enter")
        await it.until(lambda: len(it.shell.views) == 1)


async def test_folding() -> None:
    async with console() as it:
        await it.settled()
        tree = it.shell.unit_tree
        await it.press("shift+tab")
        await it.press("H")
        assert tree.count() == 7
        await it.press("L")
        assert tree.count() == 30
        await it.press("j", "h")
        assert tree.count() < 30
        assert tree.unit is not None
        assert tree.unit.name == "Fjord Retail"
        await it.press("h")
        assert tree.unit.name == "Nordhavn Backup"
        await it.press("j", "l", "l")
        assert tree.unit.name == "Acme ApS"


async def test_only_problems() -> None:
    async with console() as it:
        await it.settled()
        tree = it.shell.unit_tree
        await it.press("shift+tab")
        everything = tree.count()
        await it.press("!")
        assert 0 < tree.count() < everything
        assert all(tree.forest.units[place].problems for place in tree._shown)
        await it.press("!")
        assert tree.count() == everything


async def test_a_unit_is_found_by_part_of_its_name() -> None:
    async with console() as it:
        await it.settled()
        tree = it.shell.unit_tree
        await it.press("shift+tab", "H", "slash", *"radx", "backspace")
        await it.sees("/ rad")
        assert tree.unit is not None
        assert tree.unit.name == "Radiologi"
        await it.press("enter")
        assert tree.sought is None
        assert tree.unit.name == "Radiologi", "it stays, with what is above it unfolded"
        await it.press("slash", *"acme", "escape")
        assert tree.unit.name == "Radiologi", "esc goes back to where one was"


async def test_letters_typed_into_the_search_are_no_commands() -> None:
    async with console() as it:
        await it.settled()
        await it.press("shift+tab", "slash", *"qbrp3")
        assert it.shell.unit_tree.sought == "qbrp3"
        assert len(it.app.screen_stack) == 1


async def test_what_was_unfolded_stays_so_when_facts_change() -> None:
    async with console() as it:
        await it.settled()
        await it.press("shift+tab", "H", "j", "l")
        opened, count = set(it.shell.unit_tree.opened), it.shell.unit_tree.count()
        it.session.tell()
        await it.until(lambda: len([r for r, _ in it.session.asked if r == "units"]) >= 2)
        await it.settled()
        assert (it.shell.unit_tree.opened, it.shell.unit_tree.count()) == (opened, count)


async def test_the_mouse_folds_and_chooses() -> None:
    async with console() as it:
        await it.settled()
        tree, region = it.shell.unit_tree, it.region(it.shell.unit_tree)
        before = tree.count()
        await it.pilot.click(offset=(region.x + 3, region.y + 2))
        assert tree.count() < before
        await it.pilot.click(offset=(region.x + 8, region.y + 2))
        await it.sees("Nordhavn Backup › Fjord Retail")


async def test_a_unit_that_is_gone_leaves_the_root() -> None:
    made = fleet(nodes=60)
    async with console(made=made) as it:
        await it.settled()
        await it.press("shift+tab", "j", "enter")
        await it.until(lambda: 0 < it.matrix.count() < 60)
        gone = made.below(2)
        made.units = [one for one in made.units if one[0] not in gone]
        made.nodes = [node for node in made.nodes if node.unit_id not in gone]
        it.session.tell()
        await it.until(lambda: it.shell.desk.scope is None)


# Sizes.


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_no_line_is_wider_or_narrower_than_the_terminal(size: tuple[int, int]) -> None:
    async with console(size=size) as it:
        await it.settled()
        for keys in ((), ("enter",), ("enter",), ("question_mark",), ("escape", "i")):
            await it.press(*keys)
            await it.settled()
            assert [cell_len(one) for one in it.lines()] == [size[0]] * size[1]


async def test_too_small_says_so_and_q_still_works() -> None:
    async with console(size=(52, 14)) as it:
        await it.sees("Terminal too small: 60×16 needed, is 52×14")
        await it.press("q")
        assert isinstance(it.app.screen, QuitBox)


async def test_at_80_columns_the_tree_is_a_drawer() -> None:
    async with console(size=(80, 24)) as it:
        await it.settled()
        assert not it.region_shown(it.shell.unit_tree)
        await it.press("b")
        assert it.shell.unit_tree.has_focus
        await it.sees("Units ", "Fjord Retail")
        width = it.matrix.size.width
        assert width == 80, "the drawer lies over the content"
        await it.press("j", "enter")
        await it.until(lambda: not it.region_shown(it.shell.unit_tree))
        assert it.matrix.has_focus
        await it.press("b", "escape")
        assert not it.region_shown(it.shell.unit_tree)


async def test_the_tree_can_be_hidden_and_the_choice_sticks_to_the_size() -> None:
    async with console() as it:
        await it.settled()
        await it.press("b")
        await it.until(lambda: it.matrix.size.width == 120)
        await it.pilot.resize_terminal(160, 48)
        await it.until(lambda: it.matrix.size.width < 160)
        await it.pilot.resize_terminal(120, 36)
        await it.until(lambda: it.matrix.size.width == 120)


@pytest.mark.parametrize(("size", "days"), [((80, 24), 21), ((120, 36), 21), ((160, 48), 31), ((220, 60), 42)])
async def test_how_many_days_each_size_shows(size: tuple[int, int], days: int) -> None:
    async with console(size=size) as it:
        await it.settled()
        assert len(it.matrix.rows.days) == it.matrix.visible_days == days


async def test_a_narrow_terminal_shows_glyph_name_and_word() -> None:
    async with console(size=(70, 20)) as it:
        await it.settled()
        assert any(one.startswith("▌ × ") and one.rstrip().endswith("Failed") for one in it.lines())
        await it.press("h")
        await it.sees("Sat 21 Nov")


# Boxes and bars.


async def test_the_keys_box_lists_every_binding_of_the_pane() -> None:
    async with console() as it:
        await it.settled()
        bindings = [active.binding for active in it.shell.active_bindings.values()]
        await it.press("question_mark")
        assert isinstance(it.app.screen, KeysBox)
        text = it.text()
        for _ in range(2):
            await it.press(*"jjjjjjjj")
            text += it.text()
        assert [binding.description for binding in bindings if binding.description not in text] == []
        await it.press("question_mark")
        assert not isinstance(it.app.screen, BoxScreen)


async def test_every_binding_has_an_id_a_group_and_an_action_that_exists() -> None:
    async with console() as it:
        await it.settled()
        for _ in range(3):
            await it.press("tab")
            for active in it.shell.active_bindings.values():
                binding = active.binding
                assert binding.id, binding
                assert binding.description, binding
                action = binding.action.partition("(")[0]
                assert hasattr(active.node, f"action_{action}"), binding


async def test_no_reserved_key_is_bound() -> None:
    reserved = {"ctrl+b", "ctrl+a", "ctrl+s", "ctrl+z", "ctrl+backslash", "tilde"}
    async with console() as it:
        await it.settled()
        for _ in range(3):
            await it.press("tab")
            assert not reserved & it.shell.active_bindings.keys()


async def test_why_shows_each_servers_age_problem_and_next_step() -> None:
    async with console() as it:
        await it.settled()
        await it.press("i")
        assert isinstance(it.app.screen, WhyBox)
        await it.sees(
            "SPB02  since 14:11", "Connection refused by 10.2.0.14:1500 (ANS1017E)", "cloutui server test SPB02"
        )
        await it.press("j", "k", "i")
        assert not isinstance(it.app.screen, BoxScreen)


async def test_q_asks_at_the_root_and_esc_stays() -> None:
    async with console() as it:
        await it.settled()
        await it.press("q")
        assert isinstance(it.app.screen, QuitBox)
        await it.press("escape")
        assert it.app.is_running
        await it.press("q", "enter")
        await it.until(lambda: not it.app.is_running)


@pytest.mark.usefixtures("time_stands_still")
async def test_ctrl_c_twice_asks() -> None:
    async with console() as it:
        await it.settled()
        await it.press("ctrl+c")
        await it.sees("ctrl+c again leaves")
        await it.press("ctrl+c")
        assert isinstance(it.app.screen, QuitBox)


async def test_ctrl_q_leaves_and_the_session_is_closed() -> None:
    async with console() as it:
        await it.settled()
        await it.press("ctrl+q")
        await it.until(lambda: not it.app.is_running)
    assert it.session.is_closed
    assert not it.session.listeners


async def test_escape_at_the_root_does_nothing() -> None:
    async with console() as it:
        await it.settled()
        before = it.text()
        await it.press("escape")
        assert it.text() == before


async def test_a_click_on_the_key_bar_is_the_key() -> None:
    async with console() as it:
        await it.settled()
        bar = it.lines()[-1]
        await it.pilot.click(offset=(bar.index("? keys") + 1, 35))
        await it.until(lambda: isinstance(it.app.screen, KeysBox))


async def test_the_bars_tell_freshness_clock_chips_and_position() -> None:
    async with console() as it:
        await it.settled()
        top, status, keys = it.lines()[0], it.lines()[-2], it.lines()[-1]
        assert "5/6 servers ? SPB02 since 14:11  14:52 CET  DEMO  READ " in top
        assert "● collected 14:49, 3 min ago   next 14:55   ? SPB02 Connection refused" in status
        assert keys.endswith("1/60  22 Nov ")


async def test_repaint_and_tab_through_the_panes() -> None:
    async with console() as it:
        await it.settled()
        before = it.text()
        await it.press("ctrl+l")
        assert it.text() == before
        seen = []
        for _ in range(3):
            seen.append(it.app.focused)
            await it.press("tab")
        assert set(seen) == {it.matrix, it.matrix_view.peek, it.shell.unit_tree}
        assert it.app.focused is it.matrix


# States.


async def test_shell_and_skeleton_are_there_before_the_session() -> None:
    gate = asyncio.Event()
    session = FakeSession(fleet(nodes=60))

    async def open_session(progress):  # type: ignore[no-untyped-def]
        progress("collecting SPA01, 2 of 3 servers")
        await gate.wait()
        return session

    async with console(session=session, open_session=open_session) as it:
        await it.sees("Jobs matrix", "collecting SPA01, 2 of 3 servers", "Units", "·····", "21 22")
        await it.press("j", "question_mark")
        assert isinstance(it.app.screen, KeysBox), "keys work meanwhile"
        await it.press("escape")
        gate.set()
        await it.settled()
        assert it.matrix.count() == 60
        assert "collecting" not in it.text()


async def test_a_session_that_cannot_be_opened_is_explained_and_tried_again() -> None:
    session, tries = FakeSession(fleet(nodes=60)), []

    async def open_session(progress):  # type: ignore[no-untyped-def]
        tries.append(1)
        if len(tries) == 1:
            raise Busy("~/.local/share/cloutui", 4711)
        return session

    async with console(session=session, open_session=open_session) as it:
        await it.sees("is open in process 4711", "Close that one first", "r tries again")
        await it.press("r")
        await it.settled()
        assert it.matrix.count() == 60


async def test_a_report_that_fails_leaves_the_rest_alive() -> None:
    session = FakeSession(fleet(nodes=60))
    session.failing["jobs-matrix"] = Unreachable("SPB02", "10.2.0.14:1500", "connection refused")
    async with console(session=session) as it:
        await it.sees("× SPB02 did not answer: connection refused", "Fjord Retail")
        session.failing.clear()
        await it.press("r")
        await it.settled()
        assert it.matrix.count() == 60


@pytest.mark.parametrize("report", ["units", "node-day", "job-log"])
async def test_no_report_that_fails_ends_the_console(report: str) -> None:
    session = FakeSession(fleet(nodes=60))
    session.failing[report] = Unreachable("SPB02", "10.2.0.14:1500", "connection refused")
    async with console(session=session) as it:
        await it.settled()
        await it.press("enter")
        await it.settled()
        await it.press("enter")
        await it.settled()
        await it.sees("× SPB02 did not")


async def test_no_server_yet_says_which_command_connects_one() -> None:
    made = fleet(nodes=0)
    made.freshness = {}
    async with console(made=made) as it:
        await it.sees("No backup server yet", "cloutui server add", "cloutui demo")


async def test_no_jobs_says_whose_and_what_to_press() -> None:
    async with console(made=fleet(nodes=0)) as it:
        await it.sees("No jobs in Nordhavn Backup in the last 21 days.", "{ looks further back")


async def test_progress_may_come_from_another_thread() -> None:
    session = FakeSession(fleet(nodes=60))
    gate = asyncio.Event()

    async def open_session(progress):  # type: ignore[no-untyped-def]
        await asyncio.to_thread(progress, "asked from a thread")
        await gate.wait()
        return session

    async with console(session=session, open_session=open_session) as it:
        await it.sees("asked from a thread")
        gate.set()
        await it.settled()


async def test_the_opener_gets_to_say_its_progress() -> None:
    session = FakeSession(fleet(nodes=60))
    async with console(session=session, open_session=opener(session, "one", "two")) as it:
        await it.settled()
