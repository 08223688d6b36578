"""Tags: words that people put on units and nodes, to ask for them by.

A tag is owned by a unit. It may be put on that unit and its nodes; one that is handed down, also on the units below
and theirs. On a unit it is on every node of it and below. What moves out of the owner's reach keeps no tag in sight.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cloutui.errors import Invalid
from cloutui.model.unit_tree import UnitTree

LONGEST = 60

_WORD = re.compile(r"[^\W_](?:[\w.-]*[\w-])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One word, and whose it is."""

    tag_id: int
    unit_id: int
    """Its owner."""
    text: str
    is_inheritable: bool
    """Whether it is handed down to the units below its owner."""

    def reaches(self, unit_id: int, tree: UnitTree) -> bool:
        """Whether it may be put on that unit and on its nodes."""
        return unit_id == self.unit_id or (self.is_inheritable and tree.holds(self.unit_id, unit_id))


def checked_tag(text: str) -> str:
    """The tag as it is kept: one word in small letters, which a filter takes without quotes. Raises: Invalid."""
    text = text.strip().lower()
    if len(text) > LONGEST:
        raise Invalid(f"{len(text)} characters, a tag has at most {LONGEST}.", hint="Shorten it.")
    if not _WORD.fullmatch(text) or ".." in text:
        hint = "Use letters, digits, “-”, “_” and “.”, and begin with a letter or a digit."
        raise Invalid(f"“{text}” is no tag." if text else "A tag needs a text.", hint=hint)
    return text
