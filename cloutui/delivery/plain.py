"""An answer as plain columns and rows: what every machine format writes, and what the others start from.

Sizes in bytes, durations in seconds, percentages from 0 to 100, moments in UTC, statuses by their key, text made safe.
A matrix row becomes one column a day. Rows go by batches, so that memory does not grow with the answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cloutui.delivery.heading import Wrote, moment_text, unwatched
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.model.table import Answer, Column, Kind

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 4096
_KEYS = [status.key for status in Status]


def spread_columns(answer: Answer) -> list[Column]:
    """The columns of an export: those of the answer, with one of `Kind.STATUS` for each day of a matrix."""
    columns: list[Column] = []
    for column in answer.columns:
        if column.kind is Kind.STATUSES:
            columns += [Column(name=day, kind=Kind.STATUS) for day in answer.days]
        else:
            columns.append(column)
    return columns


def batches(answer: Answer, *, most_rows: int = _BATCH, wrote: Wrote = unwatched) -> Iterator[list[pa.Array[Any]]]:
    """The rows in order, some at a time: an array for each of `spread_columns`, with the values as the report gave."""
    taken = 0
    for batch in answer.rows.to_batches(max_chunksize=most_rows):
        yield _spread(answer, batch)
        taken += batch.num_rows
        wrote(taken)


def no_rows(answer: Answer) -> list[pa.Array[Any]]:
    """A batch of no rows, which still has its types."""
    import pyarrow as pa

    return _spread(answer, pa.RecordBatch.from_pylist([], schema=answer.rows.schema))


def rows(answer: Answer, *, wrote: Wrote = unwatched) -> Iterator[tuple[Any, ...]]:
    """Each row with the values as the report gave them."""
    for arrays in batches(answer, wrote=wrote):
        yield from zip(*(array.to_pylist() for array in arrays), strict=True)


def plain_rows(
    answer: Answer, *, text: Callable[[str], str] = safe, wrote: Wrote = unwatched
) -> Iterator[tuple[object, ...]]:
    """Each row as numbers, text and None: what JSON can hold."""
    columns = spread_columns(answer)
    for arrays in batches(answer, wrote=wrote):
        values = [plain(column, array, text=text) for column, array in zip(columns, arrays, strict=True)]
        yield from zip(*values, strict=True)


def plain(column: Column, array: pa.Array[Any], *, text: Callable[[str], str] = safe) -> list[object]:
    """The values of one column as numbers, text and None. `text` makes safe what somebody else has written."""
    import pyarrow.types as kinds

    if column.kind is Kind.STATUS:
        return [None if value is None else _KEYS[value] for value in array.to_pylist()]
    if kinds.is_integer(array.type) or kinds.is_boolean(array.type):
        return array.to_pylist()
    if is_text(array.type):
        return safe_texts(array, text).to_pylist()
    if kinds.is_timestamp(array.type):
        return moment_texts(array).to_pylist()
    return [_plain(value, text) for value in array.to_pylist()]


def is_text(arrow_type: Any) -> bool:
    """Whether an array of this type holds text."""
    import pyarrow.types as kinds

    return kinds.is_string(arrow_type) or kinds.is_large_string(arrow_type) or kinds.is_dictionary(arrow_type)


def status_keys(array: pa.Array[Any]) -> pa.Array[Any]:
    """Status numbers as their keys."""
    import pyarrow as pa

    return pa.array(_KEYS, pa.string()).take(array)


def safe_texts(array: pa.Array[Any], text: Callable[[str], str] = safe) -> pa.Array[Any]:
    """Texts made safe. Each different one is looked at once: names and messages repeat."""
    import pyarrow as pa

    coded = array if isinstance(array, pa.DictionaryArray) else array.dictionary_encode()
    return pa.array([text(str(word)) for word in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)


def moment_texts(array: pa.Array[Any]) -> pa.Array[Any]:
    """Moments as `2026-11-21 01:04:07Z`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    # A cast away from a zone leaves the moment in UTC. Fractions of a second are cut, never rounded into the next.
    seconds: Any = array.cast(pa.timestamp("s"), safe=False)
    texts: pa.Array[Any] = pc.strftime(seconds, "%Y-%m-%d %H:%M:%SZ")
    return texts


def _spread(answer: Answer, batch: pa.RecordBatch) -> list[pa.Array[Any]]:
    arrays: list[pa.Array[Any]] = []
    for column in answer.columns:
        array = batch.column(column.name)
        if column.kind is Kind.STATUSES:
            arrays += _by_day(array, answer.days)
        else:
            arrays.append(array)
    return arrays


def _by_day(array: pa.Array[Any], days: Sequence[str]) -> Iterator[pa.Array[Any]]:
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = pc.list_flatten(array)
    assert len(cells) == len(array) * len(days), "a matrix row has a status for each day"
    values = cells.to_pylist()
    return (pa.array(values[day :: len(days)], pa.uint8()) for day in range(len(days)))


def _plain(value: object, text: Callable[[str], str]) -> object:
    match value:
        case None | bool() | int():
            return value
        case float():
            return value if math.isfinite(value) else None
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime():
            return moment_text(value)
        case date():
            return value.isoformat()
    return text(str(value))
