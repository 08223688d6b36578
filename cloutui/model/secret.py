"""A text that must not be seen: it shows nothing of itself unless it is asked outright."""

from __future__ import annotations

SHOWN = "•••"
"""Stands for any secret, whatever its length."""


class Secret:
    """A password on its way to the keyring. Not comparable and not a text, so it cannot slip into one."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one place that needs it."""
        return self._text

    def __repr__(self) -> str:
        return SHOWN

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written down")
