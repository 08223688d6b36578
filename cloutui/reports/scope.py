"""Scope, in the one place where it is applied: the relations that a report may read.

Each `scoped_...` relation holds what the unit `$scope_unit` and the units below it may see, in the snapshot that the
query runs in. Inventory goes by the unit that owns a node now; jobs and days by the unit that owned it on that day;
users and what people decided by the unit where they live, and the activity log by the unit that was touched.
"""

from __future__ import annotations

import re
from functools import cache

from cloutui.reports.scope_decided import DECIDED

_TEXTS = {
    # By the interval of `$scope_unit`, which the runner looks up in the same snapshot: of two numbers the engine knows
    # how many units they let through, of a join it thinks that there are hardly any.
    "scoped_unit": """
        SELECT u.* FROM unit AS u WHERE u.lo >= $scope_lo AND u.lo < $scope_hi
    """,
    # From where on the days and pools of a unit are bad, by period.
    "scoped_unit_limit": """
        SELECT l.* FROM unit_limit AS l JOIN scoped_unit AS u ON u.unit_id = l.unit_id
    """,
    # Every unit with itself and each unit above it. Climbed step by step: as a join of ranges, the 10,000 units of a
    # large provider take a quarter of a second.
    "scoped_branch": """
        WITH RECURSIVE branch AS (
            SELECT unit_id, unit_id AS top_id FROM scoped_unit
            UNION ALL
            SELECT branch.unit_id, above.unit_id
            FROM branch JOIN scoped_unit AS top ON top.unit_id = branch.top_id
            JOIN scoped_unit AS above ON above.unit_id = top.parent_id
        )
        SELECT unit_id, top_id FROM branch
    """,
    "scoped_node": """
        SELECT ds.data_source_id AS node_id, ds.server_id, ds.native_key AS node, o.unit_id,
               n.* EXCLUDE (node, server_id, fingerprint)
        FROM data_source AS ds
        JOIN owner AS o ON o.data_source_id = ds.data_source_id AND o.valid_to = DATE '9999-12-31'
        JOIN nodes_now AS n ON n.server_id = ds.server_id AND n.node = ds.native_key
        JOIN server AS s ON s.server_id = ds.server_id AND NOT s.is_removed
        WHERE ds.kind = 'node' AND o.unit_id IN (SELECT unit_id FROM scoped_unit)
    """,
    # The same with the names of where it is, and nothing else: a fifth of the work.
    "scoped_named_node": """
        SELECT ds.data_source_id AS node_id, ds.native_key AS node, u.unit_id, u.name AS unit, s.name AS server,
               n.domain
        FROM data_source AS ds
        JOIN owner AS o ON o.data_source_id = ds.data_source_id AND o.valid_to = DATE '9999-12-31'
        JOIN scoped_unit AS u ON u.unit_id = o.unit_id
        JOIN nodes_now AS n ON n.server_id = ds.server_id AND n.node = ds.native_key
        JOIN server AS s ON s.server_id = ds.server_id AND NOT s.is_removed
        WHERE ds.kind = 'node'
    """,
    "scoped_named_schedule": """
        SELECT c.schedule, c.domain, ds.data_source_id AS node_id
        FROM schedules_now AS c
        JOIN data_source AS ds ON ds.server_id = c.server_id AND ds.kind = 'node' AND ds.native_key = c.node
        JOIN owner AS o ON o.data_source_id = ds.data_source_id AND o.valid_to = DATE '9999-12-31'
        JOIN server AS s ON s.server_id = ds.server_id AND NOT s.is_removed
        WHERE o.unit_id IN (SELECT unit_id FROM scoped_unit)
    """,
    "scoped_node_day": """
        SELECT d.day, u.unit_id, u.name AS unit, d.data_source_id AS node_id, ds.native_key AS node, d.server_id,
               s.name AS server, d.worst, d.worst_ended, d.jobs, d.bad, d.bytes, d.files, d.took_s, d.failed,
               d.bad_result, d.ok_at, d.n_ok, d.n_okwarn, d.n_warning, d.n_missed, d.n_error, d.u_ok, d.u_okwarn,
               d.u_warning, d.u_error, d.longest_s
        FROM node_day AS d
        JOIN scoped_unit AS u ON u.unit_id = d.unit_id
        JOIN data_source AS ds ON ds.data_source_id = d.data_source_id
        JOIN server AS s ON s.server_id = d.server_id
    """,
    # What is added up already, without names: quicker, because little is read and nothing is joined.
    "scoped_unit_day": """
        SELECT d.* FROM unit_day AS d JOIN scoped_unit AS u ON u.unit_id = d.unit_id
    """,
    "scoped_bare_node_day": """
        SELECT d.day, d.unit_id, d.data_source_id AS node_id, d.server_id, d.worst, d.bytes, d.took_s, d.failed,
               d.ok_at, d.n_ok, d.n_okwarn, d.n_warning, d.n_missed, d.n_error, d.u_ok, d.u_okwarn, d.u_warning,
               d.u_error, d.longest_s
        FROM node_day AS d JOIN scoped_unit AS u ON u.unit_id = d.unit_id
    """,
    # How each node stood last: once for each unit that it was in.
    "scoped_last": """
        SELECT l.data_source_id AS node_id, l.* EXCLUDE (data_source_id)
        FROM node_last AS l JOIN scoped_unit AS u ON u.unit_id = l.unit_id
    """,
    # When others saved something of a node, while it was the unit's: also where no job is its own.
    "scoped_made_for": """
        SELECT m.day, m.for_id AS node_id, m.ok_at
        FROM made_for AS m
        JOIN owner AS o ON o.data_source_id = m.for_id AND o.valid_from <= m.day AND o.valid_to > m.day
        WHERE o.unit_id IN (SELECT unit_id FROM scoped_unit)
    """,
    "scoped_job": """
        SELECT j.day, u.unit_id, u.name AS unit, j.server_id, s.name AS server, j.data_source_id AS node_id,
               ds.native_key AS node, j.job_key, j.domain, j.schedule, j.activity, j.scheduled_at, j.started_at,
               j.ended_at, j.status, j.server_status, j.result, j.reason, j.bytes, j.files, j.examined, j.failed,
               j.is_provisional, j.was_ended
        FROM job_event AS j
        JOIN scoped_unit AS u ON u.unit_id = j.unit_id
        JOIN data_source AS ds ON ds.data_source_id = j.data_source_id
        JOIN server AS s ON s.server_id = j.server_id
    """,
    # Who owned what when, and how they counted their days. What servers say of a node now is told of its owner's time.
    "scoped_owner": """
        SELECT ds.data_source_id AS node_id, ds.native_key AS node, ds.server_id, u.unit_id, u.name AS unit,
               o.valid_from, o.valid_to, o.time_zone, o.day_start_s, n.node IS NOT NULL AS is_listed, n.domain,
               n.platform, n.client_version, n.is_locked, n.state, n.registered_local, n.last_access_local,
               n.utc_offset_s, n.works_for
        FROM owner AS o
        JOIN scoped_unit AS u ON u.unit_id = o.unit_id
        JOIN data_source AS ds ON ds.data_source_id = o.data_source_id AND ds.kind = 'node'
        JOIN server AS s ON s.server_id = ds.server_id
        -- The conditions stand in a key: beside the keys they make the engine compare every node with every other.
        LEFT JOIN nodes_now AS n ON n.node = ds.native_key
         AND n.server_id = if(o.valid_to = DATE '9999-12-31' AND NOT s.is_removed, ds.server_id, NULL)
    """,
    # Nobody's rules: only of which kinds there are any at all.
    "scoped_severity_kind": """
        SELECT DISTINCT split_part(key, ':', 1) AS kind FROM severity WHERE grade IS NOT NULL
    """,
    # Severity rules, resolved: whose nodes have which profile, and what is in force in it. They come from above too;
    # the unit that said so is named to those alone who see it.
    "scoped_severity_profile": """
        SELECT p.* FROM severity_profile AS p JOIN scoped_unit AS u ON u.unit_id = p.unit_id
    """,
    "scoped_severity": """
        SELECT r.*, above.name AS unit
        FROM severity AS r
        LEFT JOIN (
            SELECT a.unit_id, a.name FROM unit AS a, unit AS own
            WHERE own.unit_id = $own_unit AND a.lo >= own.lo AND a.lo < own.hi
        ) AS above ON above.unit_id = r.unit_id
        WHERE r.profile_id IN (SELECT profile_id FROM scoped_severity_profile)
    """,
    "scoped_bare_job": """
        SELECT j.day, j.unit_id, j.data_source_id AS node_id, j.server_id, j.job_key, j.schedule, j.status, j.result,
               j.reason, j.scheduled_at, j.started_at, j.ended_at
        FROM job_event AS j JOIN scoped_unit AS u ON u.unit_id = j.unit_id
    """,
    "scoped_log_line": """
        SELECT l.server_id, l.logged_at, l.message_code, l.severity, l.message, l.node, l.schedule, l.session,
               ds.data_source_id AS node_id
        FROM log_line AS l
        JOIN data_source AS ds ON ds.server_id = l.server_id AND ds.kind = 'node' AND ds.native_key = l.node
        JOIN owner AS o ON o.data_source_id = ds.data_source_id
         AND l.logged_at::DATE >= o.valid_from AND l.logged_at::DATE < o.valid_to
        WHERE o.unit_id IN (SELECT unit_id FROM scoped_unit)
    """,
    "scoped_occupancy": """
        SELECT n.node_id, n.unit_id, n.server_id, c.pool, c.type, c.files, c.physical_bytes, c.logical_bytes,
               c.reporting_bytes
        FROM occupancy_now AS c JOIN scoped_node AS n ON n.server_id = c.server_id AND n.node = c.node
    """,
    # What nodes held at the end of each day on which it changed, and what units themselves held at the end of each day.
    "scoped_stored_day": """
        SELECT d.data_source_id AS node_id, d.* EXCLUDE (data_source_id)
        FROM stored_day AS d JOIN scoped_unit AS u ON u.unit_id = d.unit_id
    """,
    # The same as periods, each as far as the unit had the node: what it held when it came counts from then on.
    "scoped_stored_step": """
        SELECT d.data_source_id AS node_id, greatest(d.day, o.valid_from) AS day, least(d.until, o.valid_to) AS until,
               d.stored
        FROM (
            SELECT *, lead(day, 1, DATE '9999-12-31') OVER (PARTITION BY data_source_id ORDER BY day) AS until
            FROM stored_day
        ) AS d
        JOIN owner AS o ON o.data_source_id = d.data_source_id AND o.valid_from < d.until AND o.valid_to > d.day
        JOIN scoped_unit AS u ON u.unit_id = o.unit_id
    """,
    # The newest of these, of nodes as they belong now.
    "scoped_stored_last": """
        SELECT l.data_source_id AS node_id, l.day, l.stored, l.before
        FROM stored_last AS l
        JOIN owner AS o ON o.data_source_id = l.data_source_id AND o.valid_to = DATE '9999-12-31'
        WHERE o.unit_id IN (SELECT unit_id FROM scoped_unit)
    """,
    # The units once more in other words: DuckDB makes what it recognises only once, then knows nothing of its values,
    # and a report that joins this and `scoped_unit_day` with it takes twice as long.
    "scoped_unit_stored": """
        SELECT d.* FROM unit_stored AS d
        JOIN (
            SELECT unit_id FROM unit
            WHERE lo >= (SELECT lo FROM unit WHERE unit_id = $scope_unit)
              AND lo < (SELECT hi FROM unit WHERE unit_id = $scope_unit)
        ) AS u ON u.unit_id = d.unit_id
    """,
    "scoped_filespace": """
        SELECT n.node_id, f.* EXCLUDE (node, server_id, fingerprint, collected_at)
        FROM filespaces_now AS f JOIN scoped_node AS n ON n.server_id = f.server_id AND n.node = f.node
    """,
    "scoped_schedule": """
        SELECT n.node_id, c.* EXCLUDE (node, server_id, fingerprint, collected_at)
        FROM schedules_now AS c JOIN scoped_node AS n ON n.server_id = c.server_id AND n.node = c.node
    """,
    # A server is seen by the units above it, and by every unit that owned something on it: its name and freshness.
    # Removed ones too, because the jobs of their nodes stay.
    "scoped_server": """
        SELECT s.server_id, s.name, s.product, s.unit_id, s.is_removed,
               seen.is_own, w.collected_at, w.tried_at, coalesce(w.code, '') AS code,
               coalesce(w.problem, '') AS problem, coalesce(w.hint, '') AS hint, w.failing_since
        FROM server AS s
        JOIN (
            SELECT v.server_id, bool_or(v.is_own) AS is_own
            FROM server_unit AS v JOIN scoped_unit AS u ON u.unit_id = v.unit_id GROUP BY v.server_id
        ) AS seen ON seen.server_id = s.server_id
        LEFT JOIN sweep AS w ON w.server_id = s.server_id AND w.pace = 'whole'
    """,
    "scoped_server_state": """
        SELECT n.* EXCLUDE (fingerprint, collected_at)
        FROM server_now AS n JOIN scoped_server AS s ON s.server_id = n.server_id AND s.is_own
    """,
    "scoped_pool": """
        SELECT p.* EXCLUDE (fingerprint, collected_at)
        FROM pools_now AS p JOIN scoped_server AS s ON s.server_id = p.server_id AND s.is_own
    """,
    # A tag is seen where it may be put: those handed down too, but not the name of the unit that hands them down. Who
    # looks at a unit from above sees also what their own units keep for themselves.
    "scoped_tag": """
        SELECT t.tag_id, t.text AS tag, t.is_inheritable, if(own.seen, t.unit_id, NULL) AS unit_id,
               if(own.seen, own.name, NULL) AS unit, own.is_below
        FROM tag AS t JOIN (
            SELECT u.unit_id, u.name, u.lo >= mine.lo AND u.lo < mine.hi AS seen, u.lo >= s.lo AS is_below
            FROM unit AS u, unit AS s, unit AS mine
            WHERE s.unit_id = $scope_unit AND mine.unit_id = $own_unit
              AND ((u.lo >= s.lo AND u.lo < s.hi) OR (u.lo < s.lo AND u.hi > s.lo))
        ) AS own ON own.unit_id = t.unit_id
        WHERE own.seen OR t.is_inheritable
    """,
    "scoped_node_tag": """
        SELECT g.data_source_id AS node_id, t.tag_id, t.tag, g.is_own
        FROM node_tag AS g
        JOIN scoped_tag AS t ON t.tag_id = g.tag_id
        WHERE g.unit_id IN (SELECT unit_id FROM scoped_unit)
    """,
    "scoped_unit_tag": """
        SELECT g.unit_id, t.tag_id, t.tag
        FROM tagging AS g
        JOIN scoped_tag AS t ON t.tag_id = g.tag_id
        JOIN scoped_unit AS u ON u.unit_id = g.unit_id
    """,
    # How full they were at the end of each UTC day on which it changed.
    "scoped_pool_day": """
        SELECT p.* EXCLUDE (collected_at)
        FROM pool_day AS p JOIN scoped_server AS s ON s.server_id = p.server_id AND s.is_own
    """,
    # What was promised to each unit, by period; the unit that said the goal is named to those alone who see it.
    "scoped_unit_sla": """
        SELECT l.*, above.name AS goal_set_on
        FROM unit_sla AS l
        JOIN scoped_unit AS u ON u.unit_id = l.unit_id
        LEFT JOIN (
            SELECT a.unit_id, a.name FROM unit AS a, unit AS own
            WHERE own.unit_id = $own_unit AND a.lo >= own.lo AND a.lo < own.hi
        ) AS above ON above.unit_id = l.goal_set_on_id
    """,
    # The nodes of each unit whose jobs it leaves out. By all tags there are: also those that the reader does not see.
    "scoped_sla_left_out": """
        SELECT DISTINCT l.unit_id, l.valid_from, l.valid_to, o.data_source_id AS node_id
        FROM scoped_unit_sla AS l
        JOIN owner AS o ON o.unit_id = l.unit_id
        JOIN data_source AS ds ON ds.data_source_id = o.data_source_id
        LEFT JOIN nodes_now AS n ON n.server_id = ds.server_id AND n.node = ds.native_key
        LEFT JOIN (
            SELECT g.data_source_id, list(t.text) AS tags FROM node_tag AS g JOIN tag AS t ON t.tag_id = g.tag_id
            GROUP BY g.data_source_id
        ) AS tagged ON tagged.data_source_id = o.data_source_id
        WHERE NOT (l.locked AND l.tags_only = '' AND l.tags_without = '')
          AND ((NOT l.locked AND n.is_locked)
               OR (l.tags_only <> '' AND NOT list_has_any(string_split(l.tags_only, ' '), coalesce(tagged.tags, [])))
               OR (l.tags_without <> '' AND list_has_any(string_split(l.tags_without, ' '), tagged.tags)))
    """,
    # Days of units, each with how its jobs count: for all of a month what holds on its last day. Joined here, as there
    # are millions of days, and with two joins they take twice as long.
    "scoped_sla_unit_day": """
        SELECT d.*, l.okwarn, l.warning, l.unscheduled
        FROM unit_day AS d
        JOIN (
            SELECT s.unit_id, s.okwarn, s.warning, s.unscheduled, date_trunc('month', s.valid_from)::DATE AS begins,
                   date_trunc('month', s.valid_to)::DATE AS ends
            FROM unit_sla AS s JOIN scoped_unit AS u ON u.unit_id = s.unit_id
        ) AS l ON l.unit_id = d.unit_id AND d.day >= l.begins AND d.day < l.ends
    """,
    # How nodes stood on days that are frozen, by the unit that had the node then.
    "scoped_frozen_grade": """
        SELECT g.day, g.unit_id, g.data_source_id AS node_id, g.status
        FROM frozen_grade AS g JOIN scoped_unit AS u ON u.unit_id = g.unit_id
    """,
    # Days whose file is lost, of each node by whose it was.
    "scoped_frozen_lost": """
        SELECT l.day, l.unit_id, o.data_source_id AS node_id
        FROM frozen_lost AS l
        JOIN scoped_unit AS u ON u.unit_id = l.unit_id
        JOIN owner AS o ON o.unit_id = l.unit_id AND o.valid_from <= l.day AND o.valid_to > l.day
    """,
    # What was closed of each unit's months: the newest revision.
    "scoped_sla_month": """
        SELECT m.* FROM sla_month AS m JOIN scoped_unit AS u ON u.unit_id = m.unit_id
        QUALIFY row_number() OVER (PARTITION BY m.unit_id, m.month ORDER BY m.revision DESC) = 1
    """,
    # How a day of a node, or a job of it, was handled last, whoever owned the node then.
    "scoped_handled": """
        SELECT h.data_source_id AS node_id, h.day, h.job_key, arg_max(h.state, h.handling_id) AS state
        FROM handling AS h
        JOIN owner AS o ON o.data_source_id = h.data_source_id AND o.valid_from <= h.day AND o.valid_to > h.day
        WHERE o.unit_id IN (SELECT unit_id FROM scoped_unit)
        GROUP BY h.data_source_id, h.day, h.job_key
    """,
    # Days and jobs of the same: mostly few, or none, so facts are read by them, and not they by the facts.
    "scoped_sla_left_out_day": """
        SELECT d.day, d.unit_id, d.data_source_id AS node_id, d.n_ok, d.n_okwarn, d.n_warning, d.n_missed, d.n_error,
               d.u_ok, d.u_okwarn, d.u_warning, d.u_error, x.valid_from, x.valid_to
        FROM node_day AS d JOIN scoped_sla_left_out AS x ON x.node_id = d.data_source_id AND x.unit_id = d.unit_id
    """,
    "scoped_handled_day": """
        SELECT d.day, d.unit_id, d.data_source_id AS node_id, d.n_ok, d.n_okwarn, d.n_warning, d.n_missed, d.n_error,
               d.u_ok, d.u_okwarn, d.u_warning, d.u_error, h.state
        FROM node_day AS d JOIN scoped_handled AS h ON h.node_id = d.data_source_id AND h.day = d.day
        WHERE h.job_key IS NULL
    """,
    "scoped_handled_job": """
        SELECT j.day, j.unit_id, j.data_source_id AS node_id, j.status, j.schedule, j.job_key, h.state
        FROM job_event AS j
        JOIN scoped_handled AS h ON h.node_id = j.data_source_id AND h.day = j.day AND h.job_key = j.job_key
    """,
    **DECIDED,
}

RELATIONS = frozenset(_TEXTS)
"""Every name that a report's SQL may read from."""


_NAMES = re.compile("|".join(sorted(map(re.escape, _TEXTS), key=len, reverse=True)))
_RECORDS = re.compile(r"\brecord_[a-z_]+")


def scoped(sql: str, *, keep: bool = False, beside: str = "") -> str:
    """A report's SQL with the relations it names, and those that they need, in front of it as the table `report`.

    `keep`: its rows are made once, however often the table is read. `beside`: what is asked of it, which may name
    relations too.
    """
    named = " ".join(dict.fromkeys(_NAMES.findall(beside)))
    needed = _needed(f"{sql} {named}" if named else sql)
    relations = ", ".join(f"{name} AS NOT MATERIALIZED ({_TEXTS[name]})" for name in needed)
    report = f"report AS {'' if keep else 'NOT '}MATERIALIZED ({sql})"
    return f"WITH {relations}, {report}" if relations else f"WITH {report}"


@cache
def _needed(sql: str) -> tuple[str, ...]:
    """In the order of `_TEXTS`, in which each relation names earlier ones only. Fewer of them are planned faster."""
    needed: set[str] = set()
    found = set(_NAMES.findall(sql))
    while found - needed:
        needed |= found
        found = {name for text in needed for name in _NAMES.findall(_TEXTS[text])}
    return tuple(name for name in _TEXTS if name in needed)


_PLACES = frozenset({"scoped_unit", "scoped_unit_limit", "scoped_branch", "scoped_server"})


@cache
def tells_facts(sql: str) -> bool:
    """Whether anything of it was observed: then it is as old as the last sweeps, whatever people said beside it."""
    return any(not _RECORDS.search(_TEXTS[name]) for name in _needed(sql) if name not in _PLACES)


@cache
def records_behind(sql: str) -> tuple[str, ...]:
    """The `record_...` relations that have to be laid beside the cache's tables for this SQL."""
    return tuple({name: None for text in _needed(sql) for name in _RECORDS.findall(_TEXTS[text])})
