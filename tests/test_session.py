"""One sign-in: what it may, and what it writes."""

from __future__ import annotations

import asyncio
import getpass
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyotp import TOTP
from sqlalchemy import func, select

from cloutui.errors import Conflict, Invalid, NotAllowed, NotFound
from cloutui.home import Home
from cloutui.installation import Installation
from cloutui.model.one_time_codes import new_secret
from cloutui.model.privilege import Privilege
from cloutui.model.question import Marked, Question
from cloutui.records.access_tables import activity_checkpoint
from cloutui.session import Session
from tests.world import World

UNITS = Question(report="units")


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation.open(Home.at(tmp_path / "home"))
    yield made
    made.close()


@pytest.fixture
def session(installation: Installation) -> Session:
    return installation.session(installation.principal("terminal"))


async def test_an_export_tells_what_was_asked_and_never_replaces_unasked(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "units.json"
    assert await session.export(UNITS, "json", path) == 1
    written = json.loads(path.read_text(encoding="utf-8"))
    assert "units" in json.dumps(written)
    with pytest.raises(Invalid, match="there already"):
        await session.export(UNITS, "json", path)
    path.write_text("old", encoding="utf-8")
    assert await session.export(UNITS, "json", path, force=True) == 1
    assert path.read_text(encoding="utf-8") != "old"


@pytest.mark.parametrize("force", [False, True])
async def test_an_export_that_is_stopped_leaves_no_file_and_an_old_one_as_it_was(
    session: Session, tmp_path: Path, force: bool
) -> None:
    path = tmp_path / "exports" / "units.csv"
    path.parent.mkdir()
    if force:
        path.write_text("old", encoding="utf-8")
    told: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        if done:
            assert len(list(path.parent.iterdir())) == 1 + force, "half of it is written by now"
            raise KeyError("no longer wanted")

    with pytest.raises(KeyError):
        await session.export(UNITS, "csv", path, force=force, told=stop)
    assert told == [(0, 1), (1, 1)]
    left = await asyncio.to_thread(lambda: [file.read_text(encoding="utf-8") for file in path.parent.iterdir()])
    assert left == ["old"] * force


async def test_only_marked_rows_are_written(session: Session, tmp_path: Path) -> None:
    marked = replace(UNITS, marked=Marked(("unit_id",), {session.principal.unit_id}))
    assert await session.export(marked, "csv", tmp_path / "all.csv") == 1
    assert await session.export(replace(UNITS, marked=Marked(("unit_id",), ())), "csv", tmp_path / "none.csv") == 0


async def test_over_ssh_no_files_are_written_and_the_command_goes_there(installation: Installation) -> None:
    principal = installation.principal("terminal")
    assert installation.session(principal).may_write_files
    remote = installation.session(principal, ssh_host="backup.example")
    assert not remote.may_write_files
    assert (await remote.copied(UNITS, "command")).startswith("ssh backup.example report units --unit ")


async def test_servers_are_asked_by_whoever_sees_them_and_where_somebody_collects(installation: Installation) -> None:
    principal = installation.principal("terminal")
    with pytest.raises(Invalid, match="Nothing is collected here"):
        await installation.session(principal).ask_servers_now()
    installation.start_collecting()
    told: list[tuple[int, int]] = []
    assert list(await installation.session(principal).ask_servers_now(lambda *far: told.append(far))) == []
    assert told == [(0, 0)]
    nobody = installation.session(replace(principal, privileges=frozenset({Privilege.UNIT_VIEW})))
    with pytest.raises(NotAllowed):
        await nobody.ask_servers_now()
    await installation.stop_collecting()


async def test_a_face_that_fails_when_it_is_told_fails_nobody_else(
    installation: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError("gone")

    told: list[str] = []
    installation.subscribe(broken)
    installation.subscribe(lambda: told.append("second"))
    installation.announce_change()
    assert told == ["second"]
    assert "a face could not be told" in caplog.text


async def test_collecting_that_cannot_begin_is_in_the_log(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError("no records")

    monkeypatch.setattr(installation.records, "load", broken)
    installation.start_collecting()
    assert installation._starting is not None
    await asyncio.wait({installation._starting})
    assert "nothing is collected" in caplog.text
    assert "no records" in caplog.text
    await installation.stop_collecting()


async def test_what_one_session_does_is_told_to_the_others_at_once(tmp_path: Path) -> None:
    """Two people look at the same problem: who comes second sees that it is taken care of, before any new facts."""
    world = World(tmp_path)
    world.nodes(world.server(), "ACME-SQL01")
    today = datetime.now(UTC).date()
    world.close()
    installation = Installation.open(Home.at(tmp_path))
    acting, other = (installation.session(installation.principal("terminal")) for _ in range(2))
    told: list[int] = []
    stop = other.subscribe(lambda: told.append(len(told)))
    about = {"nodes": ["SPA01/ACME-SQL01"], "day": today.isoformat()}
    await acting.act("problem.handle", {**about, "state": "acknowledged"})
    assert len(told) == 1
    assert (await other.ask("handling-history", first=today)).rows.column("state").to_pylist() == ["acknowledged"]
    await acting.act("comment.add", {**about, "text": "It reboots."})
    await acting.act("tag.create", {"text": "vip"})
    assert len(told) == 3
    with pytest.raises(Conflict):
        await acting.act("problem.handle", {**about, "state": "acknowledged"})
    assert len(told) == 3, "what is refused is no news"
    stop()
    installation.close()


async def test_copies_are_the_same_answer(session: Session) -> None:
    root = session.installation.records.tree()[session.principal.unit_id].name
    assert root in await session.copied(UNITS, "tsv")
    assert json.loads(await session.copied(UNITS, "json"))[0]["name"] == root
    command = await session.copied(replace(UNITS, filter="status:failed"), "command")
    assert command.startswith("cloutui report units --unit ")
    assert command.endswith("--filter status:failed")
    assert await session.copied(UNITS, "dsmadmc") == ""
    assert await session.copied(Question(report="nodes"), "dsmadmc") == "", "there is no server to ask"


async def test_what_is_not_the_readers_is_not_found(session: Session, tmp_path: Path) -> None:
    elsewhere = replace(UNITS, unit=4711)
    with pytest.raises(NotFound):
        await session.export(elsewhere, "csv", tmp_path / "x.csv")
    with pytest.raises(NotFound):
        await session.copied(elsewhere, "command")
    assert not (tmp_path / "x.csv").exists()


async def test_an_unknown_format_names_the_nearest(session: Session, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught:
        await session.export(UNITS, "jason", tmp_path / "x")
    assert "json" in caught.value.hint


def test_a_file_name_is_safe_and_says_what_it_is(session: Session) -> None:
    name = session.file_name(UNITS, "csv")
    assert name.startswith("units_")
    assert name.endswith(".csv")
    assert "/" not in name


def test_rights_are_the_principals(installation: Installation) -> None:
    principal = installation.principal("terminal")
    nobody = installation.session(replace(principal, privileges=frozenset({Privilege.UNIT_VIEW})))
    assert nobody.may(Privilege.UNIT_VIEW)
    assert not nobody.may(Privilege.NODE_VIEW)


async def test_whoever_prefers_semicolons_gets_them(installation: Installation, tmp_path: Path) -> None:
    nobody = installation.session(installation.principal("terminal"))
    await nobody.export(UNITS, "csv", tmp_path / "before.csv")
    seed = new_secret()
    code = TOTP(seed.reveal()).at(installation.records.clock())
    await nobody.act("user.first", {"name": "anna", "os_user": getpass.getuser(), "secret": seed, "code": code})
    anna = installation.session(installation.principal("terminal"))
    await anna.act("account.prefer", {"key": "csv", "value": "semicolon"})
    assert (await anna.ask("my-account")).rows.column("prefers_csv").to_pylist() == ["semicolon"]
    await anna.export(UNITS, "csv", tmp_path / "after.csv")
    heads = [(tmp_path / name).read_text().partition("\n")[0] for name in ("before.csv", "after.csv")]
    assert heads[0].replace(",", ";") == heads[1]
    assert ";" not in heads[0]


async def test_the_chain_is_verified_for_who_may_see_activity(session: Session) -> None:
    assert (await session.verify_activity()).is_ok
    session.principal = replace(session.principal, privileges=session.principal.privileges - {Privilege.ACTIVITY_VIEW})
    with pytest.raises(NotAllowed):
        await session.verify_activity()


async def test_the_clock_signs_the_last_lines_of_the_log_however_few(session: Session) -> None:
    def signed_to() -> int:
        with session.installation.records.reading() as connection:
            return int(connection.execute(select(func.max(activity_checkpoint.c.seq))).scalar_one())

    for columns in ("name", "unit_id"):  # the first line is signed at once, one that comes just after it is not
        await session.act("view.save", {"report": "units", "columns": [columns]})
    last = session.installation.records.activity(1)[0].seq
    assert signed_to() < last
    session.installation.clock.ring()
    assert signed_to() == last
