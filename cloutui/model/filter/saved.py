"""Filters that were kept under a name: `@bad` stands for its conditions, and may name others.

A saved filter's `sort:` and `last:` count where it stands beside the conditions; what is typed there comes first. Where
it stands deeper (in brackets, behind `-`) only its conditions do, and one with `last:` is refused: it would mean less
than it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from cloutui.errors import Invalid
from cloutui.model.filter.fields import TAG
from cloutui.model.filter.grammar import MOST_PATTERNS, parse
from cloutui.model.filter.problem import NOWHERE, BadFilter, Place, unknown_word
from cloutui.model.filter.tree import (
    AllOf,
    AnyOf,
    Compare,
    Filter,
    Node,
    Not,
    Pattern,
    Range,
    Saved,
    Sort,
    Text,
    Value,
    Word,
)

LONGEST_NAME = 40
MOST_PARTS = 1000
"""Conditions that a filter may come to when every name in it is written out."""
DEEPEST_SAVED = 8
"""Names in names."""

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFilter:
    """One filter, kept."""

    name: str
    """In small letters, without the `@`."""
    text: str
    """As it was typed."""
    owner: str
    """Who saved it last."""
    unit_id: int | None
    """None: its owner's alone. Else of this unit and all below it."""
    version: int
    """1 when it was first saved."""


def checked_name(name: str) -> str:
    """The name as it is kept: small letters, without the `@`. Raises: Invalid."""
    kept = name.strip().removeprefix("@").lower()
    if len(kept) > LONGEST_NAME:
        raise Invalid(f"{len(kept)} characters, the name of a filter has at most {LONGEST_NAME}.", hint="Shorten it.")
    if not _NAME.fullmatch(kept):
        what = f"“{name}” cannot name a filter." if name.strip() else "A saved filter needs a name."
        raise Invalid(what, hint="Use letters, digits, “-”, “_” and “.”, as in night-shift.")
    return kept


def names_in(tree: Filter) -> list[str]:
    """The saved filters that a filter names, each once."""
    found = _names(tree.condition) if tree.condition is not None else ()
    return list(dict.fromkeys(found))


def tags_named_in(text: str) -> frozenset[str]:
    """The tags that a filter asks for with `tag:`, in small letters; none of a filter that cannot be read."""
    try:
        condition = parse(text).condition
    except BadFilter:
        return frozenset()
    return frozenset() if condition is None else frozenset(_tags(condition))


def resolve(tree: Filter, known: Mapping[str, str]) -> Filter:
    """The filter with the conditions of saved ones in place of their names. `known`: name in small letters → text.

    Every place in the answer is one in the text of `tree`. Raises: BadFilter.
    """
    if not names_in(tree):
        return tree
    writer = _WritingOut(known)
    condition = None if tree.condition is None else writer.written(tree.condition, _Within())
    return replace(
        tree,
        condition=condition,
        sorts=(*tree.sorts, *writer.sorts),
        last_days=writer.last_days if tree.last_days is None else tree.last_days,
        last_at=writer.last_at if tree.last_days is None else tree.last_at,
    )


def _names(node: Node) -> Iterator[str]:
    match node:
        case Saved(name):
            yield name.lower()
        case Not(part):
            yield from _names(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _names(part)


def _tags(node: Node) -> Iterator[str]:
    match node:
        case Compare(name, _, values) if name.lower() == TAG:
            yield from (value.text.lower() for value in values if isinstance(value, Text))
        case Not(part):
            yield from _tags(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _tags(part)


@dataclass(frozen=True, slots=True)
class _Within:
    """Where a part stands."""

    names: tuple[str, ...] = ()
    """The saved filters that it is written in, the outermost first."""
    at: Place | None = None
    """The place of the outermost of them; None: it stands in the text itself."""
    is_deep: bool = False
    """In brackets or behind `-`, somewhere on the way."""

    def place(self, own: Place) -> Place:
        return own if self.at is None else self.at


@dataclass(slots=True)
class _WritingOut:
    """One writing out, with what it has gathered beside the conditions."""

    known: Mapping[str, str]
    sorts: list[Sort] = field(default_factory=list)
    last_days: int | None = None
    last_at: Place = NOWHERE
    _parts: int = 0
    _patterns: int = 0

    def written(self, node: Node, within: _Within) -> Node | None:
        """The part without names; None when it came to no condition at all."""
        self._count(node, within)
        match node:
            case Saved():
                return self._named(node, within)
            case Not(part):
                return Not(self._whole(part, replace(within, is_deep=True)))
            case AllOf(parts):
                return self._all_of(parts, within)
            case AnyOf(parts):
                # An AND in an OR needs no brackets: it is as deep as the OR.
                return AnyOf(tuple(self._whole(part, _bracketed(part, within, AnyOf)) for part in parts))
            case Compare(values=values):
                placed = tuple(_placed(value, within) for value in values)
                return replace(node, values=placed, at=within.place(node.at))
            case Word(word):
                return Word(replace(word, at=within.place(word.at)))
            case Pattern():
                return replace(node, at=within.place(node.at))
        assert_never(node)

    def _all_of(self, parts: Sequence[Node], within: _Within) -> Node | None:
        written = (self.written(part, _bracketed(part, within, AllOf, AnyOf)) for part in parts)
        kept = tuple(part for part in written if part is not None)
        if len(kept) > 1:
            return AllOf(kept)
        return kept[0] if kept else None

    def _whole(self, node: Node, within: _Within) -> Node:
        """A part that must be a condition, because something is said of it."""
        written = self.written(node, within)
        if written is None:
            at = within.place(node.at if isinstance(node, Saved) else NOWHERE)
            hint = "It only says an order or days: put it beside the conditions."
            raise BadFilter("A saved filter stands here that is no condition.", hint=hint, at=at)
        return written

    def _named(self, saved: Saved, within: _Within) -> Node | None:
        name, at = saved.name.lower(), within.place(saved.at)
        inside = replace(within, names=(*within.names, name), at=at)
        tree = self._tree(name, inside)
        if tree.last_days is not None and within.is_deep:
            hint = f"Put @{saved.name} beside the other conditions, outside of brackets and without “-”."
            raise BadFilter(f"“@{saved.name}” says which days are meant.", hint=hint, at=at)
        if not within.is_deep:
            self.sorts += [replace(sort, at=at) for sort in tree.sorts]
            if self.last_days is None and tree.last_days is not None:
                self.last_days, self.last_at = tree.last_days, at
        return None if tree.condition is None else self.written(tree.condition, inside)

    def _tree(self, name: str, inside: _Within) -> Filter:
        at, outer = inside.place(NOWHERE), inside.names[:-1]
        if name in outer:
            way = " › ".join(f"@{each}" for each in inside.names[outer.index(name) :])
            raise BadFilter(f"“@{name}” names itself: {way}.", hint="Save one of them without the other.", at=at)
        if len(outer) >= DEEPEST_SAVED:
            what = f"“@{inside.names[0]}” names filters that name filters, and so on."
            raise BadFilter(what, hint=f"{DEEPEST_SAVED} in one another are the most.", at=at)
        if name not in self.known:
            raise _unknown(name, outer, at, self.known)
        try:
            return parse(self.known[name])
        except BadFilter as error:
            raise BadFilter(f"“@{name}” cannot be read: {error.what}", hint=error.hint, at=at) from None

    def _count(self, node: Node, within: _Within) -> None:
        """Raises: BadFilter. A few names that name each other twice would come to millions of conditions."""
        self._parts += 1
        self._patterns += isinstance(node, Pattern)
        for is_many, noun, most in (
            (self._parts > MOST_PARTS, "conditions", MOST_PARTS),
            (self._patterns > MOST_PATTERNS, "patterns", MOST_PATTERNS),
        ):
            if is_many:
                what = f"Written out, the filter has more than {most} {noun}."
                raise BadFilter(what, hint="Name fewer saved filters.", at=within.place(NOWHERE))


def _bracketed(part: Node, within: _Within, *kinds: type[Node]) -> _Within:
    """Where a part stands that is written in brackets when it is of one of these kinds."""
    return replace(within, is_deep=True) if isinstance(part, kinds) else within


def _placed(value: Value, within: _Within) -> Value:
    match value:
        case Text():
            return replace(value, at=within.place(value.at))
        case Range(least, greatest):
            ends = (None if end is None else replace(end, at=within.place(end.at)) for end in (least, greatest))
            return Range(*ends, at=within.place(value.at))


def _unknown(name: str, outer: Sequence[str], at: Place, known: Mapping[str, str]) -> BadFilter:
    where = f", which “@{outer[-1]}” names" if outer else ""
    names = [f"@{each}" for each in sorted(known)]
    listing = f"Saved: {', '.join(names)}." if names else ":save NAME keeps the filter that is on the screen."
    return unknown_word(f"No filter is saved as “@{name}”{where}.", f"@{name}", at, known=names, listing=listing)
