"""How far an installation is set up is seen from the installation, whoever did it and by whichever face."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cloutui.first_run import Candidate, FirstRun, first_run_of
from cloutui.home import Home
from cloutui.installation import Installation
from cloutui.model.privilege import Privilege
from cloutui.model.secret import Secret
from cloutui.model.set_up import Step
from cloutui.model.unit_proposal import Proposal
from cloutui.session import Session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    installation = Installation.open(Home.at(tmp_path))
    yield installation.session(installation.principal("terminal"))
    installation.close()


async def test_every_step_is_done_once_the_installation_shows_it(session: Session) -> None:
    run = first_run_of(session)
    assert run is not None
    assert (await run.state()).next_step is Step.UNIT

    await session.act("unit.set", {"unit": ".", "key": "time_zone", "value": "UTC"})
    state = await run.state()
    assert (state.next_step, state.words, state.has_server) == (Step.SERVER, "1 of 5", False)

    candidate = Candidate(name="SPA01", door={"kind": "local"}, administrator="CLOUTUI", password=Secret("demo"))
    assert "config.yaml" in await run.add(candidate, update=False)
    assert (await run.state()).next_step is Step.COLLECT

    await run.make_unit(Proposal(unit="Acme ApS", prefix="ACME-", nodes=2))
    await run.make_unit(Proposal(unit="acme aps", domain="PD_SQL", nodes=2))
    units = [place.name for place in session.installation.records.tree()]
    assert units == ["Site", "Acme ApS"], "one unit of that name, with two rules"
    assert [rule.words for rule in session.installation.records.rules()] == ["name ACME-*", "domain PD_SQL"]

    await session.act("unit.set", {"unit": ".", "key": "backup_day_start", "value": "00:00"})
    state = await run.state()
    assert state.done == {Step.UNIT, Step.SERVER, Step.UNITS, Step.DAY}


async def test_who_lacks_a_right_or_stands_below_is_not_asked_to_set_up(session: Session) -> None:
    everything, installation = session.principal, session.installation
    assert isinstance(first_run_of(session), FirstRun)
    lesser = replace(everything, privileges=everything.privileges - {Privilege.RULE_EDIT})
    assert first_run_of(installation.session(lesser)) is None
    await session.act("unit.create", {"name": "Acme ApS"})
    below = replace(everything, unit_id=everything.unit_id + 1)
    assert first_run_of(installation.session(below)) is None
