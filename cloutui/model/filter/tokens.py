"""A filter's text, cut into tokens. What a character means depends on whether a value is due there.

Inside of quotes every character stands for itself; a quote is written twice there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from cloutui.model.filter.problem import BadFilter, Place


class Token(Enum):
    """What a piece of the text is."""

    OPEN = auto()
    CLOSE = auto()
    MINUS = auto()
    OR = auto()
    AND = auto()
    FIELD = auto()
    OP = auto()
    BAR = auto()
    DOTS = auto()
    WORD = auto()
    """A bare word, or a value without quotes."""
    QUOTED = auto()
    PATTERN = auto()
    SAVED = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """One token, what it says without its quotes, and where it stands."""

    token: Token
    text: str
    at: Place


_JOINTS = {"(": Token.OPEN, ")": Token.CLOSE, "-": Token.MINUS}
_CONNECTIVES = {"OR": Token.OR, "AND": Token.AND}

_BLANK = re.compile(r"\s*")
_FIELD = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(!=|>=|<=|:|=|>|<)")
_BARE = re.compile(r'[^\s()"]+')
_VALUE = re.compile(r'(?:(?!\.\.)[^\s()"|])+')
# Possessive: a quote that is written twice never closes.
_QUOTED = re.compile(r'"((?:[^"]|"")*+)"')
_PATTERN = re.compile(r"/((?:[^/\\]|\\.)*)/", re.DOTALL)
_SAVED = re.compile(r"@([A-Za-z0-9_][A-Za-z0-9_.-]*)")
_BREAK = re.compile(r"[\s()]|$")


def tokens(text: str) -> Iterator[Piece]:
    """Every token, and `END`. Raises: BadFilter, after the tokens before the bad one."""
    at = _after_blanks(text, 0)
    while at < len(text):
        for piece in _term(text, at):
            yield piece
            at = piece.at.end
        at = _after_blanks(text, at)
    yield Piece(Token.END, "", Place(len(text), len(text)))


def _after_blanks(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    assert found is not None
    return found.end()


def _term(text: str, at: int) -> Iterator[Piece]:
    first = text[at]
    if first in _JOINTS:
        yield Piece(_JOINTS[first], first, Place(at, at + 1))
    elif first == '"':
        yield _ended(text, _quoted(text, at))
    elif first == "/":
        yield _ended(text, _pattern(text, at))
    elif first == "@":
        yield _ended(text, _saved(text, at))
    elif found := _FIELD.match(text, at):
        yield Piece(Token.FIELD, found[1], Place(*found.span(1)))
        yield Piece(Token.OP, found[2], Place(*found.span(2)))
        yield from _values(text, found.end())
    else:
        yield _bare(text, at)


def _bare(text: str, at: int) -> Piece:
    if text[at] in ":=<>":
        place = Place(at, at + 1)
        raise BadFilter(f"“{text[at]}” has no field before it.", hint="Write a field first, as bytes>10GB.", at=place)
    found = _BARE.match(text, at)
    assert found is not None
    place = Place(*found.span())
    return _ended(text, Piece(_CONNECTIVES.get(found[0], Token.WORD), found[0], place))


def _values(text: str, at: int) -> Iterator[Piece]:
    """Values, bars and dots up to the end of the term. Which of them may follow each other is the grammar's."""
    while not _BREAK.match(text, at):
        if text[at] == '"':
            piece = _quoted(text, at)
        elif text[at] == "|":
            piece = Piece(Token.BAR, "|", Place(at, at + 1))
        elif text.startswith("..", at):
            piece = Piece(Token.DOTS, "..", Place(at, at + 2))
        else:
            found = _VALUE.match(text, at)
            assert found is not None
            piece = Piece(Token.WORD, found[0], Place(*found.span()))
        yield piece
        at = piece.at.end


def _quoted(text: str, at: int) -> Piece:
    found = _QUOTED.match(text, at)
    if found is None:
        raise BadFilter("A quote is open.", hint='Close it with ".', at=Place(at, len(text)))
    return Piece(Token.QUOTED, found[1].replace('""', '"'), Place(*found.span()))


def _pattern(text: str, at: int) -> Piece:
    found = _PATTERN.match(text, at)
    if found is None:
        hint = 'Close it with /, or write "/..." for text that begins with a slash.'
        raise BadFilter("A pattern is open.", hint=hint, at=Place(at, len(text)))
    return Piece(Token.PATTERN, found[1], Place(*found.span()))


def _saved(text: str, at: int) -> Piece:
    found = _SAVED.match(text, at)
    if found is None:
        hint = "Write @name, or quote what begins with @."
        raise BadFilter("“@” has no name behind it.", hint=hint, at=Place(at, at + 1))
    return Piece(Token.SAVED, found[1], Place(*found.span()))


def _ended(text: str, piece: Piece) -> Piece:
    """The piece, when a blank, a bracket or the end follows it."""
    if _BREAK.match(text, piece.at.end):
        return piece
    what = f"“{text[piece.at.start : piece.at.end + 1]}” goes on where it should end."
    hint = {
        Token.PATTERN: r'Inside of a pattern write \/ for a slash; a path goes in quotes, as "/srv/data".',
        Token.QUOTED: 'Leave a blank behind it; a quote inside of quotes is written "".',
    }.get(piece.token, "Put all of it in quotes.")
    raise BadFilter(what, hint=hint, at=Place(piece.at.start, piece.at.end + 1))
