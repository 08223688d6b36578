"""The units of a tree as rows: which are visible, given what is folded, what is wrong and what is looked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from cloutui.model.status import Status

if TYPE_CHECKING:
    from cloutui.model.table import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One business unit, and how its nodes stand with those of its descendants."""

    unit_id: int
    parent_id: int | None
    name: str
    status: Status = Status.NONE
    problems: int = 0
    """Nodes with a problem."""
    nodes: int = 0


class UnitOrder(StrEnum):
    """How the units below one unit are sorted, as it is said after the title."""

    NAME = ""
    """As they came."""
    WORST = ", worst first"
    SIZE = ", largest first"

    @property
    def following(self) -> UnitOrder:
        """The next one; after the last the first."""
        every = list(UnitOrder)
        return every[(every.index(self) + 1) % len(every)]

    def rank(self, unit: Unit) -> tuple[int, ...]:
        """The lower the earlier."""
        match self:
            case UnitOrder.WORST:
                return (-unit.status, -unit.problems)
            case UnitOrder.SIZE:
                return (-unit.nodes,)
        return ()


class Forest:
    """Units in tree order (depth first), with what drawing asks at every row: depth, children, where a branch ends."""

    def __init__(self, units: Sequence[Unit] = ()) -> None:
        self.units = units
        self.place = {unit.unit_id: index for index, unit in enumerate(units)}
        self.depth = [0] * len(units)
        self.end = list(range(1, len(units) + 1))
        """For each unit the place after its last descendant."""
        self._measure()

    def _measure(self) -> None:
        for index, unit in enumerate(self.units):
            parent = self.place.get(unit.parent_id) if unit.parent_id is not None else None
            # A parent outside the reader's scope is not here: the unit is a root to them.
            self.depth[index] = self.depth[parent] + 1 if parent is not None else 0
        for index in range(len(self.units) - 1, 0, -1):
            parent_id = self.units[index].parent_id
            if parent_id is not None and (parent := self.place.get(parent_id)) is not None:
                self.end[parent] = max(self.end[parent], self.end[index])

    def __len__(self) -> int:
        return len(self.units)

    def has_children(self, index: int) -> bool:
        """Whether there is something to fold."""
        return self.end[index] > index + 1

    def parent(self, index: int) -> int | None:
        """The place of the unit above, None at a root."""
        parent_id = self.units[index].parent_id
        return None if parent_id is None else self.place.get(parent_id)

    def ordered(self, rank: Callable[[Unit], Any]) -> Forest:
        """The same tree, with the units below each unit by their rank; equal ones stay as they are."""
        below: dict[int | None, list[int]] = {}
        for index in range(len(self.units)):
            below.setdefault(self.parent(index), []).append(index)
        ordered: list[Unit] = []
        waiting: list[int | None] = [None]
        while waiting:
            at = waiting.pop()
            if at is not None:
                ordered.append(self.units[at])
            waiting += sorted(below.get(at, ()), key=lambda index: rank(self.units[index]))[::-1]
        return Forest(ordered)

    def path(self, unit_id: int) -> list[Unit]:
        """From the root to that unit; empty when it is not here."""
        path: list[Unit] = []
        index = self.place.get(unit_id)
        while index is not None:
            path.append(self.units[index])
            index = self.parent(index)
        return path[::-1]

    def shown(self, opened: Set[int], *, only_problems: bool = False, sought: str = "") -> list[int]:
        """The places of the visible units. What is looked for is shown with its ancestors, folded or not."""
        if sought:
            return self._found(sought.casefold())
        shown, index, last = [], 0, len(self.units)
        while index < last:
            unit = self.units[index]
            if only_problems and not unit.problems:
                index = self.end[index]
                continue
            shown.append(index)
            index = index + 1 if unit.unit_id in opened else self.end[index]
        return shown

    def _found(self, sought: str) -> list[int]:
        places: set[int] = set()
        for index, unit in enumerate(self.units):
            at: int | None = index if sought in unit.name.casefold() else None
            while at is not None and at not in places:
                places.add(at)
                at = self.parent(at)
        return sorted(places)

    def to_open(self, room: int) -> set[int]:
        """What to unfold at first: from the top, level by level, as long as the rows fit."""
        opened: set[int] = set()
        rows = sum(depth == 0 for depth in self.depth)
        children: dict[int, int] = {}
        for index in range(len(self.units)):
            if (parent := self.parent(index)) is not None:
                children[parent] = children.get(parent, 0) + 1
        for index in sorted(children, key=lambda place: (self.depth[place], place)):
            rows += children[index]
            if rows > room and self.depth[index] > 0:
                break
            opened.add(self.units[index].unit_id)
        return opened


def units_of(answer: Answer) -> list[Unit]:
    """The rows of the report `units`."""
    names = ("unit_id", "parent_id", "name", "status", "problems", "nodes")
    columns = (answer.rows.column(name).to_pylist() for name in names)
    return [
        Unit(unit_id=unit_id, parent_id=parent_id, name=name, status=Status(status), problems=problems, nodes=nodes)
        for unit_id, parent_id, name, status, problems, nodes in zip(*columns, strict=True)
    ]
