"""What a matrix can have as rows, and answers of its reports as the widget takes them."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from cloutui.model.safe_text import safe
from cloutui.model.step import Step
from cloutui.widgets.matrix_display import Display
from cloutui.widgets.matrix_rows import MatrixRows

if TYPE_CHECKING:
    from cloutui.model.table import Answer

_FIGURE_COLUMNS = {Display.BYTES: "bytes", Display.TOOK: "took", Display.FAILED: "failed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowKind:
    """One kind of rows."""

    word: str
    """In links: never changed."""
    noun: str
    report: str
    figures: str
    """The report of what their jobs moved."""
    key: tuple[str, ...]
    """The columns that tell rows apart."""
    names: tuple[str, ...]


NODES = RowKind(
    word="nodes", noun="node", report="jobs-matrix", figures="nodes-figures", key=("node_id",), names=("node",)
)
JOBS = RowKind(
    word="jobs",
    noun="job",
    report="schedules-matrix",
    figures="schedules-figures",
    key=("node_id", "schedule"),
    names=("node", "schedule"),
)
UNITS = RowKind(
    word="units", noun="unit", report="units-matrix", figures="units-figures", key=("unit_id",), names=("unit",)
)
SERVERS = RowKind(
    word="servers",
    noun="server",
    report="servers-matrix",
    figures="servers-figures",
    key=("server_id",),
    names=("server",),
)

KINDS: Mapping[str, RowKind] = {kind.word: kind for kind in (NODES, JOBS, UNITS, SERVERS)}
"""By their words, in the order of the key that changes them."""

NOT_SCHEDULED = "not scheduled"

Facts = Mapping[Hashable, Mapping[str, Any]]
"""What else an answer says of each row, by its key: unit, server, node, schedule."""


def after(kind: RowKind) -> RowKind:
    """The next kind; after the last the first."""
    every = list(KINDS.values())
    return every[(every.index(kind) + 1) % len(every)]


def rows_of(answer: Answer, kind: RowKind, step: Step) -> MatrixRows:
    """The rows, in the order of the answer."""
    names = zip(*(_column(answer, name) for name in kind.names), strict=True)
    return MatrixRows(
        days=[date.fromisoformat(day) for day in answer.days],
        step=step,
        keys=_keys(answer, kind),
        names=["  ".join(safe(part or NOT_SCHEDULED) for part in parts) for parts in names],
        statuses=_status_bytes(answer.rows.column("days"), len(answer.days)),
        bad=_column(answer, "bad"),
        run=_column(answer, "run"),
    )


def facts_of(answer: Answer, kind: RowKind) -> Facts:
    """By the keys of `rows_of`."""
    known = [name for name in ("node_id", "node", "schedule", "unit", "server") if name in answer.rows.column_names]
    columns = [_column(answer, name) for name in known]
    return {
        key: dict(zip(known, values, strict=True))
        for key, values in zip(_keys(answer, kind), zip(*columns, strict=True), strict=True)
    }


def figures_of(answer: Answer, kind: RowKind, display: Display, rows: MatrixRows) -> Sequence[Sequence[int]]:
    """A number for each cell of the rows, -1 where the answer has none."""
    figures = [array("q", [-1]) * len(rows.days) for _ in rows.keys]
    places = {day: place for place, day in enumerate(rows.days)}
    told = zip(_keys(answer, kind), _column(answer, "day"), _column(answer, _FIGURE_COLUMNS[display]), strict=True)
    for key, day, number in told:
        row, place = rows.index.get(key), places.get(day)
        if row is not None and place is not None and number is not None:
            figures[row][place] = max(0, number)
    return figures


def _keys(answer: Answer, kind: RowKind) -> list[Hashable]:
    columns = [_column(answer, name) for name in kind.key]
    return columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))


def _column(answer: Answer, name: str) -> list[Any]:
    values: list[Any] = answer.rows.column(name).to_pylist()
    return values


def _status_bytes(column: Any, width: int) -> list[bytes]:
    """One byte a cell, straight from Arrow's memory: 10,000 rows of a year are 3.6 million numbers."""
    rows: list[bytes] = []
    for chunk in column.chunks:
        flat = chunk.flatten().cast("uint8")
        memory = flat.buffers()[1]
        cells = memoryview(memory)[flat.offset : flat.offset + len(flat)].tobytes() if memory is not None else b""
        rows += [cells[at : at + width] for at in range(0, len(cells), width)]
    return rows
