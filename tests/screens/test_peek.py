"""The pane that follows a cursor: what it was told of older facts is never taken for what holds now."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from cloutui.screens.peek import Peek
from cloutui.widgets.glyphs import FULL
from cloutui.widgets.look import Look
from cloutui.widgets.palette import Depth
from cloutui.widgets.paragraph import Paragraph


def said(text: str) -> list[Paragraph]:
    return [Paragraph([], text)]


class PeekApp(App[None]):
    """A peek, and a source that answers when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.peek = Peek(Look.of("nightwatch", Depth.TRUECOLOR, FULL))
        self.began: list[str] = []
        self.released = asyncio.Event()

    def compose(self) -> ComposeResult:
        yield self.peek

    def look(self, text: str) -> None:
        async def ask() -> Sequence[Paragraph]:
            self.began.append(text)
            await self.released.wait()
            return said(text)

        self.peek.look_at("node", said("at once"), ask)


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await pilot.pause(0.01)


@asynccontextmanager
async def asked_once() -> AsyncIterator[tuple[PeekApp, Pilot[None]]]:
    """A peek whose first question is under way."""
    app = PeekApp()
    async with app.run_test() as pilot:
        app.look("old")
        await until(pilot, lambda: app.began == ["old"])
        yield app, pilot


async def answered(app: PeekApp, pilot: Pilot[None]) -> None:
    app.released.set()
    await until(pilot, lambda: not app.peek.is_asking)


async def test_what_was_told_is_kept_until_the_facts_change() -> None:
    async with asked_once() as (app, pilot):
        await answered(app, pilot)
        app.look("new")
        assert not app.peek.is_asking
        app.peek.forget()
        app.look("new")
        await until(pilot, lambda: app.began == ["old", "new"])
        await answered(app, pilot)


async def test_an_answer_that_was_under_way_when_the_facts_changed_is_not_kept() -> None:
    async with asked_once() as (app, pilot):
        app.peek.forget()
        await answered(app, pilot)
        app.look("new")
        assert app.peek.is_asking, "what came late is of the facts before"
        await until(pilot, lambda: app.began == ["old", "new"])
        await answered(app, pilot)
