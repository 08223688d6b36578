"""Names that hold the letters that were typed, in that order, the likeliest first. Knows no screen."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nsmallest

_BREAKS = frozenset(" -_./›:")


def rank(sought: str, name: str) -> int | None:
    """How well a name fits: the lower the better, None when it does not. Both in lower case.

    One that begins so is best, then one with a word that begins so, then one that holds it, then one that holds its
    letters with others between.
    """
    at = name.find(sought)
    if at == 0:
        return len(name) - len(sought)
    if at > 0:
        return (1_000 if name[at - 1] in _BREAKS else 2_000) + at
    at, gaps = -1, 0
    for letter in sought.replace(" ", ""):
        found = name.find(letter, at + 1)
        if found < 0:
            return None
        gaps += found - at - 1
        at = found
    return 3_000 + gaps


def best(sought: str, names: Sequence[str], most: int) -> list[int]:
    """The places of the names that fit, the best first, equal ones in their own order. Names are in lower case."""
    sought = sought.lower().strip()
    if not sought:
        return list(range(min(most, len(names))))
    ranked = ((fit, place) for place, name in enumerate(names) if (fit := rank(sought, name)) is not None)
    return [place for _, place in nsmallest(most, ranked)]
