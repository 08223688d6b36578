"""The way back, and forward again: where a reader has been."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")

LONGEST = 50


class History(Generic[T]):
    """Places that were left. Going somewhere new ends the way forward."""

    def __init__(self) -> None:
        self._behind: list[T] = []
        self._ahead: list[T] = []

    def leave(self, here: T) -> None:
        """The reader goes on from here."""
        self._behind = [*self._behind, here][-LONGEST:]
        self._ahead.clear()

    def back(self, here: T) -> T | None:
        """The place before this one; None at the first."""
        return _step(self._behind, self._ahead, here)

    def forward(self, here: T) -> T | None:
        """The place that was gone back from; None when there is none."""
        return _step(self._ahead, self._behind, here)

    @property
    def can_go_back(self) -> bool:
        """Whether there is a place before."""
        return bool(self._behind)

    @property
    def can_go_forward(self) -> bool:
        """Whether there is a place that was gone back from."""
        return bool(self._ahead)


def _step(from_places: list[T], to_places: list[T], here: T) -> T | None:
    if not from_places:
        return None
    to_places.append(here)
    return from_places.pop()
