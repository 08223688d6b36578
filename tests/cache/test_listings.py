"""Kinds that a server lists in whole: what is new, what differs, what is gone, and when gone is not believed."""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from cloutui.cache.cache import Stored
from cloutui.products.observation import FILESPACES, KINDS, OCCUPANCY, SCHEDULES, SERVER, ObservationKind
from tests.world import NOON, World, a_node, a_row, nodes, observed

LATER = NOON + timedelta(hours=1)


def test_what_is_new_what_differs_and_what_is_gone(world: World) -> None:
    server = world.server()
    first = world.cache.store(server, nodes(a_node("A"), a_node("B"), a_node("C")), NOON)
    second = world.cache.store(server, nodes(a_node("A"), a_node("B", client_version="8.1.20"), a_node("D")), LATER)
    assert first == Stored(observed=3, changed=3, gone=0)
    assert second == Stored(observed=3, changed=2, gone=1)
    assert world.rows("SELECT node, client_version FROM nodes_now ORDER BY node") == [
        ("A", None),
        ("B", "8.1.20"),
        ("D", None),
    ]
    # Only what changed is archived, and what is gone is told by a row that says so.
    archived = world.cache.archive.read(world.cache.archive.batches("nodes", server)[-1])
    told = zip(archived.column("node").to_pylist(), archived.column("is_gone").to_pylist(), strict=True)
    assert sorted(told) == [("B", False), ("C", True), ("D", False)]


def test_what_was_gone_and_is_back_is_new(world: World) -> None:
    server = world.server()
    for hour, rows in enumerate([[a_node("A")], [], [a_node("A")]]):
        world.cache.store(server, nodes(*rows), NOON + timedelta(hours=hour))
    assert world.rows("SELECT node FROM nodes_now") == [("A",)]


@pytest.mark.parametrize("differing", [{"is_complete": False}, {"bad_rows": 1}, {"is_complete": False, "bad_rows": 2}])
def test_absence_proves_nothing_in_a_list_that_is_broken_off_or_has_bad_rows(
    world: World, differing: dict[str, Any]
) -> None:
    server = world.server()
    world.cache.store(server, nodes(a_node("A"), a_node("B")), NOON)
    stored = world.cache.store(server, nodes(a_node("A", is_locked=True), **differing), LATER)
    assert stored == Stored(observed=1, changed=1, gone=0)
    assert world.rows("SELECT node, is_locked FROM nodes_now ORDER BY node") == [("A", True), ("B", False)]


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.is_listing], ids=lambda kind: kind.name)
def test_the_same_list_twice_archives_nothing_for_any_kind(world: World, kind: ObservationKind) -> None:
    server = world.server()
    # Null is a value too, in a key as well: a schedule without associations has no node.
    rows = [a_row(kind), a_row(kind, **dict.fromkeys(kind.key, "X")), a_row(kind, **{kind.key[0]: "Y"})]
    first = world.cache.store(server, observed(kind, rows), NOON)
    again = world.cache.store(server, observed(kind, rows), LATER)
    assert (first.changed, again.changed, again.gone) == (3, 0, 0)
    assert len(world.cache.archive.batches(kind.name, server)) == 1
    gone = world.cache.store(server, observed(kind, []), LATER + timedelta(hours=1))
    assert gone.gone == 3
    assert world.rows(f"SELECT count(*) FROM {kind.name}_now") == [(0,)]


@pytest.mark.parametrize(
    ("kind", "column", "value"),
    [
        (OCCUPANCY, "reporting_bytes", 5),
        (FILESPACES, "used_percent", 81.5),
        (SCHEDULES, "start_time", "22:00"),
        (SERVER, "restarted_local", datetime(2026, 11, 22)),
    ],
)
def test_a_value_that_appears_changes_and_vanishes_is_seen_each_time(
    world: World, kind: ObservationKind, column: str, value: object
) -> None:
    server = world.server()
    key = dict.fromkeys(kind.key, "X")
    for hour, told in enumerate([None, value, None]):
        stored = world.cache.store(server, observed(kind, [a_row(kind, **key, **{column: told})]), NOON)
        assert stored.changed == 1
        assert world.rows(f'SELECT "{column}" FROM {kind.name}_now') == [(told,)], hour


def test_a_clock_change_of_the_server_is_no_news(world: World) -> None:
    server = world.server()
    accessed = datetime(2026, 10, 24, 3)
    world.cache.store(server, nodes(a_node(last_access_local=accessed, utc_offset_s=7200)), NOON)
    stored = world.cache.store(server, nodes(a_node(last_access_local=accessed, utc_offset_s=3600)), LATER)
    assert stored.changed == 0


def test_servers_lists_do_not_touch_each_other(world: World) -> None:
    one, other = world.server("SPA01"), world.server("SPA02")
    world.cache.store(one, nodes(a_node("A")), NOON)
    world.cache.store(other, nodes(a_node("A"), a_node("B")), NOON)
    assert world.cache.store(one, nodes(), LATER).gone == 1
    assert world.rows("SELECT server_id, node FROM nodes_now ORDER BY node") == [(other, "A"), (other, "B")]


def test_the_newer_list_wins_although_the_clock_went_backwards(world: World) -> None:
    server = world.server()
    world.cache.store(server, nodes(a_node(client_version="8.1.1")), NOON)
    world.cache.store(server, nodes(a_node(client_version="8.1.2")), NOON - timedelta(days=2))
    assert world.rows("SELECT client_version FROM nodes_now") == [("8.1.2",)]
    assert world.cache.store(server, nodes(a_node(client_version="8.1.2")), NOON - timedelta(days=2)).changed == 0
