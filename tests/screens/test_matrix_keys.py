"""The jobs matrix under the keys: every one does what `?` says."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from cloutui.errors import Unreachable
from cloutui.model.status import Status
from tests.screens.console import console
from tests.screens.fake_session import TODAY, FakeSession, fleet


async def test_rows_and_days() -> None:
    async with console() as it:
        await it.settled()
        matrix = it.matrix
        assert (matrix.cursor, matrix.day) == (0, TODAY)
        await it.press("j", "j", "k", "down")
        assert matrix.cursor == 2
        await it.press("h", "left", "l")
        assert matrix.day == TODAY - timedelta(days=1)
        await it.press("home")
        assert matrix.column == 0
        await it.press("end")
        assert matrix.day == TODAY


async def test_pages_and_ends() -> None:
    async with console() as it:
        await it.settled()
        matrix = it.matrix
        await it.press("G")
        assert matrix.cursor == 59
        await it.press("g", "g")
        assert matrix.cursor == 0
        await it.press("pagedown")
        assert (matrix.cursor, matrix.top) == (matrix.page_rows, matrix.page_rows)
        await it.press("pageup")
        assert (matrix.cursor, matrix.top) == (0, 0)
        await it.press("ctrl+d", "ctrl+d", "ctrl+u")
        assert matrix.cursor == matrix.page_rows // 2


async def test_g_and_another_key_is_no_jump() -> None:
    async with console() as it:
        await it.settled()
        await it.press("j", "j", "g", "down", "g")
        assert it.matrix.cursor == 3, "the second g began a sequence of its own"


async def test_the_next_problem_is_a_key_away() -> None:
    async with console(made=fleet(nodes=60, days=45, seed=3)) as it:
        await it.settled()
        seen = []
        for _ in range(6):
            await it.press("n")
            seen.append((it.matrix.day, it.matrix.cursor, it.matrix.status))
        assert all(status.is_problem for _, _, status in seen)
        assert len({(day, row) for day, row, _ in seen}) == 6
        await it.press("N")
        assert (it.matrix.day, it.matrix.cursor, it.matrix.status) == seen[-2]


async def test_a_narrower_day_shows_more_days() -> None:
    async with console() as it:
        await it.settled()
        assert len(it.matrix.rows.days) == 21
        await it.press("w")
        await it.until(lambda: len(it.matrix.rows.days) > 30)
        await it.press("w")
        await it.until(lambda: len(it.matrix.rows.days) > 60)
        await it.press("w")
        await it.until(lambda: len(it.matrix.rows.days) == 21)
        assert it.matrix.day == TODAY


async def test_going_past_the_first_day_shows_the_week_before() -> None:
    async with console() as it:
        await it.settled()
        await it.press("home", "h")
        await it.until(lambda: it.matrix.rows.days[-1] == TODAY - timedelta(days=7))
        assert it.matrix.day == TODAY - timedelta(days=21)


@pytest.mark.parametrize(
    ("keys", "last", "cursor"),
    [
        (("{",), 7, 7),
        (("{", "}"), 0, 0),
        (("H",), 21, 21),
        (("H", "L"), 0, 0),
        (("[", "["), 0, 2),
        (("[", "]"), 0, 0),
        (("{", "full_stop"), 0, 0),
        (("}",), 0, 0),
    ],
)
async def test_windows_of_days(keys: tuple[str, ...], last: int, cursor: int) -> None:
    async with console() as it:
        await it.settled()
        for key in keys:
            await it.press(key)
            await it.settled()
        await it.until(lambda: it.matrix.rows.days[-1] == TODAY - timedelta(days=last))
        assert it.matrix.day == TODAY - timedelta(days=cursor)


async def test_the_peek_says_the_cell_in_words() -> None:
    async with console() as it:
        await it.settled()
        await it.sees("Failed 12  DAILY_SQL 02:04 → 02:22 (18m)  41.2k examined, 3 failed", "Total number of objects")
        await it.press("p")
        assert "DAILY_SQL" not in it.text()
        await it.press("p")
        await it.sees("DAILY_SQL")


async def test_an_unknown_cell_says_which_server_is_silent_and_since_when() -> None:
    made = fleet(nodes=60)
    made.nodes = [replace(node, statuses=node.statuses[:-1] + bytes([Status.UNKNOWN])) for node in made.nodes]
    made.nodes = [node for node in made.nodes if node.server == "SPB02"]
    async with console(made=made) as it:
        await it.settled()
        it.session.fleet.nodes = []  # nothing more is known of the day
        await it.sees("? Unknown: SPB02 has not answered since 14:11.")


async def test_a_resting_cursor_asks_once_and_a_moving_one_never() -> None:
    async with console() as it:
        await it.settled()
        before = len([report for report, _ in it.session.asked if report == "node-day"])
        for _ in range(10):  # faster than any cursor rests
            it.matrix.action_down()
        await it.settled()
        asked = [params for report, params in it.session.asked if report == "node-day"][before:]
        assert [params["node_id"] for params in asked] == [it.matrix.key]


async def test_keys_are_answered_while_an_answer_is_on_its_way() -> None:
    session = FakeSession(fleet(nodes=60))
    async with console(session=session) as it:
        await it.settled()
        session.delay_s = 30
        await it.press("r", "j", "j")
        assert it.matrix.cursor == 2
        await it.until(lambda: it.matrix.muted, "old rows are muted while others are asked for")
        session.delay_s = 0
        await it.press("r")
        await it.settled()
        assert it.matrix.cursor == 2


async def test_new_facts_change_cells_but_neither_order_nor_cursor() -> None:
    made = fleet(nodes=60)
    async with console(made=made) as it:
        await it.settled()
        await it.press("j", "j", "j", "h")
        keys, cursor, top, day = list(it.matrix.rows.keys), it.matrix.cursor, it.matrix.top, it.matrix.day
        last = keys[-1]
        made.nodes = [
            replace(node, statuses=node.statuses[:-4] + bytes([Status.ERROR] * 4)) if node.node_id == last else node
            for node in made.nodes
        ]
        made.nodes.append(replace(made.nodes[0], node_id=9999, name="NEW-NODE"))
        it.session.tell()
        await it.until(lambda: it.matrix.rows.statuses[-1][-1] == Status.ERROR)
        assert list(it.matrix.rows.keys) == keys
        assert (it.matrix.cursor, it.matrix.top, it.matrix.day) == (cursor, top, day)
        await it.sees("1 new, r shows")
        await it.press("r")
        await it.until(lambda: it.matrix.count() == 61)
        assert it.matrix.rows.keys.index(last) < 3, "worst first again"
        assert it.matrix.key == keys[cursor], "the cursor stays on its node"


async def test_a_refresh_that_fails_keeps_the_rows_and_says_so() -> None:
    async with console() as it:
        await it.settled()
        it.session.failing["jobs-matrix"] = Unreachable("The cache", "here", "it is busy")
        it.session.tell()
        await it.sees("The cache did not answer")
        assert it.matrix.count() == 60
        assert not it.matrix.notice


async def test_the_mouse_goes_to_a_cell_and_opens_it() -> None:
    async with console() as it:
        await it.settled()
        region = it.region(it.matrix)
        name_width = 18
        x, y = region.x + 2 + name_width + 3 * 18 + 1, region.y + 3 + 4
        await it.pilot.click(offset=(x, y))
        assert (it.matrix.cursor, it.matrix.column) == (4, 18)
        await it.pilot.click(offset=(x, y))
        await it.until(lambda: len(it.shell.views) == 2)


async def test_the_wheel_scrolls() -> None:
    async with console() as it:
        await it.settled()
        it.matrix._wheel(_Wheel(), 3)  # type: ignore[arg-type]
        await it.pilot.pause()
        assert (it.matrix.top, it.matrix.cursor) == (3, 3)
        it.matrix._wheel(_Wheel(), -9)  # type: ignore[arg-type]
        assert (it.matrix.top, it.matrix.cursor) == (0, 3)


class _Wheel:
    def stop(self) -> None: ...


async def test_a_resize_keeps_the_cursors_node_and_day() -> None:
    async with console() as it:
        await it.settled()
        await it.press("G", "k", "h", "h")
        key, day = it.matrix.key, it.matrix.day
        for size in ((80, 24), (220, 60), (62, 18), (120, 36)):
            await it.pilot.resize_terminal(*size)
            await asyncio.sleep(0)
            await it.settled()
            assert (it.matrix.key, it.matrix.day) == (key, day), size
            assert it.matrix.top <= it.matrix.cursor < it.matrix.top + it.matrix.page_rows
