"""Data sources as servers report them.

An unknown one gets an id, a consumption unit and, where a rule says so, an owner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from cloutui.errors import NotFound
from cloutui.model.action_class import ActionClass
from cloutui.model.assignment_rule import RuleBook
from cloutui.model.principal import system_principal
from cloutui.records import assignments, dimensions, rules, schema, servers
from cloutui.records.activity import ActivityLine
from cloutui.records.assignments import Move
from cloutui.records.clocks import UnitClocks
from cloutui.records.rows import DataSourceFacts, HowAssigned, ServerRecord
from cloutui.records.transaction import Tx

_Key = tuple[str, str]
"""Kind and native key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a server reports beyond what the records know."""

    new: Sequence[DataSourceFacts]
    changed: Sequence[tuple[int, DataSourceFacts]]

    def __bool__(self) -> bool:
        return bool(self.new or self.changed)


def difference(connection: Connection, server_id: int, facts: Sequence[DataSourceFacts]) -> Difference:
    """What is new and what has changed. Of facts told twice, the last stand."""
    source = schema.data_source
    columns = (source.c.kind, source.c.native_key, source.c.data_source_id)
    facts_columns = (source.c.name, source.c.domain, source.c.contact)
    known = {
        (kind, key): (source_id, told)
        for kind, key, source_id, *told in connection.execute(
            select(*columns, *facts_columns).where(source.c.server_id == server_id)
        )
    }
    aliased = _aliased(connection, server_id)
    new: list[DataSourceFacts] = []
    changed: list[tuple[int, DataSourceFacts]] = []
    for fact in {(fact.kind, fact.native_key): fact for fact in facts}.values():
        found = known.get((fact.kind, fact.native_key))
        if found is None:
            if (fact.kind, fact.native_key) not in aliased:
                new.append(fact)
        elif found[1] != [fact.name, fact.domain, fact.contact]:
            changed.append((found[0], fact))
    return Difference(new=new, changed=changed)


def register(tx: Tx, server_id: int, facts: Sequence[DataSourceFacts], at: datetime, root_unit_id: int) -> int:
    """Store the difference with its line in the activity log. How many are new. Raises: NotFound."""
    server = _present_server(tx.connection, server_id)
    found = difference(tx.connection, server_id, facts)
    if not found:
        return 0
    clocks = UnitClocks.read(tx.connection, dimensions.read_tree(tx.connection), at)
    assigned = store(tx.connection, server_id, found, at, clocks)
    tx.bump_version()
    tx.append_activity(system_principal("collector", root_unit_id), _line(server, found, assigned))
    return len(found.new)


def store(connection: Connection, server_id: int, found: Difference, at: datetime, clocks: UnitClocks) -> int:
    """Write the difference. How many of the new data sources a rule assigned."""
    _update_facts(connection, found.changed)
    if not found.new:
        return 0
    ids = _insert_sources(connection, server_id, found.new, at)
    consumer_ids = _insert_consumers(connection, server_id, found.new, ids)
    book = RuleBook(rules.read(connection))
    moves: list[Move] = []
    for fact, consumer_id in zip(found.new, consumer_ids, strict=True):
        rule = book.first_match(server_id, fact)
        if rule is not None:
            day = clocks.today(rule.unit_id)
            moves.append(Move(consumer_id, rule.unit_id, day, HowAssigned.RULE, rule.rule_id))
    return assignments.assign(connection, moves)


def _aliased(connection: Connection, server_id: int) -> set[_Key]:
    alias = schema.data_source_alias
    rows = connection.execute(select(alias.c.kind, alias.c.native_key).where(alias.c.server_id == server_id))
    return {(kind, key) for kind, key in rows}


def _update_facts(connection: Connection, changed: Sequence[tuple[int, DataSourceFacts]]) -> None:
    source = schema.data_source
    if changed:
        connection.execute(
            update(source)
            .where(source.c.data_source_id == bindparam("changed_id"))
            .values(name=bindparam("told_name"), domain=bindparam("told_domain"), contact=bindparam("told_contact")),
            [
                {
                    "changed_id": source_id,
                    "told_name": fact.name,
                    "told_domain": fact.domain,
                    "told_contact": fact.contact,
                }
                for source_id, fact in changed
            ],
        )


def _insert_sources(connection: Connection, server_id: int, new: Sequence[DataSourceFacts], at: datetime) -> list[int]:
    """The ids, in the order of `new`. Many plain inserts and one question are far quicker than many RETURNINGs."""
    source = schema.data_source
    connection.execute(
        insert(source),
        [
            {
                "server_id": server_id,
                "kind": fact.kind,
                "native_key": fact.native_key,
                "name": fact.name,
                "domain": fact.domain,
                "contact": fact.contact,
                "first_seen_at": at,
            }
            for fact in new
        ],
    )
    rows = connection.execute(
        select(source.c.kind, source.c.native_key, source.c.data_source_id).where(source.c.server_id == server_id)
    )
    ids = {(kind, key): source_id for kind, key, source_id in rows}
    return [ids[fact.kind, fact.native_key] for fact in new]


def _insert_consumers(
    connection: Connection, server_id: int, new: Sequence[DataSourceFacts], source_ids: Sequence[int]
) -> list[int]:
    """The ids of the consumption units, one for each data source."""
    source, consumer = schema.data_source, schema.consumer
    connection.execute(
        insert(consumer),
        [{"data_source_id": source_id, "name": fact.name} for source_id, fact in zip(source_ids, new, strict=True)],
    )
    joined = consumer.join(source, consumer.c.data_source_id == source.c.data_source_id)
    rows = connection.execute(
        select(consumer.c.data_source_id, consumer.c.consumer_id)
        .select_from(joined)
        .where(source.c.server_id == server_id)
    )
    ids = {row.data_source_id: row.consumer_id for row in rows}
    return [ids[source_id] for source_id in source_ids]


def _present_server(connection: Connection, server_id: int) -> ServerRecord:
    for server in servers.read(connection):
        if server.server_id == server_id:
            return server
    raise NotFound("server", str(server_id))


def _line(server: ServerRecord, found: Difference, assigned: int) -> ActivityLine:
    parts = []
    if found.new:
        parts.append(f"{len(found.new)} new data sources, {assigned} assigned by rule")
    if found.changed:
        parts.append(f"{len(found.changed)} changed")
    return ActivityLine(
        action="data-source.discover",
        action_class=ActionClass.NOTE,
        unit_id=server.unit_id,
        target_kind="server",
        target_id=server.server_id,
        target_name=server.name,
        sentence=f"{server.name} reports {', '.join(parts)}.",
        after={"new": len(found.new), "assigned": assigned, "changed": len(found.changed)},
    )
