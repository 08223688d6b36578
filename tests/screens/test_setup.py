"""The set-up on an installation of its own, without a server: how it opens, is left, and goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cloutui.errors import Broken
from cloutui.first_run import FirstRun
from cloutui.home import Home
from cloutui.installation import Installation
from cloutui.model.privilege import Privilege
from cloutui.model.set_up import SetUp
from cloutui.screens.setup import Setup
from cloutui.session import OwnSession
from cloutui.widgets.form_state import Stop
from tests.actions.people import made_role, made_user
from tests.screens.console import Console, console
from tests.screens.fake_session import NOW, FakeSession, fleet

S = (80, 24)


def opener(home: Path) -> Callable[[Callable[[str], None]], object]:
    async def open_session(_progress: Callable[[str], None]) -> OwnSession:
        installation = Installation.open(Home.at(home))
        return OwnSession(installation, installation.principal("terminal"))

    return open_session


def set_up(it: Console) -> Setup:
    view = it.shell.view
    assert isinstance(view, Setup)
    return view


async def test_it_opens_by_itself_is_left_and_goes_on_where_it_is_needed_next(tmp_path: Path) -> None:
    session, own = FakeSession(fleet(nodes=0)), opener(tmp_path)
    async with console(S, session=session, demo=False, start="overview", open_session=own) as it:
        await it.sees("Set up: your own unit", "Name *")
        await it.press("tab", "ctrl+u", *"Mars", "ctrl+j")
        await it.sees("is no time zone")
        await it.press("ctrl+u", *"UTC", "ctrl+j")
        await it.sees("● own unit", "SSH host *")

        await it.press("tab", *"tsm", "escape")
        await it.sees("esc again leaves")
        await it.press("escape")
        await it.sees("set-up 1 of 5", "s adds the first server")
        await it.press("s")
        await it.sees("Set up: the first server", "tsm")

        await it.press("ctrl+j")
        await it.sees("× is needed")
        await it.press("pagedown")
        await it.sees("There is no backup server yet.")
        await it.press("K")
        await it.sees("tsm")


async def test_a_host_that_does_not_answer_is_told_beside_what_was_typed(tmp_path: Path) -> None:
    session, own = FakeSession(fleet(nodes=0)), opener(tmp_path)
    async with console(S, session=session, demo=False, start="overview", open_session=own) as it:
        await it.sees("Set up: your own unit", "Name *")
        await it.press("pagedown")
        await it.sees("Set up: the first server")
        form = set_up(it).main
        form.state.put({"place": "local", "command": "/nowhere/dsmadmc", "administrator": "CLOUTUI", "name": "SPA01"})  # type: ignore[attr-defined]
        form.state.go_to(Stop("password"))  # type: ignore[attr-defined]
        await it.press(*"demo", "ctrl+j")
        await it.sees("SPA01 did not answer", "then test again", "Test the server")
        assert it.app.shell.desk.session is not None
        assert not it.app.shell.desk.session.installation.records.servers(), "nothing was stored"  # type: ignore[attr-defined]


async def test_why_it_cannot_go_on_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(_run: FirstRun) -> SetUp:
        raise Broken("The records cannot be read.", hint="Look at the disk.")

    session = FakeSession(fleet(nodes=0))
    async with console(S, session=session, demo=False, start="overview", open_session=opener(tmp_path)) as it:
        await it.sees("Set up: your own unit", "Name *")
        await it.press("pagedown", "pagedown")
        await it.sees("There is no backup server yet.")
        monkeypatch.setattr(FirstRun, "state", refused)
        await it.press("enter")
        await it.sees("The records cannot be read.")
        monkeypatch.undo()
        await it.press("enter")
        await it.sees("Set up: your own unit", "Name *")


async def test_ctrl_q_leaves_while_one_types(tmp_path: Path) -> None:
    session = FakeSession(fleet(nodes=0))
    async with console(S, session=session, demo=False, start="overview", open_session=opener(tmp_path)) as it:
        await it.sees("Set up: your own unit", "Name *")
        await it.press("x", "ctrl+q")
        await it.until(lambda: it.app.return_code == 0)


async def test_once_there_are_users_storing_asks_why_and_keeps_what_was_typed(tmp_path: Path) -> None:
    session, opened = FakeSession(fleet(nodes=0)), []

    async def open_session(_progress: Callable[[str], None]) -> OwnSession:
        installation = Installation.open(Home.at(tmp_path))
        installation.records.clock = lambda: NOW
        local = installation.principal("terminal")
        with installation.records.begin() as tx:
            user_id = made_user(tx, 1, made_role(tx, 1, "Administrators", list(Privilege)), "op-01")
        opened.append(installation)
        return OwnSession(installation, replace(local, user_id=user_id, name="op-01"))

    async with console(S, session=session, demo=False, start="overview", open_session=open_session) as it:
        await it.sees("Set up: your own unit", "Name *")
        await it.press("tab", "ctrl+u", *"UTC", "ctrl+j")
        await it.sees("“Setting up” changes something.")
        await it.press("escape")
        await it.sees("Set up: your own unit")
        assert opened[0].records.activity(1)[0].action == "test.prepare", "nothing was stored"
        await it.press("ctrl+j")
        await it.sees("“Setting up” changes something.")
        await it.press(*"SRQ-1", "ctrl+j")
        await it.sees("Set up: the first server", " WRITE 15m ")
        line = opened[0].records.activity(1)[0]
        assert (line.action, line.actor, line.reason) == ("unit.set", "op-01", "SRQ-1")
