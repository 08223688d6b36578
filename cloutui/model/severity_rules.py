"""How severity rules descend: the nearest that says something about a key wins, and of one level its own product's.

Levels from the far to the near: the site (what holds by itself), the top of the tree, ..., the unit, the node. Most
units say nothing, so most nodes share a *profile*: all that is in force for them, resolved once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cloutui.model.severity import SITE_RULES, RuleId, RuleValue
from cloutui.model.unit_tree import UnitTree


class SetRule(NamedTuple):
    """A rule as somebody set it."""

    unit_id: int
    """Of a node's own rule, the unit that had the node then."""
    node_id: int | None
    """None: of the unit, and all below it."""
    product: str
    key: str
    value: RuleValue

    @property
    def place(self) -> tuple[int | None, int | None, RuleId]:
        """Where it stands: a second one there replaces it."""
        return (self.unit_id if self.node_id is None else None), self.node_id, (self.product, self.key)


class InForce(NamedTuple):
    """What holds about a key, and who said so."""

    key: str
    product: str
    """What it is said of: nothing for every product."""
    value: RuleValue
    unit_id: int | None = None
    """The unit that said it. None: nobody, it is the site's; or a node's own."""
    node_id: int | None = None


Profile = tuple[InForce, ...]
"""One for each key, by key."""

Level = Mapping[RuleId, InForce]
"""What one unit, one node or the site says."""


SITE: Level = {place: InForce(place[1], place[0], value) for place, value in SITE_RULES.items()}


def level_of(rules: Iterable[SetRule]) -> Level:
    """What the rules of one unit, or of one node, say."""
    return {
        (rule.product, rule.key): InForce(
            rule.key, rule.product, rule.value, rule.unit_id if rule.node_id is None else None, rule.node_id
        )
        for rule in rules
    }


def resolved(above: Mapping[str, InForce], level: Level, product: str) -> dict[str, InForce]:
    """What is in force for a product below a level, by key."""
    found = dict(above)
    for of in ("", product):
        found |= {key: said for (named, key), said in level.items() if named == of}
    return found


def as_profile(found: Mapping[str, InForce]) -> Profile:
    """In the one order, so that equal ones are equal."""
    return tuple(found[key] for key in sorted(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """Which profile every unit and every node with rules of its own has."""

    by_id: Sequence[Profile]
    """Their ids are their places here."""
    of_unit: Mapping[tuple[int, str], int]
    """By unit and product."""
    of_node: Mapping[tuple[int, int, str], int] = field(default_factory=dict)
    """By node, the unit that has it, and product. Nodes that say nothing themselves have their unit's."""

    def of(self, unit_id: int, node_id: int | None, product: str) -> Profile:
        """What is in force for a node, or for a unit."""
        own = None if node_id is None else self.of_node.get((node_id, unit_id, product))
        return self.by_id[self.of_unit[unit_id, product] if own is None else own]


def profiles(
    tree: UnitTree, rules: Iterable[SetRule], products: Sequence[str], owners: Mapping[int, Iterable[tuple[int, str]]]
) -> Profiles:
    """`owners`: for each node with rules of its own, the units that have or had it, each with the node's product."""
    by_unit: defaultdict[int, list[SetRule]] = defaultdict(list)
    by_node: defaultdict[int, list[SetRule]] = defaultdict(list)
    for rule in rules:
        (by_unit[rule.unit_id] if rule.node_id is None else by_node[rule.node_id]).append(rule)
    of_units = {unit_id: level_of(said) for unit_id, said in by_unit.items()}
    of_nodes = {node_id: level_of(said) for node_id, said in by_node.items()}
    numbers: dict[Profile, int] = {}

    def number(found: Mapping[str, InForce]) -> int:
        return numbers.setdefault(as_profile(found), len(numbers))

    in_force = {product: _by_unit(tree, of_units, product) for product in products}
    of_unit = _numbered(tree, in_force, of_units, number)
    of_node = {
        (node_id, unit_id, product): number(resolved(in_force[product][unit_id], of_nodes[node_id], product))
        for node_id, owned in owners.items()
        for unit_id, product in owned
        if node_id in of_nodes
    }
    return Profiles(by_id=tuple(numbers), of_unit=of_unit, of_node=of_node)


def changed(rules: Iterable[SetRule], place: SetRule, *, is_cleared: bool = False) -> list[SetRule]:
    """The rules with this one in its place; or with nothing there."""
    others = [rule for rule in rules if rule.place != place.place]
    return others if is_cleared else [*others, place]


def _by_unit(tree: UnitTree, said: Mapping[int, Level], product: str) -> dict[int, Mapping[str, InForce]]:
    """What is in force for each unit: the very same mapping as above it, where a unit says nothing."""
    site = resolved({}, SITE, product)
    found: dict[int, Mapping[str, InForce]] = {}
    for place in tree:
        above = site if place.parent_id is None else found[place.parent_id]
        own = said.get(place.unit_id)
        found[place.unit_id] = resolved(above, own, product) if own else above
    return found


def _numbered(
    tree: UnitTree,
    in_force: Mapping[str, Mapping[int, Mapping[str, InForce]]],
    said: Mapping[int, Level],
    number: Callable[[Mapping[str, InForce]], int],
) -> dict[tuple[int, str], int]:
    found: dict[tuple[int, str], int] = {}
    for product, of_product in in_force.items():
        for place in tree:
            inherits = place.parent_id is not None and place.unit_id not in said
            above = found[place.parent_id, product] if inherits and place.parent_id is not None else None
            found[place.unit_id, product] = number(of_product[place.unit_id]) if above is None else above
    return found
