"""Commands that somebody else's process asks for: as that person, on their streams, without the host's files."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

from cloutui.cli.from_afar import HostCommand, RemoteCommand
from cloutui.cli.program import program
from cloutui.cli.remote import RemoteCommands
from cloutui.gateway.sign_in import SignedIn
from cloutui.home import Home
from cloutui.installation import Installation
from cloutui.model.principal import Principal
from cloutui.model.privilege import Privilege
from tests.actions.people import made_role, made_user
from tests.cli.running import Ran

WHO = SignedIn(user="kim", source="192.0.2.1", factors=frozenset(), key=None, at=datetime(2026, 11, 22, tzinfo=UTC))


class Afar:
    """An installation with Acme ApS and Beta, and somebody of Acme ApS who asks."""

    def __init__(self, home: Path) -> None:
        self.installation = Installation.open(Home.at(home))
        self.local = self.installation.principal("ssh")
        self.asker = self.local

    async def prepare(self) -> None:
        for name in ("Acme ApS", "Beta"):
            await self.installation.perform("unit.create", {"name": name}, self.local)
        acme = self.installation.find_unit("Acme ApS", self.local)
        rights = [Privilege.UNIT_VIEW, Privilege.UNIT_CREATE, Privilege.UNIT_DELETE, Privilege.ACCOUNT_EDIT]
        rights += [Privilege.SERVER_CREATE, Privilege.SERVER_EDIT]
        with self.installation.records.begin() as tx:
            user_id = made_user(tx, acme, made_role(tx, 1, "Tenants", rights), "kim")
        self.asker = replace(self.local, user_id=user_id, name="kim", unit_id=acme, privileges=frozenset(rights))

    async def run(self, *words: str, allowed: type[RemoteCommand] = RemoteCommand, stdin: str = "") -> Ran:
        async def principal_of(_who: SignedIn) -> Principal:
            return self.asker

        commands = RemoteCommands(self.installation, principal_of, allowed=allowed)
        out, err = io.StringIO(), io.StringIO()
        status = await commands.run(WHO, words, io.StringIO(stdin), out, err)
        commands.close()
        return Ran(status, out.getvalue(), err.getvalue())


@pytest.fixture
def afar(home: Path) -> Iterator[Afar]:
    made = Afar(home)
    asyncio.run(made.prepare())
    yield made
    made.installation.close()


async def test_a_tenant_gets_a_report_of_its_own_alone(afar: Afar) -> None:
    told = await afar.run("report", "units", "--format", "csv")
    assert (told.status, told.err) == (0, "")
    assert "Acme ApS" in told.out
    assert "Beta" not in told.out
    refused = await afar.run("report", "units", "--unit", "Beta")
    assert (refused.status, refused.out) == (1, "")
    assert "No unit “Beta” here, or not yours." in refused.err


async def test_an_action_asks_for_a_reason_and_is_done_where_the_collector_lives(afar: Afar) -> None:
    loops = []
    afar.installation.subscribe(lambda: loops.append(asyncio.get_running_loop()))
    refused = await afar.run("act", "unit.create", "name=Lab")
    assert (refused.status, refused.out) == (1, "")
    assert "reason" in refused.err
    told = await afar.run("act", "unit.create", "name=Lab", "--reason", "OPS-1")
    assert (told.status, told.out) == (0, "Made the unit “Lab” below “Acme ApS”.\n"), told
    assert loops == [asyncio.get_running_loop()]
    line = afar.installation.records.activity(1)[0]
    assert (line.actor, line.reason) == ("kim", "OPS-1")


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["report", "units", "-o", "/tmp/units.csv"], "“--output” is a path"),
        (["report", "units", "--output=units.csv"], "“--output” is a path"),
        (["activity", "verify"], "`cloutui activity verify` is not run from here."),
        (["server", "list"], "`cloutui server list` is not run from here."),
        (["report", "jbos"], "No report “jbos”"),
        (["report", "units", "--colour"], "--colour"),
        (["act", "unit.creat", "name=X"], "Did you mean “unit.create”?"),
    ],
)
async def test_what_is_not_for_afar_is_refused_in_one_line(words: list[str], what: str, afar: Afar) -> None:
    told = await afar.run(*words)
    assert told.status in {1, 2}
    assert told.out == ""
    assert what in told.err


async def test_on_this_host_there_are_more(afar: Afar) -> None:
    told = await afar.run("collect", allowed=HostCommand)
    assert "There is no server to collect from." in told.err
    add = ("server", "add", "SPA01", "--administrator=CLOUTUI", "--unit=Acme ApS", "--reason=OPS-1")
    told = await afar.run("--in", "/", *add, allowed=HostCommand)
    assert "There is no terminal to ask the password at." in told.err
    added = await afar.run("--in", "/", *add, "--password-file", "-", allowed=HostCommand, stdin="demo\n")
    assert "Added the server SPA01." in added.out, added.err
    refused = await afar.run("backup", "X", allowed=HostCommand)
    assert "is not run from here" in refused.err


def test_only_what_says_so_is_known(afar: Afar) -> None:
    async def nobody(_who: SignedIn) -> Principal:
        raise AssertionError

    from_afar = RemoteCommands(afar.installation, nobody)
    on_this_host = RemoteCommands(afar.installation, nobody, allowed=HostCommand)
    names = program.list_commands(click.Context(program))
    afar_too = {"act", "activity", "history", "report"}
    assert {name for name in names if from_afar.knows([name])} == afar_too
    assert {name for name in names if on_this_host.knows([name])} == {*afar_too, "collect", "doctor", "server"}
    assert not from_afar.knows(["--home"])
    from_afar.close()
    on_this_host.close()


@pytest.mark.parametrize("words", [["report"], ["report", "--help"], ["report", "units", "-h"], ["act", "--help"]])
async def test_help_goes_to_who_asks_and_not_to_the_process(
    words: list[str], afar: Afar, capsys: pytest.CaptureFixture[str]
) -> None:
    stdout = sys.stdout
    told = await afar.run(*words)
    assert told.status == 0
    assert told.out.startswith(f"Usage: cloutui {words[0]}")
    assert sys.stdout is stdout
    assert capsys.readouterr().out == ""


async def test_an_answer_from_afar_is_no_longer_than_can_be_borne(afar: Afar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cloutui.cli.remote._MOST_ROWS", 1)
    units = ("report", "units", "--format", "csv")
    assert (await afar.run(*units)).out.count("\n") == 2
    assert (await afar.run("act", "unit.create", "name=Lab", "--reason", "OPS-1")).status == 0
    for asked in (units, (*units, "--limit", "2")):
        told = await afar.run(*asked)
        assert (told.status, told.out) == (1, "")
        assert "The answer has 2 rows; from afar it may have 1." in told.err
    assert (await afar.run(*units, "--limit", "1")).out.count("\n") == 2
    here = await afar.run(*units, allowed=HostCommand)
    assert (here.status, here.out.count("\n")) == (0, 3), "on the host it is one's own memory"
