"""What would be said about one severity rule after a change, for one question: at its place, or above it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection

from cloutui.model.severity import checked_value
from cloutui.model.severity_rules import SITE, InForce, Level, SetRule, changed, level_of, resolved
from cloutui.records import severity
from cloutui.records.relation import Relation, Row, Wanted

_COLUMNS = {
    "product": "string",
    "place": "int32",
    "places": "int32",
    "is_said": "bool",
    "grade": "uint8",
    "bound": "float64",
}


def _after(connection: Connection, wanted: Wanted) -> Iterator[Row]:
    """By product: with the rule `key` of the scope's unit, or of `node_id`, being `value`; or gone, when that is empty.

    Of a node it is what the node itself says, which may be nothing. `place`: which of how many products it is.
    """
    values = wanted.values
    key, text = values["key"], values["value"]
    rule = SetRule(wanted.branch[0], values["node_id"], values["product"], key, checked_value(key, text or "off"))
    rules = changed((each for each in severity.read(connection) if each.key == key), rule, is_cleared=not text)
    levels = _levels(rules, wanted.branch, values["node_id"])
    products = severity.products(connection)
    for place, product in enumerate(products):
        found: Mapping[str, InForce] = {}
        for level in levels:
            found = resolved(found, level, product)
        value = found[key].value if key in found else None
        grade = None if value is None or value.grade is None else int(value.grade)
        yield product, place, len(products), value is not None, grade, None if value is None else value.bound


def _levels(rules: Sequence[SetRule], branch: Sequence[int], node_id: int | None) -> Sequence[Level]:
    """From the far to the near."""
    if node_id is not None:
        return [level_of(rule for rule in rules if rule.node_id == node_id)]
    of_units = [rule for rule in rules if rule.node_id is None]
    return [SITE, *(level_of(rule for rule in of_units if rule.unit_id == unit) for unit in reversed(branch))]


AFTER = Relation(columns=_COLUMNS, read=_after)
