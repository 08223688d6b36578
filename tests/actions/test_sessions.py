"""Ending somebody's session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cloutui.actions.plan import planned
from cloutui.actions.proof import Proof
from cloutui.actions.registry import build
from cloutui.errors import NotAllowed, NotConfirmed, NotFound
from cloutui.home import Home
from cloutui.installation import Installation
from cloutui.model.open_session import OpenSession
from cloutui.model.principal import Principal
from cloutui.model.privilege import Privilege
from tests.actions.people import made_role, made_user
from tests.world import NOON, furnish


class Fake:
    def __init__(self, session_id: str, unit_id: int) -> None:
        self.session_id, self.unit_id = session_id, unit_id
        self.read: list[str] = []

    def told(self) -> OpenSession:
        return OpenSession(
            session_id=self.session_id,
            user_id=7,
            user="kim",
            unit_id=self.unit_id,
            since=NOON,
            came_from="192.0.2.1",
            face="ssh",
            idle_s=3,
            columns=120,
            rows=36,
        )

    def end(self, farewell: str) -> None:
        self.read.append(farewell)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    furnish(tmp_path)
    made = Installation.open(Home.at(tmp_path))
    yield made
    made.close()


def somebody(installation: Installation, unit_id: int, *privileges: Privilege) -> Principal:
    local = installation.principal("terminal")
    with installation.records.begin() as tx:
        user_id = made_user(tx, unit_id, made_role(tx, 1, "Askers", privileges), "op-01")
    return replace(local, user_id=user_id, name="op-01", unit_id=unit_id, privileges=frozenset(privileges))


async def test_a_session_is_ended_its_user_is_told_who_did_it_and_the_log_too(installation: Installation) -> None:
    kim = Fake("s1", installation.records.root_unit_id)
    stop = installation.sessions.follow(lambda: [kim])
    local = installation.principal("terminal")
    installation_plan = planned(build("session.end", {"session": "s1"}), local, installation.context)
    assert installation_plan.sentence == "Ended the session of “kim” from 192.0.2.1."
    assert kim.read == [], "to ask what it would do ends nothing"
    proof = Proof(reason="OPS-1", write_mode_until=NOON)
    outcome = await installation.perform("session.end", {"session": "s1", "why": "maintenance"}, local, proof)
    assert outcome.sentence == "Ended the session of “kim” from 192.0.2.1: maintenance."
    assert kim.read == [f"Your session was ended by {local.name}: maintenance."]
    assert installation.records.activity(1)[0].action == "session.end"
    assert installation.session(local).run("sessions").total == 1
    stop()
    assert installation.session(local).run("sessions").total == 0


async def test_sessions_of_elsewhere_are_not_there_and_write_mode_is_asked_for(installation: Installation) -> None:
    local = installation.principal("terminal")
    await installation.perform("unit.create", {"name": "Acme ApS"}, local)
    await installation.perform("unit.create", {"name": "Beta"}, local)
    acme, beta = (installation.find_unit(name, local) for name in ("Acme ApS", "Beta"))
    kim, hers = Fake("s1", beta), Fake("s2", acme)
    installation.sessions.follow(lambda: [kim, hers])
    asker = somebody(installation, acme, Privilege.SESSION_VIEW, Privilege.SESSION_DELETE)
    for session in ("s1", "s9"):
        with pytest.raises(NotFound):
            await installation.perform("session.end", {"session": session}, asker)
    with pytest.raises(NotConfirmed, match="write mode"):
        await installation.perform("session.end", {"session": "s2"}, asker)
    assert installation.session(asker).run("sessions").total == 1
    with pytest.raises(NotAllowed):
        await installation.perform("session.end", {"session": "s2"}, replace(asker, privileges=frozenset()))
    assert (kim.read, hers.read) == ([], [])
