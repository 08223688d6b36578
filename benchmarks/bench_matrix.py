"""One frame of the jobs matrix: 10,000 nodes × 60 days at 160 × 40, by the CPU time from PageDown to its bytes.

All 60 days are in view and nothing is skipped: the key goes through the application's bindings, and the frame is
rendered to terminal sequences, which a driver that writes nowhere counts.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from textual import events
from textual.app import App, ComposeResult
from textual.driver import Driver
from textual.geometry import Size

from cloutui.model.status import Status
from cloutui.widgets.glyphs import FULL
from cloutui.widgets.look import Look
from cloutui.widgets.matrix import Matrix
from cloutui.widgets.matrix_rows import MatrixRows
from cloutui.widgets.palette import Depth

ROWS, DAYS = 10_000, 60
WIDTH, HEIGHT = 160, 40
WARM_UP, FRAMES = 20, 200
_SHARES = {Status.OK: 90, Status.OKWARN: 3, Status.WARNING: 2, Status.ERROR: 2, Status.MISSED: 2, Status.NONE: 1}


class SinkDriver(Driver):
    """A terminal that shows nothing and counts what it is sent."""

    written = 0

    def write(self, data: str) -> None:
        type(self).written += len(data.encode())

    def start_application_mode(self) -> None:
        size = Size(WIDTH, HEIGHT)
        self.send_message(events.Resize(size, size))

    def disable_input(self) -> None: ...

    def stop_application_mode(self) -> None: ...


class MatrixApp(App[None]):
    """The matrix alone on the screen, with a mark for each painted frame."""

    def __init__(self, rows: MatrixRows) -> None:
        super().__init__(driver_class=SinkDriver)
        self._matrix = Matrix(Look.of("nightwatch", Depth.TRUECOLOR, FULL), "Jobs matrix")
        self._matrix.cell_width = 2
        self._shown = rows
        self.painted = asyncio.Event()

    def compose(self) -> ComposeResult:
        yield self._matrix

    def on_mount(self) -> None:
        self._matrix.show(self._shown)
        self._matrix.focus()

    def post_display_hook(self) -> None:
        self.painted.set()

    async def frame(self, key: str) -> None:
        self.painted.clear()
        self.simulate_key(key)
        await asyncio.wait_for(self.painted.wait(), 5)


def measure() -> list[dict[str, Any]]:
    """CPU ms a frame, for a page and for one cell. There is no peer with a matrix."""
    return asyncio.run(_measure())


async def _measure() -> list[dict[str, Any]]:
    app = MatrixApp(_rows())
    running = asyncio.create_task(app.run_async(size=(WIDTH, HEIGHT)))
    await asyncio.wait_for(app.painted.wait(), 30)
    figures = [
        _figure("matrix page, one frame", await _cpu_ms(app, _keys("pagedown"))),
        _figure("matrix cell, one frame", await _cpu_ms(app, _keys("down", "left", "up", "right"))),
    ]
    SinkDriver.written = 0
    await app.frame("down")
    figures.append(_figure("matrix cell, bytes sent", SinkDriver.written, unit="bytes"))
    app.exit()
    await running
    return figures


async def _cpu_ms(app: MatrixApp, keys: Iterator[str]) -> float:
    for _ in range(WARM_UP):
        await app.frame(next(keys))
    started = time.process_time()
    for _ in range(FRAMES):
        await app.frame(next(keys))
    return (time.process_time() - started) * 1000 / FRAMES


def _keys(*keys: str) -> Iterator[str]:
    while True:
        yield from keys


def _figure(name: str, value: float, unit: str = "ms CPU") -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 2),
        "unit": unit,
        "rows": ROWS,
        "peer": None,
        "peer_value": None,
        "ratio": None,
    }


def _rows() -> MatrixRows:
    dice = random.Random(7)
    last = date(2026, 11, 22)
    statuses = [bytes(dice.choices(list(_SHARES), list(_SHARES.values()), k=DAYS)) for _ in range(ROWS)]
    return MatrixRows(
        days=[last - timedelta(days=back) for back in reversed(range(DAYS))],
        keys=range(ROWS),
        names=[f"NODE-{number:05}" for number in range(ROWS)],
        statuses=statuses,
        bad=[sum(status >= Status.MISSED for status in row) for row in statuses],
        run=[dice.choice((0, 0, 0, 1, 4)) for _ in statuses],
    )


if __name__ == "__main__":
    for figure in measure():
        print(figure)
