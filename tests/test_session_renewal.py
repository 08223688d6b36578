"""A session asks with what its reader may do at this moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cloutui.errors import AccessEnded, NotAllowed
from cloutui.home import Home
from cloutui.installation import Installation
from cloutui.model.privilege import Privilege
from cloutui.model.question import Question
from cloutui.session import OwnSession
from tests.actions.people import changed_user, made_role, made_user
from tests.world import NOON, furnish

BEFORE = [Privilege.UNIT_VIEW, Privilege.ACCOUNT_EDIT]


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    furnish(tmp_path)
    made = Installation.open(Home.at(tmp_path))
    yield made
    made.close()


def add(installation: Installation, **values: object) -> int:
    with installation.records.begin() as tx:
        user_id = made_user(tx, 1, made_role(tx, 1, "Operators", BEFORE), "op-01")
        if values:
            changed_user(tx, user_id, **values)
    return user_id


def change(installation: Installation, user_id: int, **values: object) -> None:
    with installation.records.begin() as tx:
        changed_user(tx, user_id, **values)


async def test_another_role_and_a_lock_hold_with_the_next_question(installation: Installation) -> None:
    local = installation.principal("terminal")
    user_id = add(installation)
    session = installation.session(replace(local, user_id=user_id, role="Operators"))
    assert (await session.ask("units")).total == 1
    assert not session.may(Privilege.SERVER_VIEW)
    with installation.records.begin() as tx:
        changed_user(tx, user_id, role_id=made_role(tx, 1, "Watchers", [Privilege.SERVER_VIEW]))
    with pytest.raises(NotAllowed):
        await session.ask("units")
    assert session.may(Privilege.SERVER_VIEW)
    change(installation, user_id, locked_at=NOON)
    for asks in (
        session.ask("servers"),
        session.values(Question(report="servers"), "server"),
        session.saved_filters(),
        session.verify_activity(),
    ):
        with pytest.raises(AccessEnded):
            await asks


async def test_who_makes_the_first_user_here_goes_on_as_that_user(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloutui.installation.getpass.getuser", lambda: "root")
    own = OwnSession(installation, installation.principal("terminal"))
    other = installation.session(own.principal)
    add(installation, os_user="root")
    await own.ask("units")
    assert own.principal.name == "op-01"
    with pytest.raises(AccessEnded):
        await other.ask("units")


def test_what_a_user_prefers_is_known(installation: Installation) -> None:
    local = installation.principal("terminal")
    assert installation.preferences_of(local) == {}
    user_id = add(installation, preferences={"theme": "ink"})
    assert installation.preferences_of(replace(local, user_id=user_id)) == {"theme": "ink"}
