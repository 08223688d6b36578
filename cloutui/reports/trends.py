"""How a unit grows: what it stores and sends, of how many nodes, and what deduplication and compression save."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from cloutui.errors import Invalid
from cloutui.model.privilege import Privilege
from cloutui.model.step import Step
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register
from cloutui.reports.span import DaySpan, bound_days

_USUAL_DAYS = 90
_MOST_DAYS = 7_320
"""Twenty years, with as many before them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendSpan(DaySpan):
    """Which days, and how many of them are one row."""

    step: Step = field(default=Step.DAY, metadata={"help": "A row for each day, week (ISO) or month."})
    previous: bool = field(default=False, metadata={"help": "Also what there was in the same time before."})


def bind_trend(parameters: TrendSpan, context: Mapping[str, object]) -> dict[str, object]:
    """`first` and `last` as days, `since` as the first one that is read. Raises: Invalid."""
    span = bound_days(parameters, context, usual=_USUAL_DAYS, longest=_MOST_DAYS)
    step, first, last = parameters.step, span["first"], span["last"]
    assert isinstance(first, date)
    assert isinstance(last, date)
    steps = len(step.firsts(first, last))
    try:
        # One more: the first value has grown too.
        since = step.moved(first, -(steps + 1 if parameters.previous else 1))
    except (OverflowError, ValueError) as error:
        raise Invalid(f"There are no {step}s before {first}.", hint="Ask for days of this century.") from error
    return {
        "first": step.first_of(first),
        "last": last,
        "since": since,
        "step": step,
        "steps": steps,
        "previous": parameters.previous,
    }


# Held at the end of each step: of a week or a month the last day that is known counts. Sent in all of it. What is saved
# is the reporting size less the logical one: that servers mean the sizes before and after deduplication and compression
# by these in every kind of pool is unverified.
TREND_ROWS = """
    held AS (
        SELECT day, sum(stored)::BIGINT AS stored, sum(logical)::BIGINT AS logical, sum(nodes)::BIGINT AS nodes
        FROM scoped_unit_stored
        WHERE day BETWEEN $since AND $last AND (
            $step = 'day' OR day IN (
                SELECT least(end_day, (SELECT max(day) FROM scoped_unit_stored WHERE day <= $last)) FROM (
                    SELECT (date_trunc($step, d.day) + ('1 ' || $step)::INTERVAL - INTERVAL 1 DAY)::DATE AS end_day
                    FROM generate_series($since::TIMESTAMP, $last::TIMESTAMP, INTERVAL 1 DAY) AS d(day)
                )
            )
        )
        GROUP BY day
    ),
    moved AS (
        SELECT date_trunc($step, day)::DATE AS day, sum(bytes)::BIGINT AS sent
        FROM scoped_unit_day WHERE day BETWEEN $since AND $last GROUP BY date_trunc($step, day)
    ),
    stepped AS (
        SELECT row_number() OVER (ORDER BY d.day) AS place, d.day::DATE AS day
        FROM generate_series($since::TIMESTAMP, $last::TIMESTAMP, ('1 ' || $step)::INTERVAL) AS d(day)
    ),
    trend AS MATERIALIZED (
        SELECT s.place, s.day, h.stored, m.sent, h.nodes,
               if(h.stored > 0, 100.0 * (h.stored - h.logical) / h.stored, NULL) AS saved
        FROM stepped AS s
        LEFT JOIN (
            SELECT date_trunc($step, day)::DATE AS day, arg_max(stored, day) AS stored,
                   arg_max(logical, day) AS logical, arg_max(nodes, day) AS nodes
            FROM held GROUP BY date_trunc($step, day)
        ) AS h ON h.day = s.day
        LEFT JOIN moved AS m ON m.day = s.day
    )
"""
"""Common table expressions: `trend` has a row for each step from `$since` to `$last`; what is not known is null."""

TRENDS = register(
    Report(
        name="trends",
        needs=Privilege.NODE_VIEW,
        summary="What a unit with all below it stored and sent, of how many nodes, and what deduplication saved.",
        params=TrendSpan,
        bind=bind_trend,
        columns=(
            Column(name="day", kind=Kind.DAY),
            Column(name="stored", kind=Kind.BYTES),
            Column(name="growth", kind=Kind.PERCENT, priority=3),
            Column(name="sent", kind=Kind.BYTES),
            Column(name="nodes", kind=Kind.COUNT),
            Column(name="saved", kind=Kind.PERCENT, priority=2),
            Column(name="stored_before", kind=Kind.BYTES, priority=5),
            Column(name="sent_before", kind=Kind.BYTES, priority=6),
            Column(name="nodes_before", kind=Kind.COUNT, priority=6),
            Column(name="saved_before", kind=Kind.PERCENT, priority=6),
        ),
        sql=f"""
            WITH {TREND_ROWS}
            SELECT t.day, t.stored,
                   if(last.stored > 0, 100.0 * (t.stored - last.stored) / last.stored, NULL) AS growth,
                   t.sent, t.nodes, t.saved, before.stored AS stored_before, before.sent AS sent_before,
                   before.nodes AS nodes_before, before.saved AS saved_before
            FROM trend AS t
            LEFT JOIN trend AS last ON last.place = t.place - 1
            LEFT JOIN trend AS before ON $previous AND before.place = t.place - $steps
            WHERE t.day >= $first
            ORDER BY t.day
        """,
    )
)
