"""What is wrong with a filter, and where: a face underlines the place and shows the words."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import ClassVar, NamedTuple

from cloutui.errors import Invalid


class Place(NamedTuple):
    """Part of a filter's text: from the character `start` up to, not including, `end`."""

    start: int
    end: int


NOWHERE = Place(0, 0)
"""Of trees that were not read from a text."""


class BadFilter(Invalid):
    """A filter that cannot be understood, or asks for what the report does not have."""

    code: ClassVar[str] = "filter"

    def __init__(self, what: str, *, hint: str, at: Place, nearest: str = "") -> None:
        super().__init__(what, hint=hint)
        self.at = at
        self.nearest = nearest
        """The nearest word that would do there; empty when none is near."""


def unknown_word(what: str, word: str, at: Place, *, known: Iterable[str], listing: str) -> BadFilter:
    """The error for a word that is none of the known ones: it names the nearest, and then lists what there is."""
    near = get_close_matches(word.lower(), list(known), n=1)
    question = f"Did you mean “{near[0]}”? " if near else ""
    return BadFilter(what, hint=question + listing, at=at, nearest=near[0] if near else "")
