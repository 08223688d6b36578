"""The rows of a result table: an Arrow table, which of its rows are shown, and in what order.

Nothing is copied to sort or to narrow: an order is a list of row numbers. Only the rows that are asked for ever become
Python values. pyarrow is imported where its functions are used, so that a console without a result starts without it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

Mask = Any
"""True for rows that pass: an array of Arrow's. The stubs of its functions are too narrow to say more."""

Test = Callable[["pa.Table"], Mask]
"""Is given some rows, and answers with a mask."""

_BLOCK = 65_536
"""Rows that are looked through at once: a match near the cursor is found without reading the rest."""

_FIRST_BLOCK = 256
"""The first block is small: the next match is mostly near."""

_TEXT_KINDS = ("string", "large_string", "string_view")


@dataclass(frozen=True, slots=True)
class SortKey:
    """A column to sort by. Rows without a value come last, either way."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Only rows whose column contains the text, in whatever case."""

    column: str
    text: str


class ResultRows:
    """Rows in the order they are shown. What is held may be a page: rows `offset` and on, of `total`."""

    def __init__(
        self,
        table: pa.Table | None = None,
        *,
        key: Sequence[str] = (),
        offset: int = 0,
        total: int | None = None,
        order: pa.Array[Any] | None = None,
    ) -> None:
        """`key` names the columns that together tell a row from all others. Without them rows cannot be marked."""
        self.table = table if order is not None or table is None else _decoded(table)
        self.key = tuple(key) if table is None or set(key) <= set(table.column_names) else ()
        self.offset = offset
        held = 0 if table is None else len(order) if order is not None else table.num_rows
        self.total = held if total is None else total
        self.held = held
        self._order = order

    def __len__(self) -> int:
        return self.total

    @property
    def is_paged(self) -> bool:
        """Whether some rows are not here: then they can only be sorted and narrowed by whoever has them all."""
        return self.held < self.total

    def holds(self, first: int, count: int) -> bool:
        """Whether all rows of this window that exist are here."""
        return self.offset <= first and min(first + count, self.total) <= self.offset + self.held

    def window(self, first: int, count: int) -> tuple[int, pa.Table] | None:
        """The rows of this window that are here, and the place of the first of them."""
        start = max(first, self.offset)
        stop = min(first + count, self.offset + self.held)
        if self.table is None or start >= stop:
            return None
        return start, self._part(start - self.offset, stop - start)

    def _part(self, start: int, count: int) -> pa.Table:
        assert self.table is not None
        if self._order is None:
            return self.table.slice(start, count)
        return self.table.take(self._order.slice(start, count))

    def keys(self, first: int, count: int) -> list[Hashable]:
        """What the rows of this window stand for, as far as they are here."""
        found = self.window(first, count)
        return keys_of(found[1], self.key) if found else []

    def place_of(self, key: Hashable) -> int | None:
        """Where the row with this key is shown."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if self.table is None or not self.key or not self.held:
            return None
        parts = key if len(self.key) > 1 and isinstance(key, tuple) else (key,)
        mask: Mask = None
        for name, value in zip(self.key, parts, strict=True):
            column = self.table.column(name)
            try:
                same = pc.is_null(column) if value is None else pc.equal(column, pa.scalar(value, column.type))
            except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
                return None  # the column has become one of another type: no row is the same
            mask = same if mask is None else pc.and_(mask, same)
        row = pc.index(mask, True).as_py()
        if row >= 0 and self._order is not None:
            row = pc.index(self._order, pa.scalar(row, self._order.type)).as_py()
        return self.offset + row if row >= 0 else None

    def places_of(self, keys: Collection[Hashable]) -> list[int]:
        """Where the rows with these keys are shown, from the first to the last."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if self.table is None or not self.key or not keys:
            return []
        parts = list(zip(*keys, strict=True)) if len(self.key) > 1 else [list(keys)]
        mask: Mask = None
        for name, values in zip(self.key, parts, strict=True):
            column = self.table.column(name)
            try:
                known = pa.array(list(values), column.type)
            except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
                return []
            among = pc.is_in(column, value_set=known)
            mask = among if mask is None else pc.and_(mask, among)
        mask = _one(mask)
        if self._order is not None:
            mask = mask.take(self._order)
        hits: Any = pc.indices_nonzero(mask).to_pylist()
        places = [self.offset + row for row in hits]
        if len(self.key) == 1:
            return places
        # Each part of a key was found, but perhaps in different keys.
        return [place for place in places if self.keys(place, 1)[0] in keys]

    def arranged(self, sort: Sequence[SortKey], narrowing: Narrowing | None) -> ResultRows:
        """The same rows in another order, or fewer of them. Takes a while for a million: call it in a thread."""
        import pyarrow.compute as pc

        if self.table is None or not (sort or narrowing):
            return ResultRows(self.table, key=self.key)
        table = self.table
        if table.num_columns and max(column.num_chunks for column in table.columns) > 1:
            table = table.combine_chunks()  # a page of scattered rows is read from one chunk a hundred times faster
        rows: Any = None
        if narrowing:
            rows = _one(pc.indices_nonzero(contains(table.column(narrowing.column), narrowing.text)))
        if not sort:
            return ResultRows(table, key=self.key, order=rows)
        by: Any = [(key.column, "descending" if key.descending else "ascending") for key in sort]
        sorted_by = table.select([key.column for key in sort])
        order = pc.sort_indices(sorted_by if rows is None else sorted_by.take(rows), sort_keys=by)  # nulls at the end
        return ResultRows(table, key=self.key, order=order if rows is None else rows.take(order))

    def find(self, test: Test, start: int, step: int) -> int | None:
        """The first row from `start` on, or back with a negative step, that passes the test, of those that are here."""
        import pyarrow.compute as pc

        for first, count in self._blocks(start - self.offset, step):
            hits = pc.indices_nonzero(test(self._part(first, count)))
            if len(hits):
                return int(self.offset + first + hits[0 if step > 0 else -1].as_py())
        return None

    def _blocks(self, start: int, step: int) -> Iterator[tuple[int, int]]:
        """First row and count of each."""
        size = _FIRST_BLOCK
        if step > 0:
            at = max(0, start)
            while at < self.held:
                yield at, min(size, self.held - at)
                at, size = at + size, _BLOCK
        else:
            stop = min(start + 1, self.held)
            while stop > 0:
                yield max(0, stop - size), min(size, stop)
                stop, size = stop - size, _BLOCK


def keys_of(part: pa.Table, key: Sequence[str]) -> list[Hashable]:
    """What each row of a part stands for: a value, or a tuple when the key has several columns."""
    columns = [part.column(name).to_pylist() for name in key]
    if len(columns) == 1:
        return columns[0]
    return list(zip(*columns, strict=True))


def values_of(column: pa.ChunkedArray[Any]) -> list[Any]:
    """Python values. Nanoseconds are cut to microseconds, which is all that Python has."""
    import pyarrow as pa

    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return column.to_pylist()


def contains(column: pa.ChunkedArray[Any], text: str) -> Mask:
    """Where the column, as text, contains this one in whatever case."""
    import pyarrow.compute as pc

    mask: Mask = pc.match_substring(_text(column), text, ignore_case=True)
    return mask.fill_null(False)


def _text(column: pa.ChunkedArray[Any]) -> pa.ChunkedArray[Any]:
    import pyarrow as pa

    return column if str(column.type) in _TEXT_KINDS else column.cast(pa.string())


def _one(array: Any) -> Any:
    import pyarrow as pa

    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _decoded(table: pa.Table) -> pa.Table:
    """Without dictionaries (DuckDB's enums): not every function knows them."""
    import pyarrow as pa

    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            column = table.column(place).cast(field.type.value_type)
            table = table.set_column(place, field.name, column)
    return table
