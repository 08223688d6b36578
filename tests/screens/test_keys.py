"""Keys after keys, keys in one piece, the path, menus for a row, and room."""

from __future__ import annotations

import pytest
from textual import events
from textual.geometry import Offset

from cloutui.screens.boxes import QuitBox
from cloutui.screens.job import JobText
from cloutui.screens.key_map import key_map
from cloutui.screens.key_presets import PRESETS
from cloutui.screens.layout import Layout
from cloutui.screens.menu import Menu
from cloutui.screens.node import NodeDetail
from cloutui.screens.node_day import NodeDay
from cloutui.screens.row_actions import read_action, row_actions
from cloutui.screens.subject import Subject
from cloutui.screens.terminal import Terminal
from tests.screens.console import Console, console
from tests.screens.fake_session import fleet
from tests.screens.fake_views import ViewsSession


def in_one_piece(it: Console, *keys: str) -> None:
    """As a slow line brings them: all are there before the first has done anything."""
    for key in keys:
        it.app.post_message(events.Key(key, key if len(key) == 1 else None))


def views() -> ViewsSession:
    return ViewsSession(fleet(nodes=60))


async def on_matrix(it: Console) -> None:
    await it.shell.action_screen("matrix")
    await it.settled()
    it.matrix.move_to(0)


async def test_keys_in_one_piece_act_in_their_order() -> None:
    async with console(session=views()) as it:
        await on_matrix(it)
        in_one_piece(it, "j", "j", "j", "k", "g", "g", "j")
        await it.until(lambda: it.matrix.cursor == 1)
        in_one_piece(it, "g", "n")
        await it.until(lambda: it.shell.view.word == "nodes")


async def test_what_is_typed_behind_a_key_that_leads_away_goes_there() -> None:
    async with console(session=views()) as it:
        await on_matrix(it)
        in_one_piece(it, "colon", "q", "u", "enter")
        await it.until(lambda: isinstance(it.app.screen, QuitBox))
        assert it.matrix.cursor == 0


async def test_what_is_typed_behind_the_key_of_the_screen_one_is_on_goes_to_the_filter() -> None:
    async with console(session=views()) as it:
        await on_matrix(it)
        in_one_piece(it, "3", "slash", "a", "c")
        await it.until(lambda: it.shell.filter_row.text == "ac")
        assert it.shell.is_filtering


async def test_a_number_before_a_move_is_shown_and_makes_it_so_often() -> None:
    async with console(session=views()) as it:
        await on_matrix(it)
        await it.press("apostrophe", "1", "2")
        await it.until(lambda: "'12" in it.lines()[-1])
        await it.press("j")
        assert it.matrix.cursor == 12
        await it.press("apostrophe", "3", "h")
        assert it.matrix.column == len(it.matrix.rows.days) - 4
        await it.press("apostrophe", "5", "G")
        assert it.matrix.cursor == 4
        await it.press("apostrophe", "7", "escape", "j")
        assert it.matrix.cursor == 5
        assert it.shell.view is it.matrix_view
        it.shell.unit_tree.focus()
        await it.pilot.pause()
        await it.press("g", "g", "apostrophe", "4", "j")
        assert it.shell.unit_tree.cursor == 4


async def test_the_list_of_screens_comes_to_who_hesitates_and_goes_with_the_next_key() -> None:
    async with console(session=views()) as it:
        await on_matrix(it)
        await it.press("g")
        await it.sees("Go to", "Overview", "first row")
        await it.press("x")
        await it.until(lambda: "Go to" not in it.text())
        await it.press("g")
        await it.sees("Go to")
        row, line = next((row, line) for row, line in enumerate(it.lines()) if " n Nodes" in line)
        await it.pilot.click(offset=Offset(line.index(" n Nodes") + 3, row))
        await it.until(lambda: it.shell.view.word == "nodes")
        assert "Go to" not in it.text()
        await it.press("g", "j")
        it.shell._open_go_list()  # its timer had run out, and the letter was first
        await it.pilot.pause()
        assert "Go to" not in it.text()


async def test_the_path_is_walked_and_clicked() -> None:
    async with console(session=views()) as it:
        await on_matrix(it)
        await it.shell.choose_unit(3)
        await it.settled()
        await it.press("enter")
        await it.until(lambda: isinstance(it.shell.view, NodeDay))
        await it.settled()
        await it.press("ctrl+g", "h", "l", "escape")
        assert it.shell.view.main.has_focus
        await it.press("ctrl+g", "h", "enter")
        await it.until(lambda: it.shell.view is it.matrix_view)
        column = it.lines()[0].index("Fjord Retail")
        await it.pilot.click(offset=Offset(column + 2, 0))
        await it.until(lambda: it.shell.desk.scope == 2)
        assert it.shell.view.main.has_focus


async def test_a_row_leads_to_the_same_thing_elsewhere() -> None:
    async with console(session=views()) as it:
        await it.shell.action_screen("nodes")
        await it.until(lambda: not it.busy() and it.shell.view.main.count() > 0)
        name = it.shell.view.main.row_text().splitlines()[-1].split("\t")[0]
        await it.press("o")
        await it.until(lambda: isinstance(it.app.screen, Menu))
        await it.press("1")
        await it.until(lambda: isinstance(it.shell.view, NodeDetail))
        await it.press("o")
        await it.sees("The node in the job list")
        await it.press("j", "j", "j", "enter")
        await it.until(lambda: it.shell.view.word != "nodes")
        assert name in it.shell.view.filter


async def test_an_action_for_a_row_opens_its_dialog_with_the_row_in_it() -> None:
    async with console(session=views()) as it:
        await it.shell.action_screen("nodes")
        await it.until(lambda: not it.busy() and it.shell.view.main.count() > 0)
        await it.press("x")
        await it.sees("node.assign")
        await it.press("2")
        await it.sees("Begin write mode")
        await it.press(*"SRQ-1", "ctrl+j")
        await it.sees("Assign nodes", "ACME")
        await it.press(*"Acme ApS", "enter", "ctrl+j")
        await it.until(lambda: it.session.acted)
        name, given = it.session.acted[0]
        assert name == "node.assign"
        assert sorted(given) == ["nodes", "unit"]


def test_an_action_without_the_right_is_last_and_cannot_be_had() -> None:
    node = Subject(name="N1", node_id=1, node="N 1", server="SPA01")
    allowed = row_actions(node, lambda _: True)
    denied = row_actions(node, lambda _: False)
    assert {action.name for action in allowed} == {action.name for action in denied} >= {"node.assign"}
    assert not any(action.is_allowed for action in denied)
    assign = next(action for action in allowed if action.name == "node.assign")
    assert assign.given == {"nodes": "SPA01/N 1"}
    assert read_action("node.assign 'nodes=SPA01/N 1' unit=Acme") == (
        "node.assign",
        {"nodes": "SPA01/N 1", "unit": "Acme"},
    )


async def test_room_for_what_one_looks_at() -> None:
    async with console(session=views()) as it:
        await on_matrix(it)
        before = it.matrix.size
        await it.press("backslash")
        await it.until(lambda: it.matrix.size.width == 120 and it.matrix.size.height > before.height)
        await it.press("p")
        await it.until(lambda: it.matrix.size == before)
    beside = Layout(160, 48, is_zoomed=True)
    assert (beside.peek_is_beside, beside.peek_width, beside.hides_sides) == (True, 45, False)
    assert not Layout(160, 48).peek_is_beside


async def test_esc_has_one_order() -> None:
    async with console(session=views()) as it:
        await it.shell.action_screen("nodes")
        await it.until(lambda: not it.busy() and it.shell.view.main.count() > 0)
        shell = it.shell
        shell.set_filter("name:a")
        await it.until(lambda: not it.busy())
        await it.press("space")
        view = shell.view
        assert view.peek is not None
        view.peek.focus()
        await it.pilot.pause()
        await it.press("question_mark", "escape")
        assert view.filter
        await it.press("escape")
        await it.until(lambda: not view.filter)
        assert view.main.has_marks()
        await it.press("escape")
        await it.until(lambda: not view.main.has_marks())
        assert view.peek.has_focus
        await it.press("escape")
        await it.until(lambda: view.main.has_focus)
        await it.press("escape")
        await it.until(lambda: shell.view.word != "nodes")
        await it.settled()
        while shell.can_go_back():
            await shell.go_back()
        before = it.text()
        await it.press("escape")
        assert it.text() == before


async def test_following_stands_on_the_job_that_began_last() -> None:
    async with console(session=views()) as it:
        await it.shell.action_screen("jobs")
        await it.until(lambda: not it.busy() and it.shell.view.main.count() > 0)
        await it.press("F")
        await it.sees("following")
        await it.press("[")
        await it.until(lambda: "following" not in it.text())


async def test_the_next_problem_among_servers_is_also_a_silent_one() -> None:
    async with console(session=views()) as it:
        await it.shell.action_screen("servers")
        await it.until(lambda: not it.busy() and it.shell.view.main.count() > 0)
        await it.press("G", "N")
        assert "SPB02" in it.shell.view.main.row_text()


async def test_a_node_by_name_is_all_of_it() -> None:
    async with console(session=views()) as it:
        await on_matrix(it)
        await it.shell.run_command(f"node {it.matrix.name_under_cursor}")
        await it.until(lambda: isinstance(it.shell.view, NodeDetail))


async def test_the_ladder_down_and_up_again() -> None:
    async with console(session=views()) as it:
        await on_matrix(it)
        await it.press("enter")
        await it.until(lambda: isinstance(it.shell.view, NodeDay))
        await it.settled()
        await it.press("enter")
        await it.until(lambda: isinstance(it.shell.view, JobText))
        await it.press("ctrl+g", "enter")
        await it.until(lambda: isinstance(it.shell.view, NodeDay))


# Sets of keys.


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_without_conflict(preset: str) -> None:
    assert key_map({}, preset) == dict(PRESETS[preset])


async def test_arrows_move_without_letters() -> None:
    async with console(session=views(), key_preset="arrows") as it:
        await on_matrix(it)
        await it.press("j", "l", "n")
        assert it.matrix.cursor == 0
        await it.press("down", "ctrl+end")
        assert it.matrix.cursor == it.matrix.count() - 1
        for word in ("matrix", "nodes", "servers", "overview"):
            await it.shell.action_screen(word)
            await it.until(lambda: not it.busy())
            active = it.shell.active_bindings
            letters = [
                key
                for key, found in active.items()
                if len(key) == 1 and key.isalpha() and found.binding.group and found.binding.group.description == "move"
            ]
            assert letters == ["g"], word


# The terminal's own.


def test_the_title_says_what_has_the_focus_and_is_put_back() -> None:
    written: list[str] = []
    terminal = Terminal(written.append, has_title=True, has_cursor=False)
    terminal.say("Jobs, A\x1b]2;x\x07B")
    terminal.say("Jobs, A\x1b]2;x\x07B")
    terminal.leave()
    assert len(written) == 3
    assert written[1].startswith("\x1b]2;cloutui: Jobs, A")
    assert written[1].count("\x1b") == written[1].count("\x07") == 1
    assert written[-1] == "\x1b[23;2t"


def test_a_title_that_is_not_wanted_is_not_written() -> None:
    written: list[str] = []
    terminal = Terminal(written.append, has_title=False, has_cursor=True)
    terminal.say("Jobs")
    terminal.leave()
    assert written == ["\x1b[?25h"]
