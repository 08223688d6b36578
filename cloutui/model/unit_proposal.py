"""Units that could be made from what the servers call their nodes: by the first part of their names, or by domain.

A proposal is a unit's name and the rule that would fill it. What they would do together is found out with the very
rules that would be made, so that the preview cannot promise what the rules do not keep.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cloutui.model.assignment_rule import AssignmentRule, RuleBook

_PREFIX = re.compile(r"([A-Za-z][A-Za-z0-9]*)[-_.]")
_LEAST_NODES = 2
"""One node makes no customer: it is left for a hand."""
_MOST_COVERED_BY_ONE = 0.9
"""A way to divide that puts nearly all into one unit divides nothing."""
_SHORT = 3
"""Names of so many letters are abbreviations, and stay in capitals."""


@dataclass(frozen=True, slots=True)
class FoundNode:
    """A node that belongs to nobody yet."""

    name: str
    domain: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A unit, and what would belong to it: exactly one of the two conditions is given."""

    unit: str
    prefix: str | None = None
    """As it stands before the sign that ends it: `ACME-`."""
    domain: str | None = None
    nodes: int
    """That fit the condition, whatever the others take."""
    is_on: bool = True

    @property
    def pattern(self) -> str | None:
        """For the rule's `name`."""
        return None if self.prefix is None else f"{self.prefix}*"

    @property
    def words(self) -> str:
        """The condition as a person reads it."""
        return f"nodes {self.pattern}" if self.prefix is not None else f"domain {self.domain}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the proposals that are switched on would do."""

    units: int
    assigned: int
    nodes: int

    @property
    def words(self) -> str:
        """`would make 7 units, assign 188 of 212 nodes`."""
        units = "1 unit" if self.units == 1 else f"{self.units} units"
        return f"would make {units}, assign {self.assigned:,} of {self.nodes:,} nodes"


def propose(nodes: Sequence[FoundNode]) -> list[Proposal]:
    """By name and by domain, the larger first; switched on is the way that divides the nodes better."""
    by_name = _proposals(Counter(prefix for node in nodes if (prefix := _prefix(node.name))), is_domain=False)
    by_domain = _proposals(Counter(node.domain for node in nodes if node.domain), is_domain=True)
    if _worth(by_name, len(nodes)) >= _worth(by_domain, len(nodes)):
        return [*by_name, *_off(by_domain)]
    return [*by_domain, *_off(by_name)]


def preview(proposals: Iterable[Proposal], nodes: Sequence[FoundNode]) -> Preview:
    """Nodes count for the first rule that they fit, as they do when the rules are made in this order."""
    chosen = [proposal for proposal in proposals if proposal.is_on]
    book = RuleBook(
        AssignmentRule(rule_id=at, position=at, unit_id=0, name=proposal.pattern, domain=proposal.domain)
        for at, proposal in enumerate(chosen)
    )
    assigned = sum(book.first_match(0, node) is not None for node in nodes) if chosen else 0
    units = {proposal.unit.strip().casefold() for proposal in chosen}
    return Preview(units=len(units), assigned=assigned, nodes=len(nodes))


def switched(proposals: Sequence[Proposal], place: int) -> list[Proposal]:
    """With the one at that place on when it was off, and off when it was on."""
    return [replace(one, is_on=not one.is_on) if at == place else one for at, one in enumerate(proposals)]


def renamed(proposals: Sequence[Proposal], place: int, unit: str) -> list[Proposal]:
    """With another name at that place; who names a unit wants it."""
    return [replace(one, unit=unit, is_on=True) if at == place else one for at, one in enumerate(proposals)]


def _prefix(name: str) -> str:
    """With the sign that ends it; nothing when the name has no parts."""
    found = _PREFIX.match(name)
    return found.group().upper() if found else ""


def _proposals(counted: Counter[str], *, is_domain: bool) -> list[Proposal]:
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [
        Proposal(unit=key, domain=key, nodes=count)
        if is_domain
        else Proposal(unit=_unit_name(key), prefix=key, nodes=count)
        for key, count in ordered
        if count >= _LEAST_NODES
    ]


def _unit_name(prefix: str) -> str:
    word = prefix[:-1]
    return word if len(word) <= _SHORT else word.capitalize()


def _worth(proposals: Sequence[Proposal], nodes: int) -> int:
    """How many nodes it would place; none, when it puts nearly all into one unit."""
    largest = max((proposal.nodes for proposal in proposals), default=0)
    return 0 if largest > nodes * _MOST_COVERED_BY_ONE else sum(proposal.nodes for proposal in proposals)


def _off(proposals: Iterable[Proposal]) -> list[Proposal]:
    return [replace(proposal, is_on=False) for proposal in proposals]
