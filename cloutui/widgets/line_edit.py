"""One line of text under the keys that every shell has. Knows no widget."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_WORD_RIGHT = re.compile(r"\s*\S*")

MOST_CHARACTERS = 10_000
"""More than any text here may have. A paste of megabytes would hold up everyone who shares the process."""


class LineEdit:
    """A text and a cursor in it: 0 is before the first character."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.cursor = len(text)

    def put(self, text: str) -> None:
        """Another text, with the cursor at its end."""
        self.text, self.cursor = text, len(text)

    def insert(self, text: str) -> None:
        """At the cursor. Of a paste of several lines only the first is taken, and no more than there is room for."""
        line = text.splitlines()[0] if text else ""
        line = "".join(char for char in line if char.isprintable())[: max(0, MOST_CHARACTERS - len(self.text))]
        self.text = self.text[: self.cursor] + line + self.text[self.cursor :]
        self.cursor += len(line)

    def press(self, key: str, character: str | None) -> bool:
        """Do what the key does. Returns whether it was one of ours."""
        if key in _KEYS:
            self._to(_KEYS[key](self.text, self.cursor))
            return True
        if key in _CUTS:
            start, end = _CUTS[key](self.text, self.cursor)
            self.text = self.text[:start] + self.text[end:]
            self.cursor = start
            return True
        if character and character.isprintable():
            self.insert(character)
            return True
        return False

    def _to(self, cursor: int) -> None:
        self.cursor = max(0, min(cursor, len(self.text)))


def _word_left(text: str, cursor: int) -> int:
    before = text[:cursor].rstrip()
    return next((at for at in range(len(before), 0, -1) if before[at - 1].isspace()), 0)


def _word_right(text: str, cursor: int) -> int:
    found = _WORD_RIGHT.match(text, cursor)
    return found.end() if found else len(text)


_KEYS: Mapping[str, Callable[[str, int], int]] = {
    "left": lambda _, at: at - 1,
    "right": lambda _, at: at + 1,
    "home": lambda _, at: 0,
    "ctrl+a": lambda _, at: 0,
    "end": lambda text, _: len(text),
    "ctrl+e": lambda text, _: len(text),
    "ctrl+left": _word_left,
    "ctrl+right": _word_right,
}
"""Where the cursor goes."""

_CUTS: Mapping[str, Callable[[str, int], tuple[int, int]]] = {
    "backspace": lambda _, at: (max(0, at - 1), at),
    "delete": lambda _, at: (at, at + 1),
    "ctrl+d": lambda _, at: (at, at + 1),
    "ctrl+w": lambda text, at: (_word_left(text, at), at),
    "ctrl+u": lambda _, at: (0, at),
    "ctrl+k": lambda text, at: (at, len(text)),
}
"""What goes away."""
