"""The archive: what `write` returned from is whole on the disk, in order, and compaction changes no answer."""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloutui.cache.archive import Archive, Batch, archived_schema
from cloutui.cache.cache import open_cache
from cloutui.cache.incoming import stamped
from cloutui.errors import Broken
from cloutui.products.observation import JOBS, KINDS, NODES, SCHEMA_VERSION
from tests.cache.dumps import everything
from tests.rounds import rounds
from tests.world import NOON, World, a_job, a_node, jobs, nodes, observed

SERVER = 3


def some_nodes(*names: str, at: datetime = NOON) -> pa.Table:
    return stamped(NODES, observed(NODES, [a_node(name) for name in names]).batch, at)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def test_a_written_batch_has_its_name_its_place_and_its_marks(archive: Archive) -> None:
    rows = some_nodes("ACME-SQL01")
    batch = archive.write(NODES, SERVER, rows, NOON)
    assert batch.path == archive.root / "kind=nodes/server=3/day=2026-11-22" / f"{batch.name}.parquet"
    assert batch.collected_at == NOON
    marks = pq.read_schema(batch.path).metadata
    assert marks[b"batch"] == batch.name.encode()
    assert marks[b"schema_version"] == str(SCHEMA_VERSION).encode()
    assert marks[b"kind"] == b"nodes"
    assert archive.read(batch).equals(rows)
    assert archive.batches("nodes", SERVER) == [batch]
    assert archive.servers("nodes") == [SERVER]


@pytest.mark.parametrize("content", [b"", b"PAR1 nothing of the sort"])
def test_a_damaged_batch_is_named_when_it_is_read(archive: Archive, content: bytes) -> None:
    batch = archive.write(NODES, SERVER, some_nodes("A"), NOON)
    batch.path.write_bytes(content)
    with pytest.raises(Broken, match=batch.name):
        archive.read(batch)
    batch.path.unlink()
    with pytest.raises(Broken, match=batch.name):
        archive.read(batch)


def test_a_batch_that_was_damaged_in_the_middle_is_named(archive: Archive) -> None:
    batch = archive.write(NODES, SERVER, some_nodes(*(f"N{n}" for n in range(500))), NOON)
    content = bytearray(batch.path.read_bytes())
    content[len(content) // 3 : 2 * len(content) // 3] = bytes(len(content) // 3)
    batch.path.write_bytes(content)
    with pytest.raises(Broken, match=batch.name):
        archive.read(batch)


def test_the_day_of_a_batch_is_the_utc_day_of_collection(archive: Archive) -> None:
    late = datetime.fromisoformat("2026-11-22T23:30:00-05:00")
    assert archive.write(NODES, SERVER, some_nodes("A"), late).path.parent.name == "day=2026-11-23"


def test_a_batch_is_synced_before_it_has_its_name_and_its_folders_after(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    sync, rename = os.fsync, Path.rename

    def noted_sync(handle: int) -> None:
        told.append("sync " + Path(f"/proc/self/fd/{handle}").readlink().name)
        sync(handle)

    def noted_rename(path: Path, target: Path) -> Path:
        told.append("rename")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Path, "rename", noted_rename)
    batch = archive.write(NODES, SERVER, some_nodes("A"), NOON)
    folders = ["day=2026-11-22", "server=3", "kind=nodes", "archive"]
    assert told == [f"sync {batch.name}.parquet.writing", "rename", *(f"sync {folder}" for folder in folders)]


def test_a_batch_that_was_not_finished_is_never_seen_and_is_cleaned_up(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(path: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", crash)
        with pytest.raises(KeyboardInterrupt):
            archive.write(NODES, SERVER, some_nodes("A"), NOON)
    assert archive.batches("nodes", SERVER) == []
    assert len(list(archive.root.rglob("*.writing"))) == 1
    again = Archive(archive.root)
    batch = again.write(NODES, SERVER, some_nodes("A"), NOON)
    assert [path for path in archive.root.rglob("*") if path.is_file()] == [batch.path]


@settings(max_examples=rounds(8, soak=25), deadline=None)
@given(steps=st.lists(st.integers(-100_000, 100_000), min_size=2, max_size=5))
def test_batches_sort_in_the_order_of_writing_whatever_the_clock_does(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int]
) -> None:
    archive = Archive(tmp_path_factory.mktemp("archive"))
    moment = NOON
    written: list[Batch] = []
    for step in steps:
        moment += timedelta(seconds=step)
        written.append(archive.write(NODES, SERVER, some_nodes("A"), moment))
    assert archive.batches("nodes", SERVER) == written
    for number, batch in enumerate(written):
        assert archive.batches("nodes", SERVER, after=batch.name) == written[number + 1 :]


def test_a_batch_of_an_older_schema_reads_as_todays_with_nulls(archive: Archive) -> None:
    older = some_nodes("ACME-SQL01").drop_columns(["client_version", "is_gone"])
    older = older.set_column(older.schema.get_field_index("utc_offset_s"), "utc_offset_s", pa.array([0], pa.int16()))
    found = archive.read(archive.write(NODES, SERVER, older, NOON))
    assert found.schema.equals(archived_schema(NODES))
    assert found.column("client_version").to_pylist() == [None]
    assert found.column("node").to_pylist() == ["ACME-SQL01"]


def test_every_kind_can_be_archived_and_read_back(archive: Archive) -> None:
    for kind in KINDS.values():
        rows = archived_schema(kind).empty_table()
        assert archive.read(archive.write(kind, SERVER, rows, NOON)).schema.equals(archived_schema(kind))


def a_few_days(world: World) -> int:
    """Two closed days with three sweeps each, and today with one, of two kinds."""
    server = world.server()
    names = ["ACME-SQL01", "KS-FILE03"]
    world.nodes(server, *names)
    for n, said in enumerate(["Pending", "Started", "Failed", "Future", "Completed", "Missed", "Started"]):
        at = datetime(2026, 11, 20 + n // 3, 8 + n % 3, tzinfo=UTC)
        world.cache.store(server, jobs(a_job(names[n % 2], datetime(2026, 11, 19 + n // 4, 1), said)), at)
        world.cache.store(server, nodes(*(a_node(name, client_version=f"8.1.{n}") for name in names[n % 2 :])), at)
    return server


def made_again(world: World) -> dict[str, Any]:
    world.cache.close()
    (world.home / "cache.duckdb").unlink()
    world.cache = open_cache(world.home, world.records)
    return everything(world)


def test_compaction_leaves_one_file_a_closed_day_and_the_same_answers(world: World) -> None:
    server = a_few_days(world)
    before = everything(world)
    assert world.cache.compact(server, NOON) == 4
    per_day = {path: len(list(path.iterdir())) for path in world.cache.archive.root.glob("*/*/day=*")}
    assert set(per_day.values()) == {1}
    assert len(per_day) == 6
    assert world.cache.compact(server, NOON) == 0
    world.reopen()
    assert world.cache.catch_up() == 0
    assert everything(world) == before
    assert made_again(world) == before


def test_a_day_is_not_compacted_past_what_the_cache_has(world: World) -> None:
    server = a_few_days(world)
    archive = world.cache.archive
    day = datetime(2026, 11, 20, tzinfo=UTC)
    first, second, _ = archive.batches("jobs", server, after="20261120")[:3]
    assert archive.compact(JOBS, server, day, applied=first.name) is None
    whole = archive.compact(JOBS, server, day, applied=second.name)
    assert whole is not None
    assert first.name < whole.name < second.name
    assert not first.path.exists()
    assert not second.path.exists()


@pytest.mark.parametrize("broken", range(3))
def test_a_crash_while_a_compacted_days_parts_are_removed_changes_no_answer(
    world: World, monkeypatch: pytest.MonkeyPatch, broken: int
) -> None:
    server = a_few_days(world)
    before = everything(world)
    unlink = Path.unlink
    removed: list[Path] = []

    def crash(path: Path, missing_ok: bool = False) -> None:
        if len(removed) == broken:
            raise KeyboardInterrupt
        removed.append(path)
        unlink(path, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", crash)
        with pytest.raises(KeyboardInterrupt):
            world.cache.compact(server, NOON)
    world.reopen()
    assert everything(world) == before
    assert world.cache.compact(server, NOON) == 4
    assert everything(world) == before
    assert made_again(world) == before


def test_a_crash_before_a_compacted_day_has_its_name_leaves_the_parts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = a_few_days(world)
    before = everything(world)
    parts = world.cache.archive.batches("jobs", server)

    def crash(path: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", crash)
        with pytest.raises(KeyboardInterrupt):
            world.cache.compact(server, NOON)
    world.reopen()
    assert world.cache.archive.batches("jobs", server) == parts
    assert made_again(world) == before
    world.cache.compact(server, NOON)
    assert list(world.cache.archive.root.rglob("*.writing")) == []
    assert made_again(world) == before
