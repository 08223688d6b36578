"""A backup is taken while others write, put back elsewhere, and answers the same; a damaged one is refused."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from cloutui.backup import LIST, back_up, restore
from cloutui.cache.rebuild import rebuild
from cloutui.errors import Broken, Conflict
from cloutui.gateway.host_key import fingerprint, host_key
from cloutui.home import Home
from cloutui.products.observation import JOBS
from cloutui.records.frozen_files import FrozenFiles
from cloutui.records.history_check import check
from cloutui.records.secrets import Secrets
from cloutui.records.store import Records
from tests.records.building import OPERATOR, a_line
from tests.world import NOON, World, a_job, a_node, jobs, nodes

DAY = date(2026, 11, 21)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(_folder(tmp_path / "here"))
    server_id = made.server("SPA01")
    made.nodes(server_id, "ACME-SQL01", "ACME-WEB04")
    made.cache.store(server_id, jobs(a_job("ACME-SQL01", said="Failed"), a_job("ACME-WEB04")), NOON)
    made.cache.store(server_id, nodes(a_node("ACME-SQL01"), a_node("ACME-WEB04")), NOON)
    made.freeze(DAY)
    Secrets.open("sealed", made.home).set("server/SPA01", "hunter2")
    yield made
    made.close()


def _folder(path: Path) -> Path:
    path.mkdir(mode=0o700)
    return path


def asked(world: World) -> list[dict[str, object]]:
    found = world.run("jobs", days=30).rows.to_pylist()
    frozen = world.run("daily", day=DAY)
    assert found
    assert frozen.frozen
    return [*found, *frozen.rows.to_pylist()]


def answer(home: Path) -> list[dict[str, object]]:
    again = World(home)
    try:
        return asked(again)
    finally:
        again.close()


def test_restored_elsewhere_it_gives_the_same_answers(world: World, tmp_path: Path) -> None:
    taken = back_up(Home.at(world.home), tmp_path / "backup", with_key=True)
    told = asked(world)
    there = Home.at(tmp_path / "there")
    assert restore(tmp_path / "backup", there) == taken
    with Records.open(there.records_file) as records:
        assert records.verify_activity().is_ok
        with records.reading() as connection:
            assert check(connection, FrozenFiles(there.history)).is_ok
        rebuild(there.data_dir, records)
    assert answer(there.data_dir) == told
    assert Secrets.open("sealed", there.data_dir).get("server/SPA01") == "hunter2"


def test_without_being_asked_for_the_keys_stay_where_they_are(world: World, tmp_path: Path) -> None:
    host_key(Home.at(world.home).host_key)
    assert not back_up(Home.at(world.home), tmp_path / "backup").has_key
    assert not (tmp_path / "backup" / "secrets.key").exists()
    assert not (tmp_path / "backup" / "ssh_host_ed25519_key").exists()
    assert (tmp_path / "backup" / "secrets.sealed").exists()


def test_users_know_what_was_restored_by_its_host_key(world: World, tmp_path: Path) -> None:
    known = fingerprint(host_key(Home.at(world.home).host_key))
    back_up(Home.at(world.home), tmp_path / "backup", with_key=True)
    there = Home.at(tmp_path / "there")
    restore(tmp_path / "backup", there)
    assert fingerprint(host_key(there.host_key)) == known, "one that others can read would be refused"


def test_nobody_else_may_read_it(world: World, tmp_path: Path) -> None:
    back_up(Home.at(world.home), tmp_path / "backup", with_key=True)
    for path in [tmp_path / "backup", *(tmp_path / "backup").rglob("*")]:
        assert path.is_dir() or path.stat().st_mode & 0o077 == 0, path
    assert (tmp_path / "backup").stat().st_mode & 0o077 == 0


def test_what_is_written_meanwhile_is_in_it_whole_or_not_at_all(world: World, tmp_path: Path) -> None:
    stop, written, heads = threading.Event(), [0], []

    def write() -> None:
        while not stop.is_set():
            with world.records.begin() as tx:
                tx.append_activity(OPERATOR, a_line(f"Line {len(written)}."))
            written.append(len(written))

    def one_more() -> None:
        """A line is begun and written from now on: one may have been written and not noted."""
        enough = len(written) + 2
        while len(written) < enough and writer.is_alive():
            time.sleep(0.001)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            heads.append(back_up(Home.at(world.home), tmp_path / f"backup-{number}").head_seq)
            one_more()
    finally:
        stop.set()
        writer.join(30)
    assert heads == sorted(set(heads)), "there was work meanwhile"
    for number, head in enumerate(heads):
        home = Home.at(tmp_path / f"there-{number}")
        restore(tmp_path / f"backup-{number}", home)
        with Records.open(home.records_file) as records:
            found = records.verify_activity()
            assert (found.is_ok, found.entries) == (True, head)


def test_a_day_that_is_compacted_while_it_is_copied_is_not_lost(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import cloutui.backup as module

    archive = world.cache.archive
    (server_id,) = archive.servers("jobs")
    world.cache.store(server_id, jobs(a_job("ACME-WEB04", schedule="HOURLY")), NOON)
    last = archive.batches("jobs", server_id)[-1]
    copied = module._copy
    seen: list[Path] = []

    def compacting(source: Path, place: Path) -> str:
        if not seen and source.suffix == ".parquet" and "kind=jobs" in str(source):
            seen.append(source)
            assert archive.compact(JOBS, server_id, last.collected_at, applied=last.name) is not None
        return copied(source, place)

    monkeypatch.setattr(module, "_copy", compacting)
    told = asked(world)
    back_up(Home.at(world.home), tmp_path / "backup")
    there = Home.at(tmp_path / "there")
    restore(tmp_path / "backup", there)
    with Records.open(there.records_file) as records:
        rebuild(there.data_dir, records)
    assert seen
    assert answer(there.data_dir) == told


@pytest.mark.parametrize("file", ["records.sqlite", "secrets.sealed"])
def test_a_file_that_was_touched_is_refused_and_nothing_is_an_installation(
    file: str, world: World, tmp_path: Path
) -> None:
    back_up(Home.at(world.home), tmp_path / "backup")
    damaged = tmp_path / "backup" / file
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    there = Home.at(tmp_path / "there")
    with pytest.raises(Broken, match="not as it was backed up"):
        restore(tmp_path / "backup", there)
    assert not there.records_file.exists()


def test_a_restore_that_broke_off_can_be_done_again(world: World, tmp_path: Path) -> None:
    taken = back_up(Home.at(world.home), tmp_path / "backup", with_key=True)
    missing = tmp_path / "backup" / "secrets.sealed"
    there = Home.at(tmp_path / "there")
    missing.rename(tmp_path / "aside")
    with pytest.raises(Broken, match="No such file"):
        restore(tmp_path / "backup", there)
    (there.data_dir / ".secrets.sealed.writing").write_text("half of")
    (tmp_path / "aside").rename(missing)
    assert restore(tmp_path / "backup", there) == taken
    assert not list(there.data_dir.rglob("*.writing"))


def test_a_file_of_somebody_elses_is_not_written_over(world: World, tmp_path: Path) -> None:
    back_up(Home.at(world.home), tmp_path / "backup", with_key=True)
    there = Home.at(tmp_path / "there")
    there.prepare()
    (there.data_dir / "secrets.key").write_text("another")
    with pytest.raises(Conflict, match="is there already"):
        restore(tmp_path / "backup", there)
    assert (there.data_dir / "secrets.key").read_text() == "another"


def test_a_file_that_is_gone_is_told(world: World, tmp_path: Path) -> None:
    back_up(Home.at(world.home), tmp_path / "backup")
    shutil.rmtree(tmp_path / "backup" / "archive")
    with pytest.raises(Broken, match="archive"):
        restore(tmp_path / "backup", Home.at(tmp_path / "there"))


@pytest.mark.parametrize("name", ["", "../outside", "/etc/cron.d/x", "archive/../../outside", "cloutui.log"])
def test_a_list_that_names_other_files_is_refused(name: str, world: World, tmp_path: Path) -> None:
    back_up(Home.at(world.home), tmp_path / "backup")
    file = tmp_path / "backup" / LIST
    listed = json.loads(file.read_text())
    listed["files"][name] = "00"
    file.write_text(json.dumps(listed))
    with pytest.raises(Broken, match="names"):
        restore(tmp_path / "backup", Home.at(tmp_path / "there"))


def test_nothing_that_is_there_is_written_over(world: World, tmp_path: Path) -> None:
    back_up(Home.at(world.home), tmp_path / "backup")
    with pytest.raises(Conflict):
        back_up(Home.at(world.home), tmp_path / "backup")
    with pytest.raises(Conflict):
        restore(tmp_path / "backup", Home.at(world.home))


def test_a_folder_that_is_no_backup_is_called_so(tmp_path: Path) -> None:
    with pytest.raises(Broken, match="no backup"):
        restore(tmp_path, Home.at(tmp_path / "there"))
    (tmp_path / LIST).write_text(json.dumps({"format": 1, "files": {"records.sqlite": "00"}}))
    with pytest.raises(Broken, match="no backup"):
        restore(tmp_path, Home.at(tmp_path / "there"))
