"""`cloutui history`: days are frozen by hand, listed, shown again, and verified beside whoever has the files."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.running import cloutui
from tests.world import World, a_job, a_node, jobs, nodes

NOW = datetime.now(UTC)
DAY = (NOW - timedelta(days=3)).date()
"""Of the real clock, which the command line has."""


@pytest.fixture
def worked(home: Path) -> Path:
    """A home in which a job failed three days ago."""
    world = World(home)
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    world.cache.store(server, nodes(a_node()), NOW)
    at = datetime.combine(DAY, datetime.min.time()) + timedelta(hours=1)
    world.cache.store(server, jobs(a_job(scheduled=at, said="Failed", result=12)), NOW)
    world.close()
    return home


def test_a_day_is_frozen_listed_verified_and_shown_again(worked: Path) -> None:
    freeze = ("history", "freeze", "--day", DAY.isoformat())
    frozen = cloutui(*freeze, "--reason", "ticket 4417", home=worked)
    assert frozen.status == 0, frozen.err
    assert f"Froze {DAY} of “Nordhavn Backup”: 1 unit, 1 row" in frozen.out
    listed = json.loads(cloutui("history", "list", "--format", "json", home=worked).out)
    assert [(row["day"], row["nodes"], row["status"]) for row in listed["rows"]] == [(str(DAY), 1, "error")]
    verified = cloutui("history", "verify", home=worked)
    assert (verified.status, verified.out) == (0, "● 1 file with 1 day of units: all as they were frozen\n")
    daily = ("report", "daily", "--day", DAY.isoformat(), "--format", "json")
    first, second = (cloutui(*daily, home=worked).out for _ in range(2))
    assert first == second
    assert json.loads(first)["notes"][0].startswith("Frozen ")
    assert not json.loads(cloutui(*daily, "--revision", "0", home=worked).out)["notes"], "live, when it is asked for"


def test_what_does_not_fit_any_more_is_told(worked: Path) -> None:
    assert cloutui("history", "freeze", "--day", DAY.isoformat(), "--reason", "t", home=worked).status == 0
    [file] = (worked / "history").iterdir()
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    verified = cloutui("history", "verify", home=worked)
    assert verified.status == 1
    assert f"× The file of {DAY} ({file.stem[:12]}) cannot be read any more: it had the rows of “Nord" in verified.out
    shown = cloutui("report", "daily", "--day", DAY.isoformat(), home=worked)
    assert (shown.status, shown.out) == (1, "")
    assert "is not what it was" in shown.err
