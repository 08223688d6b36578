"""Which columns of a result fit a width, and how wide each is drawn. Pure.

A number is never cut: where room is short the least important columns stand beyond the right edge, in order of the
table, and names are cut last. The column cursor walks over the edge to them; the first columns stay where they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cloutui.model.table import Column, Kind
from cloutui.widgets.result_rows import SortKey

_LEAST_TEXT = 12
"""No name is cut below this, by the rules of the console."""
_FULL_NAME = 24
"""Up to here, columns that are not of the first importance make room for a name."""
_MOST_SCROLLED = 32
"""A long text does not take more while one scrolls sideways, unless there is nothing else to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """A column that is to be shown, and what it would need."""

    column: Column
    natural: int
    """Cells of its head and of its widest value in view."""
    is_frozen: bool = False

    @property
    def is_flexible(self) -> bool:
        """Whether its values may be cut: only texts may."""
        return self.column.kind == "text"

    def least(self, name: int = _LEAST_TEXT) -> int:
        """What it needs to be shown at all; `name` is what is wished for a frozen text."""
        if not self.is_flexible:
            return self.natural
        return min(self.natural, name if self.is_frozen else _LEAST_TEXT)


@dataclass(frozen=True, slots=True)
class Placed:
    """A column that is shown."""

    name: str
    start: int
    """The first cell, from where the columns begin."""
    width: int


@dataclass(frozen=True, slots=True)
class ColumnLayout:
    """What is shown of the columns."""

    placed: tuple[Placed, ...] = ()
    order: tuple[str, ...] = ()
    """All columns, as the cursor walks: the frozen ones, those that fit, those beyond the edge."""
    left: int = 0
    """How many that are not frozen lie to the left of what is shown."""

    @property
    def left_out(self) -> tuple[str, ...]:
        """The columns that are not shown."""
        shown = {placed.name for placed in self.placed}
        return tuple(name for name in self.order if name not in shown)

    @property
    def is_more_right(self) -> bool:
        """Whether there are columns beyond the right edge."""
        return bool(self.placed) and self.placed[-1].name != self.order[-1]

    def at(self, cell: int) -> str | None:
        """The column at a cell, the blank after it included."""
        return next((placed.name for placed in reversed(self.placed) if cell >= placed.start), None)


def sort_sign(sort: Sequence[SortKey], column: Column, signs: tuple[str, str]) -> str:
    """Up or down, as it is read: the oldest moment is the highest age. Where several columns decide, with its rank."""
    rank = next((rank for rank, key in enumerate(sort) if key.column == column.name), None)
    if rank is None:
        return ""
    sign = signs[sort[rank].descending != (column.kind is Kind.AGE)]
    return sign if len(sort) == 1 else f"{sign}{rank + 1}"


def fit(wants: Sequence[Want], room: int, *, cursor: str | None = None, left: int = 0) -> ColumnLayout:
    """Fit the columns into `room` cells, with the cursor's column in view and as few as possible scrolled away."""
    if not wants or room <= 0:
        return ColumnLayout(order=tuple(want.column.name for want in wants))
    frozen, movable = _split(wants)
    kept = _kept([*frozen, *movable], room)
    in_order = [want for want in movable if want in kept] + [want for want in movable if want not in kept]
    order = tuple(want.column.name for want in [*frozen, *in_order])
    at = order.index(cursor) - len(frozen) if cursor in order else -1
    fitting = sum(want in kept for want in movable)
    left = min(left, max(0, at))
    if left == 0 and at < fitting:
        return ColumnLayout(_placed([*frozen, *in_order[:fitting]], room), order)
    shown = _window(frozen, in_order, left, room)
    while left < at and left + len(shown) <= at:
        left += 1
        shown = _window(frozen, in_order, left, room)
    return ColumnLayout(_placed([*frozen, *shown], room), order, left)


def _split(wants: Sequence[Want]) -> tuple[list[Want], list[Want]]:
    return [want for want in wants if want.is_frozen], [want for want in wants if not want.is_frozen]


def _kept(wants: Sequence[Want], room: int) -> list[Want]:
    """What stays when the least important go until the rest fits, the rightmost of equals first."""
    kept = list(wants)
    droppable = sorted(
        (place for place, want in enumerate(wants) if not want.is_frozen),
        key=lambda place: (-wants[place].column.priority, -place),
    )
    for place in droppable:
        # For the most important columns a name is cut, for others it is not.
        name = _LEAST_TEXT if wants[place].column.priority == 1 else _FULL_NAME
        if _taken(kept, [want.least(name) for want in kept], 1) <= room:
            break
        kept.remove(wants[place])
    return kept


def _window(frozen: Sequence[Want], movable: Sequence[Want], left: int, room: int) -> list[Want]:
    """As many columns from `left` on as fit beside the frozen ones; one at least."""
    shown: list[Want] = []
    for want in movable[left:]:
        tried = [*frozen, *shown, want]
        widths = [min(w.natural, _MOST_SCROLLED) if w.is_flexible else w.natural for w in tried]
        if shown and _taken(tried, widths, 1) > room:
            break
        shown.append(want)
    return shown


def _placed(wants: Sequence[Want], room: int) -> tuple[Placed, ...]:
    widths = [want.natural for want in wants]
    gap = 2 if _taken(wants, widths, 2) <= room else 1
    excess = _taken(wants, widths, gap) - room
    for frozen, least in ((False, _LEAST_TEXT), (True, _LEAST_TEXT), (True, 1), (False, 1)):
        excess = _shrink(wants, widths, excess, frozen=frozen, least=least)
    placed: list[Placed] = []
    at = 0
    for place, (want, width) in enumerate(zip(wants, widths, strict=True)):
        at += _gap(wants, place, gap)
        # What does not fit even so is cut at the edge: only a terminal far below the smallest comes here.
        if at >= room:
            break
        placed.append(Placed(want.column.name, at, min(width, room - at)))
        at += width
    return tuple(placed)


def _shrink(wants: Sequence[Want], widths: list[int], excess: int, *, frozen: bool, least: int) -> int:
    """Take from the widest text again and again, down to `least`. Answers with what is still too much."""
    while excess > 0:
        cuttable = [p for p, w in enumerate(wants) if w.is_flexible and w.is_frozen == frozen and widths[p] > least]
        if not cuttable:
            break
        widest = max(cuttable, key=lambda place: widths[place])
        others = [widths[place] for place in cuttable if widths[place] < widths[widest]]
        step = max(1, min(excess, widths[widest] - max([least, *others])))
        widths[widest] -= step
        excess -= step
    return excess


def _taken(wants: Sequence[Want], widths: Sequence[int], gap: int) -> int:
    return sum(widths) + sum(_gap(wants, place, gap) for place in range(len(wants)))


def _gap(wants: Sequence[Want], place: int, gap: int) -> int:
    """The blanks before a column: a text right after a number needs two to be told apart."""
    if place == 0:
        return 0
    number, text = wants[place - 1].column.kind.is_number, not wants[place].column.kind.is_number
    return 2 if number and text else gap
