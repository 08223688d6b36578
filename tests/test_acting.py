"""A session changes things: on a real installation, with what the activity log then says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cloutui.errors import Invalid, NotConfirmed
from cloutui.home import Home
from cloutui.installation import Installation
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
