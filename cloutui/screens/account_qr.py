"""QR codes in a terminal: two modules in a cell by half blocks, or one in two cells where there are no such signs.

Black on white whatever the theme: many cameras read nothing else. Without colours the light modules are reversed, which
is right on a dark terminal; the secret stands beside it as text for everybody else.
Source of the quiet zone: ISO/IEC 18004 asks for four light modules around; cameras do with two, and rows are scarce.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style

from cloutui.widgets.look import Look
from cloutui.widgets.palette import Depth
from cloutui.widgets.text import Piece

Modules = Sequence[Sequence[bool]]
"""Rows of a square; True is dark."""

_QUIET = 2
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
_PAPER = {
    Depth.TRUECOLOR: Style(color="#000000", bgcolor="#ffffff"),
    Depth.XTERM: Style(color="#000000", bgcolor="#ffffff"),
    Depth.ANSI: Style(color="black", bgcolor="bright_white"),
    Depth.NONE: Style(reverse=True),
}


def modules_of(text: str) -> Modules:
    """The smallest code that says the text, with its quiet zone."""
    import segno

    matrix = segno.make(text, error="l", boost_error=False, micro=False).matrix
    blank = (False,) * (len(matrix) + 2 * _QUIET)
    side = (False,) * _QUIET
    rows = [(*side, *(bool(module) for module in row), *side) for row in matrix]
    return [blank] * _QUIET + rows + [blank] * _QUIET


def drawn(modules: Modules, look: Look) -> list[list[Piece]]:
    """The lines of it."""
    paper = _PAPER[look.palette.depth]
    if not look.glyphs.rule.isascii():
        return [[(line, paper)] for line in half_blocks(modules)]
    is_coloured = look.palette.depth is not Depth.NONE
    ink = Style(color=paper.color, bgcolor=paper.color) if is_coloured else Style()
    dark = "##" if is_coloured else "  "
    return [[(dark, ink) if module else ("  ", paper) for module in row] for row in modules]


def half_blocks(modules: Modules) -> list[str]:
    """Two rows a line; below the last one of an odd number it is light."""
    rows = [*modules, [False] * len(modules[0])] if len(modules) % 2 else modules
    return [
        "".join(_HALVES[pair] for pair in zip(rows[at], rows[at + 1], strict=True)) for at in range(0, len(rows), 2)
    ]
