"""How a copy gets to the reader: by the terminal where it can, else as text to be marked."""

from __future__ import annotations

import pytest

from cloutui.screens.clipboard import MOST_BYTES, fits, way_out
from cloutui.screens.plain_page import PlainPage
from tests.screens.console import console


@pytest.mark.parametrize(
    ("chosen", "terminal", "way"),
    [
        ("auto", "xterm-256color", "osc52"),
        ("auto", "", "osc52"),
        ("auto", "linux", "box"),
        ("auto", "dumb", "box"),
        ("osc52", "linux", "osc52"),
        ("box", "xterm-256color", "box"),
    ],
)
def test_the_setting_decides_and_else_the_name_of_the_terminal(chosen: str, terminal: str, way: str) -> None:
    assert way_out(chosen, terminal) == way  # type: ignore[arg-type]


def test_a_text_fits_as_long_as_it_is_short_as_it_is_sent() -> None:
    longest = MOST_BYTES // 4 * 3
    assert fits("x" * longest)
    assert not fits("x" * (longest + 1))
    assert not fits("ø" * (longest // 2 + 1)), "bytes count, not characters"


async def test_where_there_is_no_clipboard_the_text_comes_to_be_marked_and_nothing_is_sent() -> None:
    async with console(clipboard="box") as it:
        await it.settled()
        await it.press("Y")
        await it.until(lambda: isinstance(it.app.screen, PlainPage))
        await it.sees("No clipboard here: the link", "mark with the mouse   esc closes")
        assert it.lines()[1].strip() == "cloutui://unit/1/matrix?day=2026-11-22", "no frame that would be marked too"
        assert it.app._clipboard == ""
        await it.press("escape")
        assert it.app.screen is it.shell
        it.shell.hand_out("a\tb", "row")
        await it.until(lambda: it.lines()[1].strip() == "a  b")


async def test_what_is_too_long_says_so_and_can_be_scrolled() -> None:
    text = "\n".join(f"line {number}" for number in range(20_000))
    async with console() as it:
        await it.settled()
        it.shell.hand_out(text, "table")
        await it.sees("Too long for the clipboard: the table", "line 1")
        await it.press("G")
        await it.sees("line 19999")
        assert it.app._clipboard == ""


async def test_the_mouse_is_the_terminals_while_there_is_text_to_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    async with console(clipboard="box") as it:
        await it.settled()
        said: list[str] = []
        driver = it.app._driver
        monkeypatch.setattr(driver, "_disable_mouse_support", lambda: said.append("off"), raising=False)
        monkeypatch.setattr(driver, "_enable_mouse_support", lambda: said.append("on"), raising=False)
        await it.press("Y")
        await it.until(lambda: said == ["off"])
        await it.press("escape")
        await it.until(lambda: said == ["off", "on"])
