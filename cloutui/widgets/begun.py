"""What was begun with one key and waits for the next: `g` and a letter, or `'` and how many times.

A value: a key makes another one of it, or does not belong to it.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_TIMES = 9_999_999
"""More is no number that somebody means; the last digit is not taken then."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sequence of keys that has not come to its end. Empty: there is none."""

    text: str = ""
    """As it was typed: `g`, `'`, `'12`."""

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def goes(self) -> bool:
        """Whether the next letter names a screen."""
        return self.text == "g"

    @property
    def times(self) -> int | None:
        """How often the next move is to be made; None when nobody said."""
        digits = self.text.removeprefix("'")
        return int(digits) if digits.isdigit() else None

    def takes(self, character: str | None) -> bool:
        """Whether this character is one more of a number."""
        if not self.text.startswith("'") or not character or character not in "0123456789":
            return False
        return (self.times or 0) * 10 + int(character) <= MOST_TIMES

    def then(self, character: str) -> Begun:
        """With one digit more. A number has no leading zero."""
        return Begun("'" + str((self.times or 0) * 10 + int(character)))


NOTHING = Begun()
GOING = Begun("g")
COUNTING = Begun("'")
