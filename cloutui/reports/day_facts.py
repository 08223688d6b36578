"""What is known of every node of the scope on one day: the facts that severity rules are held against.

Each node is seen at the end of its unit's day, or now while the day is not over.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from cloutui.cache.placing import BEGINNING
from cloutui.model.severity import FIGURES
from cloutui.reports.condition import IS_SILENT

_LOOK_BACK = timedelta(days=31)
"""How far back the last success and the last change of what is stored are looked for, of a day that is over."""

_KNOWN_NOW = "$day >= $today - 1"
"""What servers tell of now is held against today and yesterday, and not against days that are long over."""

_FIGURES: Mapping[str, str] = {
    # What never succeeded counts from when its unit has it, or it was registered.
    "at-risk": """
        if(n.is_leaving, NULL,
           coalesce(date_diff('second', coalesce(ok.last_ok, n.begun_at), n.seen_at)::DOUBLE, 'infinity'))
    """,
    "no-activity": "if(n.is_leaving, NULL, date_diff('second', n.last_access_at, n.seen_at))",
    "growth": "100.0 * (held.stored - held.before) / nullif(held.before, 0)",
    "limit": "held.stored",
    "duration": "d.longest_s",
    "failed-files": "d.failed",
    "no-schedule": f"if(n.is_listed AND {_KNOWN_NOW}, (scheduled.node_id IS NULL)::INTEGER, NULL)",
    "locked": f"if({_KNOWN_NOW}, n.is_locked::INTEGER, NULL)",
    "server-silent": "n.silent_s",
}
"""How each figure of a node's day is found. Null is unknown, and hits nothing."""


def column(kind: str) -> str:
    """What a kind of rule is called in SQL."""
    return kind.replace("-", "_")


def bind_day(day: date | None, today: object) -> dict[str, object]:
    """The values that the facts name: which day, and from when on it is looked back."""
    assert isinstance(today, date)
    day = day or today
    return {"day": day, "since": day - _LOOK_BACK, "next_day": day + timedelta(days=1)}


_ASKED_FOR = """
    WHERE node_id IN (
        SELECT o.node_id FROM owned AS o JOIN scoped_severity_profile AS p ON p.unit_id = o.unit_id
        JOIN scoped_severity AS r ON r.profile_id = p.profile_id AND r.key = 'no-schedule' AND r.grade IS NOT NULL
    )
"""
"""Schedules are looked for where a rule asks for them."""


def day_facts(of: str, *, planned: bool = False) -> str:
    """Common tables up to `fact`. `of`: a condition on `node_id`. Values: those of `bind_day`, `$now`, `$today`.

    `planned`: for rules that are not in force yet, too.
    """
    return f"""
    owned AS MATERIALIZED (
        SELECT * FROM scoped_owner WHERE valid_from <= $day AND valid_to > $day AND {of}
    ),
    clock AS (
        SELECT DISTINCT time_zone, day_start_s,
               least($now, if(time_zone = 'UTC', $next_day::TIMESTAMP + to_seconds(day_start_s),
                   timezone(time_zone, $next_day::TIMESTAMP + to_seconds(day_start_s)) AT TIME ZONE 'UTC')) AS seen_at
        FROM owned
    ),
    backup_server AS (
        SELECT s.server_id, s.name AS server, s.product, s.collected_at, {IS_SILENT} AS is_silent
        FROM scoped_server AS s
    ),
    fact_node AS MATERIALIZED (
        SELECT o.node_id, o.node, o.unit_id, o.unit, o.time_zone, s.server_id, s.server, s.product, c.seen_at,
               o.is_listed, o.state IS NOT NULL AS is_leaving, o.is_locked, o.domain, o.platform, o.client_version,
               o.last_access_local - to_seconds(o.utc_offset_s) AS last_access_at,
               greatest(
                   o.registered_local - to_seconds(o.utc_offset_s), nullif(o.valid_from, DATE '{BEGINNING}')::TIMESTAMP
               ) AS begun_at,
               if(s.is_silent, coalesce(date_diff('second', s.collected_at, c.seen_at)::DOUBLE, 'infinity'), 0)
                   AS silent_s
        FROM owned AS o
        JOIN clock AS c ON c.time_zone = o.time_zone AND c.day_start_s = o.day_start_s
        JOIN backup_server AS s ON s.server_id = o.server_id
    ),
    day_of AS MATERIALIZED (
        SELECT node_id, bytes, failed, longest_s, worst, ok_at FROM scoped_bare_node_day WHERE day = $day
    ),
    last AS MATERIALIZED (
        SELECT node_id, max(ok_at) AS last_ok, arg_max(worst_ended, ended_day) AS worst
        FROM scoped_last GROUP BY node_id
    ),
    -- The days before are read for those alone that had trouble on this one, or none of it is the newest any more.
    -- They are few. Said as a plain IN, DuckDB would look for each of them in a table of all nodes' days.
    troubled AS MATERIALIZED (
        SELECT l.node_id
        FROM last AS l JOIN fact_node AS n ON n.node_id = l.node_id LEFT JOIN day_of AS d ON d.node_id = l.node_id
        WHERE coalesce(d.worst, l.worst) >= 7 OR (d.ok_at IS NULL AND l.last_ok > n.seen_at)
    ),
    past AS MATERIALIZED (
        SELECT node_id, day, worst, ok_at
        FROM (
            SELECT node_id, day, worst, ok_at, (node_id IN (FROM troubled))::UTINYINT AS is_troubled
            FROM scoped_bare_node_day WHERE day BETWEEN $since AND $day
        ) WHERE is_troubled = 1
    ),
    -- The newest success up to then: the newest of all, unless that came later.
    ok AS (
        SELECT l.node_id, if(l.last_ok <= n.seen_at, l.last_ok, coalesce(d.ok_at, p.ok_at)) AS last_ok
        FROM last AS l
        JOIN fact_node AS n ON n.node_id = l.node_id
        LEFT JOIN day_of AS d ON d.node_id = l.node_id
        LEFT JOIN (SELECT node_id, max(ok_at) AS ok_at FROM past GROUP BY node_id) AS p ON p.node_id = l.node_id
    ),
    newest AS MATERIALIZED (SELECT * FROM scoped_stored_last),
    change AS (
        SELECT node_id, arg_max(stored, day) AS stored, arg_max(stored, day) FILTER (day < $day) AS before
        FROM (
            SELECT node_id, day, stored, (node_id IN (SELECT node_id FROM newest WHERE day > $day))::UTINYINT AS later
            FROM scoped_stored_day WHERE day BETWEEN $since AND $day
        ) WHERE later = 1 GROUP BY node_id
    ),
    -- From one change to the next it stays.
    held AS (
        SELECT n.node_id, if(n.day <= $day, n.stored, c.stored) AS stored,
               if(n.day < $day, n.stored, if(n.day = $day, n.before, c.before)) AS before
        FROM newest AS n LEFT JOIN change AS c ON c.node_id = n.node_id
    ),
    scheduled AS (SELECT DISTINCT node_id FROM scoped_schedule {"" if planned else _ASKED_FOR}),
    fact AS MATERIALIZED (
        SELECT n.*, d.bytes, ok.last_ok, held.stored,
               {", ".join(f"({_FIGURES[kind.name]})::DOUBLE AS {column(kind.name)}" for kind in FIGURES)}
        FROM fact_node AS n
        LEFT JOIN day_of AS d ON d.node_id = n.node_id
        LEFT JOIN ok ON ok.node_id = n.node_id
        LEFT JOIN held ON held.node_id = n.node_id
        LEFT JOIN scheduled ON scheduled.node_id = n.node_id
        -- A node that its server does not list any more is there on the days on which it did something.
        WHERE (n.is_listed AND coalesce(n.begun_at < n.seen_at, true)) OR d.node_id IS NOT NULL
    )
    """
