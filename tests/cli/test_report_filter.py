"""`cloutui report NAME --filter --sort --limit`: the filter language on the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cloutui.cli.program import DONE, FAILED, WRONG_USAGE
from tests.cli.running import cloutui
from tests.world import NOON, World, a_node, nodes

NAMES = ("ACME-SQL01", "ACME-SQL02", "ACME-WEB01")


@pytest.fixture
def town(home: Path) -> Path:
    """A home with three nodes."""
    world = World(home)
    server = world.server()
    world.nodes(server, *NAMES)
    world.cache.store(server, nodes(*(a_node(name, platform="Linux", domain="PD_STD") for name in NAMES)), NOON)
    world.close()
    return home


def asked(home: Path, *options: str) -> dict[str, Any]:
    ran = cloutui("report", "nodes", "--format", "json", *options, home=home)
    assert (ran.status, ran.err) == (DONE, "")
    found: dict[str, Any] = json.loads(ran.out)
    return found


def names(answer: dict[str, Any]) -> list[str]:
    return [row["node"] for row in answer["rows"]]


def test_a_filter_an_order_and_a_limit(town: Path) -> None:
    assert names(asked(town)) == list(NAMES)
    assert names(asked(town, "--filter", "sql -02")) == ["ACME-SQL01"]
    assert names(asked(town, "--sort", "-node")) == list(reversed(NAMES))
    assert names(asked(town, "--sort=server", "--sort=-name", "--limit", "2")) == ["ACME-WEB01", "ACME-SQL02"]
    assert names(asked(town, "--filter", "os:linux sort:-node", "--limit", "1")) == ["ACME-WEB01"]


def test_what_was_asked_and_how_many_rows_there_are_stand_above_the_answer(town: Path) -> None:
    answer = asked(town, "--filter", "sql", "--sort", "-node", "--limit", "1")
    assert (answer["filter"], answer["sort"], answer["total"]) == ("sql", ["-node"], 2)
    assert datetime.fromisoformat(answer["made_at"]).tzinfo == UTC


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (
            ["--filter", "statsu:failed"],
            "cloutui: There is no field “statsu” here. Did you mean “status”? Fields: status, node, unit,",
        ),
        (
            ["--filter", "status:faild"],
            "cloutui: “faild” is no status. Did you mean “failed”? Statuses: error, missed,",
        ),
        (["--filter", "stored>10XB"], "cloutui: “10XB” is no size. Write it as 500MiB, 10GB or 1.5T.\n"),
        (["--filter", 'unit:"North'], 'cloutui: A quote is open. Close it with ".\n'),
        (["--filter", "@night"], "cloutui: No filter is saved as “@night”. :save NAME keeps"),
        (["--filter", "last:7d"], "cloutui: Report “nodes” is not about days. Take “last:” out.\n"),
        (["--sort", "nod"], "cloutui: There is no field “nod” here. Did you mean “node”? "),
    ],
)
def test_a_wrong_filter_is_one_line_with_the_nearest_word(town: Path, options: list[str], line: str) -> None:
    ran = cloutui("report", "nodes", *options, home=town)
    assert (ran.status, ran.out) == (FAILED, "")
    assert ran.err.startswith(line)
    assert ran.err.count("\n") == 1


def test_a_filter_is_never_written_raw(town: Path) -> None:
    ran = cloutui("report", "nodes", "--filter", "status:\x1b[2J", home=town)
    assert ran.status == FAILED
    assert "\x1b" not in ran.err


def test_a_limit_of_nothing_is_wrong_usage(town: Path) -> None:
    assert cloutui("report", "nodes", "--limit", "0", home=town).status == WRONG_USAGE


def test_a_saved_filter_is_named_and_stands_in_the_heading_as_it_was_typed(town: Path) -> None:
    saved = cloutui("act", "filter.save", "name=sql", "text=name:*sql* sort:-node", home=town)
    assert (saved.status, saved.out) == (DONE, "@sql is name:*sql* sort:-node.\n")
    answer = asked(town, "--filter", "@SQL -02")
    assert names(answer) == ["ACME-SQL01"]
    assert answer["filter"] == "@SQL -02"
    assert names(asked(town, "--filter", "@sql")) == ["ACME-SQL02", "ACME-SQL01"]
    cloutui("act", "filter.forget", "name=sql", home=town)
    assert cloutui("report", "nodes", "--filter", "@sql", home=town).err.startswith("cloutui: No filter is saved")
