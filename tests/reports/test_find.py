"""Finding by a part of a name: what fits best comes first, and what the reader may not see is not looked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloutui.errors import Invalid
from cloutui.model.privilege import Privilege
from cloutui.products.observation import SCHEDULES
from cloutui.reports.find import KINDS
from tests.rounds import rounds
from tests.world import NOON, World, a_node, a_row, nodes, observed

NAMES = ("ACME-SQL01", "SQL", "WEB-MYSQL", "X-SQLITE", "SKOV_DB.01", "Ærø-fs")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A unit that has a node and a schedule; the other nodes are the root's."""
    world = World(tmp_path_factory.mktemp("home"))
    server = world.server("SQLSRV01")
    world.nodes(server, *NAMES)
    world.cache.store(server, nodes(*(a_node(name) for name in NAMES)), NOON)
    planned = [a_row(SCHEDULES, node=name, domain="PD", schedule="SQL_DAILY") for name in NAMES[:2]]
    world.cache.store(server, observed(SCHEDULES, planned), NOON)
    acme = world.unit("Sqlwerk")
    world.assign("ACME-SQL01", acme)
    world.user("sqladmin", acme, full_name="Admin 1")
    root = world.records.root_unit_id
    world.put(world.tag("sql", root), unit=acme)
    [(node,)] = world.rows("SELECT data_source_id FROM data_source WHERE native_key = 'ACME-SQL01'")
    world.comment(node, acme, text="The SQL log was full, Ærø says")
    yield world
    world.close()


def found(
    world: World, text: str, *privileges: Privilege, unit: int | None = None, **given: Any
) -> list[tuple[str, str]]:
    answer = world.runner(now=lambda: NOON).run("find", world.principal(unit, *privileges), {"text": text, **given})
    return [(row["kind"], row["name"]) for row in answer.rows.to_pylist()]


def test_the_best_comes_first_and_of_equals_the_kind_decides(house: World) -> None:
    assert found(house, "Sql") == [
        ("node", "SQL"),
        ("tag", "sql"),
        ("unit", "Sqlwerk"),
        ("server", "SQLSRV01"),
        ("schedule", "SQL_DAILY"),
        ("user", "sqladmin"),
        ("node", "X-SQLITE"),
        ("node", "ACME-SQL01"),
        ("comment", "The SQL log was full, Ærø says"),
        ("node", "WEB-MYSQL"),
    ]


def test_what_stands_between_words_may_be_left_out(house: World) -> None:
    assert found(house, "acmesql") == [("node", "ACME-SQL01")]
    assert found(house, "skovdb01") == [("node", "SKOV_DB.01")]


def test_letters_of_any_language_have_no_case(house: World) -> None:
    assert found(house, "ÆRØ", kind="node") == [("node", "Ærø-fs")]
    assert found(house, "ærø", kind="comment") == [("comment", "The SQL log was full, Ærø says")]


def test_somebody_is_found_by_their_full_name_too(house: World) -> None:
    assert found(house, "admin 1") == [("user", "sqladmin")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_without_its_right_is_not_looked_for(house: World, kind: str) -> None:
    """`unit.view` is what the report itself needs."""
    assert kind in {one for one, _ in found(house, "sql")}
    if kind != "unit":
        others = [privilege for privilege in Privilege if privilege is not KINDS[kind]]
        assert kind not in {one for one, _ in found(house, "sql", *others)}


def test_only_of_ones_own_units(house: World) -> None:
    [(acme,)] = house.rows("SELECT unit_id FROM unit WHERE name = 'Sqlwerk'")
    assert found(house, "sql", unit=acme) == [
        *(("tag", "sql"), ("unit", "Sqlwerk"), ("server", "SQLSRV01"), ("schedule", "SQL_DAILY")),
        *(("user", "sqladmin"), ("node", "ACME-SQL01"), ("comment", "The SQL log was full, Ærø says")),
    ]


@pytest.mark.parametrize("given", [{"text": " "}, {"text": "x", "kind": "nods"}])
def test_nothing_to_look_for_is_refused(house: World, given: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        house.run("find", **given)


@settings(max_examples=rounds(10, soak=300), deadline=None)
@given(text=st.text(min_size=1, max_size=6))
def test_whatever_is_typed_is_text_and_no_pattern(house: World, text: str) -> None:
    if text.strip():
        joined = text.strip().lower().translate(str.maketrans("", "", "-_. ")) or text.strip().lower()
        for kind, name in found(house, text, kind="node"):
            plain = name.lower().translate(str.maketrans("", "", "-_. "))
            assert text.strip().lower() in name.lower() or joined in plain, (kind, name)
