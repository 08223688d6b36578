"""Runs reports: privilege, scope, parameters, one snapshot of the cache, and how old the facts in it are.

The one place where `@name` in a filter becomes what was saved under it: after the scope is known to be the principal's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cloutui.errors import NotFound
from cloutui.model.backup_day import backup_day
from cloutui.model.filter.fields import is_tag
from cloutui.model.filter.values import Clock
from cloutui.model.privilege import Privilege
from cloutui.model.table import Answer, Freshness
from cloutui.reports.check import check
from cloutui.reports.frozen import Fetch, chosen, past_of
from cloutui.reports.record_relations import RecordSource
from cloutui.reports.registry import Report, find_report
from cloutui.reports.scope import records_behind, scoped, tells_facts
from cloutui.reports.unordered import unordered
from cloutui.reports.value_counts import counted, counted_tags, of_column
from cloutui.reports.view import Asked, View, asked_for, view, with_days, written_out

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from cloutui.cache.database import Database
    from cloutui.model.filter.saved import SavedFilter
    from cloutui.model.principal import Principal

SavedFilters = Callable[["Principal", int], Sequence["SavedFilter"]]
"""What somebody has saved, or finds saved for a unit."""

_NAMED = re.compile(r"\$([a-z_][a-z_0-9]*)")

_AS_OF = """
SELECT name, collected_at, code, problem, hint, failing_since FROM scoped_server WHERE NOT is_removed ORDER BY name
"""


def _now() -> datetime:
    return datetime.now(UTC)


def _nothing_saved(_principal: Principal, _unit: int) -> Sequence[SavedFilter]:
    return ()


@dataclass(frozen=True, slots=True)
class _Asking:
    """One question, ready to be put to one snapshot."""

    snapshot: duckdb.DuckDBPyConnection
    report: Report
    values: Mapping[str, object]
    seen: View
    notes: Sequence[str]

    def fetched(self, asked: str, values: Mapping[str, object] = MappingProxyType({})) -> duckdb.DuckDBPyConnection:
        """The answer to what is asked of the table `report`, whose rows come in any order."""
        return self.snapshot.execute(*_statement(unordered(self.report.sql), {**self.values, **values}, asked))

    def beside(self, asked: str) -> duckdb.DuckDBPyConnection:
        """The answer to what is asked of scoped relations alone, for the same question."""
        return self.snapshot.execute(*_statement("SELECT 1", self.values, asked))

    def page(self) -> tuple[pa.Table, int, int]:
        """The rows that are wanted, in their order; how many the filter lets through in all, and how many it does not.

        A report's rows are made once, to be paged and counted, unless they are too many to be kept.
        """
        if self.seen.may_need_counts and not self.report.is_long:
            late = next((late for late in self.report.late if self.seen.names <= late.known), None)
            if late is not None:
                counted = self._read(self.seen.page_made_late(late), of=late.first, keep=True)
            else:
                counted = self._read(self.seen.counted_page, keep=True)
            rows = counted.drop_columns(["matched", "everything"])
            if rows.num_rows:
                matched, everything = (int(counted.column(name)[0].as_py()) for name in ("matched", "everything"))
                return rows, matched, everything - matched
        else:
            rows = self._read(self.seen.page)
        if not self.seen.needs_counts(rows.num_rows):
            return rows, rows.num_rows, 0
        found = self.fetched(self.seen.counts).fetchone()
        assert found is not None
        matched, everything = found
        return rows, matched, everything - matched

    def _read(self, asked: str, *, of: str = "", keep: bool = False) -> pa.Table:
        """`of`: what is the table `report`, where it is not the report's SQL."""
        statement = _statement(of or self.report.sql, self.values, asked, keep=keep)
        return self.snapshot.execute(*statement).to_arrow_table()


class Runner:
    """Answers reports from one cache. Each is checked before it is asked for the first time."""

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], datetime] = _now,
        saved: SavedFilters = _nothing_saved,
        records: RecordSource | None = None,
    ) -> None:
        """`records`: without them, reports that read what people decided cannot be asked."""
        self._database = database
        self._records = records
        self._checked: set[str] = set()
        self._now = now
        self._saved = saved

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
        asked = asked_for(filter, sort, limit, offset)
        with self._asking(find_report(name), principal, given, unit, asked) as asking:
            report, values = asking.report, asking.values
            rows, total, hidden = asking.page()
            # Records are as of now; and who may see their own account alone learns nothing of servers.
            is_old = tells_facts(report.sql) or not records_behind(report.sql)
            as_of = _freshness(asking.snapshot, values) if is_old else {}
            past = past_of(report, asking.beside, values)
        days: tuple[str, ...] = ()
        if report.shape:
            rows, named_days = report.shape(rows, values, as_of)
            days = tuple(named_days)
        return Answer(
            columns=report.columns,
            rows=rows,
            total=total,
            hidden=hidden,
            days=days,
            as_of=as_of if past.as_of is None else past.as_of,
            notes=(*asking.notes, *past.notes),
            frozen=past.frozen,
        )

    def values(
        self,
        name: str,
        principal: Principal,
        given: Mapping[str, object],
        column: str,
        *,
        unit: int | None = None,
        filter: str = "",  # noqa: A002 - what it is called everywhere
        begun: str = "",
    ) -> Mapping[str, int]:
        """What there is in a column of texts or statuses, each with its rows: the commonest that have `begun` in them.

        Raises: as `run` does; BadFilter for a column that there is not, or of another kind.
        """
        with self._asking(find_report(name), principal, given, unit, asked_for(filter, (), None, 0)) as asking:
            if is_tag(column, asking.report.filterable):
                return counted_tags(asking.fetched, asking.seen.condition.text, begun)
            found = of_column(column, asking.report.filterable)
            return counted(asking.fetched, found, asking.seen.condition.text, begun)

    @contextmanager
    def _asking(
        self, report: Report, principal: Principal, given: Mapping[str, object], unit: int | None, asked: Asked
    ) -> Iterator[_Asking]:
        principal.require(report.needs)
        scope = principal.unit_id if unit is None else unit
        with ExitStack() as opened:
            snapshot = opened.enter_context(self._database.reader())
            context = self._context(snapshot, principal, scope)
            asked = written_out(asked, lambda: self._saved(principal, scope))
            values = _values(report, report.parameters(with_days(given, asked, report)), context)
            seen = view(asked, report, _clock(context))

            def beside(asked: str) -> duckdb.DuckDBPyConnection:
                return snapshot.execute(*_statement("SELECT 1", values, asked))

            notes: Sequence[str] = ()
            # Before records are laid, where they have no say in it: what is not needed is not read then.
            needs_records = report.suited is not None and bool(records_behind(report.suited.asked))
            if not needs_records:
                report = _suited(report, beside)
            if behind := records_behind(report.sql):
                assert self._records is not None, report.name
                notes = opened.enter_context(self._records.laid(behind, snapshot, values))
            if needs_records:
                report = _suited(report, beside)
            self._check(report)
            report = chosen(report, beside)
            yield _Asking(snapshot, report, values | seen.condition.values, seen, notes)

    def _check(self, report: Report) -> None:
        if report.sql not in self._checked:
            check(report.name, report.sql)
            self._checked.add(report.sql)

    def _context(self, snapshot: duckdb.DuckDBPyConnection, principal: Principal, scope: int) -> dict[str, object]:
        """What every report may bind. The scope is resolved in the snapshot that the query will see."""
        now = self._now()
        row = snapshot.execute(
            """
            SELECT c.time_zone, c.day_start_s, u.lo, u.hi
            FROM unit AS u, unit AS own, unit_clock AS c
            WHERE u.unit_id = $scope AND own.unit_id = $own AND u.lo >= own.lo AND u.lo < own.hi
              AND c.unit_id = u.unit_id AND c.valid_from <= $day AND c.valid_to > $day
            """,
            {"scope": scope, "own": principal.unit_id, "day": now.date()},
        ).fetchone()
        if row is None:
            raise NotFound("unit", str(scope))
        zone, day_start_s, lo, hi = row
        today = backup_day(now, zone, day_start_s)
        who = {"self": principal.user_id, "own_unit": principal.unit_id, "rights": principal.privileges}
        sees = {"sees_comments": principal.may(Privilege.COMMENT_VIEW)}
        where = {"scope_unit": scope, "scope_lo": lo, "scope_hi": hi}
        return {**who, **sees, **where, "now": now.replace(tzinfo=None), "today": today, "time_zone": zone}


def _suited(report: Report, beside: Fetch) -> Report:
    """The report with what is needed alone."""
    if report.suited is None:
        return report
    return report.suited.to(frozenset(word for (word,) in beside(report.suited.asked).fetchall()))


def _values(report: Report, parameters: Any, context: Mapping[str, object]) -> dict[str, object]:
    given = report.bind(parameters, context) if report.bind else asdict(parameters)
    return {**given, **context}


def _clock(context: Mapping[str, Any]) -> Clock:
    zone = ZoneInfo(context["time_zone"])
    return Clock(now=context["now"].replace(tzinfo=UTC), today=context["today"], zone=zone)


def _statement(
    sql: str, values: Mapping[str, object], asked: str = "SELECT * FROM report", *, keep: bool = False
) -> tuple[str, dict[str, object]]:
    """The text to run and the values that it names: DuckDB refuses one that is not used."""
    text = f"{scoped(sql, keep=keep, beside=asked)} {asked}"
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
