"""Where a unit's growth goes from here: what is known, and behind it what is to be expected.

The same arithmetic as `model.forecast`, in SQL, so that filters and pages work on its rows as on any other's; a test
holds the two equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from cloutui.errors import Invalid
from cloutui.model.forecast import LEAST_POINTS, LEAST_WORTH, METHOD, MOST_ALIKE, QUANTILE_TERMS
from cloutui.model.privilege import Privilege
from cloutui.model.step import Step
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register
from cloutui.reports.span import DaySpan, bound_days
from cloutui.reports.trends import TREND_ROWS

_USUAL_DAYS = 90
_MOST_DAYS = 3_660
_MOST_AHEAD = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastParameters(DaySpan):
    """Of what, from which days, and how far."""

    metric: Literal["stored", "sent"] = field(default="stored", metadata={"help": "`stored` or `sent`."})
    step: Step = field(default=Step.DAY, metadata={"help": "A row for each day, week (ISO) or month."})
    ahead: int = field(default=30, metadata={"help": "So many days, weeks or months to come."})


def _bind(parameters: ForecastParameters, context: Mapping[str, object]) -> dict[str, object]:
    """Raises: Invalid."""
    if not 1 <= parameters.ahead <= _MOST_AHEAD:
        raise Invalid(f"A forecast does not look {parameters.ahead} steps ahead.", hint=f"Ask for 1 to {_MOST_AHEAD}.")
    span = bound_days(parameters, context, usual=_USUAL_DAYS, longest=_MOST_DAYS)
    step, first, last = parameters.step, span["first"], span["last"]
    assert isinstance(first, date)
    assert isinstance(last, date)
    return {
        "since": step.first_of(first),
        "last": last,
        "step": step,
        "metric": parameters.metric,
        "next": step.moved(last, 1),
        "horizon": step.moved(last, parameters.ahead),
    }


def _quantile(freedom: str) -> str:
    """Student's t in SQL, as `model.forecast.student_quantile`."""
    return " + ".join(f"{term!r} / pow({freedom}, {power})" for power, term in enumerate(QUANTILE_TERMS))


FORECAST = register(
    Report(
        name="forecast",
        needs=Privilege.NODE_VIEW,
        summary="What a unit is to store or send if it goes on like this: a line through its days, and 95% around it.",
        params=ForecastParameters,
        bind=_bind,
        columns=(
            Column(name="day", kind=Kind.DAY),
            Column(name="value", kind=Kind.BYTES),
            Column(name="expected", kind=Kind.BYTES),
            Column(name="low", kind=Kind.BYTES),
            Column(name="high", kind=Kind.BYTES),
            Column(name="method", kind=Kind.TEXT, priority=3),
        ),
        # Of a step that is not over what was sent is not known: half a day would bend the line.
        sql=f"""
            WITH {TREND_ROWS},
            series AS MATERIALIZED (
                SELECT place, day, if($metric = 'stored', stored, sent) AS value,
                       $metric <> 'sent' OR day < date_trunc($step, $today::DATE) AS is_whole
                FROM trend
            ),
            known AS (SELECT place::DOUBLE AS x, value::DOUBLE AS y FROM series WHERE value IS NOT NULL AND is_whole),
            line AS MATERIALIZED (
                SELECT count(*) AS points, avg(x) AS middle, regr_sxx(y, x) AS spread, regr_slope(y, x) AS per_step,
                       avg(y) AS mean
                FROM known
            ),
            stray AS (
                SELECT x, y - (mean + per_step * (x - middle)) AS e FROM known, line
            ),
            noise AS (
                SELECT sum(e * e) AS squares, coalesce(sum(e * before), 0) AS alike
                FROM (SELECT e, lag(e) OVER (ORDER BY x) AS before FROM stray)
            ),
            likeness AS (
                SELECT squares, if(squares > 0, greatest(0, least(alike / squares, {MOST_ALIKE})), 0) AS r FROM noise
            ),
            worth AS (
                SELECT squares, greatest({LEAST_WORTH}, points * (1 - r) / (1 + r)) AS worth FROM likeness, line
            ),
            band AS MATERIALIZED (
                SELECT line.*, worth.worth, {_quantile("(worth.worth - 2)")} AS quantile,
                       sqrt(squares / (worth.worth - 2) * worth.worth / points) AS scatter
                FROM line, worth
            ),
            ahead AS (
                SELECT d.day::DATE AS day,
                       (SELECT max(place) FROM series) + row_number() OVER (ORDER BY d.day) AS x
                FROM generate_series($next::TIMESTAMP, $horizon::TIMESTAMP, ('1 ' || $step)::INTERVAL) AS d(day)
            ),
            expected AS (
                SELECT a.day, b.points, b.mean + b.per_step * (a.x - b.middle) AS value,
                       b.quantile * b.scatter
                       * sqrt(1 + (1 / b.points + pow(a.x - b.middle, 2) / b.spread) * b.points / b.worth) AS half
                FROM ahead AS a, band AS b
            )
            SELECT day, value::BIGINT AS value, NULL::BIGINT AS expected, NULL::BIGINT AS low, NULL::BIGINT AS high,
                   NULL AS method
            FROM series
            UNION ALL
            SELECT day, NULL, if(points >= {LEAST_POINTS}, greatest(0, value), NULL)::BIGINT,
                   if(points >= {LEAST_POINTS}, greatest(0, value - half), NULL)::BIGINT,
                   if(points >= {LEAST_POINTS}, greatest(0, value + half), NULL)::BIGINT,
                   if(points >= {LEAST_POINTS}, '{METHOD}', 'no forecast: ' || points || ' of {LEAST_POINTS} values')
            FROM expected
            ORDER BY day
        """,
    )
)
