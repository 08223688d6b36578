"""How the days of a unit went: how many of its jobs failed or were missed, and how that day is to be judged."""

from __future__ import annotations

from collections.abc import Mapping

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register
from cloutui.reports.span import DaySpan, bound_days


def _bind(parameters: DaySpan, context: Mapping[str, object]) -> Mapping[str, object]:
    return bound_days(parameters, context, usual=30)


DAYS = register(
    Report(
        name="days",
        needs=Privilege.JOB_VIEW,
        summary="The days of a unit: jobs, failed and missed ones, and the share of good ones.",
        params=DaySpan,
        bind=_bind,
        columns=(
            Column(name="day", kind=Kind.DAY),
            Column(name="status", kind=Kind.STATUS),
            Column(name="jobs", kind=Kind.COUNT),
            Column(name="bad", kind=Kind.COUNT, title="failed + missed"),
            Column(name="good", kind=Kind.PERCENT),
        ),
        # A day on which nothing has ended yet is pending (3), one without jobs is none (0). Judged by the share of good
        # jobs that the unit asked for then: the worst job of a day would make every day of a large unit a failed one.
        sql="""
            WITH counted AS (
                SELECT day, sum(jobs)::BIGINT AS jobs, sum(bad)::BIGINT AS bad, max(worst_ended) AS worst_ended,
                       100.0 * (sum(jobs) - sum(bad)) / sum(jobs) AS good
                FROM scoped_unit_day WHERE day BETWEEN $first AND $last GROUP BY day
            )
            SELECT d.day::DATE AS day,
                   (CASE WHEN c.jobs IS NULL THEN 0 WHEN c.worst_ended IS NULL THEN 3
                         WHEN c.good >= l.day_good THEN 2 WHEN c.good >= l.day_poor THEN 7 ELSE 9
                    END)::UTINYINT AS status,
                   coalesce(c.jobs, 0) AS jobs, coalesce(c.bad, 0) AS bad, c.good
            FROM generate_series($first::TIMESTAMP, $last::TIMESTAMP, INTERVAL 1 DAY) AS d(day)
            LEFT JOIN counted AS c ON c.day = d.day::DATE
            JOIN scoped_unit_limit AS l
              ON l.unit_id = $scope_unit AND l.valid_from <= d.day::DATE AND l.valid_to > d.day::DATE
            ORDER BY day
        """,
    )
)
