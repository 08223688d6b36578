"""The days of one node, of one of its schedules, or of a whole unit, as a calendar shows them: one row a day.

A day of a node stands as in `daily`: as it was graded when it closed; today, and yesterday until it closes, as it is
graded now. A closed day whose file is lost is unknown. Other days stand as their worst job does: to grade one takes as
long as to read all of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from functools import cache

from cloutui.errors import Invalid
from cloutui.model.privilege import Privilege
from cloutui.model.step import Step
from cloutui.model.table import Column, Kind
from cloutui.reports.day_facts import LOOK_BACK
from cloutui.reports.grading import ALL_KINDS, KINDS_IN_FORCE, grading
from cloutui.reports.registry import Report, Suited, register
from cloutui.reports.span import DaySpan, bound_days

_WEEKS_OF_A_YEAR = 53
"""Of days when nobody says which: every day of a year is among them, and all weeks are whole."""
_MOST_DAYS = 3_660


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeksParameters(DaySpan):
    """Whose days, and which."""

    node_id: int | None = field(default=None, metadata={"help": "One node, as `nodes` gives it; else the whole unit."})
    schedule: str | None = field(
        default=None, metadata={"help": "One schedule of the node; empty, what ran unscheduled. Else all its jobs."}
    )


def _bind(parameters: WeeksParameters, context: Mapping[str, object]) -> dict[str, object]:
    """Raises: Invalid."""
    if parameters.schedule is not None and parameters.node_id is None:
        raise Invalid("A schedule is one of a node.", hint="Say which: node_id, as `nodes` gives it.")
    span = parameters
    if span.first is None and span.days is None:
        last = span.last or context["today"]
        assert isinstance(last, date)
        first = Step.WEEK.first_of(last) - timedelta(weeks=_WEEKS_OF_A_YEAR - 1)
        span = WeeksParameters(first=first, last=last)
    days = bound_days(span, context, usual=1, longest=_MOST_DAYS)
    return {**asdict(parameters), **days}


_OPEN: Mapping[str, Mapping[str, str]] = {
    "open-today": {"day": "$today", "since": f"($today - {LOOK_BACK.days})", "next_day": "($today + 1)"},
    "open-yesterday": {"day": "($today - 1)", "since": f"($today - 1 - {LOOK_BACK.days})", "next_day": "$today"},
}
"""Days that may be open, and what grading calls a day, by its word."""

_ASKED = f"""
{KINDS_IN_FORCE}
UNION ALL
SELECT open.word
FROM (VALUES ('open-today', $today::DATE), ('open-yesterday', $today::DATE - 1)) AS open(word, day)
WHERE $node_id::INTEGER IS NOT NULL AND $schedule::VARCHAR IS NULL AND open.day BETWEEN $first AND $last
  AND open.day NOT IN (SELECT day FROM scoped_frozen_grade WHERE node_id = $node_id::INTEGER AND day >= $today - 1)
"""
"""Kinds of rules, and days that are to be graded: of one node alone, and of a schedule nothing is graded."""


def _opened(words: frozenset[str]) -> str:
    """How the node stands on each of these days."""
    kinds = words & ALL_KINDS
    graded = f"WITH {grading(kinds, of='node_id = $node_id')} SELECT status FROM graded"
    parts = ["SELECT NULL::DATE AS day, NULL::UTINYINT AS status WHERE false"]
    for word, called in _OPEN.items():
        if word in words:
            sql = graded
            for name, moment in called.items():
                sql = re.sub(rf"\${name}\b", moment, sql)
            parts.append(f"SELECT {called['day']} AS day, status FROM ({sql})")
    return " UNION ALL ".join(parts)


# What a server that does not answer had still to tell of its node is unknown: not pending, not running, not nothing.
_NODE_STATUS = """
    CASE WHEN lost.day IS NOT NULL THEN 6
         WHEN k.status IS NOT NULL THEN k.status
         WHEN o.status IS NOT NULL THEN o.status
         WHEN s.since IS NOT NULL AND d.day <= $today
          AND ((d.day > s.since AND coalesce(f.worst, 0) = 0) OR (d.day >= s.since AND f.worst IN (3, 4)))
         THEN 6 ELSE coalesce(f.worst, 0) END
"""

# Of many nodes, judged by the share of good jobs: the worst one would make every day of a large unit a failed day.
_UNIT_STATUS = """
    CASE WHEN u.jobs IS NULL THEN 0 WHEN u.worst_ended IS NULL THEN 3
         WHEN 100.0 * (u.jobs - u.bad) / u.jobs >= l.day_good THEN 2
         WHEN 100.0 * (u.jobs - u.bad) / u.jobs >= l.day_poor THEN 7 ELSE 9 END
"""


@cache
def _weeks(words: frozenset[str]) -> Report:
    """The report where rules of these kinds are in force, and these days are open."""
    return Report(
        name="weeks",
        needs=Privilege.JOB_VIEW,
        summary="Every day of a node, of one of its schedules, or of a unit: how it went, what was stored and sent.",
        params=WeeksParameters,
        bind=_bind,
        suited=Suited(asked=_ASKED, to=_weeks),
        columns=(
            Column(name="day", kind=Kind.DAY),
            Column(name="week", kind=Kind.TEXT, priority=5),
            Column(name="weekday", kind=Kind.TEXT, priority=6),
            Column(name="status", kind=Kind.STATUS),
            Column(name="result", kind=Kind.COUNT, priority=7),
            Column(name="worst", kind=Kind.STATUS, title="worst job", priority=7),
            Column(name="closed", kind=Kind.TEXT, priority=8),
            Column(name="stored", kind=Kind.BYTES),
            Column(name="growth", kind=Kind.PERCENT, priority=3),
            Column(name="sent", kind=Kind.BYTES),
            Column(name="jobs", kind=Kind.COUNT, priority=4),
            Column(name="bad", kind=Kind.COUNT, title="failed + missed", priority=2),
            Column(name="node", kind=Kind.TEXT, priority=8),
            Column(name="unit", kind=Kind.TEXT, priority=8),
            Column(name="server", kind=Kind.TEXT, priority=8),
        ),
        sql=f"""
            WITH found AS MATERIALIZED (
                SELECT day, max(worst) AS worst, max(bad_result) AS result, sum(bytes)::BIGINT AS sent,
                       sum(jobs)::BIGINT AS jobs, sum(bad)::BIGINT AS bad, any_value(node) AS node,
                       any_value(unit) AS unit, any_value(server) AS server, any_value(server_id) AS server_id
                FROM scoped_node_day
                WHERE node_id = $node_id::INTEGER AND $schedule::VARCHAR IS NULL AND day BETWEEN $first AND $last
                GROUP BY day
                UNION ALL
                SELECT day, max(status), arg_max(result, status) FILTER (status >= 7), sum(bytes)::BIGINT,
                       count(*), count(*) FILTER (status >= 8), any_value(node), any_value(unit), any_value(server),
                       any_value(server_id)
                FROM scoped_job
                WHERE node_id = $node_id::INTEGER AND coalesce(schedule, '') = $schedule::VARCHAR
                  AND day BETWEEN $first AND $last
                GROUP BY day
            ),
            kept AS (
                SELECT day, max(status) AS status FROM scoped_frozen_grade
                WHERE node_id = $node_id::INTEGER AND $schedule::VARCHAR IS NULL AND day BETWEEN $first AND $last
                GROUP BY day
            ),
            lost AS (
                SELECT DISTINCT day FROM scoped_frozen_lost
                WHERE node_id = $node_id::INTEGER AND $schedule::VARCHAR IS NULL AND day BETWEEN $first AND $last
            ),
            opened AS ({_opened(words)}),
            of_unit AS MATERIALIZED (
                SELECT day, max(worst_ended) AS worst_ended, sum(bytes)::BIGINT AS sent, sum(jobs)::BIGINT AS jobs,
                       sum(bad)::BIGINT AS bad
                FROM scoped_unit_day WHERE $node_id::INTEGER IS NULL AND day BETWEEN $first AND $last GROUP BY day
            ),
            silent AS (
                SELECT collected_at::DATE AS since FROM scoped_server
                WHERE failing_since IS NOT NULL AND (collected_at IS NULL OR collected_at < failing_since)
                  AND server_id = (SELECT any_value(server_id) FROM found)
            ),
            node_held AS (SELECT day, until, stored FROM scoped_stored_step WHERE node_id = $node_id::INTEGER),
            unit_held AS MATERIALIZED (
                SELECT day, sum(stored)::BIGINT AS stored FROM scoped_unit_stored
                WHERE $node_id::INTEGER IS NULL AND day BETWEEN $first::DATE - 1 AND $last GROUP BY day
            ),
            calendar AS (
                SELECT d.day::DATE AS day
                FROM generate_series($first::TIMESTAMP - INTERVAL 1 DAY, $last::TIMESTAMP, INTERVAL 1 DAY) AS d(day)
            ),
            held AS (
                SELECT c.day, coalesce(n.stored, u.stored) AS stored
                FROM calendar AS c
                LEFT JOIN node_held AS n ON c.day >= n.day AND c.day < n.until
                LEFT JOIN unit_held AS u ON u.day = c.day
                WHERE c.day <= $today
            ),
            grown AS (SELECT day, stored, lag(stored) OVER (ORDER BY day) AS before FROM held)
            SELECT d.day, strftime(d.day, '%G-W%V') AS week, strftime(d.day, '%a') AS weekday,
                   if($node_id::INTEGER IS NULL, {_UNIT_STATUS}, {_NODE_STATUS})::UTINYINT AS status, f.result,
                   coalesce(f.worst, u.worst_ended, 0)::UTINYINT AS worst,
                   CASE WHEN lost.day IS NOT NULL THEN 'lost' WHEN k.status IS NOT NULL THEN 'yes'
                        WHEN o.status IS NOT NULL THEN 'no' ELSE '' END AS closed,
                   g.stored, if(g.before > 0, 100.0 * (g.stored - g.before) / g.before, NULL) AS growth,
                   coalesce(f.sent, u.sent) AS sent, coalesce(f.jobs, u.jobs, 0) AS jobs,
                   coalesce(f.bad, u.bad, 0) AS bad, f.node, f.unit, f.server
            FROM calendar AS d
            LEFT JOIN found AS f ON f.day = d.day
            LEFT JOIN kept AS k ON k.day = d.day
            LEFT JOIN lost ON lost.day = d.day
            LEFT JOIN opened AS o ON o.day = d.day
            LEFT JOIN of_unit AS u ON u.day = d.day
            LEFT JOIN grown AS g ON g.day = d.day
            LEFT JOIN silent AS s ON true
            JOIN scoped_unit_limit AS l
              ON l.unit_id = $scope_unit AND l.valid_from <= d.day AND l.valid_to > d.day
            WHERE d.day >= $first
              AND ($node_id::INTEGER IS NULL OR EXISTS (FROM scoped_owner WHERE node_id = $node_id::INTEGER))
            ORDER BY d.day
        """,
    )


WEEKS = register(_weeks(ALL_KINDS | frozenset(_OPEN)))
