"""Roles to styles: the only place where a widget's colours come from.

A widget says `palette.style("muted", on="panel")` and gets a style that fits the theme and what the terminal can
do: true colour, 256 colours, 16 colours, or none, where bold, reverse and underline alone carry the look.
Dim, italic and blink are never used: they are unreadable or missing on many terminals.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from rich.color import Color
from rich.style import Style

from cloutui.model.status import Status
from cloutui.widgets.theme import Theme


class Depth(StrEnum):
    """What the terminal can show."""

    TRUECOLOR = "truecolor"
    XTERM = "256"
    ANSI = "16"
    NONE = "none"


# Where the nearest of the 256 colours would spoil the contrast, by what a role is in a dark and in a light theme.
_PINS: Mapping[bool, Mapping[str, str]] = {
    True: {"background": "#121212", "surface": "#1c1c1c", "panel": "#262626", "tint": "#262626", "faint": "#87afaf"},
    False: {"background": "#ffffff", "surface": "#eeeeee", "panel": "#eeeeee", "tint": "#eeeeee"},
}

_FAINT_GREY = "#949494"

_ANSI_ROLES = {"accent": "bright_cyan", "muted": "white", "faint": "white", "line": "bright_black"}
_ANSI_STATUSES = {
    Status.OK: "green",
    Status.OKWARN: "bright_green",
    Status.WARNING: "yellow",
    Status.ERROR: "bright_red",
    Status.MISSED: "bright_magenta",
    Status.RUNNING: "bright_blue",
    Status.PENDING: "white",
    Status.IGNORED: "white",
    Status.UNKNOWN: "yellow",
    Status.NONE: "white",
}

# Health whispers: these stand on the plain background, everything else is tinted.
_QUIET = {Status.OK, Status.NONE}


class Palette:
    """The styles of one theme on one kind of terminal. Styles are made once and kept."""

    def __init__(self, theme: Theme, depth: Depth) -> None:
        self.theme = theme
        self.depth = depth
        self._kept: dict[object, Style] = {}

    def style(self, role: str = "text", on: str = "background", *, bold: bool = False, under: bool = False) -> Style:
        """Text of a role on the ground of another (`background`, `surface`, `panel`, `cursor-ground`, ...)."""
        key = (role, on, bold, under)
        style = self._kept.get(key)
        if style is None:
            style = self._kept[key] = self._made(role, on, bold=bold, under=under)
        return style

    def status(self, status: Status, on: str = "background", *, bold: bool = False, under: bool = False) -> Style:
        """A status's glyph or word on a ground."""
        return self.style(status.key, on, bold=bold or status.is_problem, under=under)

    def cell(self, status: Status) -> Style:
        """A matrix cell: the shouting ones stand on a tint, or are reversed where there are no tints."""
        key = ("cell", status)
        style = self._kept.get(key)
        if style is None:
            style = self._kept[key] = self._cell(status)
        return style

    def beside(self, status: Status) -> Style:
        """Other text in a cell of the status: on its ground, in the colour that all text has."""
        cell = self.cell(status)
        ink = None if cell.bgcolor is None else self.style().color
        return Style(color=ink or cell.color, bgcolor=cell.bgcolor, reverse=cell.reverse)

    def _made(self, role: str, on: str, *, bold: bool, under: bool) -> Style:
        # On the cursor and on a mark the ground decides: coloured text on a coloured bar cannot be read.
        if on == "cursor-ground":
            role = "cursor"
        elif on == "mark-ground" and role in {"muted", "faint"}:
            role = "text"
        if self.depth in {Depth.ANSI, Depth.NONE}:
            return self._plain(role, on, bold=bold, under=under)
        return Style(
            color=Color.parse(self._colour(role)),
            bgcolor=Color.parse(self._colour(on)),
            bold=bold or None,
            underline=under or None,
        )

    def _plain(self, role: str, on: str, *, bold: bool, under: bool) -> Style:
        reverse = on in {"cursor-ground", "write-ground"}
        colour = None
        if self.depth is Depth.ANSI and not reverse:
            colour = _ANSI_ROLES.get(role) or _ansi_status(role)
        underline = under or on == "mark-ground" or None
        if on == "write-ground" and self.depth is Depth.ANSI:
            return Style(color="black", bgcolor="yellow", bold=bold or None, underline=underline)
        return Style(color=colour, reverse=reverse or None, bold=bold or None, underline=underline)

    def _cell(self, status: Status) -> Style:
        if status in _QUIET:
            return self.style(status.key)
        if self.depth in {Depth.ANSI, Depth.NONE}:
            colour = _ANSI_STATUSES[status] if self.depth is Depth.ANSI else None
            return Style(color=colour, bold=True, reverse=status.is_problem or None)
        ground = self._pinned("tint", self.theme.statuses[status][1])
        ink = self._colour(status.key)
        return Style(color=Color.parse(ink), bgcolor=Color.parse(ground), bold=status.is_problem or None)

    def _colour(self, role: str) -> str:
        if role in self.theme.roles:
            return self._pinned(role, self.theme.roles[role])
        ink, _ = self.theme.statuses[Status[role.upper()]]
        return self._pinned("faint" if role in {"ignored", "none"} else role, ink)

    def _pinned(self, role: str, colour: str) -> str:
        if self.depth is not Depth.XTERM:
            return colour
        if role == "faint" and self.theme.dark and _is_grey(colour):
            return _FAINT_GREY
        return _PINS[self.theme.dark].get(role, colour)


def _is_grey(colour: str) -> bool:
    return colour[1:3] == colour[3:5] == colour[5:7]


def _ansi_status(role: str) -> str | None:
    name = role.upper()
    return _ANSI_STATUSES[Status[name]] if name in Status.__members__ else None
