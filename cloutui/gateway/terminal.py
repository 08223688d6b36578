"""What is known of the terminal at the far end: its kind, its size, and what it can show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from cloutui.widgets.palette import Depth

MOST_COLUMNS, MOST_ROWS = 1000, 400
"""A client may claim any size, and every cell of it would be drawn and kept."""

_USUAL_COLUMNS, _USUAL_ROWS = 80, 24

_TRUECOLOR = ("direct", "kitty", "ghostty", "alacritty", "wezterm", "foot", "contour")
"""Parts of the names of terminals that always have true colour."""
_ANSI = ("linux", "ansi", "xterm", "screen", "tmux", "rxvt", "vt", "cygwin", "putty", "konsole", "st")
"""Beginnings of the names of terminals that have 16 colours at least."""
_UNTITLED = ("linux", "vt")
_UNABLE = {"", "dumb", "unknown", "network", "emacs"}


READ_ONLY = "CLOUTUI_READ_ONLY"
"""In the environment that a client sends."""


class Size(NamedTuple):
    """In cells."""

    columns: int
    rows: int

    @classmethod
    def of(cls, columns: int, rows: int) -> Size:
        """Within bounds. 0 is what clients send that do not know."""
        return cls(min(columns or _USUAL_COLUMNS, MOST_COLUMNS), min(rows or _USUAL_ROWS, MOST_ROWS))


@dataclass(frozen=True, slots=True)
class Terminal:
    """A pseudo-terminal that a client asked for."""

    kind: str
    """What the client has in TERM."""
    size: Size
    environment: Mapping[str, str]
    """What the client sent: usually LANG and LC_*, more where it was told to (`SendEnv COLORTERM`)."""

    @property
    def is_read_only(self) -> bool:
        """Whether the client asks for no more than to look: it may well take that upon itself."""
        return bool(self.environment.get(READ_ONLY))

    @property
    def can_draw(self) -> bool:
        """Whether it can move its cursor."""
        return self.kind not in _UNABLE

    @property
    def has_title(self) -> bool:
        """Whether it has a title that can be set."""
        return not self.kind.startswith(_UNTITLED)

    @property
    def depth(self) -> Depth:
        """How many colours it has, by what it says of itself: nobody else tells."""
        if "NO_COLOR" in self.environment or not self.can_draw:
            return Depth.NONE
        if self.environment.get("COLORTERM") in {"truecolor", "24bit"} or any(name in self.kind for name in _TRUECOLOR):
            return Depth.TRUECOLOR
        if "256" in self.kind:
            return Depth.XTERM
        return Depth.ANSI if self.kind.startswith(_ANSI) else Depth.NONE
