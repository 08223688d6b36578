"""Themes: the colours behind the roles, one TOML file each: the console is quicker at the first paint than with YAML.

A theme is data in `themes/`. In a wheel the folder is packed into the package as `_themes`; in a checkout it lies
beside the package.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cloutui.errors import Invalid
from cloutui.model.status import Status

DEFAULT_THEME = "nightwatch"

ROLES = frozenset(
    {"background", "surface", "panel", "line", "text", "muted", "faint", "accent"}
    | {"cursor", "cursor-ground", "mark-ground", "write", "write-ground"}
)

_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One theme. Colours are `#rrggbb`."""

    name: str
    dark: bool
    least_contrast: float
    """The promise of the theme: no text has less, by the WCAG 2 formula."""
    roles: Mapping[str, str]
    statuses: Mapping[Status, tuple[str, str]]
    """The colour of glyph and word, and the ground of a cell."""


def themes_folder() -> Path:
    """Where the theme files are, in a wheel or in a checkout."""
    packed = _PACKAGE / "_themes"
    return packed if packed.is_dir() else _PACKAGE.parent / "themes"


def theme_names() -> list[str]:
    """The themes that can be chosen."""
    return sorted(path.stem for path in themes_folder().glob("*.toml"))


def load_theme(name: str = DEFAULT_THEME) -> Theme:
    """The theme of that name. Raises: Invalid, when there is none or its file is not a theme."""
    if name not in theme_names():
        raise Invalid(f"There is no theme “{name}”.", hint=f"Choose one of {', '.join(theme_names())}.")
    path = themes_folder() / f"{name}.toml"
    return _theme(path, tomllib.loads(path.read_text(encoding="utf-8")))


def _theme(path: Path, values: dict[str, Any]) -> Theme:
    try:
        theme = Theme(
            name=values["name"],
            dark=values["dark"],
            least_contrast=values["least_contrast"],
            roles=MappingProxyType(dict(values["roles"])),
            statuses=MappingProxyType({status: tuple(values["statuses"][status.key]) for status in Status}),
        )
    except (KeyError, TypeError) as error:
        raise Invalid(f"{path.name} is not a theme: {error} is missing.", hint="Compare it with nightwatch.") from error
    if missing := ROLES - theme.roles.keys():
        raise Invalid(f"{path.name} lacks {', '.join(sorted(missing))}.", hint="Compare it with nightwatch.")
    return theme
