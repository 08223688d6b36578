"""Randomness without state: the same seed and the same words give the same number, in any order, on any machine."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """Numbers drawn for a subject, each by the name of what it decides."""

    def __init__(self, *subject: object) -> None:
        self._subject = subject

    def of(self, *more: object) -> Chance:
        """The chance of a part of this subject."""
        return Chance(*self._subject, *more)

    def whole(self, what: str, below: int) -> int:
        """0 to `below`, without it."""
        return int(self.share(what) * below)

    def share(self, what: str) -> float:
        """0 to 1, without 1."""
        words = "|".join(map(str, (*self._subject, what))).encode()
        return int.from_bytes(blake2b(words, digest_size=6).digest(), "big") / 2**48

    def between(self, what: str, low: float, high: float) -> float:
        """Evenly spread over the orders of magnitude: few things are large."""
        return float(low * (high / low) ** self.share(what))

    def pick(self, what: str, choices: Sequence[T]) -> T:
        """One of the choices, each as likely."""
        return choices[self.whole(what, len(choices))]

    def weighed(self, what: str, choices: Sequence[tuple[int, T]]) -> T:
        """One of the choices, as likely as its weight."""
        left = self.share(what) * sum(weight for weight, _ in choices)
        for weight, choice in choices:
            if left < weight:
                return choice
            left -= weight
        return choices[-1][1]
