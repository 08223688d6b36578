"""The jobs matrix as a reader feels it: 10,000 nodes × 60 days and × 366 days, all drawn for a terminal of 160 × 40.

From an answer to its first frame, and the CPU time from a key to its bytes. Nothing is skipped: the key goes through
the application's bindings, and the frame is rendered to terminal sequences, which a driver that writes nowhere counts.
"""

from __future__ import annotations

import asyncio
import gc
import random
import time
import tracemalloc
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle
from typing import Any

import pyarrow as pa
from textual import events
from textual.app import App, ComposeResult
from textual.driver import Driver
from textual.geometry import Size

from cloutui.model.status import Status
from cloutui.model.step import Step
from cloutui.model.table import Answer
from cloutui.reports.registry import find_report
from cloutui.screens.matrix_facts import NODES, rows_of
from cloutui.widgets.glyphs import FULL
from cloutui.widgets.look import Look
from cloutui.widgets.matrix import Matrix
from cloutui.widgets.palette import Depth

ROWS = 10_000
SPANS = (60, 366)
WIDTH, HEIGHT = 160, 40
WARM_UP, FRAMES = 10, 100
_SHARES = {Status.OK: 90, Status.OKWARN: 3, Status.WARNING: 2, Status.ERROR: 2, Status.MISSED: 2, Status.NONE: 1}
_KEYS = {"Down": "down up", "Right": "left right", "PageDown": "pagedown", "End": "home end"}
"""The key that is told, and those that are pressed in turn so that there is always something to move."""


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

    def __init__(self) -> None:
        super().__init__(driver_class=SinkDriver)
        self.matrix = Matrix(Look.of("nightwatch", Depth.TRUECOLOR, FULL), "Jobs matrix")
        self.matrix.sign_width = 2
        self.matrix.has_foot = True
        self.painted = asyncio.Event()

    def compose(self) -> ComposeResult:
        yield self.matrix

    def on_mount(self) -> None:
        self.matrix.focus()

    def post_display_hook(self) -> None:
        self.painted.set()

    async def frame(self, key: str) -> None:
        self.painted.clear()
        self.simulate_key(key)
        await asyncio.wait_for(self.painted.wait(), 5)

    async def load(self, answer: Answer) -> None:
        """As the screen does it, to the first frame."""
        self.painted.clear()
        self.matrix.show(rows_of(answer, NODES, Step.DAY))
        await asyncio.wait_for(self.painted.wait(), 30)


def measure() -> list[dict[str, Any]]:
    """There is no peer with a matrix."""
    return [figure for days in SPANS for figure in asyncio.run(_measure(days))]


async def _measure(days: int) -> list[dict[str, Any]]:
    answer, name = _answer(days), f"matrix {ROWS:,} x {days}"
    app = MatrixApp()
    running = asyncio.create_task(app.run_async(size=(WIDTH, HEIGHT)))
    await asyncio.wait_for(app.painted.wait(), 30)
    started = time.perf_counter()
    await app.load(answer)
    figures = [_figure(f"{name}, answer to paint", (time.perf_counter() - started) * 1000, "ms")]
    for told, pressed in _KEYS.items():
        figures.append(_figure(f"{name}, {told} to paint", await _cpu_ms(app, cycle(pressed.split())), "ms CPU"))
    SinkDriver.written = 0
    await app.frame("down")
    figures.append(_figure(f"{name}, Down", SinkDriver.written, "bytes sent"))
    app.exit()
    await running
    return [*figures, _figure(f"{name}, rows in memory", _held_mib(answer), "MiB")]


async def _cpu_ms(app: MatrixApp, keys: Iterator[str]) -> float:
    """The slower half of the keys pressed in turn is not hidden by the quicker one: both draw a whole frame."""
    for _ in range(WARM_UP):
        await app.frame(next(keys))
    started = time.process_time()
    for _ in range(FRAMES):
        await app.frame(next(keys))
    return (time.process_time() - started) * 1000 / FRAMES


def _held_mib(answer: Answer) -> float:
    gc.collect()
    tracemalloc.start()
    rows = rows_of(answer, NODES, Step.DAY)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(rows) == ROWS
    return held / 2**20


def _figure(name: str, value: float, unit: str) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 2),
        "unit": unit,
        "rows": ROWS,
        "peer": None,
        "peer_value": None,
        "ratio": None,
    }


def _answer(days: int) -> Answer:
    dice = random.Random(7)
    last = date(2026, 11, 22)
    cells = bytes(dice.choices(list(_SHARES), list(_SHARES.values()), k=ROWS * days))
    flat = pa.Array.from_buffers(pa.uint8(), len(cells), [None, pa.py_buffer(cells)])
    bad = [sum(status >= Status.MISSED for status in cells[n : n + days]) for n in range(0, len(cells), days)]
    rows = pa.table(
        {
            "node_id": pa.array(range(ROWS)),
            "server": pa.array(["SPA01"] * ROWS),
            "unit": pa.array(["Acme ApS"] * ROWS),
            "node": pa.array([f"NODE-{number:05}" for number in range(ROWS)]),
            "days": pa.FixedSizeListArray.from_arrays(flat, days),
            "bad": pa.array(bad),
            "run": pa.array([dice.choice((0, 0, 0, 1, 4)) for _ in range(ROWS)]),
        }
    )
    names = [str(last - timedelta(days=back)) for back in reversed(range(days))]
    return Answer(columns=find_report("jobs-matrix").columns, rows=rows, total=ROWS, days=names)


if __name__ == "__main__":
    for figure in measure():
        print(figure)
