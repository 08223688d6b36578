"""What the backup servers were asked for a report, and for whom that is not to be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cloutui.delivery.behind import commands_behind
from cloutui.errors import NotAllowed, NotFound
from cloutui.model.privilege import Privilege
from cloutui.model.question import Question
from cloutui.model.table import Answer
from cloutui.reports.registry import all_reports
from tests.world import NOON, World, a_node, nodes

NAMED = ("SPA01", "SPA02")
Texts = Callable[..., list[tuple[str | None, str]]]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two servers with a node each; the second has a stanza in its door."""
    world = World(Path(tmp_path_factory.mktemp("known")))
    for name in NAMED:
        server = world.server(name)
        world.nodes(server, f"ACME-{name}")
        world.cache.store(server, nodes(a_node(f"ACME-{name}")), NOON)
    world.change_server("SPA02", doors=[{"kind": "local", "server": "SECOND"}])
    yield world
    world.close()


def texts(world: World, report: str, *rights: Privilege, **parameters: Any) -> list[tuple[str | None, str]]:
    """For each command: the stanza, and what is asked."""
    runner, principal = world.runner(), world.principal(None, *rights)

    def ask(name: str, *, unit: int | None = None, filter: str = "", **asked: Any) -> Answer:  # noqa: A002
        return runner.run(name, principal, asked, unit=unit, filter=filter)

    commands = commands_behind(Question(report=report, parameters=parameters), ask, world.records.servers)
    assert {command.administrator for command in commands} <= {"CLOUTUI"}
    return [(command.server, str(command.pieces[0])) for command in commands]


def node_id(world: World, name: str) -> int:
    rows = world.run("nodes").rows.to_pylist()
    return next(int(row["node_id"]) for row in rows if row["node"] == name)


def test_each_server_is_asked_by_its_stanza_or_as_the_clients_default(known: World) -> None:
    (first, text), (second, same) = texts(known, "nodes")
    assert (first, second) == (None, "SECOND")
    assert text == same
    assert text.startswith("SELECT NODE_NAME,")


def test_a_report_about_one_node_asks_its_server_for_that_node(known: World) -> None:
    [(stanza, text)] = texts(known, "node-filespaces", node_id=node_id(known, "ACME-SPA02"))
    assert stanza == "SECOND"
    assert text.endswith("FROM FILESPACES WHERE NODE_NAME='ACME-SPA02'")
    with pytest.raises(NotFound):
        texts(known, "node-filespaces", node_id=4711)


def test_days_are_bounds_and_the_last_one_is_whole(known: World) -> None:
    [(_, events), *_] = texts(known, "jobs", first="2026-11-20", last="2026-11-21", server="SPA01")
    assert "SCHEDULED_START>='2026-11-20 00:00:00' AND SCHEDULED_START<'2026-11-22 00:00:00'" in events
    day = texts(known, "node-day", node_id=node_id(known, "ACME-SPA01"), day="2026-11-21")
    assert day
    assert all(">='2026-11-21 00:00:00'" in text for _, text in day)
    [(_, matrix), *_] = texts(known, "jobs-matrix", days=3, until="2026-11-21")
    assert "SCHEDULED_START>='2026-11-19 00:00:00' AND SCHEDULED_START<'2026-11-22 00:00:00'" in matrix


def test_what_is_added_up_from_many_answers_has_no_command(known: World) -> None:
    none = {"attention", "days", "job-counts", "job-log", "stored", "units", "units-matrix"}
    assert none <= {report.name for report in all_reports()}
    assert [name for name in sorted(none) if texts(known, name)] == []


def test_whoever_may_not_see_servers_does_not_learn_their_administrators(known: World) -> None:
    with pytest.raises(NotAllowed):
        texts(known, "nodes", Privilege.NODE_VIEW, Privilege.UNIT_VIEW)
