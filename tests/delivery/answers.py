"""Answers to export, beside what a machine should read back from them."""
# ruff: noqa: DTZ001 - the cache's moments are UTC without a zone

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa

from cloutui.delivery.heading import Export, Heading
from cloutui.model.status import Status
from cloutui.model.table import Answer, Column, Freshness, Kind

MADE_AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

HEADING = Heading(
    report="jobs",
    summary="Every job of some days.",
    unit="Fjord Retail/Acme ApS",
    parameters={"first": date(2026, 11, 21), "node": "ACME-SQL01"},
    filter='status:failed -unit:"North"',
    sort=("-bytes", "node"),
    made_at=MADE_AT,
    made_by="op1",
)

_TYPES: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.STATUS: pa.uint8(),
    Kind.BYTES: pa.int64(),
    Kind.COUNT: pa.int64(),
    Kind.PERCENT: pa.float64(),
    Kind.DURATION: pa.float64(),
    Kind.TIME: pa.timestamp("us"),
    Kind.DAY: pa.date32(),
    Kind.AGE: pa.timestamp("us", "UTC"),
}

EVERY_KIND = tuple(Column(name=kind.value, kind=kind) for kind in _TYPES)

GIVEN: list[dict[str, Any]] = [
    {
        "text": "ACME-SQL01",
        "status": int(Status.ERROR),
        "bytes": 4_529_984_118,
        "count": 41_234,
        "percent": 61.5,
        "duration": 1087.0,
        "time": datetime(2026, 11, 21, 1, 4, 7, 900_000),
        "day": date(2026, 11, 21),
        "age": datetime(2026, 11, 20, 23, 30, tzinfo=UTC),
    },
    dict.fromkeys(_TYPES),
    {
        "text": 'Ærø, "quoted"; 北海 <b>&amp;</b>',
        "status": int(Status.OK),
        "bytes": 0,
        "count": 0,
        "percent": 0.0,
        "duration": 0.0,
        "time": datetime(2026, 1, 2),
        "day": date(2026, 1, 2),
        "age": datetime(2026, 1, 2, tzinfo=UTC),
    },
]

PLAIN: list[dict[str, Any]] = [
    {
        "text": "ACME-SQL01",
        "status": "error",
        "bytes": 4_529_984_118,
        "count": 41_234,
        "percent": 61.5,
        "duration": 1087.0,
        "time": "2026-11-21 01:04:07Z",
        "day": "2026-11-21",
        "age": "2026-11-20 23:30:00Z",
    },
    dict.fromkeys(_TYPES),
    {
        "text": 'Ærø, "quoted"; 北海 <b>&amp;</b>',
        "status": "ok",
        "bytes": 0,
        "count": 0,
        "percent": 0.0,
        "duration": 0.0,
        "time": "2026-01-02 00:00:00Z",
        "day": "2026-01-02",
        "age": "2026-01-02 00:00:00Z",
    },
]


def an_answer(columns: Sequence[Column], rows: Sequence[dict[str, Any]], **differing: Any) -> Answer:
    schema = pa.schema([(column.name, _TYPES[column.kind]) for column in columns])
    return Answer(
        columns=columns, rows=pa.Table.from_pylist(list(rows), schema=schema), **{"total": len(rows), **differing}
    )


def of_every_kind() -> Answer:
    as_of = {
        "SPA01": Freshness(server="SPA01", collected_at=MADE_AT - timedelta(minutes=3)),
        "SPB02": Freshness(server="SPB02", collected_at=None, problem="SPB02 did not answer.", hint="Check the route."),
    }
    return an_answer(EVERY_KIND, GIVEN, as_of=as_of, notes=("Times are UTC.",))


def texts(*values: str | None) -> Answer:
    return an_answer([Column(name="text", kind=Kind.TEXT)], [{"text": value} for value in values])


DAYS = ("2026-10-31", "2026-11-01", "2026-11-02")

MATRIX_PLAIN: list[dict[str, Any]] = [
    {"node": "ACME-SQL01", "2026-10-31": "ok", "2026-11-01": "error", "2026-11-02": "none", "bad": 1},
    {"node": "ACME-FS02", "2026-10-31": "missed", "2026-11-01": "okwarn", "2026-11-02": "unknown", "bad": 1},
]


def a_matrix() -> Answer:
    cells = [int(Status[row[day].upper()]) for row in MATRIX_PLAIN for day in DAYS]
    rows = pa.table(
        {
            "node": [row["node"] for row in MATRIX_PLAIN],
            "days": pa.FixedSizeListArray.from_arrays(pa.array(cells, pa.uint8()), len(DAYS)),
            "bad": [row["bad"] for row in MATRIX_PLAIN],
        }
    )
    columns = (
        Column(name="node", kind=Kind.TEXT),
        Column(name="days", kind=Kind.STATUSES),
        Column(name="bad", kind=Kind.COUNT),
    )
    return Answer(columns=columns, rows=rows, total=2, days=DAYS)


def emptied(answer: Answer) -> Answer:
    return replace(answer, rows=answer.rows.slice(0, 0), total=0)


def many_rows(count: int) -> Answer:
    """So many rows of the width and the variety of a day's jobs."""
    numbers = range(count)
    start = datetime(2026, 11, 21)
    columns = {
        Kind.TEXT: ("server", "unit", "node", "schedule", "server_status", "message"),
        Kind.TIME: ("scheduled_start", "start", "end"),
        Kind.STATUS: ("status",),
        Kind.BYTES: ("bytes",),
        Kind.COUNT: ("result", "files"),
    }
    values: dict[Kind, Any] = {
        Kind.TEXT: [f"ANE4987E Node {n % 4999:04}" for n in numbers],
        Kind.TIME: [start + timedelta(seconds=n % 86_400) for n in numbers],
        Kind.STATUS: [n % len(Status) for n in numbers],
        Kind.BYTES: [n * 7_919 for n in numbers],
        Kind.COUNT: list(numbers),
    }
    arrays = {kind: pa.array(given, _TYPES[kind]) for kind, given in values.items()}
    named = [(name, kind) for kind, names in columns.items() for name in names]
    return Answer(
        columns=[Column(name=name, kind=kind) for name, kind in named],
        rows=pa.table({name: arrays[kind] for name, kind in named}),
        total=count,
    )


def exported(answer: Answer, *, is_raw: bool = False) -> Export:
    return Export(answer=answer, heading=HEADING, is_raw=is_raw)
