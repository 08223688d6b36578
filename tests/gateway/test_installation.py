"""The real console on a real installation, over SSH."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cloutui.app import CloutuiApp
from cloutui.errors import Invalid, NotAllowed
from cloutui.gateway import console, process
from cloutui.gateway.console import consoles_of, rehearse
from cloutui.gateway.sign_in import Factor, SignedIn
from cloutui.gateway.terminal import Size, Terminal
from cloutui.home import Home
from cloutui.installation import Installation
from cloutui.model.principal import Principal
from cloutui.model.question import Question
from cloutui.widgets.palette import Depth
from tests.gateway.conftest import House
from tests.world import furnish

KIM = SignedIn(
    user="kim", source="192.0.2.1", factors=frozenset({Factor.KEY}), key=b"", at=datetime(2026, 11, 22, tzinfo=UTC)
)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    home = tmp_path / "home"
    home.mkdir()
    furnish(home)
    made = Installation.open(Home.at(home))
    yield made
    made.close()


async def principal_of(installation: Installation, who: SignedIn) -> Principal:
    return replace(installation.principal("ssh"), name=who.user)


@pytest.mark.ssh
async def test_a_console_of_an_installation_shows_its_unit_and_says_when_the_server_stops(
    house: House, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "settle", process.sweep)  # pytest's own garbage is not for ever
    await rehearse(installation)
    open_console = consoles_of(installation, lambda who: principal_of(installation, who), host="console.example")
    monkeypatch.setattr(house, "_console", open_console)
    await house.open()
    async with house.dialler.dial("kim", key=house.key, size=(120, 36)) as ssh:
        await ssh.sees("Nordhavn Backup")
        stopping = asyncio.create_task(house.gateway.stop(60))
        await ssh.sees("This server stops in 60 s. Finish what you are at, and sign out.")
        ssh.type("\x11")
        assert await ssh.status() == 0
        await stopping
    assert installation._listeners == []


async def test_a_console_is_made_for_the_terminal_and_the_person(installation: Installation) -> None:
    open_console = consoles_of(installation, lambda who: principal_of(installation, who), host="console.example")
    made = await open_console(KIM, Terminal("linux", Size(80, 24), {"LANG": "C"}))
    assert isinstance(made.app, CloutuiApp)
    look = made.app.desk.look
    assert look.palette.depth is Depth.ANSI
    assert look.glyphs.mark == "#"
    session = await made.app.shell._open_session(lambda _: None)
    assert isinstance(session, console.RemoteSession)
    assert session.principal.name == "kim"
    assert session.principal.face == "ssh"
    assert not session.may_write_files
    assert session.ssh_host == "kim@console.example"
    assert made.app.desk.copies_by == "box"


async def test_a_console_over_ssh_writes_no_files(installation: Installation, tmp_path: Path) -> None:
    session = console.RemoteSession(installation, installation.principal("ssh"), ssh_host="console.example")
    with pytest.raises(Invalid, match="no files"):
        await session.export(Question(report="units"), "csv", tmp_path / "units.csv")
    assert not (tmp_path / "units.csv").exists()


async def test_a_theme_that_is_gone_keeps_nobody_out(installation: Installation) -> None:
    class Records:
        def setting(self, _name: str) -> str:
            return "no-such-theme"

    class There:
        records = Records()

    assert console._theme("nor-this-one", There()) == "nightwatch"  # type: ignore[arg-type]


async def test_who_is_nobody_any_more_gets_no_console(installation: Installation) -> None:
    async def nobody(_who: SignedIn) -> Principal:
        raise NotAllowed("Console: Use")

    with pytest.raises(NotAllowed):
        await consoles_of(installation, nobody, host="console.example")(KIM, Terminal("xterm", Size(80, 24), {}))
