"""How fresh a server's facts are: what is remembered of each attempt, and when a server counts as silent."""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloutui.cache import sweeps
from cloutui.model.table import Freshness
from tests.rounds import rounds
from tests.world import NOON, World, a_job, jobs

WORKED = {"code": "", "has_data": True}
GARBLED = {"code": "product-garbled", "has_data": True}
SILENT = {"code": "product-unreachable", "has_data": False}


def minutes(number: int) -> datetime:
    return NOON + timedelta(minutes=number)


def freshness(world: World) -> Freshness:
    return world.run("servers").as_of["SPA01"]


def test_an_outcome_that_could_not_be_written_leaves_the_writer_free(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = world.server()
    with monkeypatch.context() as broken:
        broken.setattr(sweeps, "_SUM_UP", "SELECT $server_id FROM no_such_table")
        with pytest.raises(duckdb.CatalogException):
            world.swept(server, minutes(0), problem="words", hint="a step", **GARBLED)
    world.swept(server, minutes(1), problem="", hint="", **WORKED)
    assert freshness(world).failing_since is None, "nothing of the first is left"


@pytest.mark.parametrize(
    ("outcomes", "collected", "failing_since", "is_silent"),
    [
        ([WORKED], 0, None, False),
        ([GARBLED], 0, 0, False),
        ([SILENT], None, 0, True),
        ([WORKED, SILENT], 0, 1, True),
        ([WORKED, SILENT, SILENT], 0, 1, True),
        ([WORKED, SILENT, WORKED], 2, None, False),
        ([WORKED, SILENT, GARBLED], 2, 1, False),
        ([WORKED, GARBLED, GARBLED], 2, 1, False),
        # It garbled a row first, and then fell silent: it is silent from then on.
        ([WORKED, GARBLED, SILENT], 1, 2, True),
        ([WORKED, GARBLED, SILENT, SILENT], 1, 2, True),
        ([GARBLED, GARBLED, SILENT, GARBLED, SILENT], 3, 4, True),
    ],
)
def test_a_server_is_silent_from_the_first_attempt_that_brought_nothing(
    world: World,
    outcomes: list[dict[str, object]],
    collected: int | None,
    failing_since: int | None,
    is_silent: bool,
) -> None:
    server = world.server()
    for number, outcome in enumerate(outcomes):
        world.swept(server, minutes(number), problem="words", hint="a step", **outcome)
    state = freshness(world)
    assert state.collected_at == (None if collected is None else minutes(collected))
    assert state.failing_since == (None if failing_since is None else minutes(failing_since))
    assert state.is_silent == is_silent
    assert bool(state.problem) == bool(outcomes[-1]["code"])


@settings(max_examples=rounds(4, soak=10), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(outcomes=st.lists(st.sampled_from([WORKED, GARBLED, SILENT]), min_size=1, max_size=6))
def test_silent_means_that_the_last_attempt_brought_nothing(world: World, outcomes: list[dict[str, object]]) -> None:
    server = world.server(f"SPA{len(world.records.servers()):03}")
    for number, outcome in enumerate(outcomes):
        world.swept(server, minutes(number), **outcome)
    state = next(state for state in world.run("servers").as_of.values() if state.server == server_name(world, server))
    assert state.is_silent == (outcomes[-1] == SILENT)


def server_name(world: World, server_id: int) -> str:
    return next(server.name for server in world.records.servers() if server.server_id == server_id)


def open_work(world: World, server: int) -> sweeps.OpenWork:
    with world.cache.database.reader() as reader:
        return sweeps.open_work(reader, server, "events")


def test_before_the_first_sweep_nothing_is_known(world: World) -> None:
    assert open_work(world, world.server()) == (None, None)


def test_what_is_open_is_found_however_long_ago_the_last_sweep_was(world: World) -> None:
    """After a pause of months the job that ran when it began is asked for again."""
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    last = datetime(2025, 3, 1, 12, tzinfo=UTC)
    started, done = datetime(2025, 2, 28, 20), datetime(2025, 2, 28, 19)
    rows = jobs(a_job(scheduled=started, said="Started"), a_job(scheduled=done, said="Completed"))
    world.cache.store(server, rows, last)
    world.swept(server, last)
    assert open_work(world, server) == (last, started.replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("said", "is_open"),
    [
        (["Completed"], False),
        (["Failed", "Future"], False),
        (["Missed"], False),
        (["Pending"], True),
        (["Started"], True),
        (["Started", "Uncertain"], True),
        # After a failure the client may try again: it runs.
        (["Failed", "Started"], True),
    ],
)
def test_what_has_not_ended_is_open(world: World, said: list[str], is_open: bool) -> None:
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    for number, word in enumerate(said):
        world.cache.store(server, jobs(a_job(said=word)), minutes(number))
    world.swept(server, minutes(9))
    assert (open_work(world, server).oldest_open is not None) == is_open


def test_a_problem_of_any_pace_labels_the_server_and_the_jobs_stay_as_fresh_as_they_are(world: World) -> None:
    server = world.server()
    world.swept(server, minutes(0), **WORKED)
    world.swept(server, minutes(1), pace="inventory", problem="nodes: 2 unreadable rows", hint="a step", **GARBLED)
    state = freshness(world)
    assert (state.problem, state.hint) == ("nodes: 2 unreadable rows", "a step")
    assert state.collected_at == minutes(0)
    assert not state.is_silent
    world.swept(server, minutes(2), pace="inventory", **WORKED)
    assert freshness(world).problem == ""


def test_a_silent_server_is_told_before_a_garbled_one(world: World) -> None:
    server = world.server()
    world.swept(server, minutes(0), pace="inventory", problem="garbled", hint="a step", **GARBLED)
    world.swept(server, minutes(1), problem="silent", hint="a step", **SILENT)
    assert freshness(world).problem == "silent"
    assert freshness(world).is_silent
