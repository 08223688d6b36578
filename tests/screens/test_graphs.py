"""The screen of graphs: its figures and times, what they are compared with, and what is to be expected."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from cloutui.errors import Unreachable
from cloutui.screens.graphs import Graphs
from cloutui.screens.graphs_facts import (
    METRICS,
    SPANS,
    after,
    points_of,
    since_known,
    summary,
    why_no_forecast,
)
from tests.screens.console import Console, console
from tests.screens.fake_session import TODAY, fleet
from tests.screens.fake_views import ViewsSession
from tests.screens.shown import quiet

GIB = 2**30


def graphs(it: Console) -> Graphs:
    view = it.shell.bases["trends"]
    assert isinstance(view, Graphs)
    return view


async def press(it: Console, *keys: str) -> None:
    for key in keys:
        await it.press(key)
        await quiet(it)


async def test_figures_times_and_comparisons() -> None:
    session = ViewsSession(fleet(nodes=5, days=30))
    async with console((120, 36), session=session, start="trends") as it:
        await quiet(it)
        view = graphs(it)
        await it.sees("Stored data", "90d", "dotted: least squares line, 95%", "Sent per day", "Nodes")
        known = [point for point in view.chart.points if not point.is_expected]
        assert (len(known), len(view.chart.points)) == (90, 120)
        assert view.chart.day == TODAY
        await press(it, "h")
        assert [chart.day for chart in view.charts] == [TODAY - timedelta(days=1)] * 3, "all read the same day"
        await press(it, "v")
        await it.sees("vs previous 90d", "previous 90d ")
        await press(it, "s", "s", "s")
        await it.sees("Saved by deduplication")
        assert not any(point.is_expected for point in view.chart.points)
        await press(it, "s", "w", "w")
        await it.sees("all")
        assert session.asked[-1][1]["step"] == "month"
        await press(it, "w")
        await it.sees("no forecast: 7 of 14 values")
        await press(it, "C", *"Kommune", "enter")
        assert view.versus == "16"
        await it.sees("vs Kommune Syd")
        assert {unit["unit"] for report, unit in session.asked[-2:] if report == "trends"} == {None, 16}
        link = view.link()
        assert link.query == {"metric": "stored", "range": "7d", "vs": "16"}
        await press(it, "C")
        assert view.versus == ""
        await press(it, "enter")
        assert (it.shell.view.word, it.shell.view.day) == ("weeks", TODAY)
        await it.shell.visit(link)
        await quiet(it)
        assert (view.metric, view.span, view.versus) == ("stored", "7d", "16")


async def test_a_failure_is_said_and_is_over_with_the_next_answer() -> None:
    session = ViewsSession(fleet(nodes=5, days=30))
    session.failing = {"trends": Unreachable("SPB02", "10.2.0.14:1500", "connection refused")}
    async with console((80, 24), session=session, start="trends") as it:
        await it.sees("did not answer", "r tries again")
        session.failing = {}
        await press(it, "r")
        await it.sees("axis starts at")


def row(day: date, **known: object) -> dict[str, Any]:
    empty: dict[str, object] = {f"{name}{then}": None for name in METRICS for then in ("", "_before")}
    return {"day": day, **empty, **known}


def days(count: int) -> list[date]:
    return [TODAY - timedelta(days=count - 1 - place) for place in range(count)]


def test_points_go_on_where_the_steps_go_on() -> None:
    rows = [row(day, stored=GIB * (100 + place)) for place, day in enumerate(days(30))]
    points = points_of(rows, {TODAY: 5.0}, METRICS["stored"], SPANS["30d"])
    assert [point.is_expected for point in points] == [False] * 30 + [True] * 10
    assert points[-1].day == TODAY + timedelta(days=10)
    assert points[-1].value == pytest.approx(GIB * 139, rel=1e-6)
    assert points[29].other == 5.0
    months = [row(date(2025 + (9 + place) // 12, (9 + place) % 12 + 1, 1), nodes=place) for place in range(14)]
    assert points_of(months, {}, METRICS["nodes"], SPANS["all"])[-1].day == date(2027, 3, 1), "a third"


def test_the_day_that_is_not_over_does_not_bend_the_line() -> None:
    rows = [row(day, sent=GIB) for day in days(30)[:-1]] + [row(TODAY, sent=1)]
    points = points_of(rows, {}, METRICS["sent"], SPANS["30d"])
    assert points[29].value == 1
    assert points[-1].value == pytest.approx(GIB)


def test_with_too_little_there_is_no_forecast_and_it_is_said() -> None:
    rows = [row(day, stored=GIB) for day in days(9)]
    points = points_of(rows, {}, METRICS["stored"], SPANS["30d"])
    assert len(points) == 9
    assert why_no_forecast(rows, METRICS["stored"], points) == "no forecast: 9 of 14 values"
    assert why_no_forecast(rows, METRICS["saved"], points) == ""


def test_what_is_not_known_yet_is_left_out_at_the_beginning_alone() -> None:
    first, second, third = days(3)
    assert since_known([row(first), row(second, nodes=1), row(third)]) == [row(second, nodes=1), row(third)]
    assert since_known([row(first)]) == []


@pytest.mark.parametrize(
    ("metric", "values", "said"),
    [
        ("stored", [100 * GIB, 103 * GIB], "+3.0% in 30d"),
        ("nodes", [203, 212], "+9 in 30d"),
        ("nodes", [5, 5], "±0 in 30d"),
        ("sent", [GIB, 3 * GIB, 2 * GIB], "median 2.00 GiB   peak 3.00 GiB Sat 21 Nov"),
        ("stored", [GIB], ""),
    ],
)
def test_what_a_graph_comes_to(metric: str, values: list[int], said: str) -> None:
    rows = [row(day, **{metric: value}) for day, value in zip(days(len(values)), values, strict=True)]
    points = points_of(rows, {}, METRICS[metric], SPANS["30d"])
    assert summary(points, METRICS[metric], SPANS["30d"]) == said


def test_after_the_last_one_comes_the_first() -> None:
    assert [after(word, SPANS) for word in SPANS] == [*list(SPANS)[1:], "7d"]
