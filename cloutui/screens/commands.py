"""The commands of the command bar, as data: their words, what they take, and what they do. Reading them is pure.

A word may be shortened as far as it fits one command only. After a screen's word may stand `@unit` and `/filter`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches

from cloutui.errors import Invalid
from cloutui.screens.catalogue import SCREENS

_PLACE = re.compile(r'\s*(?:@(?:"(?P<quoted>[^"]*)"?|(?P<bare>\S*)))?\s*(?:/(?P<filter>.*)|(?P<rest>.*))')


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One word of the command bar."""

    word: str
    takes: str
    """What may follow, as it is shown: `NAME`, `FORMAT [FILE]`; a screen takes `[@UNIT] [/FILTER]`."""
    summary: str
    does: str
    """The name of the method that does it: `command_DOES(rest)`."""
    values: str = ""
    """Which names complete what follows: a key of what `ghost` is given."""
    key: str = ""
    """The key that does the same."""


_PLACE_TAKES = "[@UNIT] [/FILTER]"

COMMANDS = (
    *(
        Command(
            word=spec.word, takes=_PLACE_TAKES, summary=spec.title, does="screen", values="units",
            key=f"{spec.key} g{spec.letter}".strip(),
        )
        for spec in SCREENS
    ),
    Command(word="unit", takes="NAME", summary="another unit becomes the scope", does="unit", values="units", key="b"),
    Command(word="node", takes="NAME", summary="look at a node", does="node", values="nodes"),
    Command(word="day", takes="2026-11-21 | -1 | today", summary="another day", does="day", key="[ ] ."),
    Command(word="range", takes="30d", summary="so many days up to the last one", does="range"),
    Command(word="find", takes="[TEXT]", summary="find by a part of a name", does="find", key="F"),
    Command(word="tag", takes="[+TAG -TAG …]", summary="put tags on nodes, take them off", does="tag", key="t"),
    Command(word="ack", takes="[COMMENT]", summary="somebody takes care of the problem", does="ack", key="a"),
    Command(word="round", takes="", summary="go through all that is open", does="round", key="Q"),
    Command(word="act", takes="NAME KEY=VALUE …", summary="do an action", does="act", key="x"),
    Command(
        word="write", takes="[15m REASON]", summary="begin write mode: changes are possible then", does="write", key="W"
    ),
    Command(word="open", takes="LINK", summary="show what a link names", does="open"),
    Command(
        word="export", takes="[FORMAT] [FILE]", summary="write the rows into a file", does="export", values="formats",
        key="e",
    ),
    Command(word="copy", takes="", summary="copy the row, the table or the command", does="copy", key="y"),
    Command(word="link", takes="", summary="copy the link of what is shown", does="link", key="Y"),
    Command(word="filter", takes="[FILTER]", summary="only these rows", does="filter", key="/"),
    Command(word="save", takes="NAME [@UNIT]", summary="keep the filter as @NAME, or for a unit", does="save"),
    Command(word="forget", takes="NAME [@UNIT]", summary="forget a saved filter", does="forget"),
    Command(word="theme", takes="NAME", summary="other colours", does="theme", values="themes"),
    Command(word="tasks", takes="", summary="what is being done, and what came of it", does="tasks"),
    Command(word="ask", takes="", summary="ask the backup servers now", does="ask_servers", key="R"),
    Command(word="notices", takes="", summary="everything that was said", does="notices"),
    Command(word="help", takes="", summary="the keys of this pane", does="help", key="?"),
    Command(word="quit", takes="", summary="leave the console", does="quit", key="q"),
)  # fmt: skip


def find_command(word: str) -> Command:
    """The command of that word, or the only one that begins so. Raises: Invalid, with the nearest word."""
    exact = [command for command in COMMANDS if command.word == word]
    fitting = exact or [command for command in COMMANDS if word and command.word.startswith(word)]
    if word == "q":
        fitting = [command for command in COMMANDS if command.word == "quit"]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        words = ", ".join(command.word for command in fitting)
        raise Invalid(f"“{word}” fits several commands.", hint=f"Write more of one: {words}.")
    near = get_close_matches(word, [command.word for command in COMMANDS], n=1, cutoff=0.5)
    hint = f"Did you mean “{near[0]}”?" if near else "ctrl+p lists all of them."
    raise Invalid(f"There is no command “{word}”.", hint=hint)


def split(text: str) -> tuple[str, str]:
    """The word, and what follows it. A leading `:` is no part of either."""
    word, _, rest = text.lstrip(": ").partition(" ")
    return word.lower(), rest.strip()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What follows a screen's word. None is what was not said, and stays as it is."""

    unit: str | None
    filter: str | None


def split_place(rest: str) -> Wanted:
    """`@acme /locked:yes`. Raises: Invalid for what is neither."""
    found = _PLACE.fullmatch(rest)
    assert found is not None
    if found["rest"]:
        what = f"“{found['rest']}” is neither @unit nor /filter."
        raise Invalid(what, hint='Write it as @"Havn Energi" /status:failed.')
    return Wanted(found["quoted"] if found["bare"] is None else found["bare"], found["filter"])


def day_of(text: str, *, today: date, current: date) -> date:
    """`2026-11-21`, `today`, or so many days from the one that is shown: `-1`, `+7`. Raises: Invalid."""
    try:
        if text in {"today", "."}:
            return today
        if text[:1] in {"-", "+"}:
            return current + timedelta(days=int(text))
        return date.fromisoformat(text)
    except (ValueError, OverflowError):
        raise Invalid(f"“{text}” is no day.", hint="Write 2026-11-21, -1 or today.") from None


def ghost(text: str, names: Mapping[str, Sequence[str]]) -> str:
    """What would complete the last word; nothing when nothing does, or when there is nothing to add."""
    word, blank, _ = text.partition(" ")
    if not blank:
        return _end_of(word, [command.word for command in COMMANDS])
    try:
        command = find_command(word.lower())
    except Invalid:
        return ""
    rest = text[len(word) + 1 :].lstrip()
    known = names.get(command.values, ())
    if command.does != "screen":
        return _end_of(rest, known)
    if not rest.startswith("@") or "/" in rest:
        return ""
    if rest.startswith('@"'):
        return _end_of(rest[2:], [f'{name}"' for name in known])
    return _end_of(rest[1:], [name for name in known if " " not in name])


def _end_of(begun: str, known: Iterable[str]) -> str:
    if not begun:
        return ""
    found = next((name for name in known if name.lower().startswith(begun.lower())), "")
    return found[len(begun) :]
