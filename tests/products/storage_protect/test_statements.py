"""The questions as a person would type them."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.errors import Invalid
from cloutui.products.observation import KINDS
from cloutui.products.storage_protect import selects
from cloutui.products.storage_protect.quoting import one_command
from cloutui.products.storage_protect.statements import statements

# ruff: noqa: DTZ001 - a server's times have no zone
DAY = {"since": datetime(2026, 11, 21), "until": datetime(2026, 11, 22)}


def test_they_are_what_is_asked_for_the_kind() -> None:
    assert list(statements("pools")) == [selects.POOLS.statement(frozenset())]
    events, sessions, acting = statements("jobs", **DAY)
    assert events == selects.EVENTS.statement(frozenset(), **DAY)
    assert sessions == selects.SESSIONS.statement(frozenset(), **DAY)
    assert acting == selects.ACTING.statement(frozenset(), **DAY)


def test_one_node_can_be_asked_for_alone() -> None:
    [filespaces] = statements("filespaces", node="ACME-SQL01")
    assert filespaces.endswith(" FROM FILESPACES WHERE NODE_NAME='ACME-SQL01'")
    [occupancy] = statements("occupancy", node="ACME-SQL01")
    assert " AND NODE_NAME='ACME-SQL01' GROUP BY " in occupancy
    _, sessions, _ = statements("jobs", node="ACME-SQL01", **DAY)
    assert sessions.endswith(" AND ENTITY='ACME-SQL01'")
    schedules, associations = statements("schedules", node="ACME-SQL01")
    assert "ACME" not in schedules
    assert associations.endswith("WHERE NODE_NAME='ACME-SQL01'")


@given(node=st.text(min_size=1))
def test_no_name_makes_another_question(node: str) -> None:
    try:
        [said] = statements("nodes", node=node)
    except Invalid:
        return
    literal = node.replace("'", "''")
    assert said.endswith(f"WHERE NODE_NAME='{literal}'")
    assert one_command(said) == said


@pytest.mark.parametrize("node", ["A' OR '1'='1", "{since}", "a{b}c"])
def test_names_that_would_be_something_else_unquoted_stay_names(node: str) -> None:
    literal = node.replace("'", "''")
    assert next(statements("jobs", node=node, **DAY)).endswith(f"NODE_NAME='{literal}'")


def test_kinds_that_have_them_are_kinds() -> None:
    assert {"jobs", "nodes", "server"} <= KINDS.keys()
    with pytest.raises(KeyError):
        list(statements("log_lines"))
