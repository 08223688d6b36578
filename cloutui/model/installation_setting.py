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


THEME = InstallationSetting(
    name="theme", help="The theme of consoles that name none themselves.", default="nightwatch", checked=_theme
)
INSTALLATION_SETTINGS = {setting.name: setting for setting in (THEME,)}
