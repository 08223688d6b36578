"""What a change of rules or hands does to nodes, told shortly: how many move, from where to where, and some names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cloutui.model import formats

_MOST_NAMED = 5
_MOST_UNITS = 3


class Reassigned(NamedTuple):
    """A node that is to belong to another unit than now."""

    node: str
    from_unit: str
    """As the reader may know it."""
    to_unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassignment:
    """The same before it is done and after: both come from what is done."""

    moved: int
    from_units: Mapping[str, int]
    """How many leave each unit, the largest first."""
    to_units: Mapping[str, int]
    such_as: Sequence[str]
    """The first names."""

    @property
    def words(self) -> str:
        """`41 nodes moved from “Nordhavn Backup”`, `no node moved`."""
        if not self.moved:
            return "no node moved"
        nodes = formats.plural(self.moved, "node")
        if len(self.from_units) == 1:
            return f"{nodes} moved from “{next(iter(self.from_units))}”"
        named = list(self.from_units.items())[:_MOST_UNITS]
        parts = [f"{formats.count(count)} from “{unit}”" for unit, count in named]
        if others := len(self.from_units) - len(named):
            parts.append(f"the others from {formats.plural(others, 'other unit')}")
        return f"{nodes} moved: {', '.join(parts)}"

    def logged(self) -> dict[str, object]:
        """For the activity log, and for whoever looks before it is done."""
        return {
            "moved": self.moved,
            "from": dict(self.from_units),
            "to": dict(self.to_units),
            "such_as": list(self.such_as),
        }


def tally(changes: Iterable[Reassigned]) -> Reassignment:
    """Of nodes that really move: two units may read the same to somebody, so that names do not tell."""
    moved = list(changes)
    return Reassignment(
        moved=len(moved),
        from_units=_counted(change.from_unit for change in moved),
        to_units=_counted(change.to_unit for change in moved),
        such_as=sorted(change.node for change in moved)[:_MOST_NAMED],
    )


def _counted(units: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(units).items(), key=lambda item: (-item[1], item[0])))
