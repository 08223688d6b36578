"""What is asked of a report's rows beyond its parameters: which of them, in what order, and which page.

All of it is said over the table `report`, which scope has made already: no filter can reach past it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from cloutui.errors import Invalid
from cloutui.model.filter.grammar import parse, parse_sort
from cloutui.model.filter.problem import BadFilter
from cloutui.model.filter.saved import SavedFilter, names_in, resolve
from cloutui.model.filter.tree import Filter
from cloutui.model.filter.values import Clock
from cloutui.reports.filter_sql import Condition, condition, order
from cloutui.reports.registry import Late, Report

_QUOTED = re.compile(r'"([^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """As a face asks, in words."""

    filter: Filter
    limit: int | None
    """None: every row."""
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """As the cache is asked, in SQL over the table `report`."""

    condition: Condition
    order: str
    asked: Asked

    @property
    def page(self) -> str:
        """The rows."""
        chosen = f"FROM report WHERE {self.condition.text}"
        rows = f"SELECT * {chosen}"
        if self.order:
            # Equal rows stay in the report's own order: pages would overlap otherwise.
            numbered = f"SELECT *, row_number() OVER () AS place_in_report {chosen}"
            rows = f"SELECT * EXCLUDE (place_in_report) FROM ({numbered}) ORDER BY {self.order}, place_in_report"
        return self._part(rows)

    def _part(self, rows: str) -> str:
        limit = "" if self.asked.limit is None else f" LIMIT {self.asked.limit:d}"
        return f"{rows}{limit} OFFSET {self.asked.offset:d}" if self.asked.offset else f"{rows}{limit}"

    @property
    def counts(self) -> str:
        """One row: how many rows there are that the filter lets through, and how many there are in all."""
        return f"SELECT count(*) FILTER (WHERE {self.condition.text}) AS matched, count(*) AS everything FROM report"

    @property
    def counted_page(self) -> str:
        """The rows, each with both counts after its own columns: the report is made once and read twice.

        No rows, no counts.
        """
        page = f"SELECT *, row_number() OVER () AS place_on_page FROM ({self.page})"
        rows = f"SELECT page.*, counts.* FROM ({page}) AS page, ({self.counts}) AS counts"
        return f"SELECT * EXCLUDE (place_on_page) FROM ({rows}) ORDER BY place_on_page"

    @property
    def names(self) -> frozenset[str]:
        """The columns that the filter and the order name: nothing else stands in quotes in their text."""
        return frozenset(_QUOTED.findall(f"{self.condition.text} {self.order}"))

    def page_made_late(self, late: Late) -> str:
        """As `counted_page`, of the first step of a report: the rest is made of the rows of the page alone."""
        order = f"{self.order}, {late.order}" if self.order else late.order
        page = self._part(f"SELECT * FROM report WHERE {self.condition.text} ORDER BY {order}")
        rows = f"WITH early AS MATERIALIZED ({page}) SELECT * FROM ({late.rest})"
        return f"SELECT page.*, counts.* FROM ({rows}) AS page, ({self.counts}) AS counts ORDER BY {order}"

    @property
    def may_need_counts(self) -> bool:
        """Whether the rows alone might not tell how many there are."""
        return self.asked.limit is not None or self.asked.offset > 0 or self.asked.filter.condition is not None

    def needs_counts(self, rows: int) -> bool:
        """Whether a page with so many rows leaves a question open."""
        limit = self.asked.limit
        is_whole = self.asked.offset == 0 and (limit is None or rows < limit)
        return not is_whole or self.asked.filter.condition is not None


def asked_for(text: str, sort: Sequence[str], limit: int | None, offset: int) -> Asked:
    """What the words say. The face's own order comes before the one in the filter. Raises: BadFilter, Invalid."""
    if offset < 0 or (limit is not None and limit < 0):
        raise Invalid("A page cannot start or end below 0.", hint="Give a limit and an offset of 0 or more.")
    found = parse(text)
    return Asked(
        filter=replace(found, sorts=(*(parse_sort(each) for each in sort), *found.sorts)), limit=limit, offset=offset
    )


def written_out(asked: Asked, saved: Callable[[], Iterable[SavedFilter]]) -> Asked:
    """With the conditions of saved filters in place of their names. `saved` is asked only for a filter that has some.

    Raises: BadFilter.
    """
    if not names_in(asked.filter):
        return asked
    return replace(asked, filter=resolve(asked.filter, {each.name: each.text for each in saved()}))


def with_days(given: Mapping[str, object], asked: Asked, report: Report) -> Mapping[str, object]:
    """A report's parameters with the days of `last:`, which count up to the last day. Raises: BadFilter."""
    days = asked.filter.last_days
    if days is None:
        return given
    if "days" not in {field.name for field in fields(report.params)}:
        what = f"Report “{report.name}” is not about days."
        raise BadFilter(what, hint="Take “last:” out.", at=asked.filter.last_at)
    return {**{name: value for name, value in given.items() if name != "first"}, "days": days}


def view(asked: Asked, report: Report, clock: Clock) -> View:
    """Raises: BadFilter."""
    return View(
        condition=condition(asked.filter.condition, report.filterable, clock),
        order=order(asked.filter.sorts, report.filterable),
        asked=asked,
    )
