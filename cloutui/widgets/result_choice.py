"""Which columns of a result are shown, and in which order, while somebody chooses. Pure."""

from __future__ import annotations

from collections.abc import Sequence


class ColumnChoice:
    """All columns: those that are shown where they will stand, the others behind them."""

    def __init__(self, names: Sequence[str], shown: Sequence[str], usual: Sequence[str]) -> None:
        """`names`: all there are, as the report has them. What is shown, and is none of them, is passed over."""
        self._all = tuple(names)
        self._usual = self._known(usual) or self._all
        self.shown: set[str] = set()
        self.order: list[str] = []
        self._take(self._known(shown) or self._usual)

    @property
    def chosen(self) -> tuple[str, ...]:
        """What is shown, in order."""
        return tuple(name for name in self.order if name in self.shown)

    @property
    def is_usual(self) -> bool:
        """Whether it is what anybody sees who has chosen nothing."""
        return self.chosen == self._usual

    def flip(self, name: str) -> None:
        """Show it, or hide it. The last one stays: a table without columns says nothing."""
        if name not in self.shown:
            self.shown.add(name)
        elif len(self.shown) > 1:
            self.shown.remove(name)

    def move(self, name: str, steps: int) -> None:
        """So many places on."""
        at = self.order.index(name)
        self.order.insert(max(0, min(at + steps, len(self.order) - 1)), self.order.pop(at))

    def reset(self) -> None:
        """What anybody sees who has chosen nothing."""
        self._take(self._usual)

    def _take(self, shown: Sequence[str]) -> None:
        self.shown = set(shown)
        self.order = [*shown, *(name for name in self._all if name not in self.shown)]

    def _known(self, names: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for name in names if name in self._all))
