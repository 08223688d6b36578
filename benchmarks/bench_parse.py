"""Rows a second from the text of `dsmadmc` to typed Arrow columns, beside Python's csv module and DuckDB's reader.

Ours checks the shape of every row, takes messages out and counts what is torn; the csv module only splits, and DuckDB
reads a file with the types told. All read the same text of EVENTS, a row in ten with a quoted reason.
"""

from __future__ import annotations

import csv
import io
import random
import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import duckdb

from cloutui.products.storage_protect import selects
from cloutui.products.storage_protect.parser import Field, parse

ROWS = 500_000
TURNS = 5
FIELDS = [Field(column.name, column.type) for column in selects.EVENTS.columns]
REASONS = (
    *["All operations completed successfully."] * 9,
    '"The operation completed successfully, but some files were not processed."',
)


def measure() -> list[dict[str, object]]:
    text = events_text(ROWS)
    torn = _torn(text)
    assert parse(text, FIELDS).table.num_rows == ROWS
    assert parse(torn, FIELDS).bad_rows == ROWS // 1000
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        Path(file.name).write_bytes(text)
        ours, split, duck, rough = _rates(
            lambda: parse(text, FIELDS),
            lambda: _with_csv(text),
            lambda: _with_duckdb(file.name),
            lambda: parse(torn, FIELDS),
        )
    return [
        _figure("parse rate", ours, "python csv", split),
        _figure("parse rate", ours, "duckdb read_csv", duck),
        _figure("parse rate, a torn row and a message in 1000", rough, "python csv", split),
    ]


def events_text(rows: int) -> bytes:
    """What a server answers to a SELECT of `rows` events."""
    chance = random.Random(1)
    start = datetime.fromisoformat("2026-11-01T00:00:00")
    return "".join(_event(number, start, chance) for number in range(rows)).encode()


def _event(number: int, start: datetime, chance: random.Random) -> str:
    scheduled = start + timedelta(minutes=number % 40_000)
    times = [scheduled, scheduled + timedelta(seconds=chance.randrange(3600)), scheduled + timedelta(hours=2)]
    written = ",".join(f"{moment:%Y-%m-%d %H:%M:%S.%f}" for moment in times)
    return f"PD_STD,DAILY_{number % 20},NODE{number % 1000:04},{written},Completed,0,{chance.choice(REASONS)}\n"


def _torn(text: bytes) -> bytes:
    lines = text.splitlines(keepends=True)
    for at in range(0, len(lines), 1000):
        lines[at] = lines[at][:40] + b"\nANR0440W A message in the middle.\n"
    return b"".join(lines)


def _rates(*ways: Callable[[], object]) -> Iterable[float]:
    """The median rate of each, taken in turn, so that a busy machine disturbs all alike."""
    taken: list[list[float]] = [[] for _ in ways]
    for _ in range(TURNS):
        for times, way in zip(taken, ways, strict=True):
            began = perf_counter()
            way()
            times.append(perf_counter() - began)
    return [ROWS / median(times) for times in taken]


def _with_csv(text: bytes) -> int:
    return sum(1 for _ in csv.reader(io.StringIO(text.decode())))


def _with_duckdb(file: str) -> int:
    types = {field.name: _duckdb_type(field) for field in FIELDS}
    with duckdb.connect() as connection:
        return connection.read_csv(file, header=False, columns=types).to_arrow_table().num_rows


def _duckdb_type(field: Field) -> str:
    return {"string": "VARCHAR", "timestamp[us]": "TIMESTAMP", "int32": "INTEGER"}[str(field.type)]


def _figure(name: str, value: float, peer: str, peer_value: float) -> dict[str, object]:
    return {
        "name": name,
        "value": value,
        "unit": "rows/s",
        "rows": ROWS,
        "peer": peer,
        "peer_value": peer_value,
        "ratio": value / peer_value,
    }
