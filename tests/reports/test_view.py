"""What is asked of a report beyond its parameters: filter, order and page. No filter reaches past the scope."""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloutui.errors import Invalid
from cloutui.model.filter.problem import BadFilter
from cloutui.model.filter.rendering import render
from cloutui.model.filter.tree import Filter
from cloutui.model.table import Answer
from cloutui.reports import view as views
from cloutui.reports.filter_sql import Condition
from cloutui.reports.registry import Report, all_reports, find_report
from cloutui.reports.view import View, asked_for
from tests.model.filter import trees
from tests.rounds import rounds
from tests.world import NOON, World, a_job, a_line, a_node, jobs, lines, nodes

SAID = ("Completed", "Failed", "Missed", "Completed", "Started")
DAYS = range(16, 22)


@dataclass(frozen=True)
class Town:
    """Two units side by side, a server and eight nodes each, six days of jobs."""

    world: World
    acme: int
    bolt: int

    def ask(self, report: str, text: str = "", unit: int | None = None, **asked: Any) -> Answer:
        """`asked`: sort, limit and offset; anything else is a parameter."""
        view = {name: asked.pop(name) for name in ("sort", "limit", "offset") if name in asked}
        scope = unit or self.acme
        given = {each.name: USUAL[each.name] for each in fields(find_report(report).params) if each.name in USUAL}
        runner = self.world.runner(now=lambda: NOON)
        return runner.run(report, self.world.principal(scope), given | asked, filter=text, **view)

    def rows(self, report: str, text: str = "", unit: int | None = None, **asked: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask(report, text, unit, **asked).rows.to_pylist()
        return found


FILLED = {"jobs", "jobs-matrix", "nodes", "servers", "units", "node-day", "job-log"}
"""The reports that the town has rows for."""
USUAL: Mapping[str, Any] = {
    "first": "2026-11-16",
    "last": "2026-11-21",
    "server": "SPA01",
    "node_id": 1,
    "seq": 1,
    "day": "2026-11-17",
    "job_key": "DAILY|ACME-00|2026-11-17 01:00:00",
    "text": "acme",
    "tag_id": 1,
    "nodes": [1, 2],
    "key": "growth",
}
"""Parameters by name, where a report takes them."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    world = World(tmp_path_factory.mktemp("town"))
    units = {}
    for server_name, unit_name, prefix in (("SPA01", "Acme ApS", "ACME"), ("SPB01", "Bolt Logistik", "BOLT")):
        units[prefix] = world.unit(unit_name)
        server = world.server(server_name, units[prefix])
        names = [f"{prefix}-{number:02}" for number in range(8)]
        world.nodes(server, *names)
        world.cache.store(server, nodes(*(a_node(name, platform="Linux") for name in names)), NOON)
        made = [
            a_job(
                name,
                datetime(2026, 11, day, 1 + number),
                SAID[(number + day) % len(SAID)],
                stored_bytes=None if number == 3 else 1000 * (number % 3),
                result=12 if SAID[(number + day) % len(SAID)] == "Failed" else None,
            )
            for day in DAYS
            for number, name in enumerate(names)
        ]
        world.cache.store(server, jobs(*made), NOON)
        told = [a_line(f"ANE4987E {name} in use", name, logged_local=datetime(2026, 11, 17, 1, 5)) for name in names]
        world.cache.store(server, lines(*told), NOON)
        world.swept(server)
    yield Town(world, units["ACME"], units["BOLT"])
    world.close()


def without_order(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(map(str, rows))


# Filters.


def test_a_filter_lets_through_what_it_says_and_counts_what_it_hides(town: Town) -> None:
    everything = town.rows("jobs")
    answer = town.ask("jobs", "status:failed node:acme-0*")
    expected = [row for row in everything if row["status"] == 9]
    assert answer.rows.to_pylist() == expected
    assert (answer.total, answer.hidden) == (len(expected), len(everything) - len(expected))
    assert 0 < len(expected) < len(everything)


def test_without_a_filter_nothing_is_hidden(town: Town) -> None:
    answer = town.ask("jobs")
    assert (answer.total, answer.hidden) == (48, 0)
    assert answer.rows.num_rows == 48


def test_a_condition_without_values_counts_too(town: Town) -> None:
    answer = town.ask("jobs", 'bytes:""')
    assert {row["node"] for row in answer.rows.to_pylist()} == {"ACME-03"}
    assert (answer.total, answer.hidden) == (6, 42)


@pytest.mark.parametrize("report", list(all_reports()), ids=attrgetter("name"))
def test_every_field_of_every_report_can_be_filtered_and_sorted(town: Town, report: Report) -> None:
    names = [column.name for column in report.filterable]
    everything = town.rows(report.name)
    assert everything or report.name not in FILLED, "an empty report proves less: the town needs a row for it"
    either_way = " ".join(f'({name}:"" OR -{name}:"")' for name in names)
    assert without_order(town.rows(report.name, either_way, sort=names)) == without_order(everything)
    assert town.rows(report.name, " ".join(f'{name}:"" -{name}:""' for name in names)) == []
    assert {column.name for column in report.columns} - set(names) == report.made


def test_a_matrix_is_filtered_before_it_is_laid_out(town: Town) -> None:
    everything = {row["node"]: row for row in town.rows("jobs-matrix")}
    answer = town.ask("jobs-matrix", "bad>=3 sort:-node")
    expected = sorted((name for name, row in everything.items() if row["bad"] >= 3), reverse=True)
    assert 0 < len(expected) < len(everything)
    assert answer.rows.to_pylist() == [everything[name] for name in expected]
    assert town.ask("jobs-matrix", "node:nothing").rows.num_rows == 0
    with pytest.raises(BadFilter, match="no field “run”"):
        town.ask("jobs-matrix", "run>2")


def test_last_sets_the_days_of_a_report(town: Town) -> None:
    assert len(town.ask("jobs-matrix", "last:2w").days) == 14
    days = {row["start"].day for row in town.rows("jobs", "last:2d -status:missed")}
    assert days == {20, 21}
    with pytest.raises(BadFilter) as caught:
        town.ask("nodes", "acme last:7d")
    assert caught.value.at == (5, 12)


def test_a_date_is_a_day_on_the_clock_of_the_unit(tmp_path_factory: pytest.TempPathFactory) -> None:
    world = World(tmp_path_factory.mktemp("zone"))
    unit = world.unit("Acme ApS")
    server = world.server(unit=unit)
    world.nodes(server, "A")
    made = [a_job("A", datetime(2026, 11, 20, hour), schedule=f"AT{hour}") for hour in (21, 22, 23)]
    world.cache.store(server, jobs(*made), NOON)
    there = Town(world, unit, unit)
    days = {"first": "2026-11-20", "last": "2026-11-21"}

    def found(text: str) -> set[str]:
        return {row["schedule"] for row in there.rows("jobs", text, **days)}

    assert found("start:2026-11-21") == set()
    world.unit_setting(unit, "time_zone", "Europe/Copenhagen")
    assert found("start:2026-11-21") == {"AT23"}
    assert found("start<2026-11-21") == {"AT21", "AT22"}
    assert found("start:2026-11-20T22:04") == {"AT21"}
    world.close()


# Order and pages.


def test_an_order_of_several_columns_leaves_unknown_values_last(town: Town) -> None:
    rows = town.rows("jobs", sort=["-bytes", "node"])
    assert [row["bytes"] for row in rows] == [2000] * 12 + [1000] * 18 + [0] * 12 + [None] * 6
    assert [row["node"] for row in rows[:12]] == ["ACME-02"] * 6 + ["ACME-05"] * 6
    assert town.rows("jobs", sort=["bytes"])[-1]["bytes"] is None


def test_rows_that_are_equal_stay_in_the_order_of_the_report(town: Town) -> None:
    usual = town.rows("jobs")
    by_status = sorted(usual, key=lambda row: -row["status"])
    assert town.rows("jobs", sort=["-status"]) == by_status
    assert town.rows("jobs", "sort:-status") == by_status
    assert town.rows("jobs", "sort:-status", sort=["node"]) == sorted(by_status, key=lambda row: row["node"])


@pytest.mark.parametrize("sort", [[], ["-status", "bytes"]])
@pytest.mark.parametrize(("text", "limit"), [("", 16), ("-status:ok", 7), ("-status:ok", 100), ("node:nothing", 5)])
def test_pages_put_together_are_the_whole(town: Town, sort: list[str], text: str, limit: int) -> None:
    whole = town.ask("jobs", text, sort=sort)
    found: list[dict[str, Any]] = []
    for offset in range(0, whole.total + limit, limit):
        page = town.ask("jobs", text, sort=sort, limit=limit, offset=offset)
        assert (page.total, page.hidden) == (whole.total, whole.hidden)
        found += page.rows.to_pylist()
    assert found == whole.rows.to_pylist()


def test_the_order_of_a_large_report_is_kept() -> None:
    """DuckDB works on it with several threads."""
    asked = asked_for("", [], None, 0)
    page = View(condition=Condition("n % 3 > $least", {"least": 0}), order='"key" ASC', asked=asked).page
    with duckdb.connect(":memory:", config={"threads": 4}) as con:
        con.execute("CREATE TABLE t AS SELECT n, hash(n) AS h, n % 5 AS key FROM range(300_000) AS r (n)")
        text = f"WITH report AS NOT MATERIALIZED (SELECT * FROM t ORDER BY h) {page}"
        found = con.execute(text, {"least": 0}).fetchall()
    assert found == sorted(found, key=lambda row: (row[2], row[1]))
    assert len(found) == 200_000


@pytest.mark.parametrize(("limit", "offset"), [(-1, 0), (None, -1), (5, -5)])
def test_a_page_below_the_first_row_is_refused(town: Town, limit: int | None, offset: int) -> None:
    with pytest.raises(Invalid):
        town.ask("jobs", limit=limit, offset=offset)


def test_a_wrong_order_is_refused_with_the_nearest_column(town: Town) -> None:
    with pytest.raises(BadFilter, match="no field “byte”") as caught:
        town.ask("jobs", sort=["-byte"])
    assert caught.value.nearest == "bytes"
    for wrong in ("node; DROP TABLE unit", "1", "node DESC", ""):
        with pytest.raises(BadFilter):
            town.ask("jobs", sort=[wrong])


# Scope.

_anything = trees.texts | st.builds(Filter, condition=trees.nodes).map(render)
_near_misses = st.sampled_from(
    [
        "bolt*",
        "unit:bolt",
        "-unit:acme",
        'unit!="Acme ApS"',
        "node:* OR bolt",
        "-(acme)",
        "/BOLT/",
        "/./",
        "server:SPB01",
    ]
)


@given(text=_near_misses | _anything, report=st.sampled_from(["jobs", "nodes", "servers", "units", "jobs-matrix"]))
@settings(max_examples=rounds(15, soak=50), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_filter_shows_more_than_the_scope_has(town: Town, text: str, report: str) -> None:
    try:
        answer = town.ask(report, text)
    except Invalid:
        return
    everything = town.ask(report, "last:7d" if asked_for(text, (), None, 0).filter.last_days else "")
    found = [str(row) for row in answer.rows.to_pylist()]
    assert set(found) <= set(map(str, everything.rows.to_pylist()))
    assert answer.total + answer.hidden == everything.total
    assert not [row for row in found if "BOLT" in row or "Bolt" in row or "SPB01" in row]


def test_the_town_would_show_a_filter_that_reaches_past_its_scope(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the value in the text of the statement, the neighbour's nodes are seen."""
    payload = "x') UNION ALL BY NAME SELECT DISTINCT native_key AS node FROM data_source --"
    assert town.rows("nodes", f'node="{payload}"') == []
    monkeypatch.setattr(views, "condition", lambda *_: Condition(f"contains(node, '{payload}')"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(View, "may_need_counts", False)
        patched.setattr(View, "needs_counts", lambda *_: False)
        assert "BOLT-00" in {row["node"] for row in town.rows("nodes", "anything")}
