"""The jobs matrix with other rows and longer columns: the keys, what they ask for, and where enter leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from cloutui.model.link import parse_link
from cloutui.model.status import Status
from cloutui.model.step import Step
from cloutui.model.table import Answer
from tests.screens.console import Console, console
from tests.screens.fake_session import TODAY, FakeNode, FakeSession, fleet
from tests.screens.fake_views import ViewsSession


class MatrixSession(ViewsSession):
    """Also answers the matrices of units, servers and schedules, the steps, and figures."""

    def _matrix(self, unit: int | None, *, days: int = 21, until: str | None = None, **other: Any) -> Answer:
        answer = FakeSession._matrix(self, unit, days=days, until=until)
        return _folded(answer, Step(other.get("step", "day")))

    async def ask(self, report: str, /, *, unit: int | None = None, **params: object) -> Answer:
        rows, _, what = report.partition("-")
        if what == "figures":
            return await ViewsSession.ask(self, report, unit=unit, **params)
        if report == "jobs-matrix" or what != "matrix":
            params = {name: value for name, value in params.items() if name != "limit"}
            if report == "jobs-matrix" and "first" in params:
                first, last = (date.fromisoformat(str(params.pop(name))) for name in ("first", "last"))
                params |= {"days": (last - first).days + 1, "until": last.isoformat()}
            return await ViewsSession.ask(self, report, unit=unit, **params)
        self.asked.append((report, {"unit": unit, **params}))
        params.pop("filter", None)
        nodes = self._matrix(unit, **params)  # type: ignore[arg-type]
        return replace(_gathered(self, nodes, rows, unit), as_of=self.fleet.freshness)

    def _rows_of_nodes_figures(self, nodes: list[FakeNode], **asked: object) -> list[dict[str, Any]]:
        shared = {"day": TODAY, "bytes": 4_881_000_000_000, "took": 5_400, "failed": 12_345}
        return [{"node_id": node.node_id, "server": node.server, "node": node.name, **shared} for node in nodes]


def _folded(answer: Answer, step: Step) -> Answer:
    days = [date.fromisoformat(day) for day in answer.days]
    firsts = sorted({step.first_of(day) for day in days})
    rows = answer.rows.to_pylist()
    for row in rows:
        cells = list(zip(days, row["days"], strict=True))
        row["days"] = [max(status for day, status in cells if step.first_of(day) == first) for first in firsts]
    return _with_rows(answer, rows, [str(first) for first in firsts])


def _gathered(session: FakeSession, nodes: Answer, rows: str, unit: int | None) -> Answer:
    """The rows of nodes with the same server, unit or schedule as one."""
    units = {name: unit_id for unit_id, _, name in session.fleet.units}
    found: dict[Any, dict[str, Any]] = {}
    for row in nodes.rows.to_pylist():
        of = {"server_id": 1 + int(row["server"][-1]) + 10 * ord(row["server"][2]), "server": row["server"]}
        if rows == "units":
            of = {"unit_id": units[row["unit"]], "unit": row["unit"]}
        if rows == "schedules":
            of = {name: row[name] for name in ("node_id", "server", "unit", "node")} | {"schedule": "DAILY_SQL"}
        key = tuple(of.values())
        kept = found.setdefault(key, {**of, "days": row["days"], "bad": 0, "run": 0})
        kept["days"] = list(map(max, kept["days"], row["days"]))
        kept["bad"] += row["bad"]
    return _with_rows(nodes, list(found.values()), nodes.days)


def _with_rows(answer: Answer, rows: list[dict[str, Any]], days: Any) -> Answer:
    import pyarrow as pa

    table = pa.Table.from_pylist(rows)
    at = table.column_names.index("days")
    cells = pa.array([row["days"] for row in rows], pa.list_(pa.uint8()))
    return replace(answer, rows=table.set_column(at, "days", cells), total=len(rows), days=days)


def matrix_console(**options: Any) -> Any:
    return console(session=MatrixSession(fleet(nodes=60)), start="matrix", **options)


def asked(it: Console, report: str) -> dict[str, object]:
    """What was asked last for columns that are no days: the peek asks for days."""
    return next(params for name, params in reversed(it.session.asked) if name == report and "step" in params)


async def press(it: Console, *keys: str) -> None:
    for key in keys:
        await it.press(key)
        await it.settled()


async def test_zooming_out_to_weeks_and_months_and_in_again() -> None:
    async with matrix_console() as it:
        await it.settled()
        await press(it, "j", "z")
        rows = it.matrix.rows
        assert (rows.step, rows.days[-1], len(rows.days)) == (Step.WEEK, date(2026, 11, 16), 21)
        assert asked(it, "jobs-matrix")["step"] == "week"
        assert it.matrix.cursor == 1
        await it.sees("60 nodes × 21 weeks", "week 47, 16 - 22 Nov", "opens the week")
        await press(it, "z")
        assert (it.matrix.rows.step, it.matrix.rows.days[-1]) == (Step.MONTH, date(2026, 11, 1))
        await it.sees("× 15 months", "Nov 2026")
        await press(it, "Z", "Z")
        assert (it.matrix.rows.step, it.matrix.day) == (Step.DAY, TODAY)


async def test_the_keys_for_days_go_by_weeks_where_columns_are_weeks() -> None:
    async with matrix_console() as it:
        await it.settled()
        await press(it, "z", "[")
        assert it.matrix.day == date(2026, 11, 9)
        await press(it, "{")
        assert (it.matrix.rows.days[-1], it.matrix.day) == (date(2026, 10, 19), date(2026, 10, 12))
        assert asked(it, "jobs-matrix")["until"] == "2026-10-25"
        await press(it, "full_stop")
        assert (it.matrix.day, it.matrix_view.until) == (date(2026, 11, 16), None)


async def test_enter_on_a_week_shows_its_days_and_back_comes_back() -> None:
    async with matrix_console() as it:
        await it.settled()
        await press(it, "j", "z", "h", "h")
        key = it.matrix.key
        await press(it, "enter")
        await it.until(lambda: it.matrix.rows.step is Step.DAY)
        await it.settled()
        assert (it.matrix.rows.days[-1], it.matrix.day, it.matrix.key) == (
            date(2026, 11, 8),
            date(2026, 11, 8),
            key,
        )
        await it.press("backspace")
        await it.until(lambda: it.matrix.rows.step is Step.WEEK)
        await it.settled()
        assert (it.matrix.day, it.matrix.key) == (date(2026, 11, 2), key)


async def test_a_link_brings_rows_step_and_cells_back() -> None:
    async with matrix_console() as it:
        await it.settled()
        plain = str(it.shell.view.link())
        assert plain.endswith("/matrix?day=2026-11-22")
        await press(it, "s", "s", "z", "M")
        link = str(it.shell.view.link())
        assert {"rows=units", "step=week", "cells=letters"} <= set(link.partition("?")[2].split("&"))
        await press(it, "s", "s", "Z")
        assert it.matrix.rows.step is Step.DAY
        await it.shell.visit(parse_link(link))
        await it.until(lambda: it.matrix.rows.step is Step.WEEK)
        assert (it.matrix_view.kind.word, it.matrix.display_as.value) == ("units", "letters")


async def test_rows_of_units_lead_to_units_those_of_servers_to_their_nodes() -> None:
    async with matrix_console() as it:
        await it.settled()
        await press(it, "s")
        await it.sees("60 jobs × 21 days", "DAILY_SQL")
        await press(it, "s")
        await it.until(lambda: it.matrix_view.kind.word == "units" and it.matrix.noun == "unit")
        name = it.matrix.name_under_cursor
        await it.press("enter")
        await it.until(lambda: it.shell.desk.scope is not None)
        assert it.shell.desk.scope_name() == name
        await it.press("backspace")
        await it.until(lambda: it.shell.desk.scope is None)
        await it.settled()
        await press(it, "s")
        await it.until(lambda: it.matrix.noun == "server")
        name = it.matrix.name_under_cursor
        await it.press("enter")
        await it.until(lambda: it.matrix.noun == "node")
        assert it.matrix_view.filter == f"server={name}"


async def test_a_job_leads_to_the_jobs_of_its_schedule() -> None:
    async with matrix_console() as it:
        await it.settled()
        await press(it, "s")
        node = it.matrix.rows.names[0].split()[0]
        await it.press("enter")
        await it.until(lambda: it.shell.view.word == "jobs")
        assert it.shell.view.filter.startswith(f"node={node} server=")
        assert it.shell.view.filter.endswith("schedule=DAILY_SQL")


async def test_cells_show_letters_and_figures() -> None:
    async with matrix_console() as it:
        await it.settled()
        await press(it, "M")
        assert " E]" not in it.text()
        await it.sees("[E]", " O  O  O ")
        await press(it, "M")
        await it.until(lambda: bool(it.matrix.rows.figures))
        await it.sees("4.4T", "bytes")
        await press(it, "M")
        await it.sees("  1h", "duration")
        await press(it, "M")
        await it.sees(" 12k", "failed files")
        await press(it, "M")
        assert (len(it.matrix.rows.days), it.matrix.rows.figures) == (21, ())


async def test_marks_stay_on_their_rows_and_are_copied() -> None:
    async with matrix_console() as it:
        await it.settled()
        keys = it.matrix.rows.keys[:2]
        await press(it, "space", "space")
        assert (set(it.matrix.marks), it.matrix.cursor) == (set(keys), 2)
        await it.sees("■ 2 marked")
        lines = it.matrix.row_text().split("\n")
        assert lines[0].split("\t")[:2] == ["node", str(TODAY - timedelta(days=20))]
        assert [line.split("\t")[0] for line in lines[1:]] == list(it.matrix.rows.names[:2])
        assert lines[1].split("\t")[-3] == Status.ERROR.key
        await press(it, "r", "greater_than_sign")
        assert set(it.matrix.marks) == set(keys)
        await press(it, "less_than_sign", "g", "g")
        assert [line.split("│")[1][1] for line in it.lines()[5:8]] == ["■", "■", " "]
        await press(it, "s")
        assert not it.matrix.marks, "marks of nodes say nothing of schedules"


async def test_orders() -> None:
    async with matrix_console() as it:
        await it.settled()
        came = list(it.matrix.rows.keys)
        await press(it, "greater_than_sign")
        names = [name.casefold() for name in it.matrix.rows.names]
        assert names == sorted(names)
        await it.sees("by name", "node▲")
        await press(it, "S")
        assert [name.casefold() for name in it.matrix.rows.names] == names[::-1]
        await press(it, "greater_than_sign")
        assert list(it.matrix.rows.bad) == sorted(it.matrix.rows.bad, reverse=True)
        it.session.tell()
        await it.settled()
        await press(it, "less_than_sign", "less_than_sign")
        assert list(it.matrix.rows.keys) == came


def _click_at(it: Console, line: int, x: Callable[[Any], int]) -> tuple[int, int]:
    region = it.region(it.matrix)
    return region.x + x(it.matrix), region.y + line


async def test_heads_and_foot_under_the_mouse() -> None:
    async with matrix_console() as it:
        await it.settled()
        await it.pilot.click(offset=_click_at(it, 2, lambda _: 4))
        assert it.matrix.order.value == "by name"
        await it.pilot.click(offset=_click_at(it, 2, lambda matrix: 2 + matrix.name_width + 3 * 4 + 1))
        assert it.matrix.column == 4
        foot = it.matrix.size.height - 1
        cursor = it.matrix.cursor
        await it.pilot.click(offset=_click_at(it, foot, lambda matrix: 2 + matrix.name_width + 3 * 7 + 1))
        assert (it.matrix.column, it.matrix.cursor) == (7, cursor)


async def test_the_foot_counts_bad_rows_and_costs_no_row_on_a_low_terminal() -> None:
    async with matrix_console() as it:
        await it.settled()
        rows = it.matrix.rows
        bad = [sum(row[column] >= Status.MISSED for row in rows.statuses) for column in range(len(rows.days))]
        foot = next(line for line in it.lines() if "bad nodes" in line)
        assert [int(text) if text != "·" else 0 for text in foot.split("bad nodes")[1].split()] == [*bad, sum(bad)]
        await it.pilot.resize_terminal(120, 29)
        await it.settled()
        assert "bad nodes" not in it.text()
        await press(it, "G")
        assert it.matrix.name_under_cursor[:8] in it.text()
