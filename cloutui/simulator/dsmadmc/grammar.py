"""How an administrative command is written: a head, positional words, and `KEY=value` in any order.

The heads and their keywords are `commands.json`, taken from the HELP tree of an 8.1 server; capitals are the shortest
form. Where several heads fit an abbreviation, the one spelled out wins, then the one with the shorter shortest form
(`q sta` is QUERY STATUS, not QUERY STATUSTHRESHOLD). That rule is unverified, and so is the wording of ANR2022E and
ANR2023E.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from types import MappingProxyType

from cloutui.simulator.answer import RC_SYNTAX, RC_UNKNOWN, Refused
from cloutui.simulator.dsmadmc.options import abbreviates, shortest

_TOKEN = re.compile(
    r"""\s*(?: (?P<equals>=)\s*
             | (?P<word> (?: "(?:[^"]|"")*" | '(?:[^']|'')*' | [^\s"'=] )+ ) )""",
    re.VERBOSE,
)
_PIECE = re.compile(r""""((?:[^"]|"")*)"|'((?:[^']|'')*)'|([^"']+)""")


@dataclass(frozen=True, slots=True)
class Head:
    """The words that name a command: `Query EVent`, or one word such as `HALT`."""

    words: tuple[str, ...]
    keywords: tuple[str, ...]

    @property
    def name(self) -> str:
        """The head in capitals, as messages print it."""
        return " ".join(self.words).upper()


@dataclass(frozen=True, slots=True)
class Command:
    """One command, taken apart."""

    head: Head
    positionals: Sequence[str]
    keywords: Mapping[str, str]
    """Upper-case full keyword → its value, quotes removed."""

    def refusal(self, code: str, text: str) -> Refused:
        """A syntax error of this command."""
        return Refused(RC_SYNTAX, f"{code} {self.head.name}: {text}")

    def invalid(self, what: str) -> Refused:
        """A parameter that cannot be."""
        return self.refusal("ANR2020E", f"Invalid parameter - {what}.")


@cache
def heads() -> tuple[Head, ...]:
    """Every command that the server knows, simulated or not."""
    text = resources.files(__package__).joinpath("commands.json").read_text(encoding="utf-8")
    return tuple(Head(tuple(name.split()), tuple(keywords)) for name, keywords in json.loads(text).items())


def parse(text: str) -> Command:
    """Take a command apart.

    Raises: Refused with ANR2000E for an unknown or ambiguous command, ANR2020E for a keyword it does not have.
    """
    head, positionals, pairs = _take_apart(text)
    command = Command(head, positionals, MappingProxyType({}))
    keywords: dict[str, str] = {}
    for written, value in pairs:
        keyword = next((keyword for keyword in head.keywords if abbreviates(written, keyword)), None)
        if keyword is None or not value:
            raise command.invalid(written.upper())
        keywords[keyword.upper()] = value
    return Command(head, positionals, MappingProxyType(keywords))


def masked(text: str) -> str:
    """The command as the activity log shows it: without passwords. The mask is from memory.

    A command with a wrong parameter is masked too: it is logged before it is refused.
    """
    try:
        head, positionals, pairs = _take_apart(text)
    except Refused:
        return text
    secrets = [value for name, value in pairs if name.upper().startswith("PA")]
    secrets += positionals[_PASSWORD_PLACES.get(head.name, len(positionals)) :][:1]
    for secret in filter(None, secrets):
        text = re.sub(rf"(?<=[\s=\"']){re.escape(secret)}(?=$|[\s\"'])", "?***?", text)
    return text


_PASSWORD_PLACES = {
    "REGISTER NODE": 1,
    "UPDATE NODE": 1,
    "REGISTER ADMIN": 1,
    "UPDATE ADMIN": 1,
    "SET SERVERPASSWORD": 0,
    "SET LDAPPASSWORD": 0,
}
"""Where a command takes a password without a keyword."""


def _take_apart(text: str) -> tuple[Head, list[str], list[tuple[str, str]]]:
    """Head, positional words, and keywords as they were written. Raises: Refused for an unknown command."""
    tokens = _tokens(text)
    head = _recognise([token for token in tokens if token is not None])
    return head, *_split(tokens[len(head.words) :])


def _tokens(text: str) -> list[str | None]:
    """Words without their quotes; None is an equals sign. Raises: Refused for a quote without its pair."""
    tokens: list[str | None] = []
    place = 0
    text = text.strip()
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            raise Refused(RC_SYNTAX, f"ANR2020E {text.split()[0].upper()}: Invalid parameter - {text[place:].strip()}.")
        word = token["word"]
        tokens.append(None if word is None else _unquoted(word))
        place = token.end()
    return tokens


def _unquoted(word: str) -> str:
    parts = []
    for double, single, plain in _PIECE.findall(word):
        parts.append(double.replace('""', '"') or single.replace("''", "'") or plain)
    return "".join(parts)


def _recognise(words: Sequence[str]) -> Head:
    fitting = [head for head in heads() if _fits(head, words)]
    if not fitting:
        raise Refused(RC_UNKNOWN, f"ANR2000E Unknown command - {' '.join(words[:2]).upper()}.")
    ranked = sorted(fitting, key=lambda head: _distance(head, words))
    for best, second in pairwise(ranked[:2]):
        if _distance(best, words) == _distance(second, words):
            raise Refused(RC_UNKNOWN, f"ANR2000E Unknown command - {' '.join(words[:2]).upper()}.")
    return ranked[0]


def _fits(head: Head, words: Sequence[str]) -> bool:
    return len(words) >= len(head.words) and all(
        abbreviates(word, full) for word, full in zip(words, head.words, strict=False)
    )


def _distance(head: Head, words: Sequence[str]) -> tuple[int, int, list[int]]:
    """How far a head is from what was written; the nearest is meant."""
    abbreviated = sum(word.upper() != full.upper() for word, full in zip(words, head.words, strict=False))
    return -len(head.words), abbreviated, [shortest(full) for full in reversed(head.words)]


def _split(tokens: Sequence[str | None]) -> tuple[list[str], list[tuple[str, str]]]:
    """Positional words, and keywords with their values; a value that is missing is empty."""
    positionals: list[str] = []
    pairs: list[tuple[str, str]] = []
    place = 0
    while place < len(tokens):
        word, following = tokens[place], tokens[place + 1 : place + 3]
        if word is None:
            pairs.append(("=", ""))
            place += 1
        elif following[:1] == [None]:
            value = following[1] if len(following) == 2 else None
            pairs.append((word, value or ""))
            place += 2 if value is None else 3
        else:
            positionals.append(word)
            place += 1
    return positionals, pairs
