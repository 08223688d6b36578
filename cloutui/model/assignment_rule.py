"""Assignment rules: which unit a node belongs to when nobody assigned it by hand.

The first rule that matches, by position, wins. Letters match in any case, because servers store names in capitals and
people write them as they like. `*` stands for any text, `?` for one character; every other character is itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


class NodeFacts(Protocol):
    """What a rule looks at."""

    @property
    def name(self) -> str:
        """As its server shows it."""

    @property
    def domain(self) -> str | None:
        """None when it has none."""

    @property
    def contact(self) -> str | None:
        """None when it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRule:
    """One rule. A condition that is None asks for nothing; a rule without conditions matches every node."""

    rule_id: int
    position: int
    """Rules are tried from the lowest."""
    unit_id: int
    """Where a matching node belongs."""
    server_id: int | None = None
    domain: str | None = None
    """The whole name of a policy domain."""
    name: str | None = None
    """A pattern for the node's name."""
    contact: str | None = None
    """A pattern for the node's contact."""

    @property
    def words(self) -> str:
        """Its conditions as a person reads them."""
        conditions = [
            f"{word} {value}"
            for word, value in (("domain", self.domain), ("name", self.name), ("contact", self.contact))
            if value is not None
        ]
        return ", ".join(conditions) or "every node"


class RuleBook:
    """Rules ready to be asked for many nodes."""

    def __init__(self, rules: Iterable[AssignmentRule]) -> None:
        self.rules = sorted(rules, key=lambda rule: (rule.position, rule.rule_id))
        self._ready = [_ReadyRule(rule) for rule in self.rules]

    def first_match(self, server_id: int, facts: NodeFacts) -> AssignmentRule | None:
        """The rule that decides about a node of that server, or None."""
        for ready in self._ready:
            if ready.matches(server_id, facts):
                return ready.rule
        return None


class _ReadyRule:
    """A rule with its patterns compiled."""

    def __init__(self, rule: AssignmentRule) -> None:
        self.rule = rule
        self._domain = None if rule.domain is None else rule.domain.casefold()
        self._name = _compiled(rule.name)
        self._contact = _compiled(rule.contact)

    def matches(self, server_id: int, facts: NodeFacts) -> bool:
        return (
            self.rule.server_id in {None, server_id}
            and (self._domain is None or (facts.domain or "").casefold() == self._domain)
            and (self._name is None or self._name.match(facts.name.casefold()) is not None)
            and (self._contact is None or self._contact.match((facts.contact or "").casefold()) is not None)
        )


def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    """`fnmatch` is not used: to it `[` opens a set, and names of virtual machines hold brackets."""
    if pattern is None:
        return None
    first, *rest = ("".join("." if char == "?" else re.escape(char) for char in part) for part in _parts(pattern))
    if not rest:
        return re.compile(first + r"\Z", re.DOTALL)
    *middle, last = rest
    # Atomic groups: each part is taken where it first fits and never tried again, so no pattern can be slow.
    return re.compile(first + "".join(f"(?>.*?{part})" for part in middle) + f".*{last}" + r"\Z", re.DOTALL)


def _parts(pattern: str) -> list[str]:
    return re.sub(r"\*+", "*", pattern.casefold()).split("*")
