"""How a console looks: its palette and its signs, shared by all its widgets."""

from __future__ import annotations

from dataclasses import dataclass

from cloutui.widgets.glyphs import FULL, Glyphs
from cloutui.widgets.palette import Depth, Palette
from cloutui.widgets.theme import load_theme


@dataclass(slots=True)
class Look:
    """Given to every widget when it is made."""

    palette: Palette
    glyphs: Glyphs = FULL

    @classmethod
    def of(cls, theme: str, depth: Depth, glyphs: Glyphs) -> Look:
        """The look of a theme on a terminal. Raises: Invalid, when there is no such theme."""
        return cls(palette=Palette(load_theme(theme), depth), glyphs=glyphs)
