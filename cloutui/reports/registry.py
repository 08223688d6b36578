"""The read side: every report is one value, and every face shows the same ones.

Importing this package registers all of them; a new report is one new module, named in `_MODULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import Field, dataclass, fields
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Any

from cloutui.errors import Invalid, NotFound
from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Freshness, Kind

if TYPE_CHECKING:
    import pyarrow as pa

_MODULES = (
    *(
        "activity",
        "attention",
        "business_units",
        "comments",
        "daily",
        "daily_since",
        "days",
        "find",
        "handling",
        "job_counts",
        "job_log",
    ),
    *("jobs", "jobs_matrix", "tags"),
    *("matrix_figures", "my_account", "node_day", "node_filespaces", "node_jobs", "node_occupancy", "node_schedules"),
    *("nodes", "roles", "rules", "schedules_matrix", "server_pools", "servers", "servers_matrix", "sessions"),
    *("node_grades", "severity_preview", "severity_rules"),
    *("sla", "sla_causes", "sla_months", "stored", "unit_settings", "units", "units_matrix", "user_keys", "users"),
    *("forecast", "history", "trends", "weeks"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoParameters:
    """A report that asks for nothing but its scope."""


Shape = Callable[["pa.Table", Mapping[str, object], Mapping[str, Freshness]], "tuple[pa.Table, Sequence[str]]"]
"""Turns the rows of the SQL into those of the answer, given the bound values and the servers; and names the days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A report in two steps: all rows with what is quick to find, then the rest for the rows of one page alone.

    For what is filtered and ordered by columns of the first step; anything else is asked of the report's SQL, `whole`.
    """

    first: str
    """Every row: those of the report's columns that are in `known`, and what the rest is made from."""
    known: frozenset[str]
    rest: str
    """The report's columns, of the rows of a table `early`, which is the first step or a page of it."""
    order: str
    """The report's own, by columns of the first step; no two rows are equal in it."""

    @property
    def whole(self) -> str:
        """Both steps for all rows, in any order."""
        return f"WITH early AS MATERIALIZED ({self.first}) SELECT * FROM ({self.rest})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is asked in place of a report's SQL, so that nothing is made that would not be shown."""

    live: str
    """Where nothing of the day is frozen."""
    frozen: str
    """Where all of it is."""
    late: Sequence[Late]
    """How a page of that is found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suited:
    """The same report with what is needed alone, where that is much less than all it can tell."""

    asked: str
    """SQL over scoped relations that gives one word a row: what is needed."""
    to: Callable[[frozenset[str]], Report]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A question: what it needs, what it takes, what it gives. It changes nothing."""

    name: str
    needs: Privilege
    summary: str
    columns: Sequence[Column]
    sql: str
    """Over scoped relations. Values by name: its parameters, `$now` (UTC), `$today` (in the scope's zone), `$self`."""
    params: type[Any] = NoParameters
    """A frozen dataclass. Its field metadata hold the help texts."""
    bind: Callable[[Any, Mapping[str, object]], Mapping[str, object]] | None = None
    """Turns the parameters and the context into bound values, when they are not bound as they are."""
    shape: Shape | None = None
    made: frozenset[str] = frozenset()
    """Columns that the shape makes: no filter and no order can use them."""
    kept: Kept | None = None
    """Of a report about one day, `$day`, whose days are frozen."""
    late: Sequence[Late] = ()
    """Of a report with many rows whose columns are dear: how a page of it is found. The first that knows enough is."""
    suited: Suited | None = None
    """Of a report whose SQL depends on what people have decided: the one in `sql` tells everything."""
    is_long: bool = False
    """Millions of rows, each quick to make: they are made again to be counted, because memory would not hold them."""
    is_internal: bool = False
    """For screens: not offered on the command line."""

    @property
    def filterable(self) -> Sequence[Column]:
        """The columns that a filter and an order may name."""
        return [column for column in self.columns if column.name not in self.made and column.kind is not Kind.STATUSES]

    def parameters(self, given: Mapping[str, object]) -> Any:
        """The validated parameters. Raises: Invalid, which names the nearest known one."""
        if not given:
            with suppress(TypeError):  # one that has to be given
                return self.params()
        import msgspec

        known = [field.name for field in fields(self.params)]
        for name in given:
            if name not in known:
                near = get_close_matches(name, known, n=1)
                hint = f"Did you mean “{near[0]}”?" if near else f"It takes: {', '.join(known) or 'nothing'}."
                raise Invalid(f"Report “{self.name}” has no parameter “{name}”.", hint=hint)
        try:
            return msgspec.convert(dict(given), self.params, strict=False)
        except msgspec.ValidationError as error:
            from cloutui.reports.refusal import refusal_of

            what, hint = refusal_of(self.params, given, str(error))
            raise Invalid(f"Report “{self.name}”: {what}", hint=hint) from error


def option_of(parameter: Field[Any]) -> str:
    """How the command line spells a parameter of a report."""
    return str(parameter.metadata.get("option", f"--{parameter.name.replace('_', '-')}"))


_REPORTS: dict[str, Report] = {}


def register(report: Report) -> Report:
    """Add a report to the registry. A name may be taken once."""
    assert report.name not in _REPORTS, report.name
    _REPORTS[report.name] = report
    return report


def all_reports() -> Iterator[Report]:
    """Every report, by name."""
    _load()
    return iter(sorted(_REPORTS.values(), key=lambda report: report.name))


def find_report(name: str) -> Report:
    """Raises: NotFound, with the nearest name."""
    module = name.replace("-", "_")
    if module in _MODULES:  # as nearly all are called: the first answer of a console does not wait for the others
        import_module(f"cloutui.reports.{module}")
    if name not in _REPORTS:
        _load()
    try:
        return _REPORTS[name]
    except KeyError:
        near = get_close_matches(name, _REPORTS, n=1)
        public = ", ".join(report.name for report in all_reports() if not report.is_internal)
        hint = f"Did you mean “{near[0]}”?" if near else f"There are: {public}."
        raise NotFound("report", name, hint=hint) from None


def _load() -> None:
    for module in _MODULES:
        import_module(f"cloutui.reports.{module}")
