"""A session changes things: on a real installation, with what the activity log then says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cloutui.errors import Invalid, NotConfirmed, ReadOnly
from cloutui.first_run import first_run_of
from cloutui.home import Home
from cloutui.installation import Installation
from cloutui.model.privilege import Privilege
from cloutui.session import Session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    installation = Installation.open(Home.at(tmp_path))
    yield installation.session(installation.principal("terminal"))
    installation.close()


async def test_a_session_reads_until_it_says_why(session: Session) -> None:
    assert session.write_mode is None
    assert session.may_write
    acme, skov = [(await session.act("unit.create", {"name": name})).target.id for name in ("Acme ApS", "Skov")]
    assert acme is not None
    assert skov is not None
    move = {"unit": acme, "parent": skov}
    with pytest.raises(NotConfirmed, match="write mode"):
        await session.act("unit.move", move)
    with pytest.raises(Invalid, match="reason"):
        await session.act("session.write", {"reason": " "})
    assert session.write_mode is None

    await session.act("session.write", {"reason": "SRQ-1", "minutes": "30"})
    plan = await session.plan("unit.move", move)
    assert session.installation.records.tree()[acme].parent_id != skov, "asking changes nothing"
    outcome = await session.act("unit.move", move)
    assert plan.sentence == outcome.sentence
    session.touch()
    assert not await session.turn_to(acme), "who began at the top may go anywhere"

    await session.begin_write("SRQ-2", 15, unit=acme)
    assert not await session.turn_to(skov), "of the same customer"
    assert await session.turn_to(session.principal.unit_id)
    assert session.write_mode is None
    await session.act("session.write", {"reason": "SRQ-3"})
    await session.end_write()
    told = [(line.action, line.reason) for line in session.installation.records.activity(20)][::-1]
    assert told[-6:] == [
        ("session.write", "SRQ-1"),
        ("unit.move", "SRQ-1"),
        ("session.write", "SRQ-2"),
        ("session.read", "SRQ-2"),
        ("session.write", "SRQ-3"),
        ("session.read", "SRQ-3"),
    ]


async def test_a_session_that_only_looks_writes_nothing_and_offers_nothing(session: Session) -> None:
    assert first_run_of(session) is not None
    session.principal = replace(session.principal, is_read_only=True)
    before = session.installation.records.activity(20)
    for refused in (
        session.act("filter.save", {"name": "bad", "text": "status:failed"}),
        session.act("session.write", {"reason": "SRQ-1"}),
        session.begin_write("SRQ-1", 15),
        session.plan("unit.rename", {"unit": ".", "name": "Nordhavn Backup"}),
    ):
        with pytest.raises(ReadOnly, match="started with --read-only"):
            await refused
    assert not session.may_write
    assert not session.may(Privilege.UNIT_EDIT)
    assert session.may(Privilege.UNIT_VIEW)
    assert session.may(Privilege.ACCOUNT_EDIT), "one's own account is still to be seen"
    assert session.renew().is_read_only
    assert (await session.ask("units")).total == 1
    assert first_run_of(session) is None
    assert session.installation.records.activity(20) == before
