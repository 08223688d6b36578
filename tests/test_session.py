"""One sign-in: what it may, and what it writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cloutui.errors import Invalid, NotFound
from cloutui.home import Home
from cloutui.installation import Installation, Session
from cloutui.model.privilege import Privilege
from cloutui.model.question import Question

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


async def test_copies_are_the_same_answer(session: Session) -> None:
    root = session.installation.records.tree()[session.principal.unit_id].name
    assert root in await session.copied(UNITS, "tsv")
    assert json.loads(await session.copied(UNITS, "json"))[0]["name"] == root
    command = await session.copied(replace(UNITS, filter="status:failed"), "command")
    assert command.startswith("cloutui report units --unit ")
    assert command.endswith("--filter status:failed")
    assert await session.copied(UNITS, "dsmadmc") == ""


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
