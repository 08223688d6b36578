"""The result table beside textual-fastdatatable and Textual's own DataTable: 12 columns, 140 × 40, a driver that writes
nowhere, each case in a process of its own.

Not like for like: ours writes each value by its kind and colours each cell, the peers write plain values. A key costs
the CPU time until nothing more is painted. `load`, `sort` and `filter` are wall time to the last paint. textual's
DataTable keeps every cell as an object and measures it, so it is left out where its load would take too long.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import resource
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute  # loaded by whoever sorts first
from textual import events
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size
from textual.widget import Widget

SIZES = (1_000, 100_000, 1_000_000)
WIDTH, HEIGHT = 140, 40
WARM_UP, KEYS = 8, 40
QUIET_S, PATIENCE_S = 0.04, 60.0
MOST_LOAD_S = 20.0
"""What a peer's load may take; at ten times the rows it takes at least ten times as long."""

NOW = datetime(2026, 11, 22, 13, 52, tzinfo=UTC)
PEERS = {"fastdatatable": "textual-fastdatatable", "datatable": "Textual DataTable"}
ROOT = Path(__file__).resolve().parent.parent


def measure() -> list[dict[str, Any]]:
    """Each figure beside textual-fastdatatable, and the DataTable's beside ours."""
    figures: list[dict[str, Any]] = []
    slow = False
    for rows in SIZES:
        ours = _in_process("ours", rows)
        fast = _in_process("fastdatatable", rows)
        figures += [_figure(name, value, rows, "fastdatatable", fast.get(name)) for name, value in ours.items()]
        if not slow:
            datatable = _in_process("datatable", rows)
            slow = datatable["load to paint"] * 100 / 1000 > MOST_LOAD_S
            figures += [
                _figure(f"{name} (2)", ours[name], rows, "datatable", value) for name, value in datatable.items()
            ]
    return figures


def _figure(name: str, value: float, rows: int, peer: str, peer_value: float | None) -> dict[str, Any]:
    unit = next(unit for words, unit in _UNITS.items() if name.startswith(words))
    known = peer_value is not None
    return {
        "name": f"table, {name}",
        "value": round(value, 2),
        "unit": unit,
        "rows": rows,
        "peer": PEERS[peer] if known else None,
        "peer_value": round(peer_value, 2) if peer_value is not None else None,
        "ratio": round(value / peer_value, 3) if peer_value else None,
    }


_UNITS = {"key": "ms CPU", "load": "ms", "sort": "ms", "filter": "ms", "memory": "MB"}


def _in_process(case: str, rows: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.bench_result_table", case, str(rows)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise RuntimeError(f"{case} with {rows} rows: {done.stderr[-2000:]}")
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


# The data: a list of jobs, as a report gives it.


def jobs(rows: int) -> pa.Table:
    """Twelve columns of every kind."""
    import duckdb

    return duckdb.sql(
        f"""
        SELECT CASE WHEN i % 41 = 0 THEN 9 WHEN i % 37 = 0 THEN 7 WHEN i % 29 = 0 THEN 5 ELSE 2 END AS status,
               'NODE-' || lpad((hash(i) % 5000)::VARCHAR, 4, '0') || '-' || i AS node,
               'Unit ' || (i % 97) AS unit, 'SP' || (i % 7) AS server, 'DAILY_' || (i % 5) AS schedule,
               TIMESTAMP '2026-11-22 13:00:00' - to_minutes(CAST(i % 40000 AS INTEGER)) AS start,
               (hash(i + 1) % 17592186044416)::BIGINT AS bytes, (hash(i + 2) % 5000000)::BIGINT AS files,
               (hash(i + 3) % 90000)::BIGINT AS took, (hash(i + 4) % 1000 / 10.0)::DOUBLE AS used,
               TIMESTAMP '2026-11-22 13:00:00' - to_minutes(CAST(i % 9000 AS INTEGER)) AS last_ok,
               CASE WHEN i % 41 = 0 THEN 'ANE4959E Total number of objects failed: ' || i % 9 END AS message
        FROM range({rows}) AS t(i)
        """
    ).to_arrow_table()


# The three tables, each with what it is asked to do.


class Case(Protocol):
    """A table on the screen."""

    widget: Widget
    ends: tuple[str, str]
    """The keys for the first and the last row."""

    def load(self) -> None: ...
    def sort(self) -> None: ...
    def filter(self) -> None: ...


class Ours:
    ends = ("home", "end")

    def __init__(self, table: pa.Table) -> None:
        from cloutui.model.table import Answer, Column, Kind
        from cloutui.widgets.glyphs import FULL
        from cloutui.widgets.look import Look
        from cloutui.widgets.palette import Depth
        from cloutui.widgets.result_rows import Narrowing, SortKey
        from cloutui.widgets.result_table import ResultTable

        kinds = {"status": Kind.STATUS, "start": Kind.TIME, "bytes": Kind.BYTES, "files": Kind.COUNT}
        kinds |= {"took": Kind.DURATION, "used": Kind.PERCENT, "last_ok": Kind.AGE}
        columns = [Column(name=name, kind=kinds.get(name, Kind.TEXT)) for name in table.column_names]
        look = Look.of("nightwatch", Depth.TRUECOLOR, FULL)
        self.widget = ResultTable(look, "Jobs", now=lambda: NOW)
        self._answer = Answer(columns=columns, rows=table, total=table.num_rows)
        self._sort, self._narrowing = [SortKey("bytes", descending=True)], Narrowing("node", "0042")

    def load(self) -> None:
        self.widget.show(self._answer, key=["node"])

    def sort(self) -> None:
        self.widget.sort_by(self._sort)

    def filter(self) -> None:
        self.widget.narrow(self._narrowing)


class Fast:
    ends = ("ctrl+home", "ctrl+end")

    def __init__(self, table: pa.Table) -> None:
        from textual_fastdatatable import ArrowBackend, DataTable

        self.widget = DataTable(backend=ArrowBackend(table))

    def load(self) -> None: ...

    def sort(self) -> None:
        self.widget.sort([("bytes", "descending")])


class Plain:
    ends = ("ctrl+home", "ctrl+end")

    def __init__(self, table: pa.Table) -> None:
        from textual.widgets import DataTable

        self.widget: Any = DataTable()
        self._names = table.column_names
        self._rows = list(zip(*(column.to_pylist() for column in table.columns), strict=True))

    def load(self) -> None:
        for name in self._names:
            self.widget.add_column(name, key=name)
        self.widget.add_rows(self._rows)

    def sort(self) -> None:
        self.widget.sort("bytes", reverse=True)

    def filter(self) -> None:
        self.widget.clear()
        self.widget.add_rows(row for row in self._rows if "0042" in row[1])


CASES: dict[str, Callable[[pa.Table], Any]] = {"ours": Ours, "fastdatatable": Fast, "datatable": Plain}


# The measuring.


class Sink(Driver):
    """A terminal that shows nothing."""

    def write(self, data: str) -> None: ...

    def start_application_mode(self) -> None:
        size = Size(WIDTH, HEIGHT)
        self.send_message(events.Resize(size, size))

    def disable_input(self) -> None: ...

    def stop_application_mode(self) -> None: ...


class Bench(App[None]):
    """One table, and the moment of the last paint."""

    def __init__(self) -> None:
        super().__init__(driver_class=Sink)
        self.animation_level = "none"
        self.painted_at = 0.0

    def post_display_hook(self) -> None:
        self.painted_at = time.perf_counter()

    async def settled(self, since: float, *, patience_s: float = PATIENCE_S) -> float:
        """Milliseconds to the last paint, once nothing more is painted. Nothing at all for `patience_s` is an error."""
        while True:
            await asyncio.sleep(QUIET_S / 4)
            now = time.perf_counter()
            busy = any(worker.is_running for worker in self.workers)
            if self.painted_at > since and now - self.painted_at > QUIET_S and not busy:
                return (self.painted_at - since) * 1000
            if now - since > patience_s:
                raise TimeoutError("nothing was painted")


async def _measure_case(case: str, rows: int) -> dict[str, float]:
    table = jobs(rows)
    app, begun = Bench(), time.perf_counter()
    running = asyncio.create_task(app.run_async(size=(WIDTH, HEIGHT)))
    await app.settled(begun)
    CASES[case](table.slice(0, 10))  # what is imported once is not counted
    gc.collect()
    memory, started = _resident_mb(), time.perf_counter()
    shown = CASES[case](table)
    await app.mount(shown.widget)
    shown.load()
    shown.widget.focus()
    figures = {"load to paint": await app.settled(started)}
    first, last = shown.ends
    for key in ("down", "pagedown", last):
        figures[f"key {'end' if key == last else key}"] = await _key_ms(app, key, first, back_after=rows // HEIGHT)
    gc.collect()
    figures["memory added"] = _resident_mb() - memory
    for name in ("sort", "filter"):
        if hasattr(shown, name):
            figures[name] = await _timed(app, getattr(shown, name))
    app.exit()
    await running
    return figures


async def _key_ms(app: Bench, key: str, first: str, *, back_after: int) -> float:
    """CPU ms a key. The way back to the first row, in between where there is nothing further down, is not counted."""
    spent = 0.0
    for turn in range(WARM_UP + KEYS):
        if "end" in key or turn % back_after == 0:
            with contextlib.suppress(TimeoutError):
                await _press(app, first, patience_s=0.2)
        cost = await _press(app, key)
        spent += cost if turn >= WARM_UP else 0
    return spent / KEYS


async def _press(app: Bench, key: str, *, patience_s: float = PATIENCE_S) -> float:
    started, cpu = time.perf_counter(), time.process_time()
    app.simulate_key(key)
    await app.settled(started, patience_s=patience_s)
    return (time.process_time() - cpu) * 1000


async def _timed(app: Bench, act: Callable[[], Awaitable[None] | None]) -> float:
    started = time.perf_counter()
    act()
    return await app.settled(started)


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(asyncio.run(_measure_case(sys.argv[1], int(sys.argv[2])))))
    else:
        for figure in measure():
            print(figure)
