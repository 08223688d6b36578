"""Text to read: wrapped, or a message a line."""

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
