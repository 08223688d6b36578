"""What was said of a closed day since: told beside it, to whom it is for, and nothing of it in the day itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cloutui.model.privilege import Privilege
from tests.world import NOON, World, a_job, a_node, jobs, nodes

DAY = date(2026, 11, 21)
LATER = NOON + timedelta(hours=1)
FJORD, SKOV = 2, 3


@pytest.fixture
def closed(world: World) -> World:
    """Fjord Retail and Skov Transport have a node each, of which the first was acknowledged before the day closed."""
    server = world.server()
    names = ("FJORD-FS01", "SKOV-DB01")
    world.nodes(server, *names)
    for name, unit in zip(names, ("Fjord Retail", "Skov Transport"), strict=True):
        world.assign(name, world.unit(unit))
    world.cache.store(server, nodes(*map(a_node, names)), NOON)
    world.cache.store(server, jobs(*(a_job(name, said="Failed", result=12) for name in names)), NOON)
    world.handled(1, FJORD, day=DAY, actor="OP1")
    world.comment(1, FJORD, "Before it closed.", day=DAY)
    world.freeze(DAY)
    return world


def since(closed: World, unit: int | None = None, revision: int | None = None) -> dict[str, str]:
    rows = closed.run("daily-since", unit, day=DAY, revision=revision).rows.to_pylist()
    return {row["node"]: row["since"] for row in rows}


def test_what_was_said_before_it_closed_is_no_news(closed: World) -> None:
    assert since(closed) == {}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ([(2, "acknowledged")], {"SKOV-DB01": "acknowledged OP2"}),
        ([(2, "acknowledged"), (2, "open")], {}),
        ([(1, "resolved")], {"FJORD-FS01": "resolved OP2"}),
        ([(1, "open")], {"FJORD-FS01": "opened again"}),
        ([(1, "open"), (2, "ignored")], {"FJORD-FS01": "opened again", "SKOV-DB01": "ignored OP2"}),
    ],
)
def test_how_it_is_handled_otherwise_is_told(closed: World, said: list[tuple[int, str]], told: dict[str, str]) -> None:
    for node, state in said:
        closed.handled(node, node + 1, state, day=DAY, actor="OP2", at=LATER)
    assert since(closed) == told
    closed.handled(2, SKOV, "resolved", actor="OP2", at=LATER)
    assert since(closed) == told, "of another day"


def test_comments_are_counted_that_were_written_since(closed: World) -> None:
    closed.comment(1, FJORD, "Disk full.", day=DAY, written_at=LATER)
    assert since(closed) == {"FJORD-FS01": "1 comment"}
    closed.comment(1, FJORD, "Disk swapped.", day=DAY, written_at=LATER + timedelta(hours=1))
    closed.handled(1, FJORD, "resolved", day=DAY, actor="OP2", at=LATER)
    (row,) = closed.run("daily-since", day=DAY).rows.to_pylist()
    assert (row["since"], row["comment"]) == ("resolved OP2, 2 comments", "op: Disk swapped.")


def test_the_day_itself_stays_as_it_was_closed(closed: World) -> None:
    def rows() -> list[dict[str, Any]]:
        return closed.run("daily", day=DAY).rows.to_pylist()

    before = rows()
    closed.handled(1, FJORD, "resolved", day=DAY, at=LATER)
    closed.comment(1, FJORD, "Since.", day=DAY, written_at=LATER)
    assert rows() == before
    assert since(closed)
    assert since(closed, revision=0) == {}, "a day as of now has it all"


def test_it_is_told_to_those_alone_whose_node_it_is_and_comments_to_those_who_may_read_them(closed: World) -> None:
    for node, unit in ((1, FJORD), (2, SKOV)):
        closed.comment(node, unit, "Since.", day=DAY, written_at=LATER)
        closed.handled(node, unit, "active", day=DAY, actor="OP2", at=LATER)
    assert set(since(closed)) == {"FJORD-FS01", "SKOV-DB01"}
    assert set(since(closed, FJORD)) == {"FJORD-FS01"}
    reader = closed.principal(SKOV, Privilege.JOB_VIEW)
    (row,) = closed.runner(now=lambda: NOON).run("daily-since", reader, {"day": DAY}).rows.to_pylist()
    assert (row["node"], row["since"], row["comment"]) == ("SKOV-DB01", "active OP2", "")
