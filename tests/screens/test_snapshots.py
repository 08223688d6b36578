"""Pictures of the screens: fixed clock, fixed fleet, fixed sizes. `pytest --snapshot-update` takes them anew."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from cloutui.app import CloutuiApp
from cloutui.errors import Unreachable
from cloutui.widgets.palette import Depth
from tests.screens.console import Console, console_app
from tests.screens.fake_session import FakeSession, fleet

S, M, L, XL = (80, 24), (120, 36), (160, 48), (220, 60)


def press(session: FakeSession, *keys: str, quiet: bool = True) -> Callable[[Pilot[None]], Any]:
    async def run_before(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, CloutuiApp)
        it = Console(pilot.app, pilot, session)
        for key in ("", *keys):
            if key:
                await it.press(key)
            if quiet:
                await it.settled()
            else:
                await it.sees("collecting SPA01")

    return run_before


def picture(snap_compare: Any, size: tuple[int, int], *keys: str, **options: Any) -> None:
    session = options.pop("session", None) or FakeSession(fleet(nodes=120))
    quiet = options.pop("quiet", True)
    app = console_app(session, **options)
    assert snap_compare(app, terminal_size=size, run_before=press(session, *keys, quiet=quiet))


@pytest.mark.parametrize("size", [S, M, L, XL], ids=["S", "M", "L", "XL"])
def test_matrix(snap_compare: Any, size: tuple[int, int]) -> None:
    picture(snap_compare, size, "j", "h")


@pytest.mark.parametrize("size", [S, M, L], ids=["S", "M", "L"])
def test_day_of_a_node(snap_compare: Any, size: tuple[int, int]) -> None:
    picture(snap_compare, size, "j", "enter")


@pytest.mark.parametrize("size", [S, M, L], ids=["S", "M", "L"])
def test_job(snap_compare: Any, size: tuple[int, int]) -> None:
    picture(snap_compare, size, "enter", "enter")


@pytest.mark.parametrize("size", [S, M, L], ids=["S", "M", "L"])
def test_empty(snap_compare: Any, size: tuple[int, int]) -> None:
    picture(snap_compare, size, session=FakeSession(fleet(nodes=0)))


@pytest.mark.parametrize("size", [S, M, L], ids=["S", "M", "L"])
def test_error(snap_compare: Any, size: tuple[int, int]) -> None:
    session = FakeSession(fleet(nodes=60))
    session.failing["jobs-matrix"] = Unreachable("SPB02", "10.2.0.14:1500", "connection refused (ANS1017E)")
    picture(snap_compare, size, session=session)


@pytest.mark.parametrize("size", [S, M, L], ids=["S", "M", "L"])
def test_all_servers_silent(snap_compare: Any, size: tuple[int, int]) -> None:
    picture(snap_compare, size, "i", session=FakeSession(fleet(nodes=60, silent=("SPA01", "SPA02", "SPB01"))))


@pytest.mark.parametrize("size", [S, M], ids=["S", "M"])
def test_before_the_first_answer(snap_compare: Any, size: tuple[int, int]) -> None:
    async def never(progress: Callable[[str], None]) -> FakeSession:
        progress("collecting SPA01, 2 of 3 servers")
        await asyncio.sleep(60)
        raise AssertionError

    picture(snap_compare, size, open_session=never, quiet=False)


def test_tree_with_focus(snap_compare: Any) -> None:
    picture(snap_compare, M, "shift+tab", "j", "j")


def test_drawer(snap_compare: Any) -> None:
    picture(snap_compare, S, "b", "j")


def test_keys(snap_compare: Any) -> None:
    picture(snap_compare, M, "question_mark")


def test_narrow(snap_compare: Any) -> None:
    picture(snap_compare, (70, 20), "j")


def test_ascii_without_colour(snap_compare: Any) -> None:
    picture(snap_compare, S, "j", glyphs="ascii", colours=Depth.NONE)


def test_sixteen_colours(snap_compare: Any) -> None:
    picture(snap_compare, M, "j", colours=Depth.ANSI)


def test_two_months_in_one_cell_a_day(snap_compare: Any) -> None:
    picture(snap_compare, M, "w", "w", "j")


@pytest.mark.parametrize("size", [S, M], ids=["S", "M"])
def test_filter_row(snap_compare: Any, size: tuple[int, int]) -> None:
    picture(snap_compare, size, "slash", *"node", "colon", *"acme", "enter")


@pytest.mark.parametrize("size", [S, M], ids=["S", "M"])
def test_filter_that_is_wrong(snap_compare: Any, size: tuple[int, int]) -> None:
    picture(snap_compare, size, "slash", *"nodes", "colon", *"acme")


@pytest.mark.parametrize("size", [S, M], ids=["S", "M"])
def test_command_bar(snap_compare: Any, size: tuple[int, int]) -> None:
    picture(snap_compare, size, "colon", *"mat")


@pytest.mark.parametrize("size", [S, M], ids=["S", "M"])
def test_command_bar_with_a_wrong_word(snap_compare: Any, size: tuple[int, int]) -> None:
    picture(snap_compare, size, "colon", *"matrx", "enter")


@pytest.mark.parametrize("size", [S, M], ids=["S", "M"])
def test_palette(snap_compare: Any, size: tuple[int, int]) -> None:
    picture(snap_compare, size, "ctrl+p", *"acme")


@pytest.mark.parametrize("size", [S, M], ids=["S", "M"])
def test_copy_box(snap_compare: Any, size: tuple[int, int]) -> None:
    picture(snap_compare, size, "y")


@pytest.mark.parametrize("size", [S, M], ids=["S", "M"])
def test_export_box(snap_compare: Any, size: tuple[int, int]) -> None:
    picture(snap_compare, size, "e")


@pytest.mark.parametrize("size", [S, M], ids=["S", "M"])
def test_notice_of_a_mistake(snap_compare: Any, size: tuple[int, int]) -> None:
    typed = "export csv /nowhere/all.csv".replace(" ", "\0").replace("/", "\1").replace(".", "\2")
    names = {"\0": "space", "\1": "slash", "\2": "full_stop"}
    picture(snap_compare, size, "colon", *(names.get(char, char) for char in typed), "enter")
