"""Text to read: wrapped, or a message a line; and what is sought in it."""

from __future__ import annotations

from textual.app import App, ComposeResult

from cloutui.widgets.glyphs import FULL
from cloutui.widgets.look import Look
from cloutui.widgets.page import Page
from cloutui.widgets.palette import Depth
from cloutui.widgets.paragraph import Paragraph


class Reading(App[None]):
    def compose(self) -> ComposeResult:
        yield Page(Look.of("nightwatch", Depth.TRUECOLOR, FULL), "Log")


async def test_long_lines_are_wrapped_or_cut_with_a_sign() -> None:
    async with Reading().run_test(size=(40, 10)) as pilot:
        page = pilot.app.query_one(Page)
        page.focus()
        page.show([Paragraph(text="a word " * 12), Paragraph(text="short")])

        def lines() -> list[str]:
            return [page.render_line(y).text.rstrip() for y in range(1, 1 + page.count())]

        assert len(lines()) == 4
        assert all(len(line) <= 40 for line in lines())
        await pilot.press("w")
        assert lines() == [("a word " * 12)[:39] + "…", "short"]
        await pilot.press("w")
        assert len(lines()) == 4


async def test_a_text_is_sought_and_gone_through_until_esc() -> None:
    async with Reading().run_test(size=(40, 6)) as pilot:
        page = pilot.app.query_one(Page)
        page.focus()
        page.show([Paragraph(text=f"line {number}") for number in range(30)])
        await pilot.press("slash", *"ine 2")  # line 2, and 20 to 29
        assert "find ine 2" in page.render_line(0).text
        assert "1 of 11" in page.render_line(0).text
        await pilot.press("enter", "n", "n")
        assert page.search is not None
        assert page.search.at == 21
        assert "line 21" in [page.render_line(y).text.strip() for y in range(1, 6)]
        await pilot.press("N", "N", "N")
        assert page.search.at == 29, "before the first comes the last"
        await pilot.press("escape")
        assert page.search is None
        assert "Log" in page.render_line(0).text
