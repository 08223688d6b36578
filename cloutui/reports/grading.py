"""Nodes' days put through the severity rules, as SQL: for many nodes what `model.severity_grading` says of one.

It is made from the kinds of rules, and from nothing else: a new figure is one more kind, and one more line in
`_FIGURES`. Rules are resolved into profiles before (`records.severity`), so a node finds its own in one row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from cloutui.model.severity import FIGURES, KINDS
from cloutui.model.status import Status
from cloutui.reports.condition import IS_SILENT

_LOOK_BACK = timedelta(days=31)
"""How far back the last success and the last change of what is stored are looked for, of a day that is over."""

_KNOWN_NOW = "$day >= $today - 1"
"""What servers tell of now is held against today and yesterday, and not against days that are long over."""

_FIGURES: Mapping[str, str] = {
    # What never succeeded counts from when its unit has it, or it was registered.
    "at-risk": """if(n.is_leaving, NULL, date_diff('second', coalesce(ok.last_ok, n.begun_at), n.seen_at))""",
    "no-activity": "if(n.is_leaving, NULL, date_diff('second', n.last_access_at, n.seen_at))",
    "growth": "100.0 * (held.stored - held.before) / nullif(held.before, 0)",
    "limit": "held.stored",
    "duration": "d.longest_s",
    "failed-files": "d.failed",
    "no-schedule": f"if(n.is_listed AND {_KNOWN_NOW}, (planned.node_id IS NULL)::INTEGER, NULL)",
    "locked": f"if({_KNOWN_NOW}, n.is_locked::INTEGER, NULL)",
    "server-silent": "n.silent_s",
}
"""How each figure of a node's day is found. Null is unknown, and hits nothing."""


def column(kind: str) -> str:
    """What a kind is called in SQL."""
    return kind.replace("-", "_")


def bind_day(day: date | None, today: object) -> dict[str, object]:
    """The values that the facts name: which day, and from when on it is looked back."""
    assert isinstance(today, date)
    day = day or today
    return {"day": day, "since": day - _LOOK_BACK, "next_day": day + timedelta(days=1)}


# Nodes that a unit of the scope had on the day, each seen at the end of its unit's day, or now.
_NODES = f"""
    clock AS MATERIALIZED (
        SELECT DISTINCT time_zone, day_start_s,
               least($now, if(time_zone = 'UTC', $next_day::TIMESTAMP + to_seconds(day_start_s),
                   timezone(time_zone, $next_day::TIMESTAMP + to_seconds(day_start_s)) AT TIME ZONE 'UTC')) AS seen_at
        FROM scoped_owner WHERE valid_from <= $day AND valid_to > $day
    ),
    backup_server AS (
        SELECT s.server_id, s.name AS server, s.product, s.collected_at, {IS_SILENT} AS is_silent
        FROM scoped_server AS s
    ),
    fact_node AS MATERIALIZED (
        SELECT o.node_id, o.node, o.unit_id, o.unit, o.time_zone, s.server_id, s.server, s.product, c.seen_at,
               i.node_id IS NOT NULL AS is_listed, i.state IS NOT NULL AS is_leaving, i.is_locked,
               i.domain, i.platform, i.client_version,
               i.last_access_local - to_seconds(i.utc_offset_s) AS last_access_at,
               greatest(i.registered_local - to_seconds(i.utc_offset_s), o.valid_from::TIMESTAMP) AS begun_at,
               if(s.is_silent, coalesce(date_diff('second', s.collected_at, c.seen_at)::DOUBLE, 'infinity'), 0)
                   AS silent_s
        FROM scoped_owner AS o
        JOIN clock AS c ON c.time_zone = o.time_zone AND c.day_start_s = o.day_start_s
        JOIN backup_server AS s ON s.server_id = o.server_id
        LEFT JOIN scoped_node AS i ON i.node_id = o.node_id
        WHERE o.valid_from <= $day AND o.valid_to > $day
    )
"""

_FACTS = f"""
    {_NODES},
    day_of AS MATERIALIZED (
        SELECT node_id, bytes, failed, longest_s FROM scoped_bare_node_day WHERE day = $day
    ),
    -- The newest success up to then: the newest of all, unless that came later.
    ok_later AS (
        SELECT node_id, max(ok_at) AS last_ok FROM scoped_last GROUP BY node_id
    ),
    ok_by_then AS (
        SELECT node_id, max(ok_at) AS last_ok
        FROM scoped_bare_node_day WHERE day BETWEEN $since AND $day AND $day < $today GROUP BY node_id
    ),
    ok AS (
        SELECT l.node_id, if(l.last_ok <= n.seen_at, l.last_ok, b.last_ok) AS last_ok
        FROM ok_later AS l JOIN fact_node AS n ON n.node_id = l.node_id
        LEFT JOIN ok_by_then AS b ON b.node_id = l.node_id
    ),
    change AS (
        SELECT node_id, arg_max(stored, day) FILTER (day <= $day) AS stored,
               arg_max(stored, day) FILTER (day < $day) AS before
        FROM scoped_stored_day WHERE day BETWEEN $since AND $today GROUP BY node_id
    ),
    -- What did not change for so long is as it is now.
    listed AS (
        SELECT node_id, sum(reporting_bytes)::BIGINT AS stored FROM scoped_occupancy GROUP BY node_id
    ),
    held AS (
        SELECT n.node_id, if(c.node_id IS NULL, l.stored, c.stored) AS stored,
               if(c.node_id IS NULL, l.stored, c.before) AS before
        FROM fact_node AS n
        LEFT JOIN change AS c ON c.node_id = n.node_id
        LEFT JOIN listed AS l ON l.node_id = n.node_id
    ),
    planned AS (SELECT DISTINCT node_id FROM scoped_schedule),
    fact AS MATERIALIZED (
        SELECT n.*, d.bytes, ok.last_ok, held.stored,
               {", ".join(f"({_FIGURES[kind.name]})::DOUBLE AS {column(kind.name)}" for kind in FIGURES)}
        FROM fact_node AS n
        LEFT JOIN day_of AS d ON d.node_id = n.node_id
        LEFT JOIN ok ON ok.node_id = n.node_id
        LEFT JOIN held ON held.node_id = n.node_id
        LEFT JOIN planned ON planned.node_id = n.node_id
        -- A node that its server does not list any more is there on the days on which it did something.
        WHERE (n.is_listed AND coalesce(n.begun_at < n.seen_at, true)) OR d.node_id IS NOT NULL
    )
"""

_PROFILE_COLUMNS = ",\n".join(
    f"any_value(grade) FILTER (key = '{kind.name}') AS {column(kind.name)}_grade, "
    f"any_value(bound) FILTER (key = '{kind.name}') AS {column(kind.name)}_bound, "
    f"any_value(limit_text) FILTER (key = '{kind.name}') AS {column(kind.name)}_limit"
    for kind in FIGURES
)
_BY_STATUS = ", ".join(f"any_value(grade) FILTER (key = 'status:{status.key}')" for status in Status)


def _profiles(rules: str) -> str:
    """One row for each profile: what every job status and result counts as, and each figure with its bound."""
    return f"""
    rule AS MATERIALIZED (SELECT * FROM {rules}),
    profile AS MATERIALIZED (
        SELECT profile_id, [{_BY_STATUS}] AS by_status,
               map_from_entries(
                   list((try_cast(substr(key, 8) AS INTEGER), grade)) FILTER (key LIKE 'result:%' AND grade IS NOT NULL)
               ) AS by_result,
               {_PROFILE_COLUMNS}
        FROM rule GROUP BY profile_id
    )
    """


def _whose(profiles: str) -> str:
    """Each node with its profile: its own, else its unit's."""
    return f"""
    subject AS MATERIALIZED (
        SELECT f.node_id, coalesce(own.profile_id, p.profile_id) AS profile_id
        FROM fact AS f
        JOIN {profiles} AS p ON p.unit_id = f.unit_id AND p.product = f.product AND p.data_source_id IS NULL
        LEFT JOIN {profiles} AS own ON own.unit_id = f.unit_id AND own.data_source_id = f.node_id
    )
    """


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

# Only where somebody looks for something logged: the lines of a day are many.
_LOGGED = f"""
    sought AS MATERIALIZED (
        SELECT s.node_id, r.key, r.grade, split_part(r.key, ':', 1) AS kind, r.key[strpos(r.key, ':') + 1:] AS argument
        FROM rule AS r JOIN subject AS s ON s.profile_id = r.profile_id
        WHERE r.grade IS NOT NULL AND (r.key LIKE 'message:%' OR r.key LIKE 'text:%')
    ),
    line AS (
        SELECT l.node_id, l.schedule, l.logged_at, r.key, r.grade
        FROM scoped_log_line AS l JOIN sought AS r ON r.node_id = l.node_id
        WHERE l.logged_at BETWEEN $day - INTERVAL 2 DAY AND $day + INTERVAL 4 DAY
          AND {_IS_LOGGED.format(code="l.message_code", text="l.message")}
    ),
    said AS (
        SELECT j.node_id, j.job_key, r.key, r.grade
        FROM scoped_bare_job AS j JOIN sought AS r ON r.node_id = j.node_id
        WHERE j.day = $day
          AND {_IS_LOGGED.format(code="regexp_extract(j.reason, '^[A-Z]{3}[0-9]{4}[A-Z]')", text="j.reason")}
        UNION
        SELECT j.node_id, j.job_key, l.key, l.grade
        FROM scoped_bare_job AS j JOIN line AS l
          ON l.node_id = j.node_id AND (l.schedule IS NULL OR l.schedule = j.schedule)
         AND l.logged_at BETWEEN coalesce(j.started_at, j.scheduled_at)
                             AND coalesce(j.ended_at, j.scheduled_at + INTERVAL 1 DAY) + INTERVAL 5 MINUTE
        WHERE j.day = $day
    ),
    logged_job AS MATERIALIZED (
        SELECT node_id, job_key, max(struct_pack(grade := grade, key := key)) AS best FROM said GROUP BY ALL
    ),
    logged AS (SELECT node_id, max(best) AS best FROM logged_job GROUP BY node_id)
"""

# The worst of the other jobs, as one number that tells also what it was: what it counts as, its status, its result.
_OUTCOME = """
    outcome AS (
        SELECT j.node_id, max(
            (coalesce(p.by_result[j.result], p.by_status[j.status + 1], j.status)::BIGINT << 40)
            + (j.status::BIGINT << 36) + coalesce(j.result + 2147483649, 0)
        ) AS worst
        FROM scoped_bare_job AS j
        JOIN subject AS s ON s.node_id = j.node_id
        JOIN profile AS p ON p.profile_id = s.profile_id
        WHERE j.day = $day AND (j.node_id, j.job_key) NOT IN (SELECT node_id, job_key FROM logged_job)
        GROUP BY j.node_id
    )
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

_GRADED = f"""
    hit AS (
        SELECT f.*, s.profile_id, o.worst >> 40 AS job_grade, (o.worst >> 36) & 15 AS job_status,
               nullif(o.worst & 68719476735, 0) - 2147483649 AS job_result, p.by_result,
               l.best.grade::BIGINT AS logged_grade, l.best.key AS logged_key, {_HITS}
        FROM fact AS f
        JOIN subject AS s ON s.node_id = f.node_id
        JOIN profile AS p ON p.profile_id = s.profile_id
        LEFT JOIN outcome AS o ON o.node_id = f.node_id
        LEFT JOIN logged AS l ON l.node_id = f.node_id
    ),
    weighed AS (
        SELECT h.* EXCLUDE (by_result), coalesce({_MUTED}, false) AS is_muted,
               h.by_result[h.job_result::INTEGER] IS NOT NULL AS has_result_rule,
               coalesce(greatest({_WORST}), 0) AS worst
        FROM hit AS h
    ),
    graded_status AS (SELECT w.*, if(w.is_muted, {Status.IGNORED:d}, w.worst)::UTINYINT AS status FROM weighed AS w)
"""

SOURCE = """
    CASE WHEN r.key IS NULL THEN '' WHEN r.data_source_id IS NOT NULL THEN 'node'
         WHEN r.unit_id IS NULL THEN 'site' ELSE coalesce(r.unit, 'above') END
"""
"""Where the rule `r` stands. A unit above the reader's own is not named."""


def _titled(kind: str) -> str:
    return f"'{KINDS[kind].title}'"


def grading(rules: str = "scoped_severity", profiles: str = "scoped_severity_profile") -> str:
    """Common tables up to `graded`: each node of the day with its facts, its hits, `status`, `reason` and `rule`.

    Values by name: those of `bind_day`, `$now`, `$today`.
    """
    decided = f"""
    graded AS MATERIALIZED (
        SELECT g.*, coalesce({_by_hit(JOB_WORDS, LOGGED_WORDS, _titled)}, '') AS reason,
               coalesce({_by_hit(JOB_KEY, "g.logged_key", lambda kind: f"'{kind}'")}, '') AS rule
        FROM graded_status AS g
    )
    """
    return ",".join((_FACTS, _profiles(rules), _whose(profiles), _LOGGED, _OUTCOME, _GRADED, decided))
