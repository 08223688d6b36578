"""A console on a made-up fleet, for tests: fixed clock, fixed size, and waiting for what is to be seen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from textual.geometry import Region
from textual.pilot import Pilot

from cloutui.app import CloutuiApp
from cloutui.screens.activity_tail import ActivityTail
from cloutui.screens.jobs_matrix import JobsMatrix
from cloutui.screens.peek import Peek
from cloutui.screens.shell import Shell
from cloutui.widgets.matrix import Matrix
from cloutui.widgets.palette import Depth
from tests.screens.fake_session import NOW, FakeSession, Fleet, fleet, opener
from tests.stillness import stillness

ZONE = ZoneInfo("Europe/Copenhagen")
M = (120, 36)
PATIENCE_S = 30
A_MOMENT_S = 0.5


def console_app(session: FakeSession, **options: Any) -> CloutuiApp:
    options = {
        "start": "matrix",
        "demo": True,
        "time_zone": ZONE,
        "colours": Depth.TRUECOLOR,
        "glyphs": "full",
        **options,
    }
    open_session = options.pop("open_session", opener(session))
    return CloutuiApp(open_session, now=lambda: NOW, **options)


@dataclass
class Console:
    """What a test reads and presses."""

    app: CloutuiApp
    pilot: Pilot[None]
    session: FakeSession

    @property
    def shell(self) -> Shell:
        return self.app.shell

    @property
    def matrix(self) -> Matrix:
        return self.matrix_view.matrix

    @property
    def matrix_view(self) -> JobsMatrix:
        view = self.shell.bases["matrix"]
        assert isinstance(view, JobsMatrix)
        return view

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait until it holds; fail with the screen when it does not, on however slow a machine."""
        deadline = time.monotonic() + PATIENCE_S
        await stillness()
        while not condition():
            assert time.monotonic() < deadline, f"not seen: {what or condition}\n" + self.text()
            await asyncio.sleep(0.02)
            await stillness()

    async def sees(self, *texts: str) -> None:
        for text in texts:
            await self.until(lambda text=text: text in self.text(), text)  # type: ignore[misc]

    async def settled(self) -> None:
        """Rows are there, and the peek has been told what is under the cursor."""
        await self.until(lambda: not self.matrix.waiting and not self.matrix.muted, "rows")
        await self.until(lambda: not self.busy(), "no question open")

    def busy(self) -> bool:
        asking = any(not worker.is_finished for worker in self.app.workers)
        waiting = any(tail.waiting for tail in self.shell.query(ActivityTail) if tail.display)
        telling = any(peek.is_asking for peek in self.shell.view.walk_children(Peek))
        return asking or waiting or telling or self.is_hesitating()

    def is_hesitating(self) -> bool:
        """Whether something is put off for a moment, as offers are while one types."""
        nodes = [node for screen in self.app.screen_stack for node in screen.walk_children(with_self=True)]
        timers = [timer for node in (self.app, *nodes) for timer in node._timers]
        once = [timer._task for timer in timers if timer._repeat == 0 and timer._interval <= A_MOMENT_S]
        return any(task is not None and not task.done() for task in once)

    def lines(self) -> list[str]:
        """The screen as it is, line by line."""
        _, height = self.app.size
        compositor = self.app.screen._compositor
        compositor.reflow(self.app.screen, self.app.size)
        strips = compositor.render_strips()
        assert len(strips) == height
        return ["".join(segment.text for segment in strip) for strip in strips]

    def text(self) -> str:
        return "\n".join(self.lines())

    def region_shown(self, widget: Any) -> bool:
        """Whether any of it is on the screen."""
        return widget in self.app.screen._compositor.visible_widgets

    def region(self, widget: Any) -> Region:
        return self.app.screen.find_widget(widget).region


@asynccontextmanager
async def console(
    size: tuple[int, int] = M, made: Fleet | None = None, session: FakeSession | None = None, **options: Any
) -> AsyncIterator[Console]:
    session = session or FakeSession(made or fleet(nodes=60))
    app = console_app(session, **options)
    async with app.run_test(size=size) as pilot:
        yield Console(app, pilot, session)
