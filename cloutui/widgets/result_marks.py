"""Which rows are marked. By key, so that a mark stays on its row whatever is sorted, filtered or loaded anew."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator


class Marks(Collection[Hashable]):
    """A set of keys, and the range that is being drawn from one row to the cursor."""

    def __init__(self) -> None:
        self._keys: set[Hashable] = set()
        self.range_from: int | None = None
        """The row where a range began; None while there is none."""

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[Hashable]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def flip(self, key: Hashable) -> None:
        """Mark, or take the mark away."""
        self._keys ^= {key}

    def add(self, keys: Iterable[Hashable]) -> None:
        """Mark these too."""
        self._keys.update(keys)

    def clear(self) -> None:
        """No mark, and no range."""
        self._keys.clear()
        self.range_from = None

    def range_to(self, cursor: int) -> range:
        """The rows between where the range began and the cursor; none without a range."""
        if self.range_from is None:
            return range(0)
        return range(min(self.range_from, cursor), max(self.range_from, cursor) + 1)
