"""The last line of defence: nothing that can steer a terminal leaves the console, whichever widget forgot `safe`.

Textual passes every line of every widget through the application's line filters before it is written, so a filter
is the one place that sees all of them. Textual itself does not clean what it draws.
"""

from __future__ import annotations

import re

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from cloutui.model.safe_text import safe

_TOWER = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{5}")
"""More combining marks on one letter than `safe` leaves there: printable, and yet they overflow into other rows."""


class Gate(LineFilter):
    """Replaces what is not printable, cell for cell, and drops links and control segments."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments when all is well, which is nearly always."""
        del background  # only colour filters need it
        if all(_is_harmless(segment) for segment in segments):
            return segments
        return [_cleaned(segment) for segment in segments if not segment.control]


def _is_harmless(segment: Segment) -> bool:
    text, style, control = segment
    return _is_line(text) and not control and (style is None or style.link is None)


def _is_line(text: str) -> bool:
    # `isprintable` is False for every control, format, surrogate and separator character but the blank.
    return text.isprintable() and (text.isascii() or not _TOWER.search(text))


def _cleaned(segment: Segment) -> Segment:
    text, style, _ = segment
    if not _is_line(text):
        text = set_cell_size(safe(text), cell_len(text))
    return Segment(text, _without_link(style))


def _without_link(style: Style | None) -> Style | None:
    return style.update_link(None) if style is not None and style.link else style


def harmless(text: str) -> str:
    """For what is written to the terminal past all lines, such as its title."""
    return safe(text)
