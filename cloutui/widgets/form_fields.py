"""Forms as data: which fields there are, what each takes, and what is wrong with a text. Knows no widget.

A check answers with what is wrong and how to put it right (`65 characters, SP allows 64`), or with nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from cloutui.errors import CloutuiError

Values = Mapping[str, str]
"""What has been put into a form, by the names of its fields: of a list the value and not its label. No secrets."""


class FieldKind(Enum):
    """What a field takes."""

    TEXT = "text"
    """Any text; a list, where there is one, only proposes."""
    SECRET = "secret"  # noqa: S105 - a word, not a password
    """Never drawn unless asked, and never among the values."""
    CHOICE = "choice"
    """One of its list."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a field's list."""

    value: str
    label: str = ""
    """How it is shown; as its value when empty."""
    note: str = ""
    """Beside it in the list."""

    @property
    def shown(self) -> str:
        """What stands in the field once it is chosen."""
        return self.label or self.value


def _nothing_wrong(_text: str) -> str:
    return ""


def _always(_values: Values) -> bool:
    return True


def _no_list() -> Sequence[Choice]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One line of a form."""

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    default: str = ""
    """A value, not a label."""
    hint: str = ""
    choices: Callable[[], Sequence[Choice]] = _no_list
    """Asked when the list is first needed: some lists take a while to make."""
    check: Callable[[str], str] = _nothing_wrong
    """Of a text that is not empty."""
    shown: Callable[[Values], bool] = _always
    """Whether it has a meaning beside the values of the fields before it. What is not shown has no value."""

    @property
    def has_list(self) -> bool:
        """Whether there is a list, found out without making it."""
        return self.choices is not _no_list


def refused_by(checked: Callable[[str], object]) -> Callable[[str], str]:
    """A check, from a function of the model that raises `CloutuiError`."""

    def wrong(text: str) -> str:
        try:
            checked(text)
        except CloutuiError as error:
            return f"{error.what} {error.hint}"
        return ""

    return wrong


def matching(choices: Sequence[Choice], typed: str) -> list[Choice]:
    """The entries that hold all typed words, those that begin with them first."""
    words = typed.casefold().split()
    found = [choice for choice in choices if all(word in _searched(choice) for word in words)]
    first = words[0] if words else ""
    return sorted(found, key=lambda choice: not choice.shown.casefold().startswith(first))


def _searched(choice: Choice) -> str:
    return f"{choice.shown} {choice.value} {choice.note}".casefold()
