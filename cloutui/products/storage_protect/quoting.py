"""What may stand in an administrative command, and how it is written there.

One function, `argument`, turns a value into the text of a command; nothing else may. A value that could end the
command, begin another, continue it on the next line, redirect its output or send it to another server is refused,
never repaired: a repaired name is another name.

`one_command` is the second lock: the conversation puts every finished line through it, whoever built it.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum, auto

from cloutui.errors import Invalid

MOST_BYTES = 1500
"""The longest command we send. dsmadmc's own limit (ANS8026E) is not published; a terminal line holds 4095 bytes."""

MOST_NAME = 64
MOST_TEXT = 1024


class As(Enum):
    """What a value is in a command."""

    NAME = auto()
    """One object: a node, a schedule, an administrator. Wildcards are refused."""
    TEXT = auto()
    """Free text: a description, a contact. Written in quotes."""
    LITERAL = auto()
    """A string inside a SELECT. Written in single quotes, an apostrophe doubled."""


# The characters that names may have are documented for nodes; "@" begins the schedules of DEFINE CLIENTACTION.
# A hyphen may not stand at either end: in front it begins an option, at the end it continues the line.
_NAME = re.compile(r"[A-Za-z0-9_.@&+](?:[A-Za-z0-9_.@&+-]*[A-Za-z0-9_.@&+])?\Z", re.ASCII)

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

# Whether dsmadmc looks for redirection inside quotes is not published, so ">" and "|" are refused there too.
_NEVER_IN_TEXT = frozenset(">|")
_NEVER_IN_LITERAL = frozenset('>|"\\')

_ROUTED = re.compile(r"\s*(?:\([^)]*\)|[^\s:'\"=]+:)")
# Public tools write ">=" without blanks around it and get their rows; "||" joins strings in SQL.
_REDIRECTION = re.compile(r">(?!=\S)|\s>|(?<!\|)\|(?!\|)")
_IN_QUOTES = re.compile(r"'[^']*'|\"[^\"]*\"")


def argument(value: str, as_: As, *, what: str = "value") -> str:
    """The value as it stands in a command. `what` names it in the refusal. Raises: Invalid."""
    if not value or not value.strip():
        raise _refused(what, value, "it is empty")
    if any(unicodedata.category(char) in _UNSEEN for char in value):
        raise _refused(what, value, "it holds a line end or a control character")
    if as_ is As.NAME:
        return _name(value, what)
    if len(value) > MOST_TEXT:
        raise _refused(what, value, f"it is longer than {MOST_TEXT} characters")
    return _literal(value, what) if as_ is As.LITERAL else _text(value, what)


def one_command(line: str) -> str:
    """The line, when it is exactly one command for the server we are signed in to. Raises: Invalid."""
    bare = _IN_QUOTES.sub("''", line)
    if not line.strip():
        raise _refused("command", line, "it is empty")
    if any(unicodedata.category(char) in _UNSEEN for char in line):
        raise _refused("command", line, "it holds a line end or a control character")
    if len(line.encode()) > MOST_BYTES:
        raise _refused("command", line, f"it is longer than {MOST_BYTES} bytes")
    if "'" in bare.replace("''", "") or '"' in bare:
        raise _refused("command", line, "a quote is not closed")
    if line.rstrip().endswith(("-", "\\")):
        raise _refused("command", line, "it would continue on the next line")
    if _ROUTED.match(bare):
        raise _refused("command", line, "it would be sent to another server")
    if _REDIRECTION.search(bare):
        raise _refused("command", line, "its output would be redirected")
    return line


def _name(value: str, what: str) -> str:
    if len(value) > MOST_NAME:
        raise _refused(what, value, f"it is longer than {MOST_NAME} characters")
    if "*" in value or "?" in value:
        raise _refused(what, value, "it stands for many, and one is meant")
    if not _NAME.match(value):
        raise _refused(what, value, "a name has letters, digits and _ . - + & @, and no hyphen at its ends")
    return value


def _text(value: str, what: str) -> str:
    if not _NEVER_IN_TEXT.isdisjoint(value):
        raise _refused(what, value, "it holds > or |, which may redirect the output")
    if value.rstrip().endswith(("-", "\\")):
        raise _refused(what, value, "it ends with - or \\, which continues a command")
    for quote in "\"'":
        if quote not in value:
            return f"{quote}{value}{quote}"
    raise _refused(what, value, "it holds both kinds of quotes")


def _literal(value: str, what: str) -> str:
    if not _NEVER_IN_LITERAL.isdisjoint(value):
        raise _refused(what, value, 'it holds > | \\ or "')
    return "'" + value.replace("'", "''") + "'"


def _refused(what: str, value: str, reason: str) -> Invalid:
    shown = value if len(value) <= MOST_NAME else value[:MOST_NAME] + "…"
    return Invalid(f"The {what} {shown!r} cannot be sent: {reason}.", hint="Change it and try again.")
