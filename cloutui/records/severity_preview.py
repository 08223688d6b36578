"""The severity rules as they would be after a change, for one question, in the rows that the cache has of them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from cloutui.model.severity import checked_value
from cloutui.model.severity_rules import SetRule, changed
from cloutui.records import dimensions, severity
from cloutui.records.relation import Relation, Row, Wanted
from cloutui.records.rows import SeverityProfileRow, SeverityRow

_PROFILE = ("int32", "int32", "string", "int32")
_SHARED = "severity"
_RULE = ("int32", "string", "string", "uint8", "float64", "float64", "string", "string", "int32", "int32")


def _as_it_would_be(connection: Connection, wanted: Wanted) -> severity.SeverityRows:
    """Worked out once: both relations are rows of it."""
    found: severity.SeverityRows = wanted.shared.get(_SHARED) or _worked_out(connection, wanted)
    wanted.shared[_SHARED] = found
    return found


def _worked_out(connection: Connection, wanted: Wanted) -> severity.SeverityRows:
    """With the rule `key` of the scope's unit, or of `node_id`, being `value`; or with none, when that is empty."""
    values = wanted.values
    key, text = values["key"], values["value"]
    place = SetRule(wanted.branch[0], values["node_id"], values["product"], key, checked_value(key, text or "off"))
    rules = changed(severity.read(connection), place, is_cleared=not text)
    return severity.rows(connection, dimensions.read_tree(connection), rules)


def _profiles(connection: Connection, wanted: Wanted) -> Iterable[Row]:
    return _as_it_would_be(connection, wanted).profiles


def _rules(connection: Connection, wanted: Wanted) -> Iterable[Row]:
    return _as_it_would_be(connection, wanted).in_force


SEVERITY_RELATIONS = {
    "record_severity_profile": Relation(
        columns=dict(zip(SeverityProfileRow._fields, _PROFILE, strict=True)), read=_profiles
    ),
    "record_severity": Relation(columns=dict(zip(SeverityRow._fields, _RULE, strict=True)), read=_rules),
}
