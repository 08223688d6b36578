"""The one status vocabulary for jobs, days, units and servers.

The order is the severity: `max()` is the roll-up. `none` and `ignored` are lowest, so they never win; `unknown`
outranks `okwarn` because silence may hide failure.
"""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """How something stands. The number is stored in the cache: a new status may only be added at the top."""

    NONE = 0
    IGNORED = 1
    OK = 2
    PENDING = 3
    RUNNING = 4
    OKWARN = 5
    UNKNOWN = 6
    WARNING = 7
    MISSED = 8
    ERROR = 9

    @property
    def key(self) -> str:
        """The word in exports, filters and the API: `ok`, `okwarn`, `error`, ..."""
        return self.name.lower()

    @property
    def letter(self) -> str:
        """One letter, for print and for terminals without glyphs; a blank for `none`."""
        return _LETTERS[self]

    @property
    def word(self) -> str:
        """What a person reads, 12 characters at most."""
        return _WORDS[self]

    @property
    def is_problem(self) -> bool:
        """`warning` or worse: what the keys `n` and `N` jump to."""
        return self >= Status.WARNING

    @property
    def is_bad(self) -> bool:
        """Failed or missed: what the matrix counts as a bad day."""
        return self >= Status.MISSED

    @classmethod
    def from_word(cls, word: str) -> Status:
        """The status of a filter word. `failed` is another word for `error`. Raises: ValueError."""
        key = word.lower()
        if key == "failed":
            return cls.ERROR
        try:
            return cls[key.upper()]
        except KeyError:
            known = ", ".join(status.key for status in reversed(cls))
            raise ValueError(f"{word!r} is no status; known are {known} and failed") from None


_LETTERS = {
    Status.NONE: " ",
    Status.IGNORED: "I",
    Status.OK: "O",
    Status.PENDING: "P",
    Status.RUNNING: "R",
    Status.OKWARN: "N",
    Status.UNKNOWN: "U",
    Status.WARNING: "W",
    Status.MISSED: "M",
    Status.ERROR: "E",
}

_WORDS = {
    Status.NONE: "None",
    Status.IGNORED: "Ignored",
    Status.OK: "OK",
    Status.PENDING: "Pending",
    Status.RUNNING: "Running",
    Status.OKWARN: "OK+warn",
    Status.UNKNOWN: "Unknown",
    Status.WARNING: "Warning",
    Status.MISSED: "Missed",
    Status.ERROR: "Failed",
}
