"""The terminal's own cursor stands where keys go: readers of screens and magnifiers follow it."""

from __future__ import annotations

from tests.screens.console import Console, console


def under_cursor(it: Console) -> str:
    """The sign on the cell where the terminal's cursor was left by the last paint."""
    at = it.app.cursor_position
    return it.lines()[at.y][at.x]


async def test_it_is_where_the_next_key_goes() -> None:
    async with console() as it:
        await it.settled()
        await it.press("j", "j")
        await it.until(lambda: it.app.cursor_position == it.region(it.matrix).offset + it.matrix.cursor_cell(), "row")
        assert under_cursor(it) == "▌"
        for keys, sign, leave in (
            (("slash", "a", "c", "m"), "▏", "escape"),
            (("colon", "n", "o", "left"), "▏", "escape"),
            (("ctrl+p", "a"), "▏", "escape"),
            (("c", "x", "y", "left"), "▏", "escape"),
            (("escape", "question_mark"), "┌", "escape"),  # what was written is asked for before it is lost
        ):
            await it.press(*keys)
            await it.until(lambda sign=sign: under_cursor(it) == sign, f"{keys}: the cursor on {sign}")  # type: ignore[misc]
            await it.press(leave)
