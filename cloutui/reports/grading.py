"""Nodes' days put through the severity rules, as SQL: for many nodes what `model.severity_grading` says of one.

It is made from the kinds of rules, and from nothing else: a new kind is one more line in `day_facts`. Rules are
resolved into profiles before (`records.severity`), so that a node finds all that is in force for it in one row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from cloutui.model.severity import KINDS
from cloutui.model.status import Status
from cloutui.reports.day_facts import column, day_facts, figures_of

ALL_KINDS = frozenset(KINDS)

KINDS_IN_FORCE = "SELECT kind FROM scoped_severity_kind"
"""What is enough for `kinds` of `grading`: rules that are off say nothing."""

_STATUS_COLUMNS = ", ".join(
    f"coalesce(any_value(grade) FILTER (key = 'status:{status.key}'), {status:d}) AS status_{status:d}"
    for status in Status
)
_BY_STATUS = f"CASE j.status {' '.join(f'WHEN {status:d} THEN p.status_{status:d}' for status in Status)} END"
_LOOKED_UP = frozenset({"message", "text"})

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


def by_hit(kinds: Collection[str], job: str, logged: str, figure: Callable[[str], str]) -> str:
    """An expression by what decided: in the order of `KINDS`, so that of equals the first is told."""
    figures = figures_of(kinds)
    cases = [f"WHEN g.job_grade = g.status THEN {job}", f"WHEN g.logged_grade = g.status THEN {logged}"]
    cases += [f"WHEN g.{column(kind)}_hit = g.status THEN {figure(kind)}" for kind in figures]
    muting = [
        f"WHEN g.is_muted AND g.{column(kind)}_hit = {Status.IGNORED:d} THEN {figure(kind)}"
        for kind in figures
        if KINDS[kind].mutes
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


def reason(kinds: Collection[str]) -> str:
    """What is told of a row of `graded AS g`, as text."""
    return f"""coalesce({by_hit(kinds, JOB_WORDS, LOGGED_WORDS, lambda kind: f"'{KINDS[kind].title}'")}, '')"""


def deciding_rule(kinds: Collection[str]) -> str:
    """The key of the rule behind it, as text."""
    return f"""coalesce({by_hit(kinds, JOB_KEY, "g.logged_key", lambda kind: f"'{kind}'")}, '')"""


def grading(kinds: Collection[str], *, of: str = "node_id IS NOT NULL", planned_of: str = "") -> str:
    """Common tables up to `graded`: each node of the day with its facts, its hits and its `status`.

    `kinds`: of the rules that are in force. `of`: which nodes, a condition that begins with `node_id`. `planned_of`: as
    well as `planned_graded`, by the rules as they would be; of which nodes, a condition on their facts. Values by name:
    those of `bind_day`, `$now`, `$today`.
    """
    facts = day_facts(kinds, of, only=planned_of)
    whose = "fact" if planned_of else "fact_node"
    gradings = [grades(kinds, p, of=of, whose=whose) for p in ("", *(["planned_"] if planned_of else []))]
    return ",".join([facts, *gradings])


def grades(kinds: Collection[str], p: str = "", *, of: str = "node_id IS NOT NULL", whose: str = "fact") -> str:
    """Common tables from `fact` on, up to `graded`: each with `p` before its name, from the relations of that name.

    `whose`: where the nodes stand.
    """
    figures = figures_of(kinds)
    bounds = "".join(
        f", any_value({what}) FILTER (key = '{kind}') AS {column(kind)}_{what}"
        for kind in figures
        for what in ("grade", "bound")
    )
    hits = "".join(
        f", if(f.{column(kind)} > p.{column(kind)}_bound, p.{column(kind)}_grade, NULL) AS {column(kind)}_hit"
        for kind in figures
    )
    muted = [f"coalesce(h.{column(kind)}_hit = {Status.IGNORED:d}, false)" for kind in figures if KINDS[kind].mutes]
    worst = ", ".join(["h.job_grade", "h.logged_grade", *(f"h.{column(kind)}_hit" for kind in figures)])
    # What no rule is about is left out: to plan a statement takes a sixth of the time of its answer.
    has_results, has_logged = "result" in kinds, not _LOOKED_UP.isdisjoint(kinds)
    return f"""
    {p}rule AS MATERIALIZED (SELECT * FROM scoped_{p}severity),
    -- One row for each profile: what every job status counts as, and each figure with its bound.
    {p}profile AS MATERIALIZED (
        SELECT profile_id, {_STATUS_COLUMNS}{bounds} FROM {p}rule GROUP BY profile_id
    ),
    {f"{_logged(p, of, whose)}," if has_logged else ""}
    -- The worst of the other jobs, as one number that tells what it was too: what it counts as, its status, its
    -- result, and whether that was by a rule for the result.
    {p}outcome AS (
        SELECT j.node_id, max(
            ({f"coalesce(r.grade, {_BY_STATUS})" if has_results else _BY_STATUS}::BIGINT << 41)
            + (j.status::BIGINT << 37) + (coalesce(j.result + 2147483649, 0) << 1)
            {"+ (r.grade IS NOT NULL)::BIGINT" if has_results else ""}
        ) AS worst
        FROM scoped_bare_job AS j
        JOIN {whose} AS s ON s.node_id = j.node_id
        JOIN {p}profile AS p ON p.profile_id = s.{p}profile_id
        {_by_result(p) if has_results else ""}
        {f"ANTI JOIN {p}logged_job AS l ON l.node_id = j.node_id AND l.job_key = j.job_key" if has_logged else ""}
        WHERE j.day = $day AND j.{of}
        GROUP BY j.node_id
    ),
    {p}hit AS (
        SELECT f.*, o.worst >> 41 AS job_grade, (o.worst >> 37) & 15 AS job_status,
               nullif((o.worst >> 1) & 68719476735, 0) - 2147483649 AS job_result, o.worst & 1 = 1 AS has_result_rule,
               {"l.best.grade" if has_logged else "NULL"}::BIGINT AS logged_grade,
               {"l.best.key" if has_logged else "NULL"}::VARCHAR AS logged_key{hits}
        FROM fact AS f
        JOIN {p}profile AS p ON p.profile_id = f.{p}profile_id
        LEFT JOIN {p}outcome AS o ON o.node_id = f.node_id
        {f"LEFT JOIN {p}logged AS l ON l.node_id = f.node_id" if has_logged else ""}
    ),
    {p}weighed AS (
        SELECT h.*, {" OR ".join(muted) or "false"} AS is_muted, coalesce(greatest({worst}), 0) AS worst
        FROM {p}hit AS h
    ),
    {p}graded AS (
        SELECT w.* EXCLUDE (worst), if(w.is_muted, {Status.IGNORED:d}, w.worst)::UTINYINT AS status FROM {p}weighed AS w
    )
    """


def _by_result(p: str) -> str:
    return f"""
        LEFT JOIN (
            SELECT profile_id, try_cast(substr(key, 8) AS INTEGER) AS result, grade
            FROM {p}rule WHERE key LIKE 'result:%' AND grade IS NOT NULL
        ) AS r ON r.profile_id = p.profile_id AND r.result = j.result
    """


def _logged(p: str, of: str, whose: str) -> str:
    """Jobs of which something was logged that a rule looks for, each with the worst. The lines of a day are many."""
    return f"""
    {p}sought AS MATERIALIZED (
        SELECT profile_id, key, grade, split_part(key, ':', 1) AS kind, key[strpos(key, ':') + 1:] AS argument
        FROM {p}rule WHERE grade IS NOT NULL AND (key LIKE 'message:%' OR key LIKE 'text:%')
    ),
    {p}sought_job AS MATERIALIZED (
        SELECT s.{p}profile_id AS profile_id, j.*
        FROM scoped_bare_job AS j JOIN {whose} AS s ON s.node_id = j.node_id
        WHERE j.day = $day AND j.{of} AND s.{p}profile_id IN (SELECT profile_id FROM {p}sought)
    ),
    {p}said AS (
        SELECT j.node_id, j.job_key, r.key, r.grade
        FROM {p}sought_job AS j JOIN {p}sought AS r ON r.profile_id = j.profile_id
        WHERE {_IS_LOGGED.format(code="regexp_extract(j.reason, '^[A-Z]{3}[0-9]{4}[A-Z]')", text="j.reason")}
        UNION ALL
        SELECT j.node_id, j.job_key, r.key, r.grade
        FROM {p}sought_job AS j
        JOIN scoped_log_line AS l
          ON l.node_id = j.node_id AND (l.schedule IS NULL OR l.schedule = j.schedule)
         AND l.logged_at BETWEEN coalesce(j.started_at, j.scheduled_at)
                             AND coalesce(j.ended_at, j.scheduled_at + INTERVAL 1 DAY) + INTERVAL 5 MINUTE
        JOIN {p}sought AS r ON r.profile_id = j.profile_id
        WHERE l.logged_at BETWEEN $day - INTERVAL 2 DAY AND $day + INTERVAL 4 DAY
          AND {_IS_LOGGED.format(code="l.message_code", text="l.message")}
    ),
    {p}logged_job AS MATERIALIZED (
        SELECT node_id, job_key, max(struct_pack(grade := grade, key := key)) AS best FROM {p}said GROUP BY ALL
    ),
    {p}logged AS (SELECT node_id, max(best) AS best FROM {p}logged_job GROUP BY node_id)
    """
