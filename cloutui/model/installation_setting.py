"""Settings of the whole installation that people change at run time: a typed registry of keys.

What the product needs in order to start stands in the YAML file instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from cloutui.errors import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallationSetting:
    """One key."""

    name: str
    help: str
    default: str
    checked: Callable[[str], str]
    """The value as it is stored. Raises: Invalid."""


def setting_named(name: str) -> InstallationSetting:
    """Raises: Invalid, with the nearest key."""
    try:
        return INSTALLATION_SETTINGS[name]
    except KeyError:
        near = get_close_matches(name, INSTALLATION_SETTINGS, n=1)
        hint = f"Did you mean “{near[0]}”?" if near else f"Known are {', '.join(INSTALLATION_SETTINGS)}."
        raise Invalid(f"There is no setting “{name}”.", hint=hint) from None


def _theme(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", value):
        raise Invalid(f"“{value}” is no name of a theme.", hint="Themes are named in small letters, as nightwatch.")
    return value


def _number(least: int, most: int) -> Callable[[str], str]:
    def checked(value: str) -> str:
        text = value.strip()
        if not text.isascii() or not text.isdecimal() or not least <= int(text) <= most:
            raise Invalid(f"“{value}” is not right here.", hint=f"Use a whole number from {least} to {most:,}.")
        return str(int(text))

    return checked


THEME = InstallationSetting(
    name="theme", help="The theme of consoles that name none themselves.", default="nightwatch", checked=_theme
)
CLOSE_AFTER_HOURS = InstallationSetting(
    name="history.close_after_hours",
    help="So many hours after its end a day of a unit closes, and its report is frozen.",
    default="12",
    checked=_number(0, 240),
)
FIRST_DAYS = InstallationSetting(
    name="history.first_days",
    help="So many closed days at most are frozen after the fact, where nothing was frozen while they closed.",
    default="7",
    checked=_number(1, 366),
)
KEEP_DAYS = InstallationSetting(
    name="history.keep_days",
    help="So many days frozen reports are kept; 0: for ever. That they were there stays in the activity log.",
    default="0",
    checked=_number(0, 36_500),
)
INSTALLATION_SETTINGS = {setting.name: setting for setting in (THEME, CLOSE_AFTER_HOURS, FIRST_DAYS, KEEP_DAYS)}
