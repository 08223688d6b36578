"""A block of a matrix: all cells between the one where it was begun and the cursor.

It is begun at a row and a day and not at places: it stays where it is when rows are sorted or other days come, and
reaches as far as there are columns.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date

from cloutui.model.status import Status
from cloutui.widgets.matrix_rows import MatrixRows

_IS_PROBLEM = bytes(status >= Status.WARNING for status in range(256))


@dataclass(frozen=True, slots=True)
class Corner:
    """Where a block was begun."""

    key: Hashable
    """Of the row."""
    day: date
    """The first one of the column."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows by some columns, never none."""

    rows: range
    columns: range

    def statuses(self, matrix: MatrixRows) -> Iterator[bytes]:
        """Of its cells, row by row."""
        for row in self.rows:
            yield matrix.statuses[row][self.columns.start : self.columns.stop]

    def problems(self, matrix: MatrixRows) -> Iterator[tuple[int, int]]:
        """Row and column of every cell with a warning or worse. What is healthy is passed over in one step."""
        for row, statuses in zip(self.rows, self.statuses(matrix), strict=True):
            flags = statuses.translate(_IS_PROBLEM)
            place = flags.find(1)
            while place >= 0:
                yield row, self.columns.start + place
                place = flags.find(1, place + 1)


def block_to(matrix: MatrixRows, corner: Corner, row: int, column: int) -> Block | None:
    """From the corner to that cell; None when the corner's row is there no more."""
    begun = matrix.index.get(corner.key)
    if begun is None or not matrix.days:
        return None
    return Block(_between(begun, row), _between(matrix.column_of(corner.day), column))


def _between(one: int, other: int) -> range:
    return range(min(one, other), max(one, other) + 1)
