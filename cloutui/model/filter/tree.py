"""A filter as a value. Trees are equal when they mean the same words: the places in the text do not count."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from cloutui.model.filter.problem import NOWHERE, Place


class Op(StrEnum):
    """What stands between a field and its value."""

    IS = ":"
    """Text: contains, or matches as a whole when it has wildcards. Anything else: equals."""
    EQUAL = "="
    UNEQUAL = "!="
    FROM = ">="
    ABOVE = ">"
    UNTIL = "<="
    BELOW = "<"

    @property
    def is_order(self) -> bool:
        """Whether it needs values of which one is greater than the other."""
        return self in {Op.FROM, Op.ABOVE, Op.UNTIL, Op.BELOW}


@dataclass(frozen=True, slots=True)
class Text:
    """One word as it was written. Wildcards count only where it was not quoted."""

    text: str
    is_quoted: bool = False
    at: Place = field(default=NOWHERE, compare=False, kw_only=True)

    @property
    def has_wildcards(self) -> bool:
        """Whether `*` or `?` stand for other characters in it."""
        return not self.is_quoted and ("*" in self.text or "?" in self.text)


@dataclass(frozen=True, slots=True)
class Range:
    """`a..b`, both ends included; None: open on that side. One end is always there."""

    least: Text | None
    greatest: Text | None
    at: Place = field(default=NOWHERE, compare=False, kw_only=True)


Value: TypeAlias = Text | Range


@dataclass(frozen=True, slots=True)
class Word:
    """Text that any text column may hold."""

    word: Text


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression (RE2) that matches somewhere in any text column."""

    pattern: str
    at: Place = field(default=NOWHERE, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Saved:
    """A filter that was kept under a name."""

    name: str
    at: Place = field(default=NOWHERE, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Compare:
    """A field against one value or one of several."""

    name: str
    op: Op
    values: tuple[Value, ...]
    at: Place = field(default=NOWHERE, compare=False, kw_only=True)
    """Of the field."""


@dataclass(frozen=True, slots=True)
class Not:
    """What the part does not let through, unknown values included."""

    part: Node


@dataclass(frozen=True, slots=True)
class AllOf:
    """Two parts or more."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Two parts or more."""

    parts: tuple[Node, ...]


Node: TypeAlias = Word | Pattern | Saved | Compare | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Sort:
    """One column of an order."""

    name: str
    is_descending: bool = False
    at: Place = field(default=NOWHERE, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """All that one text says."""

    condition: Node | None = None
    """None: every row."""
    sorts: tuple[Sort, ...] = ()
    last_days: int | None = None
    """So many days up to the last one, for a report over days."""
    last_at: Place = field(default=NOWHERE, compare=False)
