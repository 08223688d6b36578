"""The tree of business units: each with its worst status and how many of its nodes have a problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from cloutui.model import formats
from cloutui.model.safe_text import safe
from cloutui.widgets.lines import ACT, MOVE, VIEW, Lines
from cloutui.widgets.look import Look
from cloutui.widgets.text import Piece, cut, line, pad
from cloutui.widgets.units import Forest, Unit, UnitOrder

_WALKING = frozenset({"down", "up", "pagedown", "pageup"})
"""Keys that walk among what was found while a name is typed."""


class UnitTree(Lines):
    """Units under a cursor. Another unit than that of the cursor may be the scope: it is marked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "select as scope", id="tree.choose", group=ACT),
        Binding("slash", "find", "find unit", id="tree.find", key_display="/", group=MOVE),
        Binding("exclamation_mark", "problems", "only problems", id="tree.problems", key_display="!", group=VIEW),
        Binding("s", "sort", "sort: by name, worst, largest first", id="tree.sort", show=False, group=VIEW),
        Binding("h,left", "fold", "fold, or to the unit above", id="tree.fold", show=False, group=VIEW),
        Binding("l,right", "unfold", "unfold, or to the first below", id="tree.unfold", show=False, group=VIEW),
        Binding("H", "fold_all", "fold all", id="tree.fold-all", show=False, group=VIEW),
        Binding("L", "unfold_all", "unfold all", id="tree.unfold-all", show=False, group=VIEW),
    ]

    @dataclass
    class Chosen(Message):
        """This unit, with its descendants, is to be the scope."""

        unit_id: int

    def __init__(self, look: Look, title: str = "Units", *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(look, title, edge=True, id=id)
        self.forest = Forest()
        self.scope: int | None = None
        self.opened: set[int] = set()
        self.only_problems = False
        self.order = UnitOrder.NAME
        self._came = Forest()
        """The units in the order in which they came."""
        self.sought: str | None = None
        """What is being typed after `/`; None when nothing is."""
        self._shown: list[int] = []
        self._before_find = 0
        self._count_width = 1

    # What is shown.

    def show(self, units: Sequence[Unit], scope: int | None) -> None:
        """Show these units, in tree order. Cursor and folds stay where they are, and what was sorted stays so."""
        first, under, places = not len(self.forest), self.unit, self.forest.place
        self._came = self.forest = Forest(units)
        self.scope, self.waiting, self.notice = scope, False, ()
        if self.order is not UnitOrder.NAME:
            self.forest = self._came.ordered(lambda unit: places.get(unit.unit_id, len(places)))
        self._count_width = max((len(formats.count(unit.problems)) for unit in units), default=1)
        if first:
            self.opened = self.forest.to_open(self.page_rows)
        self._rebuild(under.unit_id if under else scope)

    def mark(self, scope: int | None) -> None:
        """Another unit is the scope now."""
        self.scope = scope
        self.refresh()

    @property
    def unit(self) -> Unit | None:
        """The unit under the cursor."""
        return self.forest.units[self._shown[self.cursor]] if self.cursor < len(self._shown) else None

    def _rebuild(self, keep: int | None = None) -> None:
        """Find what is visible, and put the cursor on that unit, or on the nearest visible one above it."""
        self._shown = self.forest.shown(self.opened, only_problems=self.only_problems, sought=self.sought or "")
        rows = {place: row for row, place in enumerate(self._shown)}
        place = self.forest.place.get(keep) if keep is not None else None
        while place is not None and place not in rows:
            place = self.forest.parent(place)
        if place is not None:
            self.cursor = rows[place]
        self.changed()
        self.post_message(self.Moved(self))

    # What a pane of lines asks.

    def count(self) -> int:
        """One row a visible unit."""
        return len(self._shown)

    def rule(self) -> Strip:
        """The title, or what is being looked for."""
        if self.sought is None:
            return super().rule()
        palette, glyphs = self.look.palette, self.look.glyphs
        pieces: list[Piece] = [
            (glyphs.cursor, palette.style("accent")),
            (" /", palette.style("accent", bold=True)),
            (f" {safe(self.sought)}", palette.style()),
            (glyphs.caret, palette.style("accent")),
        ]
        return line(pieces, self.inner_width, palette.style())

    def row(self, index: int) -> list[Piece]:
        """Marker, fold sign, name, problems, worst status."""
        place = self._shown[index]
        unit, depth = self.forest.units[place], self.forest.depth[place]
        on, under = self._ground(index, unit)
        palette, glyphs = self.look.palette, self.look.glyphs
        fold = " "
        if self.forest.has_children(place):
            fold = glyphs.opened if self._is_open(unit) else glyphs.folded
        indent = min(2 * depth, max(0, self.inner_width - 20))
        room = self.inner_width - 4 - indent - self._count_width - 3
        bold = unit.unit_id == self.scope
        status = palette.style(unit.status.key, on)
        return [
            self._marker(index, unit, on),
            (" " * indent, palette.style(on=on)),
            (fold + " ", palette.style("muted", on)),
            (pad(cut(safe(unit.name), room, glyphs.cut), room + 1), palette.style("text", on, bold=bold, under=under)),
            (self._count(unit), status),
            (" " + glyphs.status[unit.status] + " ", status),
        ]

    def _count(self, unit: Unit) -> str:
        return (formats.count(unit.problems) if unit.problems else "").rjust(self._count_width)

    def _is_open(self, unit: Unit) -> bool:
        return bool(self.sought) or unit.unit_id in self.opened

    def _ground(self, index: int, unit: Unit) -> tuple[str, bool]:
        if index == self.cursor and self.has_focus:
            return "cursor-ground", False
        on = "mark-ground" if unit.unit_id == self.scope else "background"
        return on, index == self.cursor and unit.unit_id != self.scope

    def _marker(self, index: int, unit: Unit, on: str) -> Piece:
        palette, glyphs = self.look.palette, self.look.glyphs
        if index == self.cursor or unit.unit_id == self.scope:
            away = index == self.cursor and not self.has_focus and unit.unit_id != self.scope
            return (glyphs.cursor_away if away else glyphs.cursor, palette.style("accent"))
        return (" ", palette.style(on=on))

    # Folding.

    def action_fold(self) -> None:
        """Fold this unit; a folded one goes to the unit above."""
        if (unit := self.unit) is None:
            return
        if unit.unit_id in self.opened and self.forest.has_children(self._shown[self.cursor]):
            self.opened.discard(unit.unit_id)
            self._rebuild(unit.unit_id)
        elif unit.parent_id is not None:
            self._rebuild(unit.parent_id)

    def action_unfold(self) -> None:
        """Unfold this unit; an open one goes to the first below."""
        if (unit := self.unit) is None or not self.forest.has_children(self._shown[self.cursor]):
            return
        if unit.unit_id in self.opened:
            self.action_down()
        else:
            self.opened.add(unit.unit_id)
            self._rebuild(unit.unit_id)

    def action_fold_all(self) -> None:
        """Only the roots' children stay."""
        self.opened = {
            unit.unit_id for unit, depth in zip(self.forest.units, self.forest.depth, strict=True) if not depth
        }
        self._rebuild(self.unit.unit_id if self.unit else None)

    def action_unfold_all(self) -> None:
        """Every unit there is."""
        self.opened = {unit.unit_id for unit in self.forest.units}
        self._rebuild(self.unit.unit_id if self.unit else None)

    def action_problems(self) -> None:
        """Only units with problems, or all again."""
        keep = self.unit
        self.only_problems = not self.only_problems
        self._rearrange(keep)

    def action_sort(self) -> None:
        """The units below each unit in the next order."""
        keep, self.order = self.unit, self.order.following
        self.forest = self._came.ordered(self.order.rank)
        self._rearrange(keep)

    def _rearrange(self, keep: Unit | None) -> None:
        self.entitle(("Units with problems" if self.only_problems else "Units") + self.order)
        self._rebuild(keep.unit_id if keep else self.scope)

    # Choosing and finding.

    def action_choose(self) -> None:
        """Make the unit under the cursor the scope."""
        if self.unit is not None:
            self.post_message(self.Chosen(self.unit.unit_id))

    def action_find(self) -> None:
        """Type part of a name."""
        if len(self.forest):
            self.sought, self._before_find = "", self.unit.unit_id if self.unit else 0
            self.refresh()

    async def takes(self, event: events.Key) -> bool:
        """While a name is typed, every letter belongs to it."""
        if self.sought is None or event.key in _WALKING:
            return await super().takes(event)
        if event.key == "escape":
            self._found(self._before_find)
        elif event.key == "enter":
            self._found(self.unit.unit_id if self.unit else self._before_find)
        elif event.key == "backspace":
            self._seek(self.sought[:-1])
        elif event.character and event.is_printable:
            self._seek(self.sought + event.character)
        return True

    def _seek(self, sought: str) -> None:
        self.sought = sought
        self._rebuild()
        needle = sought.casefold()
        for row, place in enumerate(self._shown):
            if needle in self.forest.units[place].name.casefold():
                self.move_to(row)
                return

    def _found(self, unit_id: int) -> None:
        """Leave the search, with everything above the unit unfolded."""
        self.sought = None
        self.opened |= {unit.unit_id for unit in self.forest.path(unit_id)[:-1]}
        self._rebuild(unit_id)

    def on_blur(self) -> None:
        """A search does not outlive the focus."""
        super().on_blur()
        if self.sought is not None:
            self._found(self._before_find)

    def clicked(self, index: int, x: int) -> None:
        """A click on the fold sign folds; elsewhere it chooses."""
        place = self._shown[index]
        unit, at = self.forest.units[place], 1 + 2 * self.forest.depth[place]
        self.move_to(index)
        if self.forest.has_children(place) and at <= x <= at + 1:
            self.opened.symmetric_difference_update({unit.unit_id})
            self._rebuild(unit.unit_id)
        else:
            self.action_choose()
