"""The jobs matrix: every day has a cell, the worst comes first, and what nobody knows is unknown."""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cloutui.errors import Invalid
from cloutui.model.status import Status
from tests.world import NOON, World, a_job, jobs

TODAY = NOON.date()
NONE, OK, PENDING, RUNNING, UNKNOWN, MISSED, ERROR = (
    int(Status[name]) for name in ("NONE", "OK", "PENDING", "RUNNING", "UNKNOWN", "MISSED", "ERROR")
)


def told(world: World, node: str, history: str, *, until: date = TODAY, server: str = "SPA01") -> None:
    """A node's days up to `until`, a letter each: o ok, m missed, f failed, r running, p pending, . nothing."""
    words = {"o": "Completed", "m": "Missed", "f": "Failed", "r": "Started", "p": "Pending"}
    found = {record.name: record.server_id for record in world.records.servers()}
    server_id = found.get(server) or world.server(server)
    world.nodes(server_id, node)
    first = datetime(until.year, until.month, until.day, 1) - timedelta(days=len(history) - 1)
    rows = [a_job(node, first + timedelta(days=n), words[letter]) for n, letter in enumerate(history) if letter != "."]
    world.cache.store(server_id, jobs(*rows), NOON)


def matrix(world: World, days: int = 5, **given: object) -> dict[str, dict[str, Any]]:
    rows = world.run("jobs-matrix", days=days, **given).rows.to_pylist()
    return {row["node"]: row for row in rows}


def test_every_day_has_a_cell_also_those_without_a_job(world: World) -> None:
    told(world, "A", "o..fo")
    told(world, "B", "m")
    answer = world.run("jobs-matrix", first=date(2026, 11, 17), last=date(2026, 11, 23))
    assert list(answer.days) == [f"2026-11-{day}" for day in range(17, 24)]
    rows = {row["node"]: list(row["days"]) for row in answer.rows.to_pylist()}
    assert rows == {
        "A": [NONE, OK, NONE, NONE, ERROR, OK, NONE],
        "B": [NONE, NONE, NONE, NONE, NONE, MISSED, NONE],
    }


def test_without_parameters_it_covers_three_weeks_up_to_today(world: World) -> None:
    told(world, "A", "o")
    answer = world.run("jobs-matrix")
    assert (len(answer.days), answer.days[0], answer.days[-1]) == (21, "2026-11-02", "2026-11-22")


@pytest.mark.parametrize(
    ("given", "first", "last"),
    [
        ({"days": 3}, "2026-11-20", "2026-11-22"),
        ({"days": 1, "last": date(2026, 11, 10)}, "2026-11-10", "2026-11-10"),
        ({"first": date(2026, 11, 20)}, "2026-11-20", "2026-11-22"),
        ({"first": "2026-11-20", "last": "2026-11-21"}, "2026-11-20", "2026-11-21"),
        ({"until": date(2026, 11, 10), "days": 2}, "2026-11-09", "2026-11-10"),
    ],
)
def test_the_days_are_those_that_were_asked_for(world: World, given: dict[str, object], first: str, last: str) -> None:
    told(world, "A", "o")
    days = world.run("jobs-matrix", **given).days
    assert (days[0], days[-1]) == (first, last)


@pytest.mark.parametrize(
    "given",
    [
        {"first": date(2026, 11, 22), "last": date(2026, 11, 21)},
        {"days": -3},
        {"days": 10**12},
        {"first": date(1, 1, 1)},
        {"first": date(2016, 1, 1)},
        {"days": "many"},
        {"first": "yesterday"},
        {"first": "2026-02-30"},
    ],
)
def test_days_that_make_no_sense_are_refused_with_the_next_step(world: World, given: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refused:
        world.run("jobs-matrix", **given)
    assert refused.value.hint


def test_no_node_is_no_row_but_all_days(world: World) -> None:
    answer = world.run("jobs-matrix", days=4)
    assert (answer.total, answer.rows.num_rows, len(answer.days)) == (0, 0, 4)


def test_bad_counts_the_days_that_failed_or_were_missed(world: World) -> None:
    told(world, "A", "ofmfo")
    assert matrix(world)["A"]["bad"] == 3


@pytest.mark.parametrize(
    ("history", "run"),
    [
        ("ooooo", 0),
        ("fffff", 5),
        ("offff", 4),
        ("ffffo", 0),
        ("oofmf", 3),
        # Days on which nothing ended, and tonight's job, do not break a run of bad days.
        ("of.fp", 2),
        ("off.r", 2),
        (".....", None),
        ("f....", 1),
    ],
)
def test_run_counts_the_bad_days_up_to_the_last_one(world: World, history: str, run: int | None) -> None:
    told(world, "A", history)
    row = matrix(world).get("A")
    assert (row["run"] if row else None) == run


def test_the_worst_comes_first_and_yesterday_weighs_more_than_last_week(world: World) -> None:
    for node, history in {"GOOD": "ooooo", "OLD": "foooo", "YOUNG": "oooof", "OFTEN": "mmmoo", "ALSO": "ooooo"}.items():
        told(world, node, history)
    assert list(matrix(world)) == ["OFTEN", "YOUNG", "OLD", "ALSO", "GOOD"]


def test_a_cell_is_the_worst_of_that_days_jobs(world: World) -> None:
    server = world.server()
    world.nodes(server, "A")
    at = datetime(2026, 11, 21, 1)
    rows = [a_job("A", at, said, schedule=said) for said in ("Completed", "Missed", "Started")]
    world.cache.store(server, jobs(*rows), NOON)
    assert list(matrix(world, 2)["A"]["days"]) == [MISSED, NONE]


def test_the_same_node_name_on_two_servers_is_two_rows(world: World) -> None:
    told(world, "A", "o", server="SPA01")
    told(world, "A", "f", server="SPA02")
    rows = world.run("jobs-matrix", days=1).rows.to_pylist()
    assert [(row["server"], list(row["days"])) for row in rows] == [("SPA02", [ERROR]), ("SPA01", [OK])]


def silent_since(world: World, collected: datetime | None) -> None:
    server = world.records.server("SPA01").server_id
    if collected:
        world.swept(server, collected)
    world.swept(server, NOON, code="product-unreachable", problem="SPA01 did not answer", hint="Look.", has_data=False)


def test_what_a_silent_server_still_had_to_tell_is_unknown(world: World) -> None:
    told(world, "A", "ofrp.", until=date(2026, 11, 23))
    told(world, "B", "ooooo", server="SPA02")
    silent_since(world, datetime(2026, 11, 20, 23, tzinfo=UTC))
    rows = world.run("jobs-matrix", first=date(2026, 11, 18), last=date(2026, 11, 24)).rows.to_pylist()
    cells = {row["node"]: list(row["days"]) for row in rows}
    #                    18    19  20     21       22       23    24
    assert cells["A"] == [NONE, OK, ERROR, UNKNOWN, UNKNOWN, NONE, NONE]
    assert cells["B"] == [OK, OK, OK, OK, OK, NONE, NONE]


def test_a_running_job_of_a_server_that_answers_runs(world: World) -> None:
    told(world, "A", "rp")
    world.swept(world.records.server("SPA01").server_id, NOON)
    assert list(matrix(world, 2)["A"]["days"]) == [RUNNING, PENDING]


def test_a_server_that_only_garbles_a_row_is_not_silent(world: World) -> None:
    told(world, "A", "rp")
    world.swept(world.records.server("SPA01").server_id, NOON, code="product-garbled", problem="jobs: 1 unreadable row")
    assert list(matrix(world, 2)["A"]["days"]) == [RUNNING, PENDING]
    assert world.run("jobs-matrix").as_of["SPA01"].problem


def test_nothing_known_of_a_server_that_never_answered_is_none(world: World) -> None:
    told(world, "A", "of")
    silent_since(world, None)
    assert list(matrix(world, 3)["A"]["days"]) == [UNKNOWN, OK, ERROR]


def test_the_days_end_with_today_in_the_units_own_zone(world: World) -> None:
    unit = world.unit("Harbour Freight")
    world.unit_setting(unit, "time_zone", "Pacific/Auckland")
    late = datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert world.run("jobs-matrix", unit, now=late, days=1).days == ("2026-11-23",)
    assert world.run("jobs-matrix", now=late, days=1).days == ("2026-11-22",)
