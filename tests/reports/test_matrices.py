"""Every matrix against a naive model of it: rows of any kind, columns of any step, silent servers and all.

The model goes through jobs one by one and knows nothing of how the cache adds up.
"""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloutui.errors import Invalid
from cloutui.model.status import Status
from cloutui.model.step import Step
from cloutui.reports.matrix_cells import fold
from tests.world import NOON, STATUSES, World, a_job, jobs

TODAY = NOON.date()
FIRST = date(2026, 9, 21)
"""A Monday nine weeks ago, in a third month."""
SPAN = {"first": FIRST, "last": TODAY}
DAYS = [FIRST + timedelta(days=n) for n in range((TODAY - FIRST).days + 1)]
SILENT_SINCE = date(2026, 11, 19)
SCHEDULES = ("DAILY", "LOGS", None)
UNITS = {"ACME-SQL01": "Acme ApS", "ACME-WEB04": "Acme Web", "KS-FILE03": "Kommune Syd", "LAGER-DB": "Nordhavn Backup"}
SERVERS = {"ACME-SQL01": "SPA01", "ACME-WEB04": "SPB02", "KS-FILE03": "SPB02", "LAGER-DB": "SPA01"}
ABOVE = {"Acme Web": "Acme ApS"}


@dataclass(frozen=True)
class Ran:
    node: str
    schedule: str | None
    day: date
    said: str
    bytes: int | None
    failed: int | None


def _history() -> Iterator[Ran]:
    """The same every time, with gaps, and of the silent server only what it has told."""
    words = ("Completed", "Completed", "Completed", "Failed", "Completed", "Missed", "Completed", "Completed")
    for number, node in enumerate(UNITS):
        for place, schedule in enumerate(SCHEDULES):
            for offset, day in enumerate(DAYS):
                chance = (offset * (7 + number) + 5 * place + number) % 23
                if chance < 3 + place or (SERVERS[node] == "SPB02" and day > SILENT_SINCE and chance % 2):
                    continue
                open_ = "Pending" if (SERVERS[node] == "SPB02" and day >= SILENT_SINCE) or day == TODAY else ""
                said = open_ or words[chance % 8]
                ran = said in {"Completed", "Failed"}
                yield Ran(node, schedule, day, said, 1000 * chance if ran else None, chance % 3 if ran else None)


HISTORY = list(_history())


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Four nodes on two servers, one of which is silent. Only looked at, so it is made once."""
    world = World(tmp_path_factory.mktemp("town"))
    units = {"Nordhavn Backup": world.records.root_unit_id, "Acme ApS": world.unit("Acme ApS")}
    units |= {"Acme Web": world.unit("Acme Web", units["Acme ApS"]), "Kommune Syd": world.unit("Kommune Syd")}
    world.unit("Empty")
    servers = {name: world.server(name) for name in sorted(set(SERVERS.values()))}
    for server, server_id in servers.items():
        own = [node for node in UNITS if SERVERS[node] == server]
        world.nodes(server_id, *own)
        for node in own:
            world.assign(node, units[UNITS[node]])
        world.cache.store(server_id, jobs(*(_told(ran) for ran in HISTORY if ran.node in own)), NOON)
    told_at = datetime(2026, 11, SILENT_SINCE.day, 22, tzinfo=UTC)
    world.swept(servers["SPB02"], told_at)
    world.swept(servers["SPB02"], NOON, code="x", problem="did not answer", hint="Look.", has_data=False)
    world.swept(servers["SPA01"], NOON)
    yield world
    world.close()


def _told(ran: Ran) -> dict[str, Any]:
    at = datetime(ran.day.year, ran.day.month, ran.day.day, 1)
    row = a_job(ran.node, at, ran.said, schedule=ran.schedule or "x")
    row |= {"bytes": ran.bytes, "failed": ran.failed, "schedule": ran.schedule, "files": None}
    return row


# The model.


def _keys(ran: Ran, rows: str) -> Sequence[Hashable]:
    """The rows of a matrix that a job counts in."""
    match rows:
        case "jobs":
            return [ran.node]
        case "schedules":
            return [(ran.node, ran.schedule)]
        case "servers":
            return [SERVERS[ran.node]]
        case _:
            unit = UNITS[ran.node]
            return [found for found in (unit, ABOVE.get(unit)) if found not in {None, "Nordhavn Backup"}]


def _cells(rows: str) -> Mapping[Hashable, Mapping[date, Status]]:
    """For each row the worst status of each of its days."""
    cells: dict[Hashable, dict[date, Status]] = defaultdict(lambda: dict.fromkeys(DAYS, Status.NONE))
    on_silent = set()
    for ran in HISTORY:
        for key in _keys(ran, rows):
            cells[key][ran.day] = max(cells[key][ran.day], STATUSES[ran.said])
            if SERVERS[ran.node] == "SPB02":
                on_silent.add(key)
    for key in on_silent:
        for day in DAYS:
            untold = {Status.PENDING, Status.RUNNING} | ({Status.NONE} if day > SILENT_SINCE else set())
            ended = max(
                (
                    STATUSES[ran.said]
                    for ran in HISTORY
                    if ran.day == day and SERVERS[ran.node] == "SPB02" and key in _keys(ran, rows)
                ),
                default=Status.NONE,
            )
            if day >= SILENT_SINCE and ended in untold:
                cells[key][day] = max(cells[key][day], Status.UNKNOWN)
    return cells


def _name(rows: str, row: Mapping[str, Any]) -> Hashable:
    if rows == "schedules":
        return (row["node"], row["schedule"])
    return row[{"jobs": "node", "servers": "server", "units": "unit"}[rows]]


@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("rows", ["jobs", "schedules", "servers", "units"])
def test_a_cell_is_the_worst_of_its_days(town: World, rows: str, step: Step) -> None:
    answer = town.run(f"{rows}-matrix", **SPAN, step=step)
    model = _cells(rows)
    firsts = sorted({max(step.first_of(day), step.first_of(FIRST)) for day in DAYS})
    expected = {
        key: [int(max(status for day, status in days.items() if step.first_of(day) == first)) for first in firsts]
        for key, days in model.items()
    }
    assert list(answer.days) == [str(first) for first in firsts]
    assert {_name(rows, row): list(row["days"]) for row in answer.rows.to_pylist()} == expected
    if step is Step.DAY:
        assert Status.UNKNOWN in {status for days in model.values() for status in days.values()}


@pytest.mark.parametrize("rows", ["jobs", "schedules", "servers", "units"])
def test_bad_counts_the_bad_days_of_what_is_in_the_row(town: World, rows: str) -> None:
    smallest = "schedules" if rows == "schedules" else "jobs"
    days = {(ran.node, ran.schedule if smallest == "schedules" else "", ran.day) for ran in HISTORY if _is_bad(ran)}
    expected = {
        key: sum(key in _keys(Ran(node, schedule, day, "", None, None), rows) for node, schedule, day in days)
        for key in _cells(rows)
    }
    for step in Step:
        found = town.run(f"{rows}-matrix", **SPAN, step=step).rows.to_pylist()
        assert {_name(rows, row): row["bad"] for row in found} == expected


def _is_bad(ran: Ran) -> bool:
    return STATUSES[ran.said].is_bad


@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("rows", ["nodes", "schedules", "servers", "units"])
def test_figures_add_up(town: World, rows: str, step: Step) -> None:
    matrix = {"nodes": "jobs"}.get(rows, rows)
    sums: dict[tuple[Hashable, date], list[int | None]] = {}
    for ran in HISTORY:
        for key in _keys(ran, matrix):
            told = sums.setdefault((key, step.first_of(ran.day)), [None, None])
            for place, figure in enumerate((ran.bytes, ran.failed)):
                if figure is not None:
                    told[place] = (told[place] or 0) + figure
    found = town.run(f"{rows}-figures", **SPAN, step=step).rows.to_pylist()
    assert {(_name(matrix, row), row["day"]): [row["bytes"], row["failed"]] for row in found} == sums
    assert any(row["took"] for row in found)


def test_the_units_of_a_matrix_lie_below_the_scope(town: World) -> None:
    assert {row["unit"] for row in town.run("units-matrix").rows.to_pylist()} == {"Acme ApS", "Acme Web", "Kommune Syd"}
    acme = next(row["unit_id"] for row in town.run("units").rows.to_pylist() if row["name"] == "Acme ApS")
    assert [row["unit"] for row in town.run("units-matrix", acme).rows.to_pylist()] == ["Acme Web"]


@pytest.mark.parametrize(
    ("given", "first", "last", "columns"),
    [
        ({"step": "week"}, "2026-05-25", "2026-11-16", 26),
        ({"step": "month"}, "2025-11-01", "2026-11-01", 13),
        ({"step": "week", "days": 1}, "2026-11-16", "2026-11-16", 1),
        ({"step": "month", "first": "2026-10-31"}, "2026-10-01", "2026-11-01", 2),
        ({"step": "week", "first": "2026-11-05", "last": "2026-11-10"}, "2026-11-02", "2026-11-09", 2),
    ],
)
def test_steps_are_whole(town: World, given: dict[str, object], first: str, last: str, columns: int) -> None:
    days = town.run("jobs-matrix", **given).days
    assert (days[0], days[-1], len(days)) == (first, last, columns)


def test_a_span_that_ends_within_a_week_has_all_of_it(town: World) -> None:
    part, whole = (
        town.run("jobs-matrix", first="2026-11-02", last=last, step="week").rows.to_pylist()
        for last in ("2026-11-03", "2026-11-08")
    )
    assert part == whole


@pytest.mark.parametrize(
    "given", [{"step": "year"}, {"last": date.max, "step": "week"}, {"last": date.min, "step": "week"}]
)
def test_steps_that_make_no_sense_are_refused(town: World, given: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refused:
        town.run("jobs-matrix", **given)
    assert refused.value.hint


@given(st.integers(1, 5), st.lists(st.integers(1, 9), min_size=1, max_size=8), st.data())
def test_folding_takes_the_worst_of_neighbours(rows: int, sizes: list[int], data: st.DataObject) -> None:
    width = sum(sizes)
    starts = [sum(sizes[:n]) for n in range(len(sizes))]
    groups = [range(start, start + size) for start, size in zip(starts, sizes, strict=True)]
    cells = data.draw(st.binary(min_size=rows * width, max_size=rows * width))
    expected = [max(cells[row * width + at] for at in group) for row in range(rows) for group in groups]
    assert list(fold(cells, width, groups)) == expected
