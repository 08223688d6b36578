"""Every report of the registry as a screen asks first: a page of 100 rows and the total, for the root of everything.

What each report is asked with stands in `_asked`: a report that is not there fails. Those that read the records alone
are not asked: what people decided does not grow with the jobs. The nodes of the fleet have a job a day, so a day of
jobs is as many rows as there are nodes.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter, process_time
from typing import Any

from benchmarks.fleet_cache import HOME, JOBS, LAST_DAY, NOW, open_fleet_cache
from cloutui.cache.cache import Cache
from cloutui.calendar.freezing import freezer_of
from cloutui.errors import Conflict
from cloutui.model.principal import Principal, local_principal, system_principal
from cloutui.records import history as frozen_days
from cloutui.records.frozen_files import FrozenFiles
from cloutui.records.store import Records
from cloutui.reports.record_relations import RecordSource
from cloutui.reports.registry import Report, all_reports
from cloutui.reports.runner import Runner
from cloutui.reports.scope import records_behind, tells_facts

BUDGET_MS = 100
PAGE = 100
TIMES = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a report is asked; `limit` None where a screen needs every row at once."""

    given: Mapping[str, object]
    limit: int | None = PAGE
    in_first_unit: bool = False


def _asked(bad: Mapping[str, Any]) -> dict[str, Asked]:
    """Every report with its parameters; `bad` is a job that failed, as `jobs` tells it."""
    day, node, server = {"first": LAST_DAY, "last": LAST_DAY}, {"node_id": bad["node_id"]}, {"server": bad["server"]}
    return {
        "attention": Asked(given={}),
        "business-units": Asked(given={}),
        "daily": Asked(given={"day": LAST_DAY}),
        "daily-since": Asked(given={"day": LAST_DAY}),
        "days": Asked(given={"days": 60}),
        "find": Asked(given={"text": "NODE-012"}),
        "forecast": Asked(given={}),
        "job-counts": Asked(given=day),
        "job-log": Asked(given={**server, "job_key": bad["job_key"], "day": LAST_DAY}),
        "jobs": Asked(given=day),
        # The matrix of a unit: all of its rows are there to be scrolled.
        "jobs-matrix": Asked(given={"days": 31}, limit=None, in_first_unit=True),
        "node-day": Asked(given={**node, "day": LAST_DAY}),
        "node-filespaces": Asked(given=node),
        "node-grades": Asked(given={**node, "day": LAST_DAY}),
        "node-jobs": Asked(given=node),
        "node-occupancy": Asked(given=node),
        "node-schedules": Asked(given=node),
        "nodes": Asked(given={}),
        "nodes-figures": Asked(given={"days": 31}, limit=None, in_first_unit=True),
        "schedules-figures": Asked(given={"days": 31}, limit=None, in_first_unit=True),
        "schedules-matrix": Asked(given={"days": 31}, limit=None, in_first_unit=True),
        "capacity": Asked(given={}),
        "server-pools": Asked(given=server),
        "servers": Asked(given={}),
        "servers-figures": Asked(given={"days": 31}, limit=None, in_first_unit=True),
        "servers-matrix": Asked(given={"days": 31}, limit=None, in_first_unit=True),
        "severity-preview": Asked(given={"key": "status:okwarn", "value": "warning", "day": LAST_DAY}),
        "severity-rules": Asked(given={}),
        "sla": Asked(given={}),
        "sla-causes": Asked(given={}),
        "sla-months": Asked(given={}),
        "stored": Asked(given={}),
        "trends": Asked(given={"days": 365, "previous": True}),
        "units": Asked(given={}),
        "units-figures": Asked(given={"days": 31}),
        "units-matrix": Asked(given={"days": 31}),
        # A year of everything. One node's year reads less, and grades the days that are open.
        "weeks": Asked(given={}, limit=None),
    }


def measure() -> list[dict[str, Any]]:
    """The median wait for each, in ms, warm: the first answer reads the file. `cpu_ms`: the work, on all threads."""
    cache, records = open_fleet_cache()
    try:
        runner = Runner(cache.database, now=lambda: NOW, records=RecordSource(records))
        principal = local_principal("bench", records.root_unit_id, "command-line")
        asked = _asked(_a_bad_job(runner, principal))
        named = [report.name for report in all_reports() if _grows(report)]
        figures = [_figure(runner, principal, name, asked[name]) for name in named]
        node = {"node_id": asked["node-day"].given["node_id"]}
        graded = _figure(runner, principal, "weeks", Asked(given=node, limit=None))
        graded["name"] = graded["name"].replace("weeks", "weeks of a node, open days graded")
        return [*figures, graded, _of_a_frozen_day(cache, records, principal)]
    finally:
        cache.close()
        records.close()


_ABOUT_TAGS = {"node-tags", "tag-uses", "tags"}
"""The fleet has none: `bench_find` asks for them where there are some."""


def _grows(report: Report) -> bool:
    """Whether there is more to read the more was observed."""
    if report.name in _ABOUT_TAGS:
        return False
    return tells_facts(report.sql) or not records_behind(report.sql)


def _a_bad_job(runner: Runner, principal: Principal) -> dict[str, Any]:
    answer = runner.run("jobs", principal, {"last": LAST_DAY}, filter="status:failed", limit=1)
    (row,) = answer.rows.to_pylist()
    return dict(row)


def _of_a_frozen_day(cache: Cache, records: Records, principal: Principal) -> dict[str, Any]:
    """The daily report of the day before, which is frozen where it is not yet."""
    day, history = LAST_DAY - timedelta(days=1), FrozenFiles(HOME / "history")
    runner = Runner(cache.database, now=lambda: NOW, records=RecordSource(records, history=history))
    freezer = freezer_of(records, cache.database, history, runner)
    with suppress(Conflict), records.begin() as tx:  # it is frozen
        told = freezer.freeze(tx, day, [unit.unit_id for unit in records.dimensions().units])
        line = frozen_days.line(frozen_days.FREEZE, records.root_unit_id, day.isoformat(), "Froze a day.", told)
        tx.append_activity(system_principal("bench", records.root_unit_id), line)
    figure = _figure(runner, principal, "daily", Asked(given={"day": day}))
    return {**figure, "name": figure["name"].replace("daily", "daily, frozen")}


def _figure(runner: Runner, principal: Principal, name: str, asked: Asked) -> dict[str, Any]:
    unit = principal.unit_id + 1 if asked.in_first_unit else None
    waits, worked = [], []
    for _ in range(TIMES):
        started, at_work = perf_counter(), process_time()
        answer = runner.run(name, principal, asked.given, unit=unit, limit=asked.limit)
        waits.append((perf_counter() - started) * 1000)
        worked.append((process_time() - at_work) * 1000)
        assert answer.total, f"{name}: an empty answer proves nothing"
    median = statistics.median(waits[1:])
    return {
        "name": f"report {name}, {answer.rows.num_rows} of {answer.total}",
        "value": round(median, 1),
        "unit": "ms",
        "rows": JOBS,
        "peer": "budget",
        "peer_value": BUDGET_MS,
        "ratio": round(median / BUDGET_MS, 2),
        "cpu_ms": round(statistics.median(worked[1:]), 1),
    }


if __name__ == "__main__":
    for figure in measure():
        print(figure)
