"""What is held has a past: the end of each day of nodes and units, whoever moved, and however it was collected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cloutui.cache.cache import open_cache
from cloutui.cache.rebuild import rebuild
from cloutui.products.observation import OCCUPANCY, POOLS, Observation
from tests.cache.dumps import everything
from tests.rounds import rounds
from tests.world import NOON, World, a_row, observed

DAY = NOON.date()
SERVERS = ("SPA01", "SPA02")
NODES = {"SPA01": ("A", "B"), "SPA02": ("C",)}


def holding(*sums: tuple[str, str, int | None]) -> Observation:
    """Node, pool, bytes. Each has a file for ten bytes, and half of it is left after deduplication."""
    return observed(
        OCCUPANCY,
        [
            a_row(
                OCCUPANCY,
                node=node,
                pool=pool,
                type="Bkup",
                files=None if held is None else held // 10,
                reporting_bytes=held,
                logical_bytes=None if held is None else held // 2,
            )
            for node, pool, held in sums
        ],
    )


def stored_days(world: World) -> list[tuple[Any, ...]]:
    return world.rows(
        "SELECT d.day, native_key, stored FROM stored_day AS d JOIN data_source USING (data_source_id) ORDER BY ALL"
    )


def unit_days(world: World, unit: int) -> list[tuple[Any, ...]]:
    return world.rows(f"SELECT day, stored, nodes FROM unit_stored WHERE unit_id = {unit} ORDER BY day")


def days_later(days: float) -> datetime:
    return NOON + timedelta(days=days)


def test_a_day_holds_the_last_that_was_said_on_it_and_only_what_changed_has_a_row(world: World) -> None:
    server = world.server()
    world.nodes(server, "A", "B")
    for days, amounts in ((0, (100, 40)), (0.25, (120, 40)), (1, (120, 40)), (2, (120, 60))):
        a, b = amounts
        world.cache.store(server, holding(("A", "P", a), ("A", "Q", 5), ("B", "P", b)), days_later(days))
    assert stored_days(world) == [
        (DAY, "A", 125),
        (DAY, "B", 40),
        (DAY + timedelta(days=2), "B", 60),
    ]
    assert unit_days(world, world.records.root_unit_id) == [
        (DAY, 165, 2),
        (DAY + timedelta(days=1), 165, 2),
        (DAY + timedelta(days=2), 185, 2),
    ]


def test_what_is_gone_is_nothing_from_then_on_and_what_is_not_told_is_nothing(world: World) -> None:
    server = world.server()
    world.nodes(server, "A", "B")
    told: list[list[tuple[str, str, int | None]]]
    told = [[("A", "P", 100), ("B", "P", None)], [("B", "P", 7)], [("B", "P", 7), ("A", "P", 3)]]
    for days, sums in enumerate(told):
        world.cache.store(server, holding(*sums), days_later(days))
    assert [held for day, node, held in stored_days(world) if node == "A"] == [100, 0, 3]
    assert [row[1:] for row in unit_days(world, world.records.root_unit_id)] == [(100, 1), (7, 1), (10, 2)]


def test_a_node_that_moves_takes_what_it_holds_along(world: World) -> None:
    server, one, other = world.server(), world.unit("one"), world.unit("other")
    world.nodes(server, "A")
    world.assign_all([("A", one, None, DAY + timedelta(days=2)), ("A", other, DAY + timedelta(days=2), None)])
    world.cache.store(server, holding(("A", "P", 100)), NOON)
    world.cache.store(server, holding(("A", "P", 130)), days_later(3))
    assert [held for _, held, _ in unit_days(world, one)] == [100, 100, 0, 0]
    assert unit_days(world, other) == [(DAY + timedelta(days=2), 100, 1), (DAY + timedelta(days=3), 130, 1)]


def test_a_unit_of_a_server_that_is_silent_is_carried_on_so_that_units_add_up(world: World) -> None:
    one, other = world.unit("one"), world.unit("other")
    silent, busy = world.server("SPA01", one), world.server("SPA02", other)
    world.nodes(silent, "A")
    world.nodes(busy, "C")
    world.cache.store(silent, holding(("A", "P", 100)), NOON)
    world.cache.store(busy, holding(("C", "P", 1)), NOON)
    world.cache.store(busy, holding(("C", "P", 2)), days_later(2))
    assert [held for _, held, _ in unit_days(world, one)] == [100, 100, 100]
    world.change_server("SPA01", removed_at=NOON)
    assert [held for _, held, _ in unit_days(world, one)] == [100, 0, 0]
    world.change_server("SPA01", removed_at=None)
    assert [held for _, held, _ in unit_days(world, one)] == [100, 100, 100]


@pytest.mark.parametrize(("zone", "day"), [("Pacific/Auckland", 23), ("America/Los_Angeles", 22)])
def test_the_day_of_a_collection_is_that_of_the_unit(world: World, zone: str, day: int) -> None:
    server = world.server()
    world.nodes(server, "A")
    world.unit_setting(world.records.root_unit_id, "time_zone", zone)
    world.cache.store(server, holding(("A", "P", 1)), NOON)
    assert stored_days(world) == [(date(2026, 11, day), "A", 1)]
    # When the clock of the unit is changed, what is known follows.
    world.unit_setting(world.records.root_unit_id, "backup_day_start", "13:30")
    local = NOON.astimezone(ZoneInfo(zone)) - timedelta(hours=13, minutes=30)
    assert stored_days(world) == [(local.date(), "A", 1)]
    assert [row[0] for row in unit_days(world, world.records.root_unit_id)] == [local.date()]


def test_a_batch_that_comes_twice_changes_nothing(world: World) -> None:
    """As when the archive's day was put together, and the cache is an older copy."""
    server = world.server()
    world.nodes(server, "A")
    for hours, held in ((-3, 10), (-2, 20), (-1, 30)):
        world.cache.store(server, holding(("A", "P", held)), NOON + timedelta(hours=hours))
    before = everything(world)
    world.cache.compact(server, NOON + timedelta(days=2))
    world.cache.database.write(lambda con: con.execute("UPDATE applied SET batch = '20261122T100000.000000Z-1'"))
    world.reopen()
    assert world.rows("SELECT count(*) FROM stored_change") == [(3,)]
    assert everything(world) == before


Said = tuple[str, int, dict[tuple[str, str], int]]


@st.composite
def listings(draw: st.DrawFn) -> Said:
    server = draw(st.sampled_from(SERVERS))
    key = st.tuples(st.sampled_from(NODES[server]), st.sampled_from(("P", "Q")))
    return server, draw(st.integers(1, 40)), draw(st.dictionaries(key, st.integers(0, 9), max_size=3))


owners = st.lists(st.tuples(st.integers(-2, 5), st.integers(0, 2)), max_size=3, unique_by=lambda move: move[0])


def expected(
    said: Sequence[Said], moves: dict[str, list[tuple[int, int]]], server_units: dict[str, int]
) -> dict[tuple[date, int], tuple[int, int]]:
    """By day and unit: what is held and by how many nodes; told once more, day by day and not as the product does."""
    now: dict[tuple[str, str, str], int] = {}
    ends: dict[date, dict[str, int]] = {}
    at = NOON
    for server, hours, sums in said:
        at += timedelta(hours=hours)
        before = dict(now)
        now = {key: held for key, held in now.items() if key[0] != server}
        now |= {(server, *key): held for key, held in sums.items()}
        if before != now:
            ends[at.date()] = {
                node: sum(held for key, held in now.items() if key[1] == node)
                for names in NODES.values()
                for node in names
            }
    found: dict[tuple[date, int], tuple[int, int]] = {}
    begun: set[int] = set()
    latest: dict[str, int] = {}
    seen: set[str] = set()
    for offset in range((max(ends) - min(ends)).days + 1 if ends else 0):
        day = min(ends) + timedelta(days=offset)
        latest = ends.get(day, latest)
        seen |= {node for node in latest if any(key[1] == node for key in now) or latest[node]}
        totals: dict[int, tuple[int, int]] = {}
        for server, names in NODES.items():
            for node in names:
                unit = server_units[server]
                for since, owner in moves[node]:
                    if DAY + timedelta(days=since) <= day:
                        unit = owner
                held, count = totals.get(unit, (0, 0))
                totals[unit] = held + latest.get(node, 0), count + (latest.get(node, 0) > 0)
        begun |= {unit for unit, (held, _) in totals.items() if held}
        found |= {(day, unit): totals.get(unit, (0, 0)) for unit in begun}
    return found


# Not shrunk: each try makes files, and to shrink one takes minutes.
@settings(
    max_examples=rounds(2, soak=40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.generate],
)
@given(
    said=st.lists(listings(), min_size=2, max_size=6),
    moves=st.fixed_dictionaries({node: owners.map(sorted) for names in NODES.values() for node in names}),
    at_the_end=st.booleans(),
)
def test_units_hold_what_their_nodes_do_whatever_moves_and_a_cache_made_again_says_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    said: list[Said],
    moves: dict[str, list[tuple[int, int]]],
    at_the_end: bool,
) -> None:
    world = World(tmp_path_factory.mktemp("world"))
    units = [world.records.root_unit_id, world.unit("one"), world.unit("other")]
    servers = {name: world.server(name) for name in SERVERS}
    for name, server in servers.items():
        world.nodes(server, *NODES[name])
    if periods(moves, units) and not at_the_end:
        world.assign_all(periods(moves, units))
    at = NOON
    for name, hours, sums in said:
        at += timedelta(hours=hours)
        world.cache.store(servers[name], holding(*((*key, held * 10) for key, held in sums.items())), at)
    if periods(moves, units) and at_the_end:
        world.assign_all(periods(moves, units))
    tens = dict.fromkeys(SERVERS, units[0])
    own = {node: [(since, units[unit]) for since, unit in found] for node, found in moves.items()}
    told_days = {(day, unit): (held * 10, count) for (day, unit), (held, count) in expected(said, own, tens).items()}
    rows = world.rows("SELECT day, unit_id, stored, nodes FROM unit_stored")
    # A unit that holds nothing yet may be told of: it owns what is empty.
    known = {(day, unit): (held, nodes) for day, unit, held, nodes in rows}
    assert {key: value for key, value in known.items() if key in told_days or value != (0, 0)} == told_days
    before = everything(world)
    world.cache.close()
    rebuild(world.home, world.records)
    world.cache = open_cache(world.home, world.records)
    assert everything(world) == before
    world.close()


def periods(
    moves: dict[str, list[tuple[int, int]]], units: Sequence[int]
) -> list[tuple[str, int, date | None, date | None]]:
    """As assignments: each holds until the next."""
    found: list[tuple[str, int, date | None, date | None]] = []
    for node, own in moves.items():
        starts = [DAY + timedelta(days=since) for since, _ in own]
        ends: Iterable[date | None] = [*starts[1:], None]
        found += [(node, units[unit], start, end) for (_, unit), start, end in zip(own, starts, ends, strict=False)]
    return found


def test_the_newest_of_each_day_of_pools_is_kept(world: World) -> None:
    server = world.server()
    for hours, used in ((0, 50.0), (1, 51.0), (30, 52.5), (54, 52.5)):
        pools = [a_row(POOLS, pool="P", capacity_bytes=1000, used_percent=used)]
        pools += [a_row(POOLS, pool="Q", capacity_bytes=10)] if hours == 0 else []
        world.cache.store(server, observed(POOLS, pools), NOON + timedelta(hours=hours))
    next_day = DAY + timedelta(days=1)
    assert world.rows("SELECT day, pool, capacity_bytes, used_percent FROM pool_day ORDER BY ALL") == [
        (DAY, "P", 1000, 51.0),
        (DAY, "Q", None, None),
        (next_day, "P", 1000, 52.5),
    ]
    before = everything(world)
    world.cache.close()
    rebuild(world.home, world.records)
    world.cache = open_cache(world.home, world.records)
    assert everything(world) == before
