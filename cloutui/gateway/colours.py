"""Fewer colours for one terminal, while another one of the same process has them all.

Rich keeps the codes of a style with the style, whatever the colour system was when they were made, and styles are
shared by all applications of the process: with a colour system for each, one terminal's codes leak into the other's.
So all have the same, true colour, and what a terminal cannot show is taken away here, at the end of its own lines.
"""

from __future__ import annotations

from functools import lru_cache

from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter, NoColor

from cloutui.widgets.palette import Depth

_SYSTEMS = {Depth.XTERM: ColorSystem.EIGHT_BIT, Depth.ANSI: ColorSystem.STANDARD}


class Downgrade(LineFilter):
    """Every colour becomes the nearest one that the terminal has."""

    def __init__(self, system: ColorSystem) -> None:
        super().__init__()
        self.system = system

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same text, with fewer colours."""
        del background  # only filters that blend need it
        system = self.system
        return [
            Segment(text, _downgraded(style, system), control) if style is not None else Segment(text, None, control)
            for text, style, control in segments
        ]


def filter_for(depth: Depth) -> LineFilter | None:
    """What takes away the colours beyond that depth; None when there are none."""
    if depth is Depth.NONE:
        return NoColor()
    return Downgrade(_SYSTEMS[depth]) if depth in _SYSTEMS else None


@lru_cache(maxsize=8192)
def _downgraded(style: Style, system: ColorSystem) -> Style:
    return style + Style.from_color(_nearest(style.color, system), _nearest(style.bgcolor, system))


def _nearest(colour: RichColor | None, system: ColorSystem) -> RichColor | None:
    return None if colour is None else colour.downgrade(system)
