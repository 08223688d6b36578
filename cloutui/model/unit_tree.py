"""The tree of business units as nested intervals: a subtree is a range, so a scope is two comparisons.

`build_tree` numbers the units depth first, siblings by name. Unit X lies in the subtree of U when
`U.lo <= X.lo < U.hi`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple


class BrokenTree(ValueError):
    """The parents do not make a tree: `unit_ids` are orphans, or turn in a circle."""

    def __init__(self, unit_ids: Iterable[int], reason: str) -> None:
        self.unit_ids = tuple(sorted(unit_ids))
        super().__init__(f"{reason}: units {', '.join(map(str, self.unit_ids))}")


class Place(NamedTuple):
    """Where one unit stands."""

    unit_id: int
    parent_id: int | None
    """None at the top."""
    name: str
    lo: int
    hi: int
    depth: int
    """0 at the top."""


class UnitTree:
    """All units in tree order: depth first, siblings by name."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._order = list(places)
        self._places = {place.unit_id: place for place in self._order}
        self._children: defaultdict[int | None, list[Place]] = defaultdict(list)
        for place in self._order:
            self._children[place.parent_id].append(place)

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Place]:
        return iter(self._order)

    def __contains__(self, unit_id: int) -> bool:
        return unit_id in self._places

    def __getitem__(self, unit_id: int) -> Place:
        """Raises: KeyError."""
        return self._places[unit_id]

    def holds(self, ancestor_id: int, unit_id: int) -> bool:
        """Whether `unit_id` is `ancestor_id` or below it. False for units that do not exist."""
        above, below = self._places.get(ancestor_id), self._places.get(unit_id)
        return above is not None and below is not None and above.lo <= below.lo < above.hi

    def subtree(self, unit_id: int) -> list[Place]:
        """The unit and all below, in tree order."""
        top = self._places[unit_id]
        return self._order[top.lo : top.hi]

    def children(self, unit_id: int) -> list[Place]:
        """Its direct children, by name."""
        return list(self._children.get(unit_id, ()))

    def ancestors(self, unit_id: int) -> list[Place]:
        """The unit itself first, then its parent, up to the top: the order in which settings are looked for."""
        chain = [self._places[unit_id]]
        while (parent_id := chain[-1].parent_id) is not None:
            chain.append(self._places[parent_id])
        return chain

    def path(self, unit_id: int, *, below: int | None = None) -> tuple[str, ...]:
        """Names from the top, or from just below the unit `below`, down to the unit."""
        names: list[str] = []
        for place in self.ancestors(unit_id):
            if place.unit_id == below:
                break
            names.append(place.name)
        return tuple(reversed(names))


def build_tree(units: Iterable[tuple[int, int | None, str]]) -> UnitTree:
    """The tree of (unit id, parent id, name) rows in any order. Raises: BrokenTree for orphans and cycles."""
    rows = {unit_id: (parent_id, name) for unit_id, parent_id, name in units}
    orphans = [unit_id for unit_id, (parent_id, _) in rows.items() if parent_id is not None and parent_id not in rows]
    if orphans:
        raise BrokenTree(orphans, "units whose parent is missing")
    children: defaultdict[int | None, list[int]] = defaultdict(list)
    for unit_id, (parent_id, _) in rows.items():
        children[parent_id].append(unit_id)
    for siblings in children.values():
        siblings.sort(key=lambda unit_id: (rows[unit_id][1].casefold(), rows[unit_id][1], unit_id), reverse=True)

    order, depths = _depth_first(children)
    if len(order) < len(rows):
        raise BrokenTree(rows.keys() - set(order), "units that are their own ancestor")
    sizes = dict.fromkeys(order, 1)
    for unit_id in reversed(order):
        parent_id = rows[unit_id][0]
        if parent_id is not None:
            sizes[parent_id] += sizes[unit_id]
    return UnitTree(
        Place(unit_id, *rows[unit_id], lo, lo + sizes[unit_id], depths[unit_id]) for lo, unit_id in enumerate(order)
    )


def would_cycle(parents: Mapping[int, int | None], unit_id: int, new_parent_id: int) -> bool:
    """Whether moving the unit under `new_parent_id` would make it its own ancestor."""
    seen: set[int] = set()
    above: int | None = new_parent_id
    while above is not None and above not in seen:
        if above == unit_id:
            return True
        seen.add(above)
        above = parents.get(above)
    return False


def _depth_first(children: Mapping[int | None, list[int]]) -> tuple[list[int], dict[int, int]]:
    """Units in tree order with their depths. A loop, not a recursion: trees have any depth."""
    order: list[int] = []
    depths: dict[int, int] = {}
    waiting = [(unit_id, 0) for unit_id in children.get(None, ())]
    while waiting:
        unit_id, depth = waiting.pop()
        order.append(unit_id)
        depths[unit_id] = depth
        waiting.extend((child, depth + 1) for child in children.get(unit_id, ()))
    return order, depths
