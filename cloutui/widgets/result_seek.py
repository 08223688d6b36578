"""What a reader can look for in a result: tests that are given some rows and answer with a mask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cloutui.model.handling import HandlingState
from cloutui.model.status import Status
from cloutui.model.table import Column, Kind
from cloutui.widgets.result_rows import Mask, Test, contains

if TYPE_CHECKING:
    import pyarrow as pa


HANDLED = "handled"
"""The column of a result that says how a problem is handled, and by whom: `acknowledged OP1`."""

SINCE = "since"
"""Beside it, what was said since the rows were made: `resolved OP2, 2 comments`, `opened again`."""

_CLOSED = f"^({'|'.join(state for state in HandlingState if not state.is_open)})\\b"
_SAID = f"^({'|'.join(HandlingState)}|opened)\\b"


def problems(status_column: str, least: Status = Status.WARNING) -> Test:
    """Rows with this status or a worse one, unless somebody has taken care of it."""
    import pyarrow.compute as pc

    def test(part: pa.Table) -> Mask:
        at_least: Any = int(least)
        bad: Mask = pc.greater_equal(part.column(status_column), at_least).fill_null(False)
        return bad if HANDLED not in part.column_names else pc.and_not(bad, _closed(part))

    return test


def taken_care_of(part: pa.Table) -> list[bool]:
    """Of each row, whether somebody has taken care of it."""
    return _closed(part).to_pylist() if HANDLED in part.column_names else [False] * part.num_rows


def _closed(part: pa.Table) -> Mask:
    """By what was said last."""
    import pyarrow.compute as pc

    closed = pc.match_substring_regex(part.column(HANDLED), _CLOSED).fill_null(False)
    if SINCE not in part.column_names:
        return closed
    said, closed_since = (pc.match_substring_regex(part.column(SINCE), words) for words in (_SAID, _CLOSED))
    return pc.if_else(said, closed_since, closed)


def with_text(columns: Sequence[Column], text: str) -> Test:
    """Rows that show the text, in whatever case: in a text, in the word of a status, or in a count's digits.

    Sizes, times and percents are not looked through: what they read as is made only for the rows in view.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    needle = text.casefold()
    statuses = pa.array([int(status) for status in Status if needle in status.word.casefold()], pa.int64())

    def test(part: pa.Table) -> Mask:
        mask: Mask = pa.nulls(part.num_rows, pa.bool_()).fill_null(False)
        for column in columns:
            values = part.column(column.name)
            if column.kind is Kind.STATUS:
                mask = pc.or_(mask, pc.is_in(values.cast(pa.int64()), value_set=statuses))
            elif column.kind in {Kind.TEXT, Kind.COUNT}:
                mask = pc.or_(mask, contains(values, text))
        return mask

    return test
