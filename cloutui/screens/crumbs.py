"""The path in the header: units down to the one that is looked at, then what is open in it. Each part leads there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len

from cloutui.model.safe_text import safe
from cloutui.screens.desk import Desk
from cloutui.widgets.text import cut

_LEAST_PART = 4
"""Cells: shorter, a part says nothing."""


@dataclass(frozen=True, slots=True)
class Crumb:
    """One part of the path."""

    text: str
    """Safe to draw."""
    unit: int | None = None
    """The unit that it leads to; None when it leads to something open in the unit."""
    depth: int = 0
    """Which part of the view's own path it is, from 0, when it is no unit."""


def path(desk: Desk, own: Sequence[str]) -> list[Crumb]:
    """The whole of it; `own` is what the view says of itself."""
    units = desk.forest.path(desk.unit) if desk.unit is not None else []
    above = [Crumb(safe(unit.name), unit=unit.unit_id) for unit in units]
    return [*above, *(Crumb(safe(text), depth=depth) for depth, text in enumerate(own))]


def fitted(parts: Sequence[Crumb], room: int, sign: str) -> list[Crumb]:
    """As much as fits into so many cells: units in the middle give way first, the last two parts never.

    A sign stands for what was left out, and leads to the last of it.
    """
    shown = list(parts)
    for hidden in range(1, len(parts) - 2):
        if width(shown) <= room:
            break
        shown = [parts[0], replace(parts[hidden], text=sign), *parts[1 + hidden :]]
    if len(parts) > 2 and width(shown) > room:
        shown = [replace(parts[-3], text=sign), *parts[-2:]]
    if shown and (excess := width(shown) - room) > 0:
        longest = max(range(len(shown)), key=lambda place: cell_len(shown[place].text))
        text = shown[longest].text
        shown[longest] = replace(shown[longest], text=cut(text, max(_LEAST_PART, cell_len(text) - excess), sign))
    return shown


def width(parts: Sequence[Crumb]) -> int:
    """The cells of a path, with the signs between its parts and two blanks before it."""
    return sum(cell_len(part.text) + 3 for part in parts) + 1
