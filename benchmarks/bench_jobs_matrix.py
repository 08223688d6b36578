"""The matrices of millions of jobs, and how quickly observations become rows."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter

import duckdb
import pyarrow as pa

from benchmarks.fleet_cache import JOBS, LAST_DAY, open_fleet_cache
from cloutui.model.principal import local_principal
from cloutui.reports.runner import Runner
from tests.world import NOON, World, a_job, jobs

_INGEST_ROWS = 100_000


def measure() -> list[dict[str, object]]:
    return [*_rows(), _ingest()]


def _rows() -> list[dict[str, object]]:
    """Rows of every kind and columns of other steps. What peers answer of it is in `bench_databases`."""
    cache, records = open_fleet_cache()
    try:
        root = records.root_unit_id
        runner = Runner(cache.database, now=lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))
        principal = local_principal("bench", root, "command-line")
        month: dict[str, object] = {"first": str(LAST_DAY - timedelta(days=30)), "last": str(LAST_DAY)}
        asked: list[tuple[str, str, int, dict[str, object]]] = [
            ("jobs-matrix, one unit x 31 days", "jobs-matrix", root + 1, month),
            ("units-matrix, all units x 31 days", "units-matrix", root, month),
            ("servers-matrix, all servers x 31 days", "servers-matrix", root, month),
            ("schedules-matrix, one unit x 31 days", "schedules-matrix", root + 1, month),
            ("nodes-figures, one unit x 31 days", "nodes-figures", root + 1, month),
            ("jobs-matrix, one unit x 26 weeks", "jobs-matrix", root + 1, {"step": "week"}),
        ]
        return [
            _figure(name, _median_ms(partial(runner.run, report, principal, given, unit=unit), times=7))
            for name, report, unit, given in asked
        ]
    finally:
        cache.close()
        records.close()


def _figure(name: str, value: float) -> dict[str, object]:
    return {"name": name, "value": value, "unit": "ms", "rows": JOBS, "peer": None, "peer_value": None, "ratio": None}


def _ingest() -> dict[str, object]:
    """Rows a second from an observation to archive and cache, beside DuckDB's bare insert of the same Arrow table."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        server = world.server()
        names = [f"NODE-{n:04}" for n in range(1000)]
        world.nodes(server, *names)
        first = NOON.replace(month=8, day=1, tzinfo=None)
        days = [first + timedelta(days=n) for n in range(_INGEST_ROWS // len(names))]
        observation = jobs(*(a_job(name, day) for day in days for name in names))
        started = perf_counter()
        stored = world.cache.store(server, observation, NOON)
        ours = _INGEST_ROWS / (perf_counter() - started)
        assert stored.changed == _INGEST_ROWS
        world.close()
        theirs = _INGEST_ROWS / _bare_insert(Path(folder) / "bare.duckdb", observation.batch)
    return {
        "name": "ingest: archive, cache, roll-up",
        "value": ours,
        "unit": "rows/s",
        "rows": _INGEST_ROWS,
        "peer": "DuckDB bare insert",
        "peer_value": theirs,
        "ratio": ours / theirs,
    }


def _bare_insert(path: Path, rows: pa.Table) -> float:
    with duckdb.connect(str(path)) as con:
        con.register("batch", rows)
        started = perf_counter()
        con.execute("CREATE TABLE job AS SELECT * FROM batch")
        con.execute("CHECKPOINT")
        return perf_counter() - started


def _median_ms(work: Callable[[], object], times: int = 15) -> float:
    work()
    taken = []
    for _ in range(times):
        started = perf_counter()
        work()
        taken.append((perf_counter() - started) * 1000)
    return statistics.median(taken)
