"""What users prefer for themselves: a typed registry of keys. What they do not say, the installation says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cloutui.errors import Invalid
from cloutui.model.installation_setting import THEME


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """One key."""

    name: str
    help: str
    checked: Callable[[str], str]
    """The value as it is stored. Raises: Invalid."""


def checked_preference(name: str, value: str) -> str:
    """Raises: Invalid, with the nearest key or the values there are."""
    if name not in PREFERENCES:
        near = get_close_matches(name, PREFERENCES, n=1)
        hint = f"Did you mean “{near[0]}”?" if near else f"Known are {', '.join(PREFERENCES)}."
        raise Invalid(f"There is no preference “{name}”.", hint=hint)
    return PREFERENCES[name].checked(value.strip())


def _one_of(*words: str) -> Callable[[str], str]:
    def checked(value: str) -> str:
        if value not in words:
            raise Invalid(f"“{value}” is none of these.", hint=f"There are: {', '.join(words)}.")
        return value

    return checked


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(f"There is no time zone “{value}”.", hint="Such as Europe/Copenhagen.") from None
    return value


def _word(value: str) -> str:
    if not value.isascii() or not value.replace("-", "").isalnum() or len(value) > 40:
        raise Invalid(f"“{value}” is no word for this.", hint="Use small letters.")
    return value


PREFERENCES: Mapping[str, Preference] = {
    preference.name: preference
    for preference in (
        Preference(name="theme", help="The palette.", checked=THEME.checked),
        Preference(name="glyphs", help="The set of signs.", checked=_one_of("full", "safe", "ascii")),
        Preference(name="keys", help="The preset of keys.", checked=_one_of("default", "vim", "arrows")),
        Preference(name="start", help="The screen to begin with.", checked=_word),
        Preference(name="time_zone", help="The zone in which times are shown.", checked=_zone),
        Preference(name="csv", help="The separators of CSV files.", checked=_one_of("comma", "semicolon")),
    )
}
