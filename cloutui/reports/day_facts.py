"""What is known of every node of the scope on one day: the facts that severity rules are held against.

Each node is seen at the end of its unit's day, or now while the day is not over.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from cloutui.cache.placing import BEGINNING
from cloutui.model.severity import FIGURES
from cloutui.reports.condition import IS_SILENT

LOOK_BACK = timedelta(days=31)
"""How far back the last success and the last change of what is stored are looked for, of a day that is over."""

_KNOWN_NOW = "$day >= $today - 1"
"""What servers tell of now is held against today and yesterday, and not against days that are long over."""

GROWTH = "100.0 * (held.stored - held.before) / nullif(held.before, 0)"
"""In percent of what it was the day before."""

_FIGURES: Mapping[str, str] = {
    # What never succeeded counts from when its unit has it, or it was registered. Who works for others, holds
    # nothing and never had a job of its own has nothing that could be at risk.
    "at-risk": """
        if(n.is_leaving OR (n.is_agent AND coalesce(held.stored, 0) = 0), NULL,
           coalesce(date_diff('second', coalesce(n.last_ok, n.begun_at), n.seen_at)::DOUBLE, 'infinity'))
    """,
    "no-activity": "if(n.is_leaving, NULL, date_diff('second', n.last_access_at, n.seen_at))",
    "growth": GROWTH,
    "limit": "held.stored",
    "duration": "n.longest_s",
    "failed-files": "n.failed",
    "muted": "(muted.node_id IS NOT NULL)::INTEGER",
    "no-schedule": f"if(n.is_listed AND {_KNOWN_NOW}, (scheduled.node_id IS NULL)::INTEGER, NULL)",
    "locked": f"if({_KNOWN_NOW}, n.is_locked::INTEGER, NULL)",
    "server-silent": """
        if(n.is_silent, coalesce(date_diff('second', n.collected_at, n.seen_at)::DOUBLE, 'infinity'), 0)
    """,
}
"""How each figure of a node's day is found. Null is unknown, and hits nothing."""


_SCHEDULED = "scheduled AS (SELECT DISTINCT node_id FROM scoped_named_schedule),"
_MUTED = """
    muted AS (
        SELECT node_id, unit_id FROM scoped_handling WHERE job_key IS NULL AND day = $day AND state = 'muted'
    ),
"""
"""By whose time it is: who gets the node does not get what was muted for the one before."""


def figures_of(kinds: Collection[str]) -> Sequence[str]:
    """Those of the kinds that are figures, in the order in which they are told."""
    return [kind.name for kind in FIGURES if kind.name in kinds]


def column(kind: str) -> str:
    """What a kind of rule is called in SQL."""
    return kind.replace("-", "_")


def bind_day(day: date | None, today: object) -> dict[str, object]:
    """The values that the facts name: which day, and from when on it is looked back."""
    assert isinstance(today, date)
    day = day or today
    return {"day": day, "since": day - LOOK_BACK, "next_day": day + timedelta(days=1)}


_STORED = frozenset({"growth", "limit"})
"""The kinds that are about what a node stores."""


def _profiled(p: str) -> str:
    """Each node with its own profile, else its unit's."""
    return f"""
        JOIN scoped_{p}severity_profile AS {p}usual
          ON {p}usual.unit_id = o.unit_id AND {p}usual.product = s.product AND {p}usual.data_source_id IS NULL
        LEFT JOIN scoped_{p}severity_profile AS {p}own
          ON {p}own.unit_id = o.unit_id AND {p}own.data_source_id = o.node_id
    """


def held(of: str) -> str:
    """Common tables up to `held`: what nodes store at the end of `$day`, and before it. `of`: as for `day_facts`."""
    return f"""
    newest AS MATERIALIZED (SELECT * FROM scoped_stored_last WHERE {of}),
    change AS (
        SELECT node_id, arg_max(stored, day) AS stored, arg_max(stored, day) FILTER (day < $day) AS before
        FROM scoped_stored_day
        WHERE day BETWEEN $since AND $day AND node_id IN (SELECT node_id FROM newest WHERE day > $day)
        GROUP BY node_id
    ),
    -- From one change to the next it stays.
    held AS (
        SELECT n.node_id, if(n.day <= $day, n.stored, c.stored) AS stored,
               if(n.day < $day, n.stored, if(n.day = $day, n.before, c.before)) AS before
        FROM newest AS n LEFT JOIN change AS c ON c.node_id = n.node_id
    )
    """


def day_facts(kinds: Collection[str], of: str, *, only: str = "") -> str:
    """Common tables up to `fact`. `kinds`: of the rules that it is for. `of`: a condition that begins with `node_id`.

    `only`: which facts, a condition on their columns; they are kept then, to be read more than once, and say by which
    profile the planned rules would go too. Values: those of `bind_day`, `$now`, `$today`.
    """
    figures = "".join(f", ({_FIGURES[kind]})::DOUBLE AS {column(kind)}" for kind in figures_of(kinds))
    # Of who works for others alone, where no rule is about what all the others store.
    whose = of if not _STORED.isdisjoint(kinds) else "node_id IN (SELECT node_id FROM fact_node WHERE is_agent)"
    is_held = not {"at-risk", *_STORED}.isdisjoint(kinds)
    rules = ("", "planned_") if only else ("",)
    profiles = "".join(f", coalesce({p}own.profile_id, {p}usual.profile_id) AS {p}profile_id" for p in rules)
    return f"""
    backup_server AS MATERIALIZED (
        SELECT s.server_id, s.name AS server, s.product, {IS_SILENT} AS is_silent, s.collected_at
        FROM scoped_server AS s
    ),
    last AS (
        SELECT node_id, max(ok_at) AS newest_ok
        FROM (SELECT node_id, ok_at FROM scoped_last UNION ALL SELECT node_id, ok_at FROM scoped_made_for)
        WHERE {of} GROUP BY node_id
    ),
    fact_node AS MATERIALIZED (
        SELECT o.node_id, o.node, o.unit_id, o.unit, s.server, s.product, o.time_zone, o.day_start_s,
               o.is_listed, o.state IS NOT NULL AS is_leaving, o.is_locked, o.domain, o.platform, o.client_version,
               o.last_access_local - to_seconds(o.utc_offset_s) AS last_access_at,
               greatest(
                   o.registered_local - to_seconds(o.utc_offset_s), nullif(o.valid_from, DATE '{BEGINNING}')::TIMESTAMP
               ) AS begun_at,
               s.is_silent, s.collected_at, d.node_id IS NOT NULL AS had_jobs, d.bytes, d.failed, d.longest_s, d.ok_at,
               last.newest_ok, o.works_for IS NOT NULL AND last.node_id IS NULL AS is_agent{profiles}
        FROM scoped_owner AS o
        JOIN backup_server AS s ON s.server_id = o.server_id
        {"".join(map(_profiled, rules))}
        LEFT JOIN (SELECT * FROM scoped_bare_node_day WHERE day = $day AND {of}) AS d ON d.node_id = o.node_id
        LEFT JOIN last ON last.node_id = o.node_id
        WHERE o.valid_from <= $day AND o.valid_to > $day AND o.{of}
    ),
    clock AS MATERIALIZED (
        SELECT time_zone, day_start_s,
               least($now, if(time_zone = 'UTC', $next_day::TIMESTAMP + to_seconds(day_start_s),
                   timezone(time_zone, $next_day::TIMESTAMP + to_seconds(day_start_s)) AT TIME ZONE 'UTC')) AS seen_at
        FROM (SELECT DISTINCT time_zone, day_start_s FROM fact_node)
    ),
    -- The newest success up to then is the newest of all, unless that came later: then the days before are read.
    -- Held against the earliest clock, of which the engine knows that it is one: joined to all, it would expect so many
    -- nodes that it looked for each of them in a table of all nodes' days.
    overtaken AS MATERIALIZED (
        SELECT node_id FROM fact_node WHERE ok_at IS NULL AND newest_ok > (SELECT min(seen_at) FROM clock)
    ),
    before AS (
        -- Who made it for the node may live by another clock: which of these count is seen when the node's is known.
        SELECT node_id, max(ok_at) AS ok_at, list(made_at) AS made FROM (
            SELECT node_id, ok_at, NULL AS made_at FROM scoped_bare_node_day WHERE day BETWEEN $since AND $day
            UNION ALL
            SELECT node_id, NULL, ok_at FROM scoped_made_for WHERE day BETWEEN $since AND $next_day
        )
        WHERE node_id IN (FROM overtaken) GROUP BY node_id
    ),
    {f"{held(whose)}," if is_held else ""}
    {_SCHEDULED if "no-schedule" in kinds else ""}
    {_MUTED if "muted" in kinds else ""}
    seen AS (
        SELECT n.*, c.seen_at, if(n.newest_ok <= c.seen_at, n.newest_ok, coalesce(n.ok_at, greatest(
                   before.ok_at, list_max(list_filter(before.made, lambda made_at: made_at <= c.seen_at))
               ))) AS last_ok
        FROM fact_node AS n
        JOIN clock AS c USING (time_zone, day_start_s)
        LEFT JOIN before ON before.node_id = n.node_id
        -- A node that its server does not list any more is there on the days on which it did something.
        WHERE (n.is_listed AND coalesce(n.begun_at < c.seen_at, true)) OR n.had_jobs
    ),
    known AS (
        SELECT n.node_id, n.node, n.unit_id, n.unit, n.server, n.product, n.domain, n.platform, n.client_version,
               n.bytes, n.failed, n.last_ok{"".join(f", n.{p}profile_id" for p in rules)}{figures}
        FROM seen AS n
        {"LEFT JOIN held ON held.node_id = n.node_id" if is_held else ""}
        {"LEFT JOIN scheduled ON scheduled.node_id = n.node_id" if "no-schedule" in kinds else ""}
        {"LEFT JOIN muted ON muted.node_id = n.node_id AND muted.unit_id = n.unit_id" if "muted" in kinds else ""}
    ),
    fact AS {f"MATERIALIZED (FROM known WHERE {only})" if only else "(FROM known)"}
    """
