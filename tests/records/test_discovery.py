"""Data sources as servers report them: taken in once, with an owner where a rule says so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from cloutui.errors import NotFound
from cloutui.records import schema
from cloutui.records.rows import DataSourceFacts
from cloutui.records.store import Records
from tests.records.building import NOON, a_rule, a_server, a_unit, facts, insert_row, logged


def test_a_new_data_source_gets_an_id_and_a_consumption_unit(records: Records) -> None:
    server_id = a_server(records)
    assert records.register_data_sources(server_id, facts("ACME-SQL01", "ACME-WEB04", domain="PD_SQL"), NOON) == 2
    dimensions = records.dimensions()
    assert [(source.name, source.server_id, source.domain) for source in dimensions.data_sources] == [
        ("ACME-SQL01", server_id, "PD_SQL"),
        ("ACME-WEB04", server_id, "PD_SQL"),
    ]
    assert len({source.consumer_id for source in dimensions.data_sources}) == 2
    assert dimensions.assignments == [], "nobody assigned it: it counts to its server's unit"


def test_what_is_known_writes_nothing(records: Records) -> None:
    server_id = a_server(records)
    records.register_data_sources(server_id, facts("ACME-SQL01"), NOON)
    before = (records.version(), len(records.activity()))
    assert records.register_data_sources(server_id, facts("ACME-SQL01"), NOON) == 0
    assert records.register_data_sources(server_id, [], NOON) == 0
    assert (records.version(), len(records.activity())) == before


def test_a_batch_is_one_line_and_one_version(records: Records) -> None:
    server_id = a_server(records)
    before = (records.version(), len(records.activity()))
    records.register_data_sources(server_id, facts(*"abcdef"), NOON)
    assert (records.version(), len(records.activity())) == (before[0] + 1, before[1] + 1)
    line = records.activity(1)[0]
    assert (line.actor, line.action, line.after["new"]) == ("collector", "data-source.discover", 6)
    assert line.sentence == "SPA01 reports 6 new data sources, 0 assigned by rule."


def test_the_first_rule_that_fits_assigns_since_the_beginning(records: Records) -> None:
    server_id = a_server(records)
    fjord, skov = a_unit(records, "Fjord Retail"), a_unit(records, "Skov Transport")
    a_rule(records, skov, position=2, name="*")
    first = a_rule(records, fjord, position=1, contact="*@fjord.example")
    told = [
        DataSourceFacts(kind="node", native_key="A", name="A", contact="it@FJORD.example"),
        DataSourceFacts(kind="node", native_key="B", name="B"),
    ]
    records.register_data_sources(server_id, told, NOON)
    assert [(row.unit_id, row.valid_from, row.how) for row in records.dimensions().assignments] == [
        (fjord, None, "rule"),
        (skov, None, "rule"),
    ]
    with records.reading() as connection:
        rules = connection.execute(select(schema.assignment.c.rule_id)).scalars().all()
    assert rules[0] == first


def test_changed_facts_are_taken_over_and_move_nothing(records: Records) -> None:
    server_id, fjord = a_server(records), a_unit(records, "Fjord Retail")
    records.register_data_sources(server_id, facts("ACME-SQL01", domain="PD_SQL"), NOON)
    a_rule(records, fjord, domain="PD_WIN")
    assert records.register_data_sources(server_id, facts("ACME-SQL01", domain="PD_WIN"), NOON) == 0
    dimensions = records.dimensions()
    assert [source.domain for source in dimensions.data_sources] == ["PD_WIN"]
    assert dimensions.assignments == []
    assert records.activity(1)[0].sentence == "SPA01 reports 1 changed."


def test_the_same_key_is_another_data_source_on_another_server_and_of_another_kind(records: Records) -> None:
    one, other = a_server(records, "SPA01"), a_server(records, "SPB01")
    assert records.register_data_sources(one, facts("X"), NOON) == 1
    assert records.register_data_sources(other, facts("X"), NOON) == 1
    assert records.register_data_sources(one, [DataSourceFacts(kind="vm", native_key="X", name="X")], NOON) == 1
    assert len(records.dimensions().data_sources) == 3


def test_what_is_told_twice_in_one_batch_is_one(records: Records) -> None:
    assert records.register_data_sources(a_server(records), facts("X") + facts("X", domain="LAST"), NOON) == 1
    assert [source.domain for source in records.dimensions().data_sources] == ["LAST"]


def test_an_older_name_of_a_data_source_is_not_a_new_one(records: Records) -> None:
    server_id = a_server(records)
    records.register_data_sources(server_id, facts("NEW"), NOON)
    alias = {"server_id": server_id, "kind": "node", "native_key": "OLD", "data_source_id": 1}
    insert_row(records, schema.data_source_alias, **alias)
    assert records.register_data_sources(server_id, facts("OLD"), NOON) == 0
    assert [tuple(row) for row in records.dimensions().aliases] == [(1, server_id, "node", "OLD")]


def test_two_sweeps_at_once_take_each_in_once(records: Records) -> None:
    server_id = a_server(records)
    reported = facts(*(f"N{number}" for number in range(300)))
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: records.register_data_sources(server_id, reported, NOON), range(4)))
    assert sorted(counts) == [0, 0, 0, 300]
    assert len(records.dimensions().data_sources) == 300


def test_a_server_that_was_removed_meanwhile_is_not_found(records: Records) -> None:
    server_id = a_server(records)
    with logged(records) as tx:
        tx.connection.execute(schema.server.update().values(removed_at=NOON))
    with pytest.raises(NotFound):
        records.register_data_sources(server_id, facts("X"), NOON)
    assert records.dimensions().data_sources == []
