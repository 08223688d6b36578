"""How a unit grows, and where that leads: the same figures as what is added up by hand, and as the pure forecast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloutui.errors import Invalid
from cloutui.model.forecast import LEAST_POINTS, METHOD, forecast
from tests.rounds import rounds
from tests.world import NOON, World

TODAY = NOON.date()
GIB = 1 << 30


@pytest.fixture(scope="module")
def growing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two units below the root; what they hold and send is written by the tests."""
    world = World(tmp_path_factory.mktemp("home"))
    world.unit("Acme ApS")
    world.unit("Bolt Logistik")
    yield world
    world.close()


def hold(world: World, unit: int, values: Sequence[int | None], *, sent: bool = False) -> None:
    """What a unit held, or sent, on each of the days up to today; half of what is held is saved."""
    days = [TODAY - timedelta(days=len(values) - 1 - place) for place in range(len(values))]
    known = [(day, unit, value) for day, value in zip(days, values, strict=True) if value is not None]
    held = "INSERT INTO unit_stored VALUES (?, ?, ?, 1, ?, 1)"
    counts = "worst, jobs, bad, bad_nodes, warned_nodes, noted_nodes, n_ok, n_okwarn, n_warning, n_missed, n_error, "
    counts += "u_ok, u_okwarn, u_warning, u_error"
    moved = f"INSERT INTO unit_day (day, unit_id, bytes, {counts}) VALUES (?, ?, ?{', 0' * 15})"

    def write(con: Any) -> None:
        con.execute(f"DELETE FROM {'unit_day' if sent else 'unit_stored'} WHERE unit_id = ?", [unit])
        for row in known:
            con.execute(moved if sent else held, row if sent else (*row, row[2] // 2))

    world.cache.database.write(write)


def unit(world: World, name: str) -> int:
    return int(world.rows(f"SELECT unit_id FROM unit WHERE name = '{name}'")[0][0])


def asked(world: World, report: str = "trends", scope: int | None = None, **given: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.run(report, scope, **given).rows.to_pylist()
    return found


def column(rows: list[dict[str, Any]], name: str) -> list[Any]:
    return [row[name] for row in rows]


def test_parents_add_up_and_each_unit_is_itself(growing: World) -> None:
    acme, bolt = unit(growing, "Acme ApS"), unit(growing, "Bolt Logistik")
    hold(growing, acme, [100, 110, 120])
    hold(growing, bolt, [1000, 1000, 1000])
    hold(growing, acme, [7, None, 9], sent=True)
    rows = asked(growing, days=3)
    assert column(rows, "stored") == [1100, 1110, 1120]
    assert column(rows, "sent") == [7, None, 9], "what nobody sent is unknown, not 0"
    assert column(rows, "nodes") == [2, 2, 2]
    assert column(rows, "saved") == [50.0, 50.0, 50.0]
    assert [round(growth, 2) for growth in column(rows, "growth")[1:]] == [0.91, 0.9]
    assert column(asked(growing, scope=bolt, days=3), "stored") == [1000] * 3
    assert column(asked(growing, scope=acme, days=5), "stored") == [None, None, 100, 110, 120], "a gap is a gap"


def test_a_week_is_what_is_held_at_its_end_and_sent_in_all_of_it(growing: World) -> None:
    acme = unit(growing, "Acme ApS")
    hold(growing, acme, list(range(1, 22)))  # up to Sunday 22 November
    hold(growing, acme, [1] * 21, sent=True)
    rows = asked(growing, scope=acme, days=21, step="week")
    assert column(rows, "day") == [date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)]
    assert column(rows, "stored") == [7, 14, 21]
    assert column(rows, "sent") == [7, 7, 7]
    hold(growing, acme, [*range(1, 20), None, None])
    assert column(asked(growing, scope=acme, days=21, step="week"), "stored") == [7, 14, 19], "the newest that is known"


def test_beside_it_stands_what_there_was_in_the_same_time_before(growing: World) -> None:
    acme = unit(growing, "Acme ApS")
    hold(growing, acme, [10, 20, 30, 40, 50, 60])
    rows = asked(growing, scope=acme, days=3, previous=True)
    assert column(rows, "stored") == [40, 50, 60]
    assert column(rows, "stored_before") == [10, 20, 30]
    assert column(asked(growing, scope=acme, days=3), "stored_before") == [None] * 3


amounts = st.lists(st.one_of(st.none(), st.integers(0, 1 << 50)), min_size=1, max_size=40)


@settings(max_examples=rounds(12, soak=200), deadline=None)
@given(values=amounts, ahead=st.integers(1, 12))
def test_the_report_says_what_the_pure_forecast_says(growing: World, values: list[int | None], ahead: int) -> None:
    acme = unit(growing, "Acme ApS")
    hold(growing, acme, values)
    rows = asked(growing, "forecast", acme, days=len(values), ahead=ahead)
    assert column(rows[: len(values)], "value") == values
    expected, told = forecast(values, ahead), rows[len(values) :]
    assert len(told) == ahead
    if not expected:
        known = sum(value is not None for value in values)
        assert {row["method"] for row in told} == {f"no forecast: {known} of {LEAST_POINTS} values"}
        assert {row["expected"] for row in told} == {None}
        return
    assert {row["method"] for row in told} == {METHOD}
    for one, row in zip(expected, told, strict=True):
        for name, value in (("expected", one.value), ("low", one.low), ("high", one.high)):
            assert row[name] == pytest.approx(value, rel=1e-6, abs=1 << 20)


def test_half_a_day_does_not_bend_the_line(growing: World) -> None:
    acme = unit(growing, "Acme ApS")
    hold(growing, acme, [*[100 * GIB] * 20, 3 * GIB], sent=True)
    rows = asked(growing, "forecast", acme, days=21, metric="sent", ahead=1)
    assert rows[-1]["expected"] == 100 * GIB


@pytest.mark.parametrize("given", [{"ahead": 0}, {"ahead": 5000}, {"first": "2026-11-23"}])
def test_days_that_there_are_not_are_refused(growing: World, given: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        asked(growing, "forecast", **given)
