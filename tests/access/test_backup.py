"""A backup taken while people act holds whole actions, and what is restored from it answers everybody alike."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cloutui.backup import back_up, restore
from cloutui.errors import NotAllowed
from cloutui.home import Home
from cloutui.installation import Installation
from cloutui.model.principal import Principal
from cloutui.reports.registry import all_reports
from cloutui.settings import SecretsSettings, Settings
from tests.access.house import House, Questions, staff
from tests.rounds import rounds

IN_MEMORY = Settings(secrets=SecretsSettings(backend="memory"))
Answers = dict[tuple[str, str], object]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path / "here") as made:
        yield made


def restored(source: Path, home: Home) -> Installation:
    restore(source, home)
    Installation.rebuild_cache(home)
    return Installation(home, IN_MEMORY)


def answers(installation: Installation, members: dict[str, Principal]) -> Answers:
    """By report and role: what is answered, or that it is not."""
    questions = Questions.about(installation, installation.cache)
    told: Answers = {}
    for report in all_reports():
        params = next(questions.of(report))
        for role, member in members.items():
            try:
                told[report.name, role] = installation.session(member).run(report.name, **params).rows.to_pylist()
            except NotAllowed:
                told[report.name, role] = "not allowed"
    return told


def test_what_was_backed_up_while_people_acted_answers_everybody_alike(house: House, tmp_path: Path) -> None:
    site, stop, begun = house.site, threading.Event(), threading.Event()
    by_role = dict(list(staff(site, site.fjord).items())[: rounds(2, soak=5)])
    administrator = staff(site, 1)["administrator"]

    def act() -> None:
        number = 0
        while not stop.wait(0.02):  # a person, not a flood: each unit makes all answers that follow longer
            number += 1
            name = {"name": f"Butik {number}", "parent": "Fjord Retail"}
            site.do("unit.create", name, by=administrator, proof=site.full_proof())
            begun.set()

    actor = threading.Thread(target=act)
    actor.start()
    try:
        assert begun.wait(30)
        taken = back_up(Home.at(site.folder), tmp_path / "first")
    finally:
        stop.set()
        actor.join(30)
    with closing(restored(tmp_path / "first", Home.at(tmp_path / "there"))) as there:
        verified = there.records.verify_activity()
        assert (verified.is_ok, verified.entries) == (True, taken.head_seq)
        lines = {line.target_name for line in there.records.activity(100_000) if line.action == "unit.create"}
        assert {unit.name for unit in there.records.dimensions().units} == {*lines, "Nordhavn Backup"}
        first = answers(there, by_role)
    back_up(Home.at(tmp_path / "there"), tmp_path / "second")
    with closing(restored(tmp_path / "second", Home.at(tmp_path / "elsewhere"))) as elsewhere:
        assert answers(elsewhere, by_role) == first
    told = [rows for rows in first.values() if rows and rows != "not allowed"]
    assert len(told) > len(first) / 2, "empty answers prove nothing"
