"""Nodes' days put through the severity rules, as SQL: for many nodes what `model.severity_grading` says of one.

It is made from the kinds of rules, and from nothing else: a new kind is one more line in `day_facts`. Rules are
resolved into profiles before (`records.severity`), so that a node finds all that is in force for it in one row.
"""

from __future__ import annotations

from collections.abc import Callable

from cloutui.model.severity import FIGURES, KINDS
from cloutui.model.status import Status
from cloutui.reports.day_facts import bind_day, column, day_facts

__all__ = ["JOB_KEY", "JOB_WORDS", "LOGGED_WORDS", "SOURCE", "bind_day", "column", "grades", "grading"]

_PROFILE_COLUMNS = ",\n".join(
    f"any_value({what}) FILTER (key = '{kind.name}') AS {column(kind.name)}_{name}"
    for kind in FIGURES
    for what, name in (("grade", "grade"), ("bound", "bound"), ("limit_text", "limit"))
)
_BY_STATUS = ", ".join(f"any_value(grade) FILTER (key = 'status:{status.key}')" for status in Status)

_IS_LOGGED = """
    CASE r.kind
        WHEN 'message' THEN r.argument IN (
            regexp_extract(upper({code}), '^([A-Z]*[0-9]+)[A-Z]?$', 1),
            regexp_extract({code}, '^[A-Za-z]*([0-9]+)[A-Za-z]?$', 1)
        )
        ELSE if(starts_with(r.argument, '/'), regexp_matches({text}, '(?i)' || r.argument[2:-2]),
                contains(lower({text}), lower(r.argument)))
    END
"""

_HIT = "if({fact} > p.{kind}_bound, p.{kind}_grade, NULL)"
_HITS = ", ".join(
    f"{_HIT.format(fact=f'f.{column(kind.name)}', kind=column(kind.name))} AS {column(kind.name)}_hit"
    for kind in FIGURES
)
_MUTED = " OR ".join(f"h.{column(kind.name)}_hit = {Status.IGNORED:d}" for kind in FIGURES if kind.mutes)
_WORST = ", ".join(["h.job_grade", "h.logged_grade", *(f"h.{column(kind.name)}_hit" for kind in FIGURES)])


def _by_hit(job: str, logged: str, figure: Callable[[str], str]) -> str:
    """An expression by what decided: in the order of `KINDS`, so that of equals the first is told."""
    cases = [f"WHEN g.job_grade = g.status THEN {job}", f"WHEN g.logged_grade = g.status THEN {logged}"]
    cases += [f"WHEN g.{column(kind.name)}_hit = g.status THEN {figure(kind.name)}" for kind in FIGURES]
    muting = [
        f"WHEN g.is_muted AND g.{column(kind.name)}_hit = {Status.IGNORED:d} THEN {figure(kind.name)}"
        for kind in FIGURES
        if kind.mutes
    ]
    return f"CASE {' '.join(muting + cases)} END"


_STATUS_KEYS = f"[{', '.join(repr(status.key) for status in Status)}]"
_STATUS_WORDS = f"[{', '.join(repr(status.word) for status in Status)}]"

JOB_WORDS = f"""
    {_STATUS_WORDS}[g.job_status + 1] || if(g.job_status IN (7, 9) AND g.job_result <> 0, ' ' || g.job_result, '')
"""
JOB_KEY = f"if(g.has_result_rule, 'result:' || g.job_result, 'status:' || {_STATUS_KEYS}[g.job_status + 1])"
LOGGED_WORDS = """
    if(starts_with(g.logged_key, 'message:'), 'Message ', 'Text ') || g.logged_key[strpos(g.logged_key, ':') + 1:]
"""

SOURCE = """
    CASE WHEN r.key IS NULL THEN '' WHEN r.data_source_id IS NOT NULL THEN 'node'
         WHEN r.unit_id IS NULL THEN 'site' ELSE coalesce(r.unit, 'above') END
"""
"""Where the rule `r` stands. A unit above the reader's own is not named."""

REASON = f"""coalesce({_by_hit(JOB_WORDS, LOGGED_WORDS, lambda kind: f"'{KINDS[kind].title}'")}, '')"""
RULE = f"""coalesce({_by_hit(JOB_KEY, "g.logged_key", lambda kind: f"'{kind}'")}, '')"""


def grading(*, of: str = "true", planned: bool = False) -> str:
    """Common tables up to `graded`: each node of the day with its facts, its hits, `status`, `reason` and `rule`.

    `of`: which nodes, a condition on `node_id`. `planned`: as well as `planned_graded`, by the rules as they
    would be. Values by name: those of `bind_day`, `$now`, `$today`.
    """
    now = grades("", "scoped_severity", "scoped_severity_profile")
    if not planned:
        return f"{day_facts(of)},{now}"
    then = grades("planned_", "scoped_planned_severity", "scoped_planned_severity_profile")
    return f"{day_facts(of, planned=True)},{now},{then}"


def grades(p: str, rules: str, profiles: str) -> str:
    """Common tables from `fact` on, up to `graded`: each with `p` before its name."""
    return f"""
    {p}rule AS MATERIALIZED (SELECT * FROM {rules}),
    -- One row for each profile: what every job status and result counts as, and each figure with its bound.
    {p}profile AS MATERIALIZED (
        SELECT profile_id, [{_BY_STATUS}] AS by_status,
               map_from_entries(
                   list((try_cast(substr(key, 8) AS INTEGER), grade)) FILTER (key LIKE 'result:%' AND grade IS NOT NULL)
               ) AS by_result,
               {_PROFILE_COLUMNS}
        FROM {p}rule GROUP BY profile_id
    ),
    -- Each node with its own profile, else its unit's.
    {p}subject AS MATERIALIZED (
        SELECT f.node_id, coalesce(own.profile_id, p.profile_id) AS profile_id
        FROM fact AS f
        JOIN {profiles} AS p ON p.unit_id = f.unit_id AND p.product = f.product AND p.data_source_id IS NULL
        LEFT JOIN {profiles} AS own ON own.unit_id = f.unit_id AND own.data_source_id = f.node_id
    ),
    {_logged(p)},
    -- The worst of the other jobs, as one number that tells what it was too: what it counts as, its status, its result.
    {p}outcome AS (
        SELECT j.node_id, max(
            (coalesce(p.by_result[j.result], p.by_status[j.status + 1], j.status)::BIGINT << 40)
            + (j.status::BIGINT << 36) + coalesce(j.result + 2147483649, 0)
        ) AS worst
        FROM scoped_bare_job AS j
        JOIN {p}subject AS s ON s.node_id = j.node_id
        JOIN {p}profile AS p ON p.profile_id = s.profile_id
        WHERE j.day = $day AND (j.node_id, j.job_key) NOT IN (SELECT node_id, job_key FROM {p}logged_job)
        GROUP BY j.node_id
    ),
    {p}hit AS (
        SELECT f.*, s.profile_id, o.worst >> 40 AS job_grade, (o.worst >> 36) & 15 AS job_status,
               nullif(o.worst & 68719476735, 0) - 2147483649 AS job_result, p.by_result,
               l.best.grade::BIGINT AS logged_grade, l.best.key AS logged_key, {_HITS}
        FROM fact AS f
        JOIN {p}subject AS s ON s.node_id = f.node_id
        JOIN {p}profile AS p ON p.profile_id = s.profile_id
        LEFT JOIN {p}outcome AS o ON o.node_id = f.node_id
        LEFT JOIN {p}logged AS l ON l.node_id = f.node_id
    ),
    {p}weighed AS (
        SELECT h.* EXCLUDE (by_result), coalesce({_MUTED}, false) AS is_muted,
               h.by_result[h.job_result::INTEGER] IS NOT NULL AS has_result_rule,
               coalesce(greatest({_WORST}), 0) AS worst
        FROM {p}hit AS h
    ),
    {p}graded_status AS (
        SELECT w.*, if(w.is_muted, {Status.IGNORED:d}, w.worst)::UTINYINT AS status FROM {p}weighed AS w
    ),
    {p}graded AS MATERIALIZED (SELECT g.*, {REASON} AS reason, {RULE} AS rule FROM {p}graded_status AS g)
    """


def _logged(p: str) -> str:
    """Jobs of which something was logged that a rule looks for, each with the worst. The lines of a day are many."""
    return f"""
    {p}sought AS MATERIALIZED (
        SELECT s.node_id, r.key, r.grade, split_part(r.key, ':', 1) AS kind, r.key[strpos(r.key, ':') + 1:] AS argument
        FROM {p}rule AS r JOIN {p}subject AS s ON s.profile_id = r.profile_id
        WHERE r.grade IS NOT NULL AND (r.key LIKE 'message:%' OR r.key LIKE 'text:%')
    ),
    {p}line AS (
        SELECT l.node_id, l.schedule, l.logged_at, r.key, r.grade
        FROM scoped_log_line AS l JOIN {p}sought AS r ON r.node_id = l.node_id
        WHERE l.logged_at BETWEEN $day - INTERVAL 2 DAY AND $day + INTERVAL 4 DAY
          AND {_IS_LOGGED.format(code="l.message_code", text="l.message")}
    ),
    {p}said AS (
        SELECT j.node_id, j.job_key, r.key, r.grade
        FROM scoped_bare_job AS j JOIN {p}sought AS r ON r.node_id = j.node_id
        WHERE j.day = $day
          AND {_IS_LOGGED.format(code="regexp_extract(j.reason, '^[A-Z]{3}[0-9]{4}[A-Z]')", text="j.reason")}
        UNION
        SELECT j.node_id, j.job_key, l.key, l.grade
        FROM scoped_bare_job AS j JOIN {p}line AS l
          ON l.node_id = j.node_id AND (l.schedule IS NULL OR l.schedule = j.schedule)
         AND l.logged_at BETWEEN coalesce(j.started_at, j.scheduled_at)
                             AND coalesce(j.ended_at, j.scheduled_at + INTERVAL 1 DAY) + INTERVAL 5 MINUTE
        WHERE j.day = $day
    ),
    {p}logged_job AS MATERIALIZED (
        SELECT node_id, job_key, max(struct_pack(grade := grade, key := key)) AS best FROM {p}said GROUP BY ALL
    ),
    {p}logged AS (SELECT node_id, max(best) AS best FROM {p}logged_job GROUP BY node_id)
    """
