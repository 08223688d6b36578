"""Three reports beside the same questions in PostgreSQL and SQLite, on the same jobs and in the same run.

The reports are asked as a screen asks them. The peers answer plain SQL over the jobs; so does DuckDB without our
roll-ups, which tells what those are worth. All four must agree before anything is timed.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from time import perf_counter
from typing import Any

from benchmarks.fleet_cache import JOBS, LAST_DAY, NOW, open_fleet_cache
from benchmarks.peer_databases import NoPostgres, for_duckdb, for_postgres, postgres_peer, sqlite_peer
from cloutui.model.principal import local_principal
from cloutui.model.table import Answer
from cloutui.reports.record_relations import RecordSource
from cloutui.reports.runner import Runner

TIMES = 7
_IN_SCOPE = "JOIN unit ON unit.unit_id = job.unit_id WHERE unit.lo >= :lo AND unit.lo < :hi"

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One report, and the same in SQL that every database here understands."""

    report: str
    given: Mapping[str, object]
    sql: str
    values: Mapping[str, object]
    rows: Callable[[Answer], Rows]
    """The report's answer as the SQL tells it."""
    in_first_unit: bool = False


def _questions() -> Sequence[Question]:
    month = LAST_DAY - timedelta(days=30)
    two_months = LAST_DAY - timedelta(days=59)
    return (
        Question(
            report="job-counts",
            given={"first": LAST_DAY, "last": LAST_DAY},
            sql=f"SELECT status, count(*) FROM job {_IN_SCOPE} AND day = :day GROUP BY status",
            values={"day": str(LAST_DAY)},
            rows=lambda answer: [(row["status"], row["jobs"]) for row in answer.rows.to_pylist()],
        ),
        Question(
            report="days",
            given={"first": two_months, "last": LAST_DAY},
            sql=f"""
                SELECT CAST(day AS VARCHAR(10)), count(*), sum(CASE WHEN status >= 8 THEN 1 ELSE 0 END)
                FROM job {_IN_SCOPE} AND day BETWEEN :first AND :last GROUP BY day
            """,
            values={"first": str(two_months), "last": str(LAST_DAY)},
            rows=lambda answer: [(str(row["day"]), row["jobs"], row["bad"]) for row in answer.rows.to_pylist()],
        ),
        Question(
            report="jobs-matrix",
            given={"first": month, "last": LAST_DAY},
            sql=f"""
                SELECT data_source_id, CAST(day AS VARCHAR(10)), max(status)
                FROM job {_IN_SCOPE} AND day BETWEEN :first AND :last GROUP BY data_source_id, day
            """,
            values={"first": str(month), "last": str(LAST_DAY)},
            rows=lambda answer: [
                (row["node_id"], day, status)
                for row in answer.rows.to_pylist()
                for day, status in zip(answer.days, row["days"], strict=True)
            ],
            in_first_unit=True,
        ),
    )


def measure() -> list[dict[str, object]]:
    """Medians in ms, warm, the four turn by turn."""
    cache, records = open_fleet_cache()
    try:
        runner = Runner(cache.database, now=lambda: NOW, records=RecordSource(records))
        principal = local_principal("bench", records.root_unit_id, "command-line")
        with sqlite_peer(cache) as sqlite, postgres_peer(cache) as postgres, cache.database.reader(limit_s=600) as own:
            figures = []
            for question in _questions():
                unit = records.root_unit_id + (1 if question.in_first_unit else 0)
                lo, hi = own.execute("SELECT lo, hi FROM unit WHERE unit_id = ?", [unit]).fetchone() or (0, 0)
                values = {**question.values, "lo": lo, "hi": hi}
                asked: dict[str, Callable[[], Any]] = {
                    "report": partial(runner.run, question.report, principal, question.given, unit=unit),
                    "PostgreSQL": partial(_fetched, postgres.execute, for_postgres(question.sql), values),
                    "SQLite": partial(_fetched, sqlite.execute, question.sql, values),
                    "DuckDB on the jobs": partial(_fetched, own.execute, *for_duckdb(question.sql, values)),
                }
                figures += _compared(question, asked)
            return figures
    except NoPostgres as missing:
        raise RuntimeError(f"{missing} The peers of this benchmark are PostgreSQL and SQLite.") from missing
    finally:
        cache.close()
        records.close()


def _fetched(execute: Callable[..., Any], sql: str | bytes, values: Mapping[str, object]) -> Rows:
    return [tuple(row) for row in execute(sql, values).fetchall()]


def _compared(question: Question, asked: Mapping[str, Callable[[], Any]]) -> list[dict[str, object]]:
    told = {name: sorted(question.rows(ask()) if name == "report" else ask()) for name, ask in asked.items()}
    for name, rows in told.items():
        assert rows == told["report"], f"{name} answers {question.report} otherwise"
    waits: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(TIMES):
        for name, ask in asked.items():
            started = perf_counter()
            ask()
            waits[name].append((perf_counter() - started) * 1000)
    medians = {name: statistics.median(taken) for name, taken in waits.items()}
    ours = medians.pop("report")
    return [
        {
            "name": f"{question.report}, {len(told['report']):,} rows",
            "value": round(ours, 1),
            "unit": "ms",
            "rows": JOBS,
            "peer": name,
            "peer_value": round(theirs, 1),
            "ratio": round(ours / theirs, 3),
        }
        for name, theirs in medians.items()
    ]


if __name__ == "__main__":
    for figure in measure():
        print(figure)
