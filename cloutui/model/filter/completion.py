"""What may be typed next in a filter: fields first, then the values of a field; after `@` what was saved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cloutui.model.filter.fields import ANSWERS, TAG, field_words, find_field, flag_words, is_flag, is_tag, takes_tags
from cloutui.model.filter.grammar import parse
from cloutui.model.filter.problem import NOWHERE, BadFilter, Place
from cloutui.model.filter.rendering import render_value
from cloutui.model.filter.tokens import Piece, Token, tokens
from cloutui.model.filter.values import STATUS_WORDS
from cloutui.model.table import Column, Kind

Values = Callable[[str, str], Mapping[str, int]]
"""Values of the column of that name that go on from what is typed, each with the number of its rows."""

_SAMPLES: Mapping[Kind, Sequence[str]] = {
    Kind.BYTES: ("1GiB", "100GiB", "1TiB"),
    Kind.COUNT: ("0", "1", "1k"),
    Kind.PERCENT: ("50%", "80%", "90%"),
    Kind.DURATION: ("10m", "1h", "8h"),
    Kind.TIME: ("today", "1d", "7d"),
    Kind.AGE: ("1h", "1d", "7d"),
    Kind.DAY: ("today", "7d"),
}
_NAME_BEGUN = re.compile(r"(?<![^\s(-])@[A-Za-z0-9_.-]*\Z")
_LAST = ("7d", "14d", "30d", "90d")
_IN_A_VALUE = {Token.OP, Token.BAR, Token.DOTS, Token.WORD, Token.QUOTED}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word that may stand at `place`, instead of what is typed there."""

    text: str
    place: Place
    rows: int | None = None
    """How many rows have this value, where that is known."""


def complete(
    text: str, cursor: int, columns: Sequence[Column], values: Values, saved: Iterable[str] = ()
) -> list[Candidate]:
    """Candidates for the word that ends at the cursor, the likeliest first. A wrong filter has none, or some.

    `saved`: the names of saved filters, without `@`.
    """
    if name := _NAME_BEGUN.search(text[:cursor]):
        return _saved(text, Place(*name.span()), saved)
    try:
        pieces = _pieces(text[:cursor])
    except BadFilter:
        return []
    named = _open_field(pieces, cursor)
    if named is None:
        return _fields(pieces, cursor, columns)
    last = pieces[-1]
    is_begun = last.token in {Token.WORD, Token.QUOTED}
    begun, place = (last.text, last.at) if is_begun else ("", Place(cursor, cursor))
    return [Candidate(word, place, rows) for word, rows in _values(named.text.lower(), begun, columns, values)]


def before_value(text: str, cursor: int) -> str:
    """The filter that stands before the field whose value is being typed: its values are to be counted among those.

    Nothing where that is no filter by itself, as after OR or within a bracket.
    """
    try:
        named = _open_field(_pieces(text[:cursor]), cursor)
        before = "" if named is None else text[: named.at.start].rstrip("-")
        parse(before)
    except BadFilter:
        return ""
    return before.strip()


def _saved(text: str, place: Place, saved: Iterable[str]) -> list[Candidate]:
    try:
        list(tokens(text[: place.start]))
    except BadFilter:  # such as within quotes, where it is an ordinary sign
        return []
    begun = text[place.start + 1 : place.end]
    return [Candidate(f"@{name}", place) for name in _matching(sorted(saved), begun)]


def _fields(pieces: Sequence[Piece], cursor: int, columns: Sequence[Column]) -> list[Candidate]:
    last = pieces[-1] if pieces and pieces[-1].at.end == cursor else None
    if last and last.token not in {Token.WORD, Token.OPEN, Token.MINUS}:
        return []
    begun = last.text if last and last.token is Token.WORD else ""
    place = Place(cursor - len(begun), cursor)
    found = [piece.token for piece in pieces]
    is_left_out = any(piece.token is Token.MINUS and piece.at.end == place.start for piece in pieces)
    is_whole = found.count(Token.OPEN) == found.count(Token.CLOSE) and not is_left_out
    tag = [TAG] if takes_tags(columns) else []
    words = [*field_words(columns), *flag_words(columns), *tag, *(("last", "sort") if is_whole else ())]
    return [Candidate(f"{field}:", place) for field in _matching(words, begun)]


def _pieces(typed: str) -> list[Piece]:
    """What there is before the cursor; a quote that is still open is taken as closed. Raises: BadFilter."""
    try:
        return [piece for piece in tokens(typed) if piece.token is not Token.END]
    except BadFilter as error:
        start = error.at.start
        if not typed.startswith('"', start) or error.at.end < len(typed):
            raise
        begun = typed[start + 1 :].replace('""', '"')
        return [*_pieces(typed[:start]), Piece(Token.QUOTED, begun, error.at)]


def _open_field(pieces: Sequence[Piece], cursor: int) -> Piece | None:
    """The field whose value ends at the cursor."""
    end = cursor
    for piece in reversed(pieces):
        if piece.at.end != end:
            return None
        if piece.token is Token.FIELD:
            return piece
        if piece.token not in _IN_A_VALUE:
            return None
        end = piece.at.start
    return None


def _values(field: str, begun: str, columns: Sequence[Column], values: Values) -> Iterator[tuple[str, int | None]]:
    if field == "last":
        yield from ((word, None) for word in _matching(_LAST, begun))
    elif field == "sort":
        sign = "-" if begun.startswith("-") else ""
        yield from ((sign + word, None) for word in _matching(field_words(columns), begun.removeprefix("-")))
    elif is_flag(field, columns):
        yield from ((word, None) for word in _matching(ANSWERS, begun))
    elif is_tag(field, columns):
        yield from _counted(values(TAG, begun), begun)
    else:
        yield from _of_column(field, begun, columns, values)


def _of_column(field: str, begun: str, columns: Sequence[Column], values: Values) -> Iterator[tuple[str, int | None]]:
    try:
        found = find_field(field, columns, NOWHERE)
    except BadFilter:
        return
    match found.kind:
        case Kind.TEXT:
            yield from _counted(values(found.names[0], begun), begun)
        case Kind.STATUS:
            known = values(found.names[0], begun)
            yield from ((word, known.get(word)) for word in _matching(STATUS_WORDS, begun))
        case _:
            yield from ((word, None) for word in _matching(_SAMPLES.get(found.kind, ()), begun))


def _counted(known: Mapping[str, int], begun: str) -> Iterator[tuple[str, int]]:
    """The commonest first."""
    words = _matching(sorted(known, key=lambda word: (-known[word], word)), begun)
    return ((render_value(word), known[word]) for word in words)


def _matching(words: Iterable[str], begun: str) -> list[str]:
    """Those that begin so, then those that hold it; capital letters do not count."""
    start = begun.lower()
    holding = [word for word in words if start in word.lower()]
    return sorted(holding, key=lambda word: not word.lower().startswith(start))
