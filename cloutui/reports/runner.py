"""Runs reports: privilege, scope, parameters, one snapshot of the cache, and how old the facts in it are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cloutui.errors import NotFound
from cloutui.model.backup_day import backup_day
from cloutui.model.filter.values import Clock
from cloutui.model.table import Answer, Freshness
from cloutui.reports.check import check
from cloutui.reports.registry import Report, all_reports, find_report
from cloutui.reports.scope import scoped
from cloutui.reports.unordered import unordered
from cloutui.reports.view import View, asked_for, view, with_days

if TYPE_CHECKING:
    import duckdb

    from cloutui.cache.database import Database
    from cloutui.model.principal import Principal

_NAMED = re.compile(r"\$([a-z_][a-z_0-9]*)")

_AS_OF = """
SELECT name, collected_at, code, problem, hint, failing_since FROM scoped_server WHERE NOT is_removed ORDER BY name
"""


def _now() -> datetime:
    return datetime.now(UTC)


class Runner:
    """Answers reports from one cache. Every registered report is checked when it is made."""

    def __init__(self, database: Database, *, now: Callable[[], datetime] = _now) -> None:
        """Raises: UnscopedReport."""
        for report in all_reports():
            check(report.name, report.sql)
        self._database = database
        self._now = now

    def run(
        self,
        name: str,
        principal: Principal,
        given: Mapping[str, object],
        *,
        unit: int | None = None,
        filter: str = "",  # noqa: A002 - what it is called everywhere
        sort: Sequence[str] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> Answer:
        """Answer a report for `unit` (None: the principal's own) and all below it.

        `filter`: see docs/filter.md. `sort`: columns, each with a leading `-` for the greatest first; the report's own
        order when there are none. `limit` and `offset` say which page of the rows is wanted.

        Raises: NotFound (also for a unit outside the principal's), NotAllowed, Invalid, BadFilter, TooSlow.
        """
        report = find_report(name)
        principal.require(report.needs)
        asked = asked_for(filter, sort, limit, offset)
        parameters = report.parameters(with_days(given, asked, report))
        scope = principal.unit_id if unit is None else unit
        with self._database.reader() as snapshot:
            context = self._context(snapshot, principal, scope)
            values = _values(report, parameters, context)
            seen = view(asked, report, _clock(context))
            values |= seen.condition.values
            rows = snapshot.execute(*_statement(report.sql, values, seen.page)).to_arrow_table()
            total, hidden = _counts(snapshot, report.sql, values, seen, rows.num_rows)
            as_of = _freshness(snapshot, values)
        days: tuple[str, ...] = ()
        if report.shape:
            rows, named_days = report.shape(rows, values, as_of)
            days = tuple(named_days)
        return Answer(columns=report.columns, rows=rows, total=total, hidden=hidden, days=days, as_of=as_of)

    def _context(self, snapshot: duckdb.DuckDBPyConnection, principal: Principal, scope: int) -> dict[str, object]:
        """What every report may bind. The scope is resolved in the snapshot that the query will see."""
        now = self._now()
        row = snapshot.execute(
            """
            SELECT c.time_zone, c.day_start_s
            FROM unit AS u, unit AS own, unit_clock AS c
            WHERE u.unit_id = $scope AND own.unit_id = $own AND u.lo >= own.lo AND u.lo < own.hi
              AND c.unit_id = u.unit_id AND c.valid_from <= $day AND c.valid_to > $day
            """,
            {"scope": scope, "own": principal.unit_id, "day": now.date()},
        ).fetchone()
        if row is None:
            raise NotFound("unit", str(scope))
        zone, day_start_s = row
        today = backup_day(now, zone, day_start_s)
        return {"scope_unit": scope, "now": now.replace(tzinfo=None), "today": today, "time_zone": zone}


def _values(report: Report, parameters: Any, context: Mapping[str, object]) -> dict[str, object]:
    given = report.bind(parameters, context) if report.bind else asdict(parameters)
    return {**given, **context}


def _clock(context: Mapping[str, Any]) -> Clock:
    zone = ZoneInfo(context["time_zone"])
    return Clock(now=context["now"].replace(tzinfo=UTC), today=context["today"], zone=zone)


def _counts(
    snapshot: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, object], seen: View, rows: int
) -> tuple[int, int]:
    """How many rows the filter lets through on all pages, and how many it does not."""
    if not seen.needs_counts(rows):
        return rows, 0
    row = snapshot.execute(*_statement(unordered(sql), values, seen.counts)).fetchone()
    assert row is not None
    matched, everything = row
    return matched, everything - matched


def _statement(
    sql: str, values: Mapping[str, object], asked: str = "SELECT * FROM report"
) -> tuple[str, dict[str, object]]:
    """The text to run and the values that it names: DuckDB refuses one that is not used."""
    text = f"{scoped(sql)} {asked}"
    return text, {name: values[name] for name in set(_NAMED.findall(text))}


def _freshness(snapshot: duckdb.DuckDBPyConnection, values: Mapping[str, object]) -> dict[str, Freshness]:
    rows = snapshot.execute(*_statement(_AS_OF, values)).fetchall()
    return {
        name: Freshness(
            server=name,
            collected_at=_utc(collected_at),
            problem=f"{problem}" if code else "",
            hint=hint,
            failing_since=_utc(failing_since),
        )
        for name, collected_at, code, problem, hint, failing_since in rows
    }


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None
