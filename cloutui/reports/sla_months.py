"""The months of a unit that are over, against what was promised for each: as they were closed, else as they are now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from msgspec import Meta

from cloutui.model.privilege import Privilege
from cloutui.model.step import Step
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register
from cloutui.reports.sla import COUNTS, FIGURES, JOBS, OUTCOMES
from cloutui.reports.sla_counts import SUMMED, holds, left_out, outcomes, standing

MOST_MONTHS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthsBack:
    """How far back."""

    months: Annotated[int, Meta(ge=1, le=MOST_MONTHS)] = field(
        default=12, metadata={"help": f"So many months up to the last one that is over; {MOST_MONTHS} at most."}
    )


def _bind(parameters: MonthsBack, context: Mapping[str, object]) -> Mapping[str, object]:
    today = context["today"]
    assert isinstance(today, date)
    since, last = Step.MONTH.moved(today, -parameters.months), Step.MONTH.moved(today, -1)
    return {"since": since, "until": Step.MONTH.last_of(last)}


_DAYS = "d.day BETWEEN $since AND $until"
_STATUS, _RESULT, _LEFT = standing("jobs", "good", "goal", "jobs")

SLA_MONTHS = register(
    Report(
        name="sla-months",
        needs=Privilege.SLA_VIEW,
        summary="The months of a unit that are over, against what was promised then, with all below it.",
        params=MonthsBack,
        bind=_bind,
        columns=(
            Column(name="month", kind=Kind.DAY),
            Column(name="status", kind=Kind.STATUS),
            Column(name="goal", kind=Kind.PERCENT),
            Column(name="jobs", kind=Kind.COUNT, priority=3),
            *OUTCOMES,
            Column(name="good", kind=Kind.COUNT, priority=7),
            Column(name="result", kind=Kind.PERCENT),
            Column(name="left", kind=Kind.COUNT),
            Column(name="counts", kind=Kind.TEXT, priority=8),
            Column(name="revision", kind=Kind.COUNT, priority=5),
            Column(name="closed", kind=Kind.TIME, priority=6),
        ),
        sql=f"""
            WITH closed AS (
                SELECT * FROM scoped_sla_month WHERE unit_id = $scope_unit AND month BETWEEN $since AND $until
            ),
            {left_out(_DAYS, "last_day(d.day)")},
            -- Not by units: of all that units say, jobs count in a handful of ways.
            day_count AS (
                SELECT d.day, d.okwarn, d.warning, d.unscheduled, {SUMMED}
                FROM scoped_sla_unit_day AS d WHERE {_DAYS} GROUP BY ALL
                UNION ALL
                SELECT d.day, l.okwarn, l.warning, l.unscheduled, {SUMMED}
                FROM left_out AS d JOIN scoped_unit_sla AS l ON {holds("last_day(d.day)")} GROUP BY ALL
            ),
            counted AS (
                SELECT date_trunc('month', l.day)::DATE AS month, {outcomes("l")} FROM day_count AS l
            ),
            summed AS (
                SELECT month, {", ".join(f"sum({name})::BIGINT AS {name}" for name in FIGURES)}
                FROM counted ANTI JOIN closed USING (month) GROUP BY month
            ),
            figures AS (
                SELECT month, goal, {", ".join(FIGURES)}, counts, revision, frozen_at AS closed FROM closed
                UNION ALL
                SELECT s.month, l.goal, {", ".join(f"s.{name}" for name in FIGURES)}, {COUNTS}, 0, NULL
                FROM summed AS s
                JOIN scoped_unit_sla AS l
                  ON l.unit_id = $scope_unit AND l.valid_from <= last_day(s.month) AND l.valid_to > last_day(s.month)
            ),
            judged AS (SELECT *, {JOBS} AS jobs FROM figures)
            SELECT month, {_STATUS} AS status, goal / 10.0 AS goal, jobs, {", ".join(FIGURES)},
                   {_RESULT} AS result, {_LEFT} AS "left", counts, revision, closed
            FROM judged WHERE jobs > 0 ORDER BY month DESC
        """,
    )
)
