"""Severity rules: what counts as OK, as a warning or as failed, said of a unit and all below it, or of one node."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Annotated

from cloutui.actions.action import Change, Done, Foresight, Target, about
from cloutui.actions.desk import Desk, NodeRef
from cloutui.actions.registry import register
from cloutui.actions.servers import PRODUCTS
from cloutui.errors import Conflict, Invalid
from cloutui.model.action_class import ActionClass
from cloutui.model.formats import plural
from cloutui.model.privilege import Privilege
from cloutui.model.question import Question
from cloutui.model.severity import OFF, RuleValue, checked_key, checked_value, shown_value
from cloutui.model.severity_rules import SetRule
from cloutui.model.status import Status
from cloutui.model.table import Answer
from cloutui.model.unit_path import UnitRef
from cloutui.records import severity
from cloutui.reports.filter_sql import pattern_problem

_UNIT = "The unit: a path or an id. The rule holds for all below it that says nothing else."
_NODE = "The node, in place of a unit: SERVER/NODE or its id."
_KEY = "The rule: status:missed, result:8, message:ANE4959, text:words, growth, limit, at-risk, ..."
_PRODUCT = "Only of this product; of every product when absent."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a rule stands."""

    rule: SetRule
    words: str
    name: str


@register(name="severity.set", needs=Privilege.SEVERITY_EDIT, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class SetSeverity(Change):
    """Say what counts as what on a unit's or a node's days: `warning 24h`, `error 90% of 5TiB`, `ignored`, `off`."""

    key: Annotated[str, about(_KEY)]
    value: Annotated[str, about("What it counts as, with its limit: ok, okwarn, warning, error, ignored, or off.")]
    unit: Annotated[UnitRef | None, about(_UNIT)] = None
    node: Annotated[NodeRef | None, about(_NODE)] = None
    product: Annotated[str, about(_PRODUCT)] = ""

    def target(self, desk: Desk) -> Target:
        """The unit, or the unit that has the node."""
        return _target(_place(desk, self.unit, self.node, self.product, self.key))

    def change(self, desk: Desk) -> Done:
        """Raises: Invalid for a key or a value that makes no sense."""
        place = _place(desk, self.unit, self.node, self.product, self.key)
        rule = place.rule._replace(value=_readable(checked_value(place.rule.key, self.value), place.rule.key))
        before = severity.store(desk.connection, rule, desk.tx.at, desk.principal.name)
        desk.tx.bump_version()
        said = shown_value(rule.key, rule.value)
        return Done(
            sentence=f"{rule.key} of {place.words} counts as: {said}.",
            before={"value": before and shown_value(before.key, before.value)},
            after={"value": said},
        )

    def foresight(self, desk: Desk) -> Foresight:
        """What it would do to today's report."""
        return _foresight(_place(desk, self.unit, self.node, self.product, self.key), self.value)


@register(name="severity.clear", needs=Privilege.SEVERITY_EDIT, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class ClearSeverity(Change):
    """Take a severity rule back: what holds above holds again."""

    key: Annotated[str, about(_KEY)]
    unit: Annotated[UnitRef | None, about("The unit that says it: a path or an id.")] = None
    node: Annotated[NodeRef | None, about(_NODE)] = None
    product: Annotated[str, about(_PRODUCT)] = ""

    def target(self, desk: Desk) -> Target:
        """The unit, or the unit that has the node."""
        return _target(_place(desk, self.unit, self.node, self.product, self.key))

    def change(self, desk: Desk) -> Done:
        """Raises: Conflict when nothing was said there."""
        place = _place(desk, self.unit, self.node, self.product, self.key)
        before = severity.clear(desk.connection, place.rule)
        if before is None:
            hint = "See the report severity-rules for where it stands."
            raise Conflict(f"Nothing is said of {place.rule.key} on {place.words} itself.", hint=hint)
        desk.tx.bump_version()
        return Done(
            sentence=f"{before.key} of {place.words} is what it is above.",
            before={"value": shown_value(before.key, before.value)},
            after={"value": None},
        )

    def foresight(self, desk: Desk) -> Foresight:
        """What it would do to today's report."""
        return _foresight(_place(desk, self.unit, self.node, self.product, self.key), "")


def _place(desk: Desk, unit: UnitRef | None, node: NodeRef | None, product: str, key: str) -> _Place:
    """Raises: Invalid, NotFound."""
    key = checked_key(key)
    if product and product not in PRODUCTS:
        raise Invalid(f"“{product}” is no product we know.", hint=f"Known are {', '.join(PRODUCTS)}.")
    if node not in (None, "") and unit in (None, ""):
        found = desk.node(node or "")
        rule = SetRule(found.unit_id, found.data_source_id, product, key, OFF)
        return _Place(rule=rule, words=f"{found.name} on {found.server}", name=found.name)
    if unit in (None, "") or node not in (None, ""):
        raise Invalid("A rule stands on a unit or on a node.", hint="Give one of the two.")
    place = desk.unit(unit or "")
    rule = SetRule(place.unit_id, None, product, key, OFF)
    return _Place(rule=rule, words=f"“{desk.path(place.unit_id)}”", name=place.name)


def _target(place: _Place) -> Target:
    unit_id, node_id = place.rule.unit_id, place.rule.node_id
    kind, target_id = ("unit", unit_id) if node_id is None else ("node", node_id)
    return Target(kind=kind, name=place.name, id=target_id, unit_ids=(unit_id,))


def _readable(value: RuleValue, key: str) -> RuleValue:
    """Raises: Invalid for a pattern that the cache cannot look for: no report could be made with it."""
    _, _, argument = key.partition(":")
    if key.startswith("text:/") and (problem := pattern_problem(argument[1:-1])):
        hint = "Patterns are RE2's, without look-around and back-references."
        raise Invalid(f"The pattern cannot be read: {problem}.", hint=hint)
    return value


def _foresight(place: _Place, value: str) -> Foresight:
    rule = place.rule
    asked: dict[str, object] = {"key": rule.key, "value": value, "product": rule.product, "node_id": rule.node_id}
    return Foresight(question=Question(report="severity-preview", unit=rule.unit_id, parameters=asked), words=_told)


def _told(answer: Answer) -> str:
    """`Of today's report 12 nodes change: 9 ok to warning, 3 warning to ok.`"""
    if not answer.total:
        return "Today's report stays as it is."
    pairs = zip(*(answer.rows.column(name).to_pylist() for name in ("status_now", "status")), strict=True)
    counted = Counter((Status(was), Status(would)) for was, would in pairs if was != would)
    parts = [f"{count} {was.key} to {would.key}" for (was, would), count in counted.most_common()]
    others = answer.total - counted.total()
    parts += [f"{others} for another reason"] if others else []
    return f"Of today's report {plural(answer.total, 'node changes', 'nodes change')}: {', '.join(parts)}."
