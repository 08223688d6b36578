"""Whether each unit keeps what was promised to it: its jobs by outcome, with all below it, against its goal."""

from __future__ import annotations

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register
from cloutui.reports.sla_counts import HISTORY, SlaSpan, bind_period, counts, outcomes, standing, unit_counts

OUTCOMES = (
    Column(name="ok", kind=Kind.COUNT, title="OK", priority=4),
    Column(name="okwarn", kind=Kind.COUNT, title="OK+w", priority=4),
    Column(name="warning", kind=Kind.COUNT, title="warn", priority=3),
    Column(name="failed", kind=Kind.COUNT, title="fail", priority=2),
    Column(name="missed", kind=Kind.COUNT, title="miss", priority=2),
)

_DAYS = "d.day BETWEEN $read_from AND $judged"
_KEYS = {
    "is_inside": "(d.day >= $first)",
    "is_past": "(d.day < $today)",
    "is_tried": "(d.day >= $tried_from AND d.day < $today)",
}

_ADDED = ("ok", "okwarn", "warning", "failed", "missed", "good", "before", "tried")
FIGURES = ("ok", "okwarn", "warning", "failed", "missed", "good")
JOBS = "(ok + okwarn + warning + failed + missed)"

COUNTS = """
    concat_ws(', ', if(l.unscheduled, 'all jobs', 'scheduled jobs only'),
        CASE WHEN l.okwarn AND l.warning THEN 'warnings count as OK' WHEN l.warning THEN 'warning counts as OK'
             WHEN l.okwarn THEN 'OK+warn counts as OK' ELSE 'OK+warn counts as failed' END,
        if(l.locked, NULL, 'without locked nodes'),
        'without what is ' || nullif(replace(l.without_handled, ' ', ' or '), ''),
        'nodes with tag ' || nullif(replace(l.tags_only, ' ', ' or '), ''),
        'nodes without tag ' || nullif(replace(l.tags_without, ' ', ' or '), ''))
"""
"""Which jobs count for a unit, in words."""

# The days to come have as many jobs as those of the last four weeks had, since there were any.
_EXPECTED = """
    if($is_open, before + coalesce(tried * ($last::DATE - $today::DATE + 1) // ($today::DATE - begun), 0), 0)
"""

_STATUS, _RESULT, _LEFT = standing("jobs", "good", "goal", "expected")


def _tenths(jobs: str, good: str) -> str:
    """`97.6`, for a list of months."""
    return f"({good} * 1000 // {jobs} // 10) || '.' || ({good} * 1000 // {jobs} % 10)"


_PAST = HISTORY - 1
_NONE = "·"
"""For a month without jobs, or one that was never closed."""
_NO_HISTORY = " ".join([_NONE] * _PAST)


def _of_month(place: int) -> str:
    """The result of that month of the history."""
    return f"max(result) FILTER (month = ($history_from::DATE + INTERVAL {place} MONTH)::DATE)"


_HISTORY = " || ' ' || ".join(f"coalesce({_of_month(place)}, '{_NONE}')" for place in range(_PAST))


_SQL = f"""
    WITH {counts(_DAYS, "$judged")},
    {unit_counts(_DAYS, _KEYS)},
    terms AS (SELECT * FROM scoped_unit_sla WHERE valid_from <= $judged AND valid_to > $judged),
    counted AS (
        SELECT d.unit_id, d.is_inside, d.is_past, d.is_tried, d.begun, {outcomes()}
        FROM unit_count AS d JOIN terms AS l ON l.unit_id = d.unit_id
    ),
    own AS (
        SELECT unit_id, {", ".join(f"sum({name}) FILTER (is_inside) AS {name}" for name in FIGURES)},
               sum({JOBS}) FILTER (is_inside AND is_past) AS before, sum({JOBS}) FILTER (is_tried) AS tried,
               min(begun) FILTER (is_tried) AS begun
        FROM counted GROUP BY unit_id
    ),
    summed AS (
        SELECT b.top_id AS unit_id, {", ".join(f"coalesce(sum(own.{name}), 0)::BIGINT AS {name}" for name in _ADDED)},
               min(own.begun) AS begun
        FROM scoped_branch AS b JOIN own ON own.unit_id = b.unit_id GROUP BY b.top_id
    ),
    month AS (SELECT * FROM scoped_sla_month WHERE month BETWEEN $history_from AND $judged),
    history AS (
        SELECT unit_id, {_HISTORY} AS months, {_of_month(_PAST)} AS last
        FROM (SELECT unit_id, month, {_tenths(JOBS, "good")} AS result FROM month) GROUP BY unit_id
    ),
    figures AS (
        SELECT u.unit_id, u.name, u.depth, u.is_archived, c.unit_id IS NOT NULL AS is_closed,
               coalesce(c.goal, l.goal) AS goal,
               CASE WHEN c.unit_id IS NOT NULL THEN 'closed' WHEN l.goal_set_on_id = u.unit_id THEN 'own'
                    WHEN l.goal_set_on_id IS NULL THEN 'default' ELSE 'inherited' END AS source,
               l.goal_set_on AS set_on,
               {", ".join(f"if(c.unit_id IS NULL, coalesce(s.{name}, 0), c.{name}) AS {name}" for name in FIGURES)},
               coalesce(s.before, 0) AS before, coalesce(s.tried, 0) AS tried, s.begun,
               coalesce(c.counts, {COUNTS}) AS counts, coalesce(c.revision, 0) AS revision
        FROM scoped_unit AS u
        JOIN terms AS l ON l.unit_id = u.unit_id
        LEFT JOIN summed AS s ON s.unit_id = u.unit_id
        LEFT JOIN month AS c ON $is_month AND c.unit_id = u.unit_id AND c.month = $first
    ),
    judged AS (SELECT *, {JOBS} AS jobs, if(is_closed, 0, {_EXPECTED}) AS expected FROM figures)
    SELECT j.unit_id, j.name AS unit, {_STATUS} AS status, goal / 10.0 AS goal, source,
           if(is_closed, NULL, set_on) AS set_on, jobs, {", ".join(FIGURES)}, {_RESULT} AS result, {_LEFT} AS "left",
           coalesce(h.months, '{_NO_HISTORY}') || ' '
           || coalesce(if($is_month AND jobs > 0, {_tenths("jobs", "good")}, h.last), '{_NONE}') AS months,
           counts, revision
    FROM judged AS j LEFT JOIN history AS h ON h.unit_id = j.unit_id
    WHERE (jobs > 0 OR NOT is_archived)
      AND ($levels IS NULL OR j.depth <= (SELECT depth FROM scoped_unit WHERE unit_id = $scope_unit) + $levels)
    ORDER BY j.unit_id <> $scope_unit, {_STATUS} DESC, jobs - good DESC, j.name, j.unit_id
"""
"""The scope's own unit first, then the worst, and of these those with the most bad jobs."""

SLA = register(
    Report(
        name="sla",
        needs=Privilege.SLA_VIEW,
        summary="Whether units keep what was promised: jobs by outcome against the goal, each with all below it.",
        params=SlaSpan,
        bind=bind_period,
        columns=(
            Column(name="unit_id", kind=Kind.COUNT, priority=9),
            Column(name="unit", kind=Kind.TEXT),
            Column(name="status", kind=Kind.STATUS),
            Column(name="goal", kind=Kind.PERCENT),
            Column(name="source", kind=Kind.TEXT, priority=8),
            Column(name="set_on", kind=Kind.TEXT, title="set on", priority=8),
            Column(name="jobs", kind=Kind.COUNT, priority=3),
            *OUTCOMES,
            Column(name="good", kind=Kind.COUNT, priority=7),
            Column(name="result", kind=Kind.PERCENT),
            Column(name="left", kind=Kind.COUNT),
            Column(name="months", kind=Kind.TEXT, title="6 months", priority=5),
            Column(name="counts", kind=Kind.TEXT, priority=8),
            Column(name="revision", kind=Kind.COUNT, priority=8),
        ),
        sql=_SQL,
    )
)
