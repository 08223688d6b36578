"""From text to tree.

    filter := all { "OR" all }
    all    := term { term }                                   a blank means AND; the word AND may stand there too
    term   := ["-"] ( "(" filter ")" | field op value { "|" value } | word | "quoted" | /pattern/ | @saved )
    value  := word | "quoted" | [value] ".." [value]

`sort:` and `last:` are no conditions: they stand beside the terms, outside of brackets, and mean the whole.
"""

from __future__ import annotations

import re

from cloutui.model.filter.problem import BadFilter, Place
from cloutui.model.filter.tokens import Piece, Token, tokens
from cloutui.model.filter.tree import (
    AllOf,
    AnyOf,
    Compare,
    Filter,
    Node,
    Not,
    Op,
    Pattern,
    Range,
    Saved,
    Sort,
    Text,
    Value,
    Word,
)

MOST_CHARACTERS = 4000
MOST_PATTERN_CHARACTERS = 200
MOST_PATTERNS = 8
"""Each may take RE2 several megabytes while it is looked for."""
DEEPEST = 20
"""Brackets in brackets. The parser calls itself once for each."""
MOST_DAYS = 3660

_TERM_STARTS = {
    Token.OPEN,
    Token.MINUS,
    Token.FIELD,
    Token.WORD,
    Token.QUOTED,
    Token.PATTERN,
    Token.SAVED,
}
_LAST = re.compile(r"([0-9]{1,4})([dw])")
_DAYS = {"d": 1, "w": 7}
_SORT = re.compile(r"(-?)([A-Za-z_][A-Za-z0-9_]*)")


def parse(text: str) -> Filter:
    """The tree of a text; an empty one lets every row through. Raises: BadFilter."""
    if len(text) > MOST_CHARACTERS:
        place = Place(MOST_CHARACTERS, len(text))
        raise BadFilter(f"The filter has {len(text)} characters.", hint=f"{MOST_CHARACTERS} are the most.", at=place)
    for at, character in enumerate(text):
        if "\ud800" <= character <= "\udfff":
            raise BadFilter("The filter is no valid text.", hint="Write it in UTF-8.", at=Place(at, at + 1))
    return _Parser(text).filter()


def parse_sort(text: str) -> Sort:
    """One column of an order as a face gives it: `bytes`, or `-bytes` for the greatest first. Raises: BadFilter."""
    return _sort(Text(text, at=Place(0, len(text))))


class _Parser:
    """One reading of one text."""

    def __init__(self, text: str) -> None:
        self._pieces = list(tokens(text))
        self._next = 0
        self._depth = 0
        self._patterns = 0
        self._sorts: list[Sort] = []
        self._last: tuple[int, Place] | None = None

    def filter(self) -> Filter:
        condition = None if self._is(Token.END) else self._any()
        if not self._is(Token.END):
            raise BadFilter("“)” closes nothing.", hint="Take it out, or open a bracket before it.", at=self._at)
        days, at = self._last or (None, Place(0, 0))
        return Filter(condition=condition, sorts=tuple(self._sorts), last_days=days, last_at=at)

    def _any(self) -> Node | None:
        first = self._all()
        if not self._is(Token.OR):
            return first
        parts = [first]
        places = [self._at]
        while self._is(Token.OR):
            places.append(self._take().at)
            parts.append(self._all())
        kept = tuple(part for part in parts if part is not None)
        if len(kept) < len(parts):
            missing = next(place for place, part in zip(places, parts, strict=True) if part is None)
            raise BadFilter("OR has a condition on one side only.", hint="sort: and last: are none.", at=missing)
        return AnyOf(kept)

    def _all(self) -> Node | None:
        parts = [self._term()]
        while self._is(Token.AND) or self._piece.token in _TERM_STARTS:
            if self._is(Token.AND):
                self._take()
            parts.append(self._term())
        kept = tuple(part for part in parts if part is not None)
        if len(kept) > 1:
            return AllOf(kept)
        return kept[0] if kept else None

    def _term(self) -> Node | None:
        """None: it was no condition."""
        if not self._is(Token.MINUS):
            return self._plain_term()
        minus = self._take()
        if self._piece.token not in _TERM_STARTS - {Token.MINUS} or self._at.start != minus.at.end:
            raise BadFilter("“-” has nothing behind it to leave out.", hint="Write it as -tag:vip.", at=minus.at)
        self._depth += 1
        part = self._plain_term()
        self._depth -= 1
        assert part is not None
        return Not(part)

    def _plain_term(self) -> Node | None:
        piece = self._take()
        match piece.token:
            case Token.OPEN:
                return self._group(piece)
            case Token.FIELD:
                return self._field(piece)
            case Token.WORD:
                return Word(Text(piece.text, at=piece.at))
            case Token.QUOTED:
                return self._quoted_word(piece)
            case Token.PATTERN:
                self._patterns += 1
                if self._patterns > MOST_PATTERNS:
                    hint = f"{MOST_PATTERNS} are the most; (a|b) is one."
                    raise BadFilter("The filter has too many patterns.", hint=hint, at=piece.at)
                return _pattern(piece)
            case Token.SAVED:
                return Saved(piece.text, at=piece.at)
        raise self._misplaced(piece)

    def _misplaced(self, piece: Piece) -> BadFilter:
        place = piece.at
        if piece.token is Token.END:
            before = self._pieces[self._next - 2] if self._next > 1 else piece
            what, place = f"Nothing follows “{before.text}”.", before.at
        elif piece.token is Token.CLOSE:
            what = "“)” stands where a condition is due."
        else:
            what = f"“{piece.text}” has nothing before it."
        return BadFilter(what, hint="Add a condition there, or take it out.", at=place)

    def _group(self, opened: Piece) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadFilter("The brackets go too deep.", hint=f"{DEEPEST} in one another are the most.", at=opened.at)
        inner = self._any()
        self._depth -= 1
        if not self._is(Token.CLOSE):
            raise BadFilter("A bracket is open.", hint="Close it with ).", at=opened.at)
        self._take()
        assert inner is not None
        return inner

    def _quoted_word(self, piece: Piece) -> Node:
        if not piece.text:
            raise BadFilter(
                '"" is in every text.', hint='For empty columns write the field, as message:"".', at=piece.at
            )
        return Word(Text(piece.text, is_quoted=True, at=piece.at))

    def _field(self, named: Piece) -> Node | None:
        op = Op(self._take().text)
        values = [self._value(named, op)]
        while self._is(Token.BAR):
            self._take()
            values.append(self._value(named, op))
        if op.is_order and (len(values) > 1 or isinstance(values[0], Range)):
            hint = f"Use “{named.text}:” for several values or for a range."
            raise BadFilter(f"“{op}” takes one value.", hint=hint, at=Place(named.at.start, values[-1].at.end))
        compare = Compare(named.text.lower(), op, tuple(values), at=named.at)
        if compare.name not in {"sort", "last"}:
            return compare
        self._direct(compare)
        return None

    def _value(self, named: Piece, op: Op) -> Value:
        least = self._text()
        if not self._is(Token.DOTS):
            if least is None:
                what = f"“{named.text}{op}” has no value."
                hint = f'Write one behind it without a blank; {named.text}:"" means empty.'
                raise BadFilter(what, hint=hint, at=Place(named.at.start, self._pieces[self._next - 1].at.end))
            self._refuse_more(least.at)
            return least
        dots = self._take().at
        greatest = self._text()
        place = Place(least.at.start if least else dots.start, greatest.at.end if greatest else dots.end)
        if least is None and greatest is None:
            raise BadFilter("“..” has no end.", hint="Write a..b, a.. or ..b.", at=place)
        self._refuse_more(place)
        return Range(least, greatest, at=place)

    def _text(self) -> Text | None:
        if not self._is_value:
            return None
        piece = self._take()
        return Text(piece.text, is_quoted=piece.token is Token.QUOTED, at=piece.at)

    @property
    def _is_value(self) -> bool:
        """Whether the next piece goes on with the value that stands before it."""
        is_adjacent = self._at.start == self._pieces[self._next - 1].at.end
        return is_adjacent and self._piece.token in {Token.WORD, Token.QUOTED}

    def _refuse_more(self, place: Place) -> None:
        if self._is_value or self._is(Token.DOTS):
            hint = 'Put all of it in quotes; a quote inside of quotes is written "".'
            raise BadFilter("A value goes on where it should end.", hint=hint, at=Place(place.start, self._at.end))

    def _direct(self, compare: Compare) -> None:
        """Take in a `sort:` or a `last:`. Raises: BadFilter."""
        place = Place(compare.at.start, compare.values[-1].at.end)
        if self._depth or compare.op is not Op.IS:
            hint = f"Write {compare.name}: beside the conditions, outside of brackets and without “-”."
            raise BadFilter(f"“{compare.name}” is no condition.", hint=hint, at=place)
        if compare.name == "sort":
            self._sorts += [_sort(value) for value in compare.values]
        elif self._last or len(compare.values) > 1:
            raise BadFilter("“last:” can be said once only.", hint="Write it as last:7d.", at=place)
        else:
            self._last = _last_days(compare.values[0]), place

    @property
    def _piece(self) -> Piece:
        return self._pieces[self._next]

    @property
    def _at(self) -> Place:
        return self._piece.at

    def _is(self, token: Token) -> bool:
        return self._piece.token is token

    def _take(self) -> Piece:
        piece = self._piece
        self._next += 1
        return piece


def _pattern(piece: Piece) -> Pattern:
    if not piece.text:
        raise BadFilter("“//” is an empty pattern.", hint="Write one between the slashes.", at=piece.at)
    if len(piece.text) > MOST_PATTERN_CHARACTERS:
        hint = f"{MOST_PATTERN_CHARACTERS} are the most."
        raise BadFilter(f"The pattern has {len(piece.text)} characters.", hint=hint, at=piece.at)
    return Pattern(piece.text, at=piece.at)


def _sort(value: Value) -> Sort:
    found = _SORT.fullmatch(value.text) if isinstance(value, Text) and not value.is_quoted else None
    if found is None:
        hint = "Write sort:name, or sort:-name for the greatest first."
        raise BadFilter("“sort:” takes columns.", hint=hint, at=value.at)
    return Sort(found[2].lower(), is_descending=bool(found[1]), at=value.at)


def _last_days(value: Value) -> int:
    found = _LAST.fullmatch(value.text) if isinstance(value, Text) else None
    days = int(found[1]) * _DAYS[found[2]] if found else 0
    if not 0 < days <= MOST_DAYS:
        hint = f"Write last:7d or last:2w, {MOST_DAYS} days at most."
        raise BadFilter("“last:” takes a number of days.", hint=hint, at=value.at)
    return days
