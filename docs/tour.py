"""A tour through the console by keys: every screen, what is looked into, and every box. Pictures and tests take it.

The screens come from the catalogue, so that a new one is in by itself. Each stop is reached from any screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from inspect import getdoc

from textual.keys import _character_to_key

from cloutui.screens.catalogue import OBJECTS, SCREENS, ScreenSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Something to be seen, and how to get there and away by keys."""

    name: str
    title: str
    says: str
    """What it is, in one sentence."""
    keys: tuple[str, ...]
    """As Textual names them."""
    signs: tuple[str, ...]
    """Are all on the terminal when one is there."""
    at: tuple[str, ...] = ()
    """What is on the terminal before each of the keys that come after those of the screen."""
    typed: str = ""
    """What is then typed, at once."""
    leave: tuple[str, ...] = ()
    """Back to a screen of the catalogue."""

    @property
    def presses(self) -> tuple[str, ...]:
        """What is typed, as keys."""
        return tuple(_character_to_key(character) for character in self.typed)


FORMS = {"setup"}
"""Screens that take what is typed for themselves, the keys of other screens too."""


def screen_keys(spec: ScreenSpec) -> tuple[str, ...]:
    """The digit, or `g` and the letter."""
    return (spec.key,) if spec.key else ("g", spec.letter)


def _screen(spec: ScreenSpec) -> Stop:
    module, _, name = spec.view.partition(":")
    says = (getdoc(getattr(import_module(module), name)) or "").partition("\n")[0]
    leave = ("escape",) if spec.word in FORMS else ()
    keys = screen_keys(spec)
    return Stop(name=spec.word, title=spec.title, says=says, keys=keys, signs=(spec.title,), leave=leave)


_KEYS = {spec.word: screen_keys(spec) for spec in SCREENS}

SCREEN_STOPS = tuple(_screen(spec) for spec in SCREENS)

OBJECT_STOPS = (
    Stop(
        name="node-day",
        title="A node's day",
        says="The jobs of one node on one day, the worst first.",
        keys=(*_KEYS["matrix"], "enter"),
        at=("opens the day",),
        signs=("full text",),
        leave=("backspace",),
    ),
    Stop(
        name="job",
        title="A job",
        says="One job in full, and what the server said while it ran.",
        keys=(*_KEYS["matrix"], "enter", "enter"),
        at=("opens the day", "full text"),
        signs=("server said",),
        leave=("backspace", "backspace"),
    ),
    Stop(
        name="node",
        title="A node",
        says="One node, part by part: file spaces, schedules, occupancy, last jobs; its profile below.",
        keys=(*_KEYS["nodes"], "enter"),
        at=("all of it",),
        signs=("file spaces",),
        leave=("backspace",),
    ),
)
"""What a link can name that is no screen."""

BOX_STOPS = (
    Stop(
        name="keys",
        title="The keys",
        says="The keys that do something where one is.",
        keys=(*_KEYS["matrix"], "question_mark"),
        at=("opens the day",),
        signs=("Keys:",),
        leave=("escape",),
    ),
    Stop(
        name="reasons",
        title="Why a row stands so",
        says="The rules that a node's day hit: what was found, what each says, and who set it.",
        keys=(*_KEYS["daily"], "i"),
        at=("full report",),
        signs=("stands so",),
        leave=("escape",),
    ),
    Stop(
        name="comment",
        title="A comment",
        says="What is to be known of a problem, and how it stands with that.",
        keys=(*_KEYS["daily"], "c"),
        at=("full report",),
        signs=("Write a comment",),
        leave=("escape",),
    ),
    Stop(
        name="mute",
        title="Muting",
        says="Until when nodes are muted, or that they are no more.",
        keys=(*_KEYS["daily"], "m"),
        at=("full report",),
        signs=("Mute", "Until a day"),
        leave=("escape",),
    ),
    Stop(
        name="calendar",
        title="A day to choose",
        says="Any day of the past, each with the sign of how it went.",
        keys=(*_KEYS["daily"], "d"),
        at=("full report",),
        signs=("Choose a day",),
        leave=("escape",),
    ),
    Stop(
        name="why",
        title="Why",
        says="How old the facts are, server by server, and why.",
        keys=(*_KEYS["servers"], "i"),
        at=("Backup servers",),
        signs=("How old the facts are",),
        leave=("escape",),
    ),
    Stop(
        name="palette",
        title="The palette",
        says="Everything that has a name: screens, units, nodes, servers, commands, themes.",
        keys=(*_KEYS["overview"], "ctrl+p"),
        at=("Needs attention",),
        typed="a",
        signs=("> commands",),
        leave=("escape",),
    ),
    Stop(
        name="find",
        title="Finding anything",
        says="Units, nodes, servers, schedules, users, tags and comments by a part of their name.",
        keys=(*_KEYS["overview"], "F"),
        at=("Needs attention",),
        typed="sql",
        signs=("found",),
        leave=("escape",),
    ),
    Stop(
        name="command",
        title="The command bar",
        says="The same by words, completed while they are typed.",
        keys=(*_KEYS["nodes"], "colon"),
        at=("all of it",),
        typed="unit a",
        signs=(":unit a",),
        leave=("escape",),
    ),
    Stop(
        name="filter",
        title="The filter",
        says="Which rows are wanted, in the language that reports and exports understand too.",
        keys=(*_KEYS["nodes"], "slash"),
        at=("all of it",),
        typed="status:failed",
        signs=("status:failed", " of "),
        leave=("escape",),
    ),
    Stop(
        name="copy",
        title="Copy as",
        says="A row, a table, or the command that asks the same.",
        keys=(*_KEYS["nodes"], "y"),
        at=("all of it",),
        signs=("Copy",),
        leave=("escape",),
    ),
    Stop(
        name="export",
        title="Export",
        says="Rows into a file, and the command line that does it again.",
        keys=(*_KEYS["nodes"], "e"),
        at=("all of it",),
        signs=("Export rows",),
        leave=("escape",),
    ),
    Stop(
        name="write",
        title="Write mode",
        says="Nothing is changed before one says why, and for how long.",
        keys=(*_KEYS["nodes"], "W"),
        at=("all of it",),
        signs=("Begin write mode", "Keep reading"),
        leave=("escape",),
    ),
    Stop(
        name="leave",
        title="Leaving",
        says="At the root, `q` asks.",
        keys=(*_KEYS["overview"], "q"),
        at=("Needs attention",),
        signs=("Leave",),
        leave=("escape",),
    ),
)

STOPS = (*SCREEN_STOPS, *OBJECT_STOPS, *BOX_STOPS)

assert OBJECTS.keys() == {stop.name for stop in OBJECT_STOPS}, "the tour must lead to everything that a link can name"
