"""One sweep: what it stores, what it asks for, and what it says of a server that fails, garbles or surprises us."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from cloutui.collectors.pace import FIRST_LOOK, OVERLAP, Pace, paces
from cloutui.collectors.sweep import Sweeper, Swept
from cloutui.errors import CloutuiError, Invalid, SecretsRefused, SignInRefused, Unreachable
from cloutui.products.observation import JOBS, LOG_LINES, NODES, Observation, ObservationKind, Window
from cloutui.records.rows import ServerRecord
from cloutui.settings import CollectSettings
from tests.collectors.fakes import FakeProduct, Says
from tests.world import World, a_job, a_line, a_node, observed

ALL = paces(CollectSettings())
INVENTORY, EVENTS, OCCUPANCY = ALL

ROWS = {"nodes": [a_node("ACME-SQL01"), a_node("KS-FILE03")], "jobs": [a_job()], "log_lines": [a_line()]}


def usual(kind: ObservationKind, window: Window) -> Observation | None:
    return observed(kind, ROWS.get(kind.name, []))


def with_part(name: str, **differing: object) -> Says:
    """All as usual, but one kind's answer differs."""

    def says(kind: ObservationKind, window: Window) -> Observation | None:
        return observed(kind, ROWS.get(kind.name, []), **(differing if kind.name == name else {}))

    return says


def failing(name: str, error: Exception) -> Says:
    """All as usual, until one kind is asked for."""

    def says(kind: ObservationKind, window: Window) -> Observation | None:
        if kind.name == name:
            raise error
        return usual(kind, window)

    return says


def server_of(world: World, name: str = "SPA01") -> ServerRecord:
    world.server(name)
    return world.records.server(name)


async def sweep(world: World, server: ServerRecord, says: Says = usual, asked: tuple[Pace, ...] = ALL) -> Swept:
    return await Sweeper(world.cache, world.records).sweep(server, lambda _: FakeProduct(says), asked)


def outcomes(swept: Swept) -> dict[str, str]:
    return {outcome.pace: outcome.code for outcome in swept.outcomes}


async def test_a_sweep_stores_every_kind_and_gives_each_node_an_id_and_an_owner(world: World) -> None:
    swept = await sweep(world, server_of(world))
    assert (swept.observed, swept.changed, swept.bad_rows, swept.problem) == (4, 4, 0, None)
    assert outcomes(swept) == {"inventory": "", "events": "", "occupancy": ""}
    assert world.rows("SELECT server_status FROM job_event") == [("Completed",)]
    assert world.rows("SELECT unit_id FROM node_day") == [(world.records.root_unit_id,)]
    assert world.rows("SELECT native_key FROM data_source ORDER BY 1") == [("ACME-SQL01",), ("KS-FILE03",)]
    assert world.rows("SELECT count(*) FROM log_line") == [(1,)]


async def test_a_job_of_a_node_that_no_list_has_named_is_kept(world: World) -> None:
    await sweep(world, server_of(world), asked=(EVENTS,))
    found = world.run("jobs", first=date(2026, 11, 21), last=date(2026, 11, 21)).rows
    assert found.column("node").to_pylist() == ["ACME-SQL01"]
    assert world.rows("SELECT count(*) FROM nodes_now") == [(0,)]


async def test_the_same_sweep_again_changes_nothing(world: World) -> None:
    server = server_of(world)
    await sweep(world, server)
    swept = await sweep(world, server)
    assert (swept.observed, swept.changed) == (4, 0)


async def test_the_first_sweep_asks_for_all_and_the_next_from_before_the_last(world: World) -> None:
    server = server_of(world)
    product = FakeProduct(usual)
    sweeper = Sweeper(world.cache, world.records)
    for _ in range(2):
        await sweeper.sweep(server, lambda _: product, [EVENTS])
    (_, first), _, (_, second), _ = product.asked
    now = datetime.now(UTC)
    assert timedelta() <= now - FIRST_LOOK - first.since < timedelta(minutes=1)
    assert timedelta() <= now - OVERLAP - second.since < timedelta(minutes=1)
    assert product.sign_ins == 2


async def test_all_kinds_are_asked_in_one_login_inventory_first(world: World) -> None:
    product = FakeProduct(usual)
    await Sweeper(world.cache, world.records).sweep(server_of(world), lambda _: product, ALL)
    assert product.sign_ins == 1
    assert [name for name, _ in product.asked] == [kind.name for pace in ALL for kind in pace.kinds]


async def test_bad_rows_lose_no_good_row_and_label_the_server(world: World) -> None:
    server = server_of(world)
    swept = await sweep(world, server, with_part("jobs", bad_rows=3, problem="ANR2939E column 4"))
    assert swept.bad_rows == 3
    assert outcomes(swept) == {"inventory": "", "events": "product-garbled", "occupancy": ""}
    assert world.rows("SELECT count(*) FROM job_event") == [(1,)]
    problem = swept.problem
    assert problem is not None
    assert problem.problem == "jobs: 3 unreadable rows; ANR2939E column 4"
    assert problem.hint
    state = world.run("servers").as_of["SPA01"]
    assert not state.is_silent
    assert state.problem == problem.problem
    assert state.hint == problem.hint


async def test_an_answer_that_broke_off_keeps_its_rows_and_is_asked_again_from_before(world: World) -> None:
    server = server_of(world)
    await sweep(world, server)
    before = world.rows("SELECT collected_at FROM sweep WHERE pace = 'events'")
    swept = await sweep(world, server, with_part("log_lines", is_complete=False))
    assert swept.problem is not None
    assert swept.problem.problem == "log lines: broke off"
    assert not swept.problem.has_data
    assert world.rows("SELECT collected_at FROM sweep WHERE pace = 'events'") == before
    assert world.run("servers").as_of["SPA01"].is_silent


async def test_garbled_nodes_are_not_taken_for_gone(world: World) -> None:
    server = server_of(world)
    await sweep(world, server)
    await sweep(world, server, lambda kind, _: observed(kind, [], bad_rows=2) if kind is NODES else None)
    assert world.rows("SELECT count(*) FROM nodes_now") == [(2,)]


@pytest.mark.parametrize(
    ("failing_kind", "worked"), [("server", ()), ("jobs", ("inventory",)), ("occupancy", ("inventory", "events"))]
)
async def test_what_was_answered_before_a_server_fell_silent_is_kept(
    world: World, failing_kind: str, worked: tuple[str, ...]
) -> None:
    error = Unreachable("SPA01", "127.0.0.1:1500", "no answer within 60 s")
    swept = await sweep(world, server_of(world), failing(failing_kind, error))
    assert outcomes(swept) == {pace.name: "" if pace.name in worked else error.code for pace in ALL}
    assert world.rows("SELECT count(*) FROM nodes_now") == [(2 if "inventory" in worked else 0,)]
    assert world.rows("SELECT count(*) FROM job_event") == [(1 if "events" in worked else 0,)]


def refuse(error: Exception) -> Callable[[ServerRecord], FakeProduct]:
    def product_of(server: ServerRecord) -> FakeProduct:
        raise error

    return product_of


def refuse_sign_in(error: Exception) -> Callable[[ServerRecord], FakeProduct]:
    def raising() -> None:
        raise error

    return lambda server: FakeProduct(on_sign_in=raising)


@pytest.mark.parametrize(
    ("product_of", "error"),
    [
        (refuse, Invalid("SPA01: there is no door of kind “x”.", hint="Use ssh or local.")),
        (refuse, SecretsRefused("The keyring is locked.", hint="Unlock it.")),
        (refuse_sign_in, SecretsRefused("The keyring is locked.", hint="Unlock it.")),
        (refuse_sign_in, SignInRefused("SPA01", "ANS1051I invalid user id or password")),
    ],
)
async def test_a_server_that_cannot_even_be_asked_is_labelled_with_the_reason_and_the_next_step(
    world: World,
    product_of: Callable[[Exception], Callable[[ServerRecord], FakeProduct]],
    error: CloutuiError,
) -> None:
    swept = await Sweeper(world.cache, world.records).sweep(server_of(world), product_of(error), ALL)
    assert set(outcomes(swept).values()) == {error.code}
    state = world.run("servers").as_of["SPA01"]
    assert (state.is_silent, state.problem, state.hint) == (True, error.what, error.hint)


async def test_a_mistake_of_ours_is_labelled_and_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        swept = await sweep(world, server_of(world), failing("jobs", ZeroDivisionError("oops")))
    assert outcomes(swept) == {"inventory": "", "events": "internal", "occupancy": "internal"}
    assert "ZeroDivisionError" in caplog.text
    assert "oops" not in world.run("servers").as_of["SPA01"].problem


async def test_a_full_disk_ends_no_servers_sweeps(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    server, sweeper = server_of(world), Sweeper(world.cache, world.records)
    monkeypatch.setattr(world.cache.database, "write", is_full)
    swept = await sweeper.sweep(server, lambda _: FakeProduct(usual), ALL)
    await sweeper.tidy(server)
    assert outcomes(swept) == {"inventory": "internal", "events": "internal", "occupancy": "internal"}
    assert caplog.text.count("OSError") >= len(ALL) + 1, "each is in the log, and that the archive was not tidied"


async def test_a_sweep_says_whenever_there_is_something_new(world: World) -> None:
    told: list[int] = []
    sweeper = Sweeper(world.cache, world.records, stored=lambda: told.append(1))
    await sweeper.sweep(server_of(world), lambda _: FakeProduct(usual), ALL)
    assert len(told) == len(ALL)


@pytest.mark.parametrize("kind", [JOBS, LOG_LINES])
async def test_rows_without_a_node_do_no_harm(world: World, kind: ObservationKind) -> None:
    row = a_job() if kind is JOBS else a_line()

    def says(asked: ObservationKind, window: Window) -> Observation | None:
        return observed(kind, [{**row, "node": None}]) if asked is kind else None

    swept = await sweep(world, server_of(world), says, (EVENTS,))
    assert outcomes(swept) == {"events": ""}
    assert world.rows("SELECT count(*) FROM data_source") == [(0,)]
