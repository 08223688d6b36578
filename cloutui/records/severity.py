"""Severity rules as stored, and what they come to for every unit: profiles, of which most units share one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select

from cloutui.model.severity import read_value, shown_limit, shown_value, stored_value
from cloutui.model.severity_rules import Profiles, SetRule, profiles
from cloutui.model.unit_tree import UnitTree
from cloutui.records import schema
from cloutui.records.daily_tables import severity_rule
from cloutui.records.rows import SeverityProfileRow, SeverityRow


class SeverityRows(NamedTuple):
    """For the cache: which profile whose nodes have, and what is in force in each."""

    profiles: Sequence[SeverityProfileRow]
    in_force: Sequence[SeverityRow]


def read(connection: Connection) -> list[SetRule]:
    """Every rule that somebody set."""
    table = severity_rule.c
    asked = select(table.unit_id, table.data_source_id, table.product, table.key, table.value)
    return [
        SetRule(unit_id, node_id, product, key, read_value(value))
        for unit_id, node_id, product, key, value in connection.execute(asked.order_by(table.severity_rule_id))
    ]


def store(connection: Connection, rule: SetRule, at: datetime, by: str) -> SetRule | None:
    """Set a rule in the place of what stood there. Returns that."""
    before = clear(connection, rule)
    values = {"unit_id": rule.unit_id, "data_source_id": rule.node_id, "product": rule.product, "key": rule.key}
    said = {**values, "value": stored_value(rule.value), "set_at": at, "set_by": by}
    connection.execute(insert(severity_rule).values(**said))
    return before


def clear(connection: Connection, rule: SetRule) -> SetRule | None:
    """Take away what stands in the place of this rule. Returns it; None when nothing did."""
    before = next((each for each in read(connection) if each.place == rule.place), None)
    connection.execute(delete(severity_rule).where(_there(rule)))
    return before


def _there(rule: SetRule) -> ColumnElement[bool]:
    table = severity_rule.c
    whose = (
        and_(table.unit_id == rule.unit_id, table.data_source_id.is_(None))
        if rule.node_id is None
        else table.data_source_id == rule.node_id
    )
    return and_(whose, table.product == rule.product, table.key == rule.key)


def products(connection: Connection) -> list[str]:
    """Of the servers that there are, in order."""
    server = schema.server.c
    return list(connection.execute(select(server.product).distinct().order_by(server.product)).scalars())


def rows(connection: Connection, tree: UnitTree) -> SeverityRows:
    """What the rules come to."""
    rules = read(connection)
    nodes = {rule.node_id for rule in rules if rule.node_id is not None}
    found = profiles(tree, rules, products(connection), _owners(connection, nodes))
    return SeverityRows(list(_profile_rows(found)), list(_in_force(found)))


def _owners(connection: Connection, nodes: Iterable[int]) -> dict[int, set[tuple[int, str]]]:
    """Every unit that these nodes could ever have belonged to, with their product."""
    source, server, consumer, assignment = schema.data_source, schema.server, schema.consumer, schema.assignment
    joined = (
        source.join(server, server.c.server_id == source.c.server_id)
        .join(consumer, consumer.c.data_source_id == source.c.data_source_id)
        .outerjoin(assignment, assignment.c.consumer_id == consumer.c.consumer_id)
    )
    columns = (source.c.data_source_id, server.c.product, server.c.unit_id, assignment.c.unit_id.label("assigned"))
    asked = select(*columns).select_from(joined)
    found: defaultdict[int, set[tuple[int, str]]] = defaultdict(set)
    for node_id in nodes:  # few: a rule on a single node is the exception
        for _, product, unit_id, assigned in connection.execute(asked.where(source.c.data_source_id == node_id)):
            found[node_id] |= {(owner, product) for owner in (unit_id, assigned) if owner is not None}
    return found


def _profile_rows(found: Profiles) -> Iterator[SeverityProfileRow]:
    for (unit_id, product), profile_id in found.of_unit.items():
        yield SeverityProfileRow(unit_id, None, product, profile_id)
    for (node_id, unit_id, product), profile_id in found.of_node.items():
        yield SeverityProfileRow(unit_id, node_id, product, profile_id)


def _in_force(found: Profiles) -> Iterator[SeverityRow]:
    for profile_id, profile in enumerate(found.by_id):
        for key, product, value, unit_id, node_id in profile:
            grade = None if value.grade is None else int(value.grade)
            share = 100.0 if value.share is None else float(value.share)
            said = (shown_limit(key, value), shown_value(key, value))
            yield SeverityRow(profile_id, key, product, grade, value.bound, share, *said, unit_id, node_id)
