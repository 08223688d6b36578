"""The messages of server and client: `ANR2034E SELECT: No match found ...`.

Only codes decide. A client translates the words, in the code page of its host, so the words are for people.
Source: the grammar and the codes of IBM's client message manual; server codes as public tools meet them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PATTERN = r"^AN[RSE][0-9]{4}[ISEWDKT](?: |$)"
"""A message line, for `re` and for Arrow. Our SELECTs never put free text first, so no row looks like this."""

RC_OK = 0
RC_NOTFOUND = 11

_RETURN_CODES = frozenset({"ANS8001I", "ANS8002I"})
_NUMBER = re.compile(r"-?[0-9]+")


@dataclass(frozen=True, slots=True)
class Message:
    """One message line."""

    code: str
    text: str
    """The whole line, code first."""

    @classmethod
    def of(cls, line: str) -> Message:
        """The message on a line that matches `PATTERN`."""
        return cls(line[:8], line.strip())

    @property
    def is_complaint(self) -> bool:
        """A warning or worse."""
        return self.code[-1] in "WESD"


def return_code(messages: Iterable[Message]) -> int:
    """The highest return code that was said; 0 when none was. Words are translated, so the first number counts."""
    numbers = (_NUMBER.search(message.text[8:]) for message in messages if message.code in _RETURN_CODES)
    return max((int(number[0][:9]) for number in numbers if number), default=RC_OK)


def complaint(messages: Sequence[Message]) -> str:
    """The message that explains a failure best: the first error, else the first warning; empty when none."""
    complaints = [message for message in messages if message.is_complaint]
    worst = [message for message in complaints if message.code[-1] != "W"] or complaints
    return worst[0].text if worst else ""


def notes(messages: Iterable[Message]) -> tuple[str, ...]:
    """What the server wished to say beside the rows: warnings, each once."""
    said = (message.text for message in messages if message.code[-1] == "W")
    return tuple(dict.fromkeys(said))
