"""How long pools last: a slope that one odd day does not bend, and no figure where there is nothing to go by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloutui.model.status import Status
from cloutui.products.observation import POOLS
from cloutui.reports.pool_growth import STEP
from tests.rounds import rounds
from tests.world import NOON, World, a_row, observed

Told = Sequence[tuple[int, int, float | None]]
"""Days ago, bytes in all, percent used."""


def put(world: World, server: int, told: Told) -> None:
    """As the collection of each day would have put them there."""

    def write(con: Any) -> None:
        con.execute("DELETE FROM pool_day")
        for back, total, used in told:
            at = NOON.replace(tzinfo=None) - timedelta(days=back)
            con.execute("INSERT INTO pool_day VALUES (?, ?, 'P', ?, ?, ?)", [at.date(), server, total, used, at])

    world.cache.database.write(write)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One for all: each test says anew what its one pool was like."""
    built = World(tmp_path_factory.mktemp("pools"))
    built.server()
    yield built
    built.close()


def pool(world: World, told: Told) -> dict[str, Any]:
    server = 1
    _, total, used = told[-1]
    world.cache.store(server, observed(POOLS, [a_row(POOLS, pool="P", capacity_bytes=total, used_percent=used)]), NOON)
    world.swept(server)
    put(world, server, told)
    (row,) = world.run("server-pools", server="SPA01").rows.to_pylist()
    (same,) = world.run("capacity").rows.to_pylist()
    assert same == {"server": "SPA01", **row}
    return dict(row)


STEADY: Sequence[tuple[int, int, float]] = [(back, 1000, 60 - back / 2) for back in range(60, -1, -1)]


@pytest.mark.parametrize(
    ("told", "growth", "runway", "basis", "status"),
    [
        pytest.param(STEADY, 5, 80, "Theil-Sen over 61 days", Status.WARNING, id="five a day, four hundred are left"),
        pytest.param(
            [(b, t, 5.0 if b == 21 else u) for b, t, u in STEADY],
            5,
            80,
            "Theil-Sen over 61 days",
            Status.WARNING,
            id="one odd day bends nothing",
        ),
        pytest.param(
            [(b, 2000 if b < 30 else 1000, u / 2 if b < 30 else u) for b, _, u in STEADY],
            5,
            280,
            "Theil-Sen over 61 days",
            Status.OK,
            id="a pool that was made larger grows on as before",
        ),
        pytest.param(
            [(b, 1000, 95 - b / 2) for b in range(60, -1, -1)],
            5,
            10,
            "Theil-Sen over 61 days",
            Status.ERROR,
            id="soon",
        ),
        pytest.param(
            [(b, t, u) for b, t, u in STEADY if b % 7 == 4 or b == 0],
            None,
            80,
            "Theil-Sen over 61 days",
            Status.WARNING,
            id="days without news are as the day before",
        ),
        pytest.param(STEADY[-7:], 5, 80, "Theil-Sen over 7 days", Status.WARNING, id="a week is enough"),
        pytest.param(STEADY[-6:], None, None, "6 of 7 days known", Status.OK, id="less is not"),
        pytest.param([(b, 1000, 40.0) for b in (60, 0)], 0, None, "does not grow (61 days)", Status.OK, id="flat"),
        pytest.param(
            [(b, 1000, 40 + b / 9) for b in range(60, -1, -1)],
            -1,
            None,
            "does not grow (61 days)",
            Status.OK,
            id="shrinking",
        ),
        pytest.param(
            [(9, 10**9, 40.0), (0, 10**9, 40.001)],
            None,
            None,
            "does not grow (10 days)",
            Status.OK,
            id="ten years and more",
        ),
        pytest.param([(0, None, None)], None, None, "no size told", Status.OK, id="a pool without a size"),
    ],
)
def test_how_long_a_pool_lasts_and_how_that_was_found(
    world: World, told: Told, growth: int | None, runway: int | None, basis: str, status: Status
) -> None:
    row = pool(world, told)
    assert (row["basis"], Status(row["status"])) == (basis, status)
    assert row["runway"] == runway or (runway and abs(row["runway"] - runway) <= runway * 0.05)
    if growth is not None:
        assert row["growth"] == growth


def test_its_history_is_every_sixth_day_the_oldest_first(world: World) -> None:
    assert pool(world, STEADY)["history"].split() == [f"{60 - back / 2:.1f}" for back in range(60, -1, -6)]


@settings(max_examples=rounds(5, soak=60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(used=st.lists(st.floats(1, 99), min_size=10, max_size=60))
def test_the_slope_is_the_median_of_all_pairs(world: World, used: list[float]) -> None:
    total = 10**9
    pool(world, [(0, total, used[0])])
    put(world, 1, [(back, total, value) for back, value in enumerate(used)])
    known = [(back, total * used[back] / 100) for back in range(0, len(used), STEP)]
    slopes = sorted((a - b) / (y - x) for place, (x, a) in enumerate(known) for y, b in known[place + 1 :])
    middle = (slopes[(len(slopes) - 1) // 2] + slopes[len(slopes) // 2]) / 2
    (row,) = world.run("server-pools", server="SPA01").rows.to_pylist()
    assert row["growth"] == pytest.approx(middle, abs=1)
