"""Which jobs count for a promise, and how: what the reports of the family `sla` begin with.

A job counts as the unit says that owned its node on its day; so units add up, whatever each of them says. What a unit
says for a period is what holds for it on the day that the period is judged on (`model.sla.Period`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from cloutui.model.sla import TRIED_DAYS, Period, PeriodName
from cloutui.model.step import Step
from cloutui.reports.span import DaySpan, bound_days

_STATUSES = {"ok": 2, "okwarn": 5, "warning": 7, "error": 9, "missed": 8}
"""By the words of the cache's columns."""

_SUMS = [f"n_{word}" for word in _STATUSES] + [f"u_{word}" for word in _STATUSES if word != "missed"]
"""Jobs by outcome, and those among them that no schedule asked for: nobody misses those."""

HISTORY = 6
"""Months that a unit is shown with."""


class Jobs(StrEnum):
    """Which jobs are looked at."""

    ALL = "all"
    BACKUP = "backup"
    RESTORE = "restore"


_PERIOD_HELP = "Which days, when none are given: this-month, last-month, last-week."
_JOBS_HELP = "all: all that count; restore: restores and retrieves alone, scheduled or not; backup: all but those."


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaSpan(DaySpan):
    """Which days, and which jobs of them."""

    period: PeriodName = field(default=PeriodName.THIS_MONTH, metadata={"help": _PERIOD_HELP})
    jobs: Jobs = field(default=Jobs.ALL, metadata={"help": _JOBS_HELP})
    levels: int | None = field(default=None, metadata={"help": "So many levels below the unit; all when absent."})
    anew: bool = field(default=False, metadata={"help": "Count a month again, whatever was kept when it was closed."})


def bind_period(parameters: SlaSpan, context: Mapping[str, object]) -> dict[str, object]:
    """The days as the SQL here names them. Raises: Invalid."""
    today = context["today"]
    assert isinstance(today, date)
    period = _period(parameters, today)
    judged, is_open = period.judged_on(today), period.first <= today <= period.last
    is_month = period.is_month and parameters.jobs is Jobs.ALL and not parameters.anew
    tried_from = today - timedelta(days=TRIED_DAYS)
    return {
        "first": period.first,
        "last": period.last,
        "judged": judged,
        "levels": parameters.levels,
        "is_open": is_open,
        "tried_from": tried_from,
        "read_from": min(period.first, tried_from) if is_open else period.first,
        "jobs": parameters.jobs.value,
        # What was closed is whole months of all jobs that count.
        "is_month": is_month,
        "history_from": Step.MONTH.moved(judged, 1 - HISTORY),
    }


def _period(parameters: SlaSpan, today: date) -> Period:
    if parameters.first is None and parameters.last is None and parameters.days is None:
        return Period.named(parameters.period, today)
    span = bound_days(parameters, {"today": today}, usual=1)
    first, last = span["first"], span["last"]
    assert isinstance(first, date)
    assert isinstance(last, date)
    return Period(first, last)


_IS_RESTORE = "coalesce(d.activity, '') IN ('RESTORE', 'RETRIEVE')"
_IS_HANDLED_SO = "list_contains(string_split(l.without_handled, ' '), d.state)"


def holds(on: str) -> str:
    """Whether the terms `l` are those of the unit of `d` on that day."""
    return f"l.unit_id = d.unit_id AND l.valid_from <= {on} AND l.valid_to > {on}"


def _held_out(on: str) -> str:
    """The node of `d`, when none of its jobs count."""
    return f"""
        FROM scoped_sla_left_out AS x
        WHERE x.node_id = d.node_id AND x.unit_id = d.unit_id AND x.valid_from <= {on} AND x.valid_to > {on}
    """


def _counted(unscheduled: str) -> str:
    """The sums of some jobs; `unscheduled` says which of them no schedule asked for."""
    counted = [f"count(*) FILTER (d.status = {number}) AS n_{word}" for word, number in _STATUSES.items()]
    counted += [
        f"count(*) FILTER (d.status = {number} AND {unscheduled}) AS u_{word}"
        for word, number in _STATUSES.items()
        if word != "missed"
    ]
    return ", ".join(counted)


def _negative(*, bad_alone: bool = False) -> str:
    """The sums below zero; of `bad_alone` not those of jobs that are good by the terms `l`."""
    said = {}
    for name in _SUMS:
        word = name.partition("_")[2]
        said[name] = f"-d.{name}"
        if bad_alone and word == "ok":
            said[name] = "0"
        elif bad_alone and word in {"okwarn", "warning"}:
            said[name] = f"if(l.{word}, 0, -d.{name})"
    return ", ".join(f"{text} AS {name}" for name, text in said.items())


_NAMES = ", ".join(f"d.{name}" for name in _SUMS)

SUMMED = ", ".join(f"sum(d.{name})::BIGINT AS {name}" for name in _SUMS)

_IS_BAD = "(d.status >= 8 OR (d.status = 7 AND NOT l.warning) OR (d.status = 5 AND NOT l.okwarn))"


def left_out(days: str, on: str) -> str:
    """The table `left_out` by day and node: the jobs that do not count, below zero, to be added to all that there were.

    They are all of some nodes, and what somebody has handled. `days` says which `d.day`; each is judged `on` a day.
    """
    terms = holds(on)
    held_out = _held_out(on)
    return f"""
        day_handled AS (
            SELECT d.day, d.unit_id, d.node_id, {_negative(bad_alone=True)}
            FROM scoped_handled_day AS d JOIN scoped_unit_sla AS l ON {terms} AND {_IS_HANDLED_SO} WHERE {days}
        ),
        -- Whose day was handled has its jobs in it.
        job_handled AS (
            SELECT d.day, d.unit_id, d.node_id, d.job_key, d.status, d.schedule
            FROM scoped_handled_job AS d
            JOIN scoped_unit_sla AS l ON {terms} AND {_IS_HANDLED_SO} AND {_IS_BAD}
            ANTI JOIN day_handled AS h ON h.node_id = d.node_id AND h.day = d.day
            WHERE {days}
        ),
        job_handled_count AS (
            SELECT d.day, d.unit_id, d.node_id, {_counted("d.schedule IS NULL")}
            FROM job_handled AS d GROUP BY d.day, d.unit_id, d.node_id
        ),
        handled AS (
            FROM day_handled
            UNION ALL
            SELECT d.day, d.unit_id, d.node_id, {_negative()} FROM job_handled_count AS d
        ),
        left_out AS (
            SELECT d.day, d.unit_id, d.node_id, {_negative()}
            FROM scoped_sla_left_out_day AS d WHERE {days} AND d.valid_from <= {on} AND d.valid_to > {on}
            UNION ALL
            SELECT d.* FROM handled AS d WHERE NOT EXISTS ({held_out})
        )
    """


def counts(days: str, on: str) -> str:
    """The tables `node_count` and `other`, by day and node. `days` says which `d.day`; each is judged `on` a day.

    `node_count` has all jobs of the days, and `other` what is to be added: what is left out, and restores, which may be
    all that is looked at.
    """
    return f"""
        node_count AS NOT MATERIALIZED (
            SELECT d.day, d.unit_id, d.node_id, {_NAMES}
            FROM scoped_bare_node_day AS d WHERE $jobs <> 'restore' AND {days}
        ),
        {left_out(days, on)},
        -- Of restores that are looked at alone all count: hardly any is scheduled.
        restored AS (
            SELECT d.day, d.unit_id, d.node_id, {_counted("d.schedule IS NULL AND $jobs <> 'restore'")}
            FROM scoped_job AS d
            JOIN scoped_unit_sla AS l ON {holds(on)}
            ANTI JOIN job_handled AS j ON j.node_id = d.node_id AND j.day = d.day AND j.job_key = d.job_key
            WHERE $jobs <> 'all' AND {days} AND {_IS_RESTORE} AND NOT EXISTS ({_held_out(on)})
              AND NOT ({_IS_BAD} AND EXISTS (FROM day_handled AS h WHERE h.node_id = d.node_id AND h.day = d.day))
            GROUP BY d.day, d.unit_id, d.node_id
        ),
        other AS (
            SELECT d.* FROM left_out AS d WHERE $jobs <> 'restore'
            UNION ALL
            SELECT d.day, d.unit_id, d.node_id, {_negative()} FROM restored AS d WHERE $jobs = 'backup'
            UNION ALL
            FROM restored WHERE $jobs = 'restore'
        )
    """


def unit_counts(days: str, keys: Mapping[str, str]) -> str:
    """The table `unit_count`: what `counts` has, by unit, added up by the `keys`, each an expression of `d.day`."""
    named = ", ".join(f"{text} AS {name}" for name, text in keys.items())
    grouped = f"GROUP BY d.unit_id, {', '.join(keys)}"
    return f"""
        unit_count AS (
            SELECT d.unit_id, {named}, min(d.day) AS begun, {SUMMED}
            FROM scoped_unit_day AS d WHERE $jobs <> 'restore' AND {days} {grouped}
            UNION ALL
            SELECT d.unit_id, {named}, min(d.day) AS begun, {SUMMED} FROM other AS d {grouped}
        )
    """


def outcomes(jobs: str = "d") -> str:
    """The columns `ok` to `missed` and `good` of rows of sums, by the terms `l` that hold for them."""
    told = {
        word: f"{jobs}.n_{name} - if(l.unscheduled, 0, {jobs}.u_{name})"
        for word, name in (("ok", "ok"), ("okwarn", "okwarn"), ("warning", "warning"), ("failed", "error"))
    }
    told["missed"] = f"{jobs}.n_missed"
    told["good"] = f"{told['ok']} + if(l.okwarn, {told['okwarn']}, 0) + if(l.warning, {told['warning']}, 0)"
    return ", ".join(f"{text} AS {word}" for word, text in told.items())


def standing(jobs: str, good: str, goal: str, expected: str) -> tuple[str, str, str]:
    """`status`, `result` and `left` as `model.sla.standing` has them, each as SQL."""
    left = f"greatest({jobs}, {expected}) * (1000 - {goal}) // 1000 - ({jobs} - {good})"
    is_reached = f"{good} * 1000 >= {goal} * {jobs}"
    status = f"CASE WHEN {jobs} = 0 THEN 0 WHEN {is_reached} THEN 2 WHEN {left} >= 0 THEN 7 ELSE 9 END"
    return (
        f"({status})::UTINYINT",
        f"if({jobs} = 0, NULL, {good} * 1000 // {jobs} / 10.0)",
        f"if({jobs} = 0, NULL, {left})",
    )
