"""The signs that are drawn, in three sets for three kinds of terminal.

`full` and `safe` show a status the same way, in signs that every common terminal font has (WGL4), each one cell
wide; `ascii` is 7 bit. Meaning is in the shape: colour only repeats it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from cloutui.model.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyphs:
    """One set. Every sign is one cell wide, but for the names of keys and the arrow."""

    status: Mapping[Status, str]
    mark: str = "◘"
    rule: str = "─"
    divider: str = "│"
    cursor: str = "▌"
    """Left of the cursor row, and before the title of the focused pane."""
    cursor_away: str = "│"
    """Left of the cursor row of a pane without focus."""
    opened: str = "▼"
    folded: str = "►"
    crumb: str = "›"
    arrow: str = "→"
    cut: str = "…"
    nothing: str = "·"
    before: str = "◄"
    after: str = "►"
    caret: str = "▏"
    corners: str = "┌┐└┘"
    enter: str = "↵"
    times: str = "×"
    arrows: str = "←↓↑→"


_SHAPES = {
    Status.NONE: "·",
    Status.IGNORED: "-",
    Status.OK: "●",
    Status.PENDING: "…",
    Status.RUNNING: "►",
    Status.OKWARN: "∆",
    Status.UNKNOWN: "?",
    Status.WARNING: "▲",
    Status.MISSED: "○",
    Status.ERROR: "×",
}

_ASCII_SHAPES = {
    Status.NONE: " ",
    Status.IGNORED: "-",
    Status.OK: ".",
    Status.PENDING: ":",
    Status.RUNNING: ">",
    Status.OKWARN: "~",
    Status.UNKNOWN: "?",
    Status.WARNING: "!",
    Status.MISSED: "O",
    Status.ERROR: "X",
}

FULL = Glyphs(status=_SHAPES)
# WGL4 has neither the enter sign nor the thin caret.
SAFE = Glyphs(status=_SHAPES, enter="enter", caret="│")
ASCII = Glyphs(
    status=_ASCII_SHAPES,
    mark="#",
    rule="-",
    divider="|",
    cursor=">",
    cursor_away="|",
    opened="v",
    folded="+",
    crumb=">",
    arrow="->",
    cut="~",
    nothing=".",
    before="<",
    after=">",
    caret="_",
    corners="++++",
    enter="enter",
    times="x",
    arrows="<v^>",
)

GLYPH_SETS: Mapping[str, Glyphs] = {"full": FULL, "safe": SAFE, "ascii": ASCII}


def glyphs_for(name: str | None, environ: Mapping[str, str] = os.environ) -> Glyphs:
    """The set of that name, or without one the set that this terminal can be trusted with. Raises: KeyError."""
    if name:
        return GLYPH_SETS[name]
    locale = next((value for key in ("LC_ALL", "LC_CTYPE", "LANG") if (value := environ.get(key))), "")
    terminal = environ.get("TERM", "")
    # No locale at all is the rule in containers, whose terminals are UTF-8; a locale that names another charset is not.
    is_utf8 = not locale or "utf" in locale.lower() or locale in {"C", "POSIX"}
    if not is_utf8 or terminal == "linux" or terminal.startswith("vt"):
        return ASCII
    return FULL
