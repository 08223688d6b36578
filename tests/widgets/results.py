"""A made-up result, and an app that shows it in a result table."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pyarrow as pa
from textual import events, on
from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from cloutui.model.status import Status
from cloutui.model.table import Answer, Column, Kind
from cloutui.widgets.glyphs import FULL, Glyphs
from cloutui.widgets.look import Look
from cloutui.widgets.palette import Depth
from cloutui.widgets.result_cells import growth
from cloutui.widgets.result_order import OrderedResult
from cloutui.widgets.result_table import ResultTable

NOW = datetime(2026, 11, 22, 13, 52, tzinfo=UTC)
ZONE = timezone(timedelta(hours=1), "CET")

TIB, GIB, MIB = 1 << 40, 1 << 30, 1 << 20

COLUMNS = (
    Column(name="node", kind=Kind.TEXT),
    Column(name="unit", kind=Kind.TEXT, priority=5),
    Column(name="status", kind=Kind.STATUS),
    Column(name="stored", kind=Kind.BYTES, priority=2),
    Column(name="delta", kind=Kind.PERCENT, title="Δ day", priority=3),
    Column(name="sent", kind=Kind.BYTES, title="sent 24h", priority=3),
    Column(name="last_ok", kind=Kind.AGE, title="last ok", priority=2),
    Column(name="ack", kind=Kind.TEXT, priority=4),
)

_E, _M, _W, _N, _O = Status.ERROR, Status.MISSED, Status.WARNING, Status.OKWARN, Status.OK
# Node, unit, status, what is said of it, stored, growth, sent, hours since the last success, acknowledged.
DAY: Sequence[tuple[Any, ...]] = (
    ("ACME-SQL01", "Acme ApS", _E, "Failed 12", 4.12 * TIB, None, 0, 100, "1c"),
    ("NETTRAFO-DC1", "Net & Trafo", _E, "Failed 12", 612 * GIB, None, 0, 24, None),
    ("KS-JOURNAL", "Kommune Syd", _E, "Failed 8", 1.88 * TIB, 0.1, 18.4 * GIB, 26, "OP1 2c"),
    ("KS-FILE03", "Kommune Syd", _M, None, 9.4 * TIB, None, None, 50, None),
    ("ACME-WEB04", "Acme ApS", _M, None, 88.1 * GIB, None, None, 30, None),
    ("BOLT-VM-PROXY", "Bolt Logistik", _W, "No activity", 2.31 * TIB, 0, None, 100, "OP2 3c"),
    ("VIND-HIST01", "Vindpark Vest", _W, "Growth", 7.7 * TIB, 18.2, 1.4 * TIB, 4, None),
    ("OH-PACS-ARC", "Øresund Health", _W, "Limit 90%", 41.9 * TIB, 0.4, 210 * GIB, 3, None),
    ("SPB02-CLU", "Lager 9", Status.UNKNOWN, None, None, None, None, None, None),
    ("OH-EPJ-DB1", "Øresund Health", _N, "OK, 12 skip", 3.02 * TIB, 0.2, 96 * GIB, 2, None),
    ("CIRKEL-DC1", "Cirkel Kaffe", _N, "OK, 1 skip", 140 * GIB, 0, 812 * MIB, 5, None),
    ("MOL-CAD01", "Mol Industri", Status.RUNNING, "Running 42%", 5.5 * TIB, None, 81 * GIB, 24, None),
    ("MOL-CAD02", "Mol Industri", Status.PENDING, "Pending 16:00", 2.2 * TIB, None, None, 25, None),
    ("ACME-EXCH01", "Acme ApS", _O, None, 6.01 * TIB, 0.3, 44 * GIB, 6, None),
    ("BOLT-ERP", "Bolt Logistik", _O, None, 1.1 * TIB, -0.1, 12.2 * GIB, 6, None),
    ("LAGER9-WMS", "Lager 9", _O, None, 330 * GIB, 0, 2.41 * GIB, 7, None),
    ("OLD-TEST", "Lager 9", Status.IGNORED, None, 0, 0, 0, 700, None),
    ("NEW-VM", "Lager 9", Status.NONE, None, None, None, None, None, None),
)


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def answer(rows: Sequence[tuple[Any, ...]] = DAY, *, ids: Sequence[int] | None = None, total: int = 0) -> Answer:
    """An answer with a key column `node_id` that is no column to be shown."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * 9
    table = pa.table(
        {
            "node_id": pa.array(ids if ids is not None else range(len(rows)), pa.int64()),
            "node": pa.array(columns[0], pa.string()),
            "unit": pa.array(columns[1], pa.string()),
            "status": pa.array([int(status) for status in columns[2]], pa.uint8()),
            "said": pa.array(columns[3], pa.string()),
            "stored": pa.array([_whole(value) for value in columns[4]], pa.int64()),
            "delta": pa.array(columns[5], pa.float64()),
            "sent": pa.array([_whole(value) for value in columns[6]], pa.int64()),
            "last_ok": pa.array(
                [None if hours is None else NOW - timedelta(hours=hours) for hours in columns[7]],
                pa.timestamp("us", "UTC"),
            ),
            "ack": pa.array(columns[8], pa.string()),
        }
    )
    return Answer(columns=COLUMNS, rows=table, total=max(total, len(rows)))


def many(count: int) -> Answer:
    """Numbered nodes; every tenth has failed."""
    return answer(
        [
            (f"NODE-{n:05}", f"Unit {n % 7}", _E if n % 10 == 9 else _O, None, n * GIB, 0.0, n, n % 90, None)
            for n in range(count)
        ]
    )


class TableApp(App[None]):
    """The table alone, and what it said."""

    def __init__(self, *, depth: Depth = Depth.TRUECOLOR, glyphs: Glyphs = FULL, shown: Answer | None = None) -> None:
        super().__init__()
        look = Look.of("nightwatch", depth, glyphs)
        self.table = ResultTable(
            look, "Daily status", now=lambda: NOW, zone=ZONE, status_detail="said", writers={"delta": growth}
        )
        self.shown = shown or answer()
        self.said: list[Message] = []

    def compose(self) -> ComposeResult:
        yield self.table

    def on_mount(self) -> None:
        self.table.entitle(note="◄ Sun 22 Nov 2026 ►   processed 194 / 212")
        self.table.show(self.shown, key=["node_id"])
        self.table.focus()

    @on(OrderedResult.Asked)
    @on(ResultTable.RowChosen)
    @on(ResultTable.PageAsked)
    def heard(self, message: Message) -> None:
        self.said.append(message)

    def heard_last(self, kind: type[Message]) -> Any:
        """The last message of a kind."""
        return next(message for message in reversed(self.said) if isinstance(message, kind))

    @property
    def lines(self) -> list[str]:
        """What is drawn."""
        return ["".join(segment.text for segment in self.table.render_line(y)) for y in range(self.table.size.height)]

    def column(self, name: str) -> list[str]:
        """What stands under a head, from the first row in view."""
        start = self.lines[1].index("node")  # the first head stands where the columns begin
        placed = next(placed for placed in self.table.layout_of_columns.placed if placed.name == name)
        cut = slice(start + placed.start, start + placed.start + placed.width)
        return [line[cut].strip() for line in self.lines[2:] if line.strip()]


@asynccontextmanager
async def shown(
    keys: str = "", *, size: tuple[int, int] = (94, 24), **options: Any
) -> AsyncIterator[tuple[TableApp, Pilot[None]]]:
    """The app after some keys."""
    app = TableApp(**options)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        await press(pilot, keys)
        yield app, pilot


async def press(pilot: Pilot[None], keys: str) -> None:
    """Press keys parted by blanks, as fast as they come. The pilot's own way sleeps after each."""
    for key in keys.split():
        event = events.Key(key, key if len(key) == 1 else None)
        event.set_sender(pilot.app)
        pilot.app.post_message(event)
    await settle(pilot)


async def settle(pilot: Pilot[None]) -> None:
    """Until what runs in a thread is done or was given up for something newer, and is drawn."""
    await pilot._wait_for_screen()
    for worker in list(pilot.app.workers):
        with suppress(WorkerCancelled):
            await worker.wait()
    await pilot.pause()
