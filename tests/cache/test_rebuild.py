"""The cache can always be made again: equal to the old one, and nothing that was archived is ever missing from it."""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloutui.cache import jobs as cached_jobs
from cloutui.cache import listings
from cloutui.cache.cache import open_cache
from cloutui.cache.incoming import Incoming, stamped
from cloutui.cache.rebuild import rebuild
from cloutui.products.observation import JOBS, LOG_LINES, NODES, OCCUPANCY, SCHEDULES, Observation
from cloutui.records.rows import DataSourceFacts
from tests.cache.dumps import everything
from tests.rounds import rounds
from tests.world import NOON, STATUSES, World, a_job, a_line, a_node, a_row, jobs, lines, nodes, observed

NAMES = ("ACME-SQL01", "KS-FILE03")

name = st.sampled_from(NAMES)
number = st.integers(1, 3)


def batches_of(row: st.SearchStrategy[dict[str, Any]], kind: Any) -> st.SearchStrategy[Observation]:
    rows = st.lists(row, max_size=4, unique_by=lambda row: tuple(row[key] for key in kind.key))
    return st.builds(lambda rows, whole: observed(kind, rows, is_complete=whole), rows, st.booleans())


OBSERVATIONS = st.one_of(
    batches_of(
        st.builds(
            lambda node, day, said: a_job(node, datetime(2026, 11, day, 1), said, stored_bytes=day),
            name,
            number,
            st.sampled_from(sorted(STATUSES)),
        ),
        JOBS,
    ),
    batches_of(st.builds(lambda node, n: a_node(node, client_version=f"8.1.{n}"), name, number), NODES),
    batches_of(st.builds(lambda text, n: a_line(f"line {text}", session=n), name, number), LOG_LINES),
    batches_of(
        st.builds(lambda node, n: a_row(OCCUPANCY, node=node, pool=None, reporting_bytes=n), name, number), OCCUPANCY
    ),
    batches_of(st.builds(lambda n: a_row(SCHEDULES, schedule=f"S{n}"), number), SCHEDULES),
)

SWEEPS = st.lists(
    st.tuples(st.sampled_from(["SPA01", "SPA02"]), OBSERVATIONS, st.integers(-30, 90)), min_size=3, max_size=9
)
"""Which server, what it says, and how many hours after the one before: the clock may go backwards too."""


@settings(max_examples=rounds(4, soak=40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sweeps=SWEEPS)
def test_a_cache_made_again_is_equal_in_every_table(
    tmp_path_factory: pytest.TempPathFactory, sweeps: list[tuple[str, Observation, int]]
) -> None:
    world = World(tmp_path_factory.mktemp("world"))
    servers = {label: world.server(label) for label in ("SPA01", "SPA02")}
    for server in servers.values():
        world.nodes(server, *NAMES)
    at = NOON
    for label, observation, hours in sweeps:
        at += timedelta(hours=hours)
        world.cache.store(servers[label], observation, at)
    before = everything(world)
    world.cache.close()
    rebuild(world.home, world.records)
    world.cache = open_cache(world.home, world.records)
    assert world.cache.catch_up() == 0
    assert everything(world) == before
    world.close()


def test_a_rebuild_keeps_what_is_known_of_the_servers(world: World) -> None:
    server = world.server()
    world.swept(server, code="product-unreachable", problem="SPA01 did not answer", hint="Look.", has_data=False)
    before = world.rows("SELECT * FROM sweep")
    world.cache.close()
    rebuild(world.home, world.records)
    world.cache = open_cache(world.home, world.records)
    assert world.rows("SELECT * FROM sweep") == before


def test_nodes_that_only_the_archive_knows_get_an_id(world: World) -> None:
    """The records were restored from a copy that is older than the archive."""
    server, other = world.server("SPA01"), world.server("SPA02")
    for kind, server_id, row in ((JOBS, server, a_job("ACME-SQL01")), (NODES, other, a_node("KS-FILE03"))):
        world.cache.archive.write(kind, server_id, stamped(kind, observed(kind, [row]).batch, NOON), NOON)
    world.cache.close()
    rebuild(world.home, world.records)
    world.cache = open_cache(world.home, world.records)
    assert world.rows("SELECT native_key FROM data_source ORDER BY 1") == [("ACME-SQL01",), ("KS-FILE03",)]
    assert world.rows("SELECT count(*) FROM job_event") == [(1,)]


def test_what_was_archived_when_the_process_died_is_merged_at_the_next_start(world: World) -> None:
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    world.cache.store(server, jobs(a_job(said="Started")), NOON)
    later = NOON + timedelta(minutes=5)
    for kind, row in (
        (JOBS, a_job()),
        (LOG_LINES, a_line()),
        (NODES, a_node()),
        (OCCUPANCY, a_row(OCCUPANCY, node="A")),
    ):
        world.cache.archive.write(kind, server, stamped(kind, observed(kind, [row]).batch, later), later)
    world.reopen()
    assert world.rows("SELECT server_status FROM job_event") == [("Completed",)]
    assert world.rows("SELECT worst FROM node_day") == [(2,)]
    for table in ("log_line", "nodes_now", "occupancy_now"):
        assert world.rows(f"SELECT count(*) FROM {table}") == [(1,)]
    assert world.cache.catch_up() == 0


def test_what_could_not_be_merged_is_merged_with_the_next_observation(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = world.server()
    world.nodes(server, "ACME-SQL01")

    def out_of_memory(con: duckdb.DuckDBPyConnection, incoming: Incoming) -> None:
        raise duckdb.OutOfMemoryException("no room")

    for module, observation, next_one in (
        (cached_jobs, jobs(a_job()), jobs(a_job(schedule="WEEKLY"))),
        (listings, nodes(a_node("A"), is_complete=False), nodes(a_node("B"), is_complete=False)),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(module, "merge", out_of_memory)
            with pytest.raises(duckdb.OutOfMemoryException):
                world.cache.store(server, observation, NOON)
        world.cache.store(server, next_one, NOON + timedelta(hours=1))
    assert world.rows("SELECT schedule FROM job_event ORDER BY 1") == [("DAILY",), ("WEEKLY",)]
    assert world.rows("SELECT node FROM nodes_now ORDER BY 1") == [("A",), ("B",)]


def garbage(path: Path) -> None:
    path.write_bytes(b"\x00 not a database " * 4096)


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def cut_to_its_head(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:4096])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def damaged_inside(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[12288:] = bytes(byte ^ 0xFF for byte in whole[12288:])
    path.write_bytes(whole)


def of_another_version(path: Path) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute("UPDATE cache_state SET cache_version = cache_version + 1")


def without_a_table(path: Path) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute("DROP TABLE applied")


def with_a_torn_log(path: Path) -> None:
    path.with_name(path.name + ".wal").write_bytes(b"torn" * 100)


@pytest.mark.parametrize(
    "breaks",
    [
        garbage,
        truncated,
        cut_to_its_head,
        emptied,
        damaged_inside,
        of_another_version,
        without_a_table,
        with_a_torn_log,
    ],
)
def test_a_cache_that_cannot_be_used_is_made_again_and_the_newest_broken_one_is_kept(
    world: World, breaks: Callable[[Path], None]
) -> None:
    server = world.server()
    world.nodes(server, *NAMES)
    for hour, node in enumerate(NAMES):
        world.cache.store(server, jobs(a_job(node)), NOON + timedelta(hours=hour))
        world.cache.store(server, lines(a_line(node=node)), NOON)
    before = everything(world)
    world.cache.close()
    older = world.home / "cache.duckdb.wal.broken-20260101T000000"
    older.touch()
    breaks(world.home / "cache.duckdb")
    told: list[str] = []
    world.cache = open_cache(world.home, world.records, progress=told.append)
    assert everything(world) == before
    aside = list(world.home.glob("cache.duckdb*.broken-*"))
    if breaks is of_another_version:
        assert aside == [older], "nothing is wrong with it: it is replaced"
    elif any("making it again" in line for line in told):
        assert aside
        assert older not in aside, "the newest is enough"
    else:
        assert breaks in (emptied, with_a_torn_log)
    # And it goes on from there.
    world.cache.store(server, jobs(a_job(schedule="WEEKLY")), NOON + timedelta(days=1))
    world.reopen()
    assert world.rows("SELECT count(*) FROM job_event") == [(3,)]


def test_a_cache_that_is_absent_is_made_again(world: World) -> None:
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    world.cache.store(server, jobs(a_job()), NOON)
    before = everything(world)
    world.cache.close()
    (world.home / "cache.duckdb").unlink()
    world.cache = open_cache(world.home, world.records)
    assert everything(world) == before


@pytest.mark.parametrize("killed_at", range(3))
def test_a_rebuild_that_was_cut_short_is_made_again(
    world: World, monkeypatch: pytest.MonkeyPatch, killed_at: int
) -> None:
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    world.cache.store(server, jobs(a_job()), NOON)
    before = everything(world)
    world.cache.close()
    steps = itertools.count()
    replace, unlink = Path.replace, Path.unlink

    def step(work: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **options: Any) -> Any:
            if next(steps) == killed_at + 2:  # two leftovers are removed before
                raise KeyboardInterrupt
            return work(*args, **options)

        return counted

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", step(replace))
        patch.setattr(Path, "unlink", step(unlink))
        with pytest.raises(KeyboardInterrupt):
            rebuild(world.home, world.records)
    world.cache = open_cache(world.home, world.records)
    assert everything(world) == before


def test_the_comparison_of_caches_sees_what_is_missing(world: World) -> None:
    """The negative control of every test here."""
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    world.cache.store(server, jobs(a_job()), NOON)
    before = everything(world)
    for batch in world.cache.archive.batches("jobs", server):
        batch.path.unlink()
    world.records.register_data_sources(server, [DataSourceFacts(kind="node", native_key="B", name="B")], NOON)
    world.cache.close()
    rebuild(world.home, world.records)
    world.cache = open_cache(world.home, world.records)
    after = everything(world)
    assert [table for table in before if before[table] != after[table]] == [
        "job_event",
        "node_day",
        "unit_day",
        "node_last",
        "data_source",
        "data_source_key",
        "owner",
    ]
