"""Assignment rules. A change of rules is at once applied to every node that nobody assigned by hand.

A rule reaches for nodes wherever they are, so it touches more than the unit it fills: the unit of the server it names,
or, when it names none, the top of the tree. Only who sees that may set it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from sqlalchemy import delete, insert, update

from cloutui.actions.action import Change, Done, Target, about
from cloutui.actions.desk import Desk
from cloutui.actions.registry import register
from cloutui.errors import Invalid, NotFound
from cloutui.model.action_class import ActionClass
from cloutui.model.assignment_rule import AssignmentRule
from cloutui.model.privilege import Privilege
from cloutui.model.reassignment import Reassigned, Reassignment, tally
from cloutui.model.unit_path import UnitRef
from cloutui.records import assignments, rules, schema, servers


@register(name="rule.set", needs=Privilege.RULE_EDIT, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class SetRule(Change):
    """Make an assignment rule, or change one: nodes that match it belong to a unit. The first match wins."""

    unit: Annotated[UnitRef, about("The unit that matching nodes belong to: a path or an id.")]
    rule: Annotated[int | None, about("The rule to change; without one, a new rule is made.")] = None
    position: Annotated[int | None, about("Where it stands, from 1; a new rule stands last.")] = None
    server: Annotated[str | None, about("Only nodes of this server.")] = None
    domain: Annotated[str | None, about("Only nodes of this policy domain.")] = None
    name: Annotated[str | None, about("Only nodes whose name fits this pattern, with * and ?.")] = None
    contact: Annotated[str | None, about("Only nodes whose contact fits this pattern, with * and ?.")] = None

    def target(self, desk: Desk) -> Target:
        """The unit it fills, and all that it reaches into, before and after."""
        unit = desk.unit(self.unit)
        reaches = [_reach(desk, desk.server(self.server).server_id if self.server else None)]
        if self.rule is not None:
            old = _rule(desk, self.rule)
            reaches += [old.unit_id, _reach(desk, old.server_id)]
        return Target(
            kind="rule",
            name=str(self.rule) if self.rule is not None else self._words,
            id=self.rule,
            unit_ids=(unit.unit_id, *reaches),
        )

    def change(self, desk: Desk) -> Done:
        """Raises: Invalid when it asks for nothing."""
        columns = self._columns(desk)
        others = [rule.rule_id for rule in rules.read(desk.connection) if rule.rule_id != self.rule]
        if self.position is not None and not 1 <= self.position <= len(others) + 1:
            raise Invalid(f"There is no position {self.position}.", hint=f"Use 1 to {len(others) + 1}.")
        rule_id, place, before = self._store(desk, columns, len(others) + 1)
        others.insert(place - 1, rule_id)
        rules.renumber(desk.connection, others)
        moved = _apply(desk)
        verb = "Made" if self.rule is None else "Changed"
        unit = desk.path(columns["unit_id"])
        return Done(
            sentence=f"{verb} rule {rule_id} ({self._words}) for “{unit}”; {moved.words}.",
            target_id=rule_id,
            before=before,
            after={**columns, "position": place, **moved.logged()},
        )

    def _store(self, desk: Desk, columns: dict[str, Any], last: int) -> tuple[int, int, dict[str, Any]]:
        """The rule's id, its place, and what it was."""
        table = schema.assignment_rule
        if self.rule is None:
            place = self.position or last
            made = desk.connection.execute(insert(table).values(**columns, position=place))
            assert made.inserted_primary_key is not None
            return int(made.inserted_primary_key[0]), place, {}
        old = _rule(desk, self.rule)
        desk.connection.execute(update(table).where(table.c.rule_id == old.rule_id).values(**columns))
        return old.rule_id, self.position or old.position, _as_logged(old)

    def _columns(self, desk: Desk) -> dict[str, Any]:
        columns = {
            "unit_id": desk.unit(self.unit).unit_id,
            "server_id": desk.server(self.server).server_id if self.server else None,
            "domain": self.domain or None,
            "name": self.name or None,
            "contact": self.contact or None,
        }
        if not any(columns[condition] for condition in ("server_id", "domain", "name", "contact")):
            raise Invalid("A rule needs a condition.", hint="Give a server, a domain, a name or a contact.")
        return columns

    @property
    def _words(self) -> str:
        given = {"server": self.server, "domain": self.domain, "name": self.name, "contact": self.contact}
        return ", ".join(f"{word} {value}" for word, value in given.items() if value)


@register(name="rule.remove", needs=Privilege.RULE_EDIT, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveRule(Change):
    """Remove an assignment rule. Its nodes go to the next rule that fits, else back to their server's unit."""

    rule: Annotated[int, about("The rule's id.")]

    def target(self, desk: Desk) -> Target:
        """The unit it fills, and what it reaches into."""
        old = _rule(desk, self.rule)
        return Target(
            kind="rule", name=str(self.rule), id=self.rule, unit_ids=(old.unit_id, _reach(desk, old.server_id))
        )

    def change(self, desk: Desk) -> Done:
        """Its id stays in the history of the nodes it assigned."""
        old = _rule(desk, self.rule)
        table = schema.assignment_rule
        desk.connection.execute(delete(table).where(table.c.rule_id == old.rule_id))
        rules.renumber(desk.connection, [rule.rule_id for rule in rules.read(desk.connection)])
        moved = _apply(desk)
        return Done(
            sentence=f"Removed rule {old.rule_id} ({old.words}); {moved.words}.",
            before=_as_logged(old),
            after=moved.logged(),
        )


def _apply(desk: Desk) -> Reassignment:
    """Bring every node that nobody assigned by hand to where the rules say; what of that the principal may know."""
    due = rules.due_moves(desk.connection, desk.clocks)
    assignments.assign(desk.connection, [each.move for each in due])
    desk.tx.bump_version()
    # Servers tell new facts of their nodes at any time: some of what is due now may be none of this change's.
    moving = [each for each in due if each.from_unit_id != each.move.unit_id]
    seen = [each for each in moving if desk.sees(each.from_unit_id) or desk.sees(each.move.unit_id)]
    return tally(
        Reassigned(each.node, desk.known_path(each.from_unit_id), desk.known_path(each.move.unit_id)) for each in seen
    )


def _rule(desk: Desk, rule_id: int) -> AssignmentRule:
    """Raises: NotFound."""
    for rule in rules.read(desk.connection):
        if rule.rule_id == rule_id:
            return rule
    raise NotFound("rule", str(rule_id))


def _reach(desk: Desk, server_id: int | None) -> int:
    """The unit that holds all nodes the rule may take: its server's, else the top of the tree."""
    for server in servers.read(desk.connection, removed=True):
        if server.server_id == server_id:
            return server.unit_id
    return next(iter(desk.tree)).unit_id


def _as_logged(rule: AssignmentRule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in ("unit_id", "server_id", "domain", "name", "contact", "position")}
