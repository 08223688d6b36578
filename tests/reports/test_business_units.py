"""The list of units: the tree in its order, what lives on each, and the archived ones when asked for."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from sqlalchemy import update

from cloutui.records import schema
from tests.world import NOON, World, a_job, a_node, jobs, nodes


def listed(world: World, unit: int | None = None, **given: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.run("business-units", unit, **given).rows.to_pylist()
    return found


def furnished(world: World) -> tuple[int, int]:
    """Fjord Retail over Acme ApS, which has a server with two nodes, one of them failed."""
    fjord = world.unit("Fjord Retail")
    acme = world.unit("Acme ApS", fjord)
    server = world.server(unit=acme)
    world.nodes(server, "ACME-SQL01", "ACME-WEB04")
    world.cache.store(server, nodes(a_node("ACME-SQL01"), a_node("ACME-WEB04")), NOON)
    world.cache.store(server, jobs(a_job("ACME-SQL01", said="Failed"), a_job("ACME-WEB04")), NOON)
    return fjord, acme


def test_it_reads_as_the_tree_and_counts_own_and_all(world: World) -> None:
    furnished(world)
    told = [(row["place"], row["nodes"], row["own_nodes"], row["problems"], row["servers"]) for row in listed(world)]
    assert told == [("Nordhavn Backup", 2, 0, 1, 0), ("  Fjord Retail", 2, 0, 1, 0), ("    Acme ApS", 2, 2, 1, 1)]
    assert {row["created"].replace(tzinfo=UTC) for row in listed(world)[1:]} == {NOON}


def test_below_the_top_it_begins_at_the_scope(world: World) -> None:
    fjord, acme = furnished(world)
    told = [(row["place"], row["unit"], row["unit_id"], row["parent_id"]) for row in listed(world, fjord)]
    assert told == [("Fjord Retail", "Fjord Retail", fjord, None), ("  Acme ApS", "Acme ApS", acme, fjord)]


def test_own_settings_are_those_that_a_unit_says_something_about(world: World) -> None:
    fjord, _ = furnished(world)
    world.unit_setting(fjord, "time_zone", "Asia/Tokyo")
    world.unit_setting(fjord, "pool_full_percent", 80)
    world.unit_setting(fjord, "pool_full_percent", None, NOON.date())  # inherits again
    assert [row["settings"] for row in listed(world)] == [0, 1, 0]


def test_archived_units_are_told_of_when_asked_for(world: World) -> None:
    fjord, acme = furnished(world)
    world._change(update(schema.unit).where(schema.unit.c.unit_id == acme).values(archived_at=NOON))
    assert [row["unit"] for row in listed(world, fjord)] == ["Fjord Retail"]
    told = [(row["unit"], row["state"]) for row in listed(world, fjord, archived=True)]
    assert told == [("Fjord Retail", "in use"), ("Acme ApS", "archived")]
    # What it owned is told of as before.
    failed = world.run("jobs", fjord, first="2026-11-21", last="2026-11-21").rows.to_pylist()
    assert {row["unit"] for row in failed} == {"Acme ApS"}
