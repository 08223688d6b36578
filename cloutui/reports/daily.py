"""How every node of a unit stood on a day, the worst first: by the severity rules, with the reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from cloutui.model.privilege import Privilege
from cloutui.model.severity import KINDS
from cloutui.model.table import Column, Kind
from cloutui.reports.day_facts import GROWTH, bind_day, column, figures_of, held
from cloutui.reports.frozen import with_frozen
from cloutui.reports.grading import (
    ALL_KINDS,
    JOB_WORDS,
    KINDS_IN_FORCE,
    SOURCE,
    deciding_rule,
    grading,
    reason,
)
from cloutui.reports.handled import DAY_COMMENTS, DAY_HANDLING
from cloutui.reports.registry import Late, Report, Suited, register


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyParameters:
    """Which day."""

    day: date | None = field(default=None, metadata={"help": "The day, as 2026-11-21; today when absent."})
    revision: int | None = field(
        default=None, metadata={"help": "Of a day that is closed: as it was told then. The newest when absent."}
    )


def _bind(parameters: DailyParameters, context: Mapping[str, object]) -> Mapping[str, object]:
    return {**bind_day(parameters.day, context["today"]), "revision": parameters.revision}


_COLUMNS = (
    Column(name="status", kind=Kind.STATUS),
    Column(name="node", kind=Kind.TEXT),
    Column(name="unit", kind=Kind.TEXT, priority=4),
    Column(name="reason", kind=Kind.TEXT),
    Column(name="stored", kind=Kind.BYTES),
    Column(name="delta", kind=Kind.PERCENT, title="Δ day", priority=2),
    Column(name="sent", kind=Kind.BYTES, priority=3),
    Column(name="last_ok", kind=Kind.AGE, title="last ok"),
    Column(name="run", kind=Kind.COUNT, title="bad days", priority=5),
    Column(name="handled", kind=Kind.TEXT, title="ack", priority=2),
    Column(name="comments", kind=Kind.COUNT, title="said", priority=4),
    Column(name="comment", kind=Kind.TEXT, priority=7),
    Column(name="warnings", kind=Kind.TEXT, priority=5),
    Column(name="tags", kind=Kind.TEXT, priority=7),
    Column(name="server", kind=Kind.TEXT, priority=6),
    Column(name="domain", kind=Kind.TEXT, priority=7),
    Column(name="platform", kind=Kind.TEXT, title="os", priority=8),
    Column(name="client_version", kind=Kind.TEXT, title="client", priority=8),
    Column(name="product", kind=Kind.TEXT, priority=9),
    Column(name="rule", kind=Kind.TEXT, priority=8),
    Column(name="source", kind=Kind.TEXT, title="rule of", priority=8),
    Column(name="revision", kind=Kind.COUNT, priority=9),
    Column(name="unit_id", kind=Kind.COUNT, priority=9),
    Column(name="node_id", kind=Kind.COUNT, priority=9),
)

_EARLY = (
    *("status", "node", "unit", "sent", "last_ok", "server", "domain", "platform", "client_version"),
    *("product", "revision", "unit_id", "node_id"),
)
_ORDER = "status DESC, node, server, node_id"


def _first(kinds: Collection[str]) -> str:
    """Every node with its status, and all that says why."""
    hits = "".join(f", g.{column(kind)}_hit" for kind in figures_of(kinds))
    return f"""
        WITH {grading(kinds)}
        SELECT g.status, g.node, g.unit, g.bytes AS sent, g.last_ok, g.server, g.domain, g.platform, g.client_version,
               g.product, 0 AS revision, g.unit_id, g.node_id, g.profile_id, g.failed, g.is_muted, g.job_grade,
               g.job_status, g.job_result, g.has_result_rule, g.logged_grade, g.logged_key{hits}
        FROM graded AS g
    """


def _rest(kinds: Collection[str]) -> str:
    """What is told of them. How long a problem lasts is counted by the jobs: the bad days since the last good one."""
    figures = figures_of(kinds)
    limits = "".join(f", any_value(limit_text) FILTER (key = '{kind}') AS {column(kind)}_limit" for kind in figures)
    other_hits = "".join(
        f", if(g.{column(kind)}_hit IS NOT NULL AND g.rule <> '{kind}', '{KINDS[kind].title}' "
        f"|| if(p.{column(kind)}_limit = '', '', ' (' || p.{column(kind)}_limit || ')'), NULL)"
        for kind in figures
    )
    return f"""
        WITH rule AS MATERIALIZED (SELECT * FROM scoped_severity),
        profile AS (SELECT profile_id{limits} FROM rule GROUP BY profile_id),
        past AS (
            SELECT d.node_id, d.day, d.worst,
                   max(d.day) FILTER (d.worst BETWEEN 2 AND 6) OVER (PARTITION BY d.node_id) AS good_day
            FROM early JOIN scoped_bare_node_day AS d ON d.node_id = early.node_id
            WHERE early.status >= 7 AND d.day BETWEEN $since AND $day
        ),
        run AS (
            SELECT node_id, count(*) AS run FROM past
            WHERE worst >= 7 AND (good_day IS NULL OR day > good_day) GROUP BY node_id
        ),
        tagged AS (
            SELECT node_id, array_to_string(list_sort(list(tag)), ', ') AS tags FROM scoped_node_tag
            WHERE node_id IN (SELECT node_id FROM early) GROUP BY node_id
        ),
        {held("node_id IN (SELECT node_id FROM early)")},
        told AS (SELECT *, {reason(kinds)} AS reason, {deciding_rule(kinds)} AS rule FROM early AS g)
        SELECT g.status, g.node, g.unit,
               g.reason || CASE
                   WHEN g.status = 5 AND g.job_grade = 5 AND g.failed > 0 THEN ', ' || g.failed || ' skipped'
                   WHEN g.rule = 'limit' THEN ' ' || round(held.stored * r.share / r.bound)::INTEGER || '%'
                   ELSE '' END AS reason,
               held.stored, {GROWTH} AS delta, g.sent, g.last_ok, if(g.status >= 7, coalesce(run.run, 1), 0) AS run,
               coalesce(h.handled, '') AS handled, coalesce(c.comments, 0) AS comments,
               coalesce(c.comment, '') AS comment,
               concat_ws(', ', if(g.job_grade >= 5 AND g.rule NOT LIKE '%:%', {JOB_WORDS}, NULL){other_hits})
                   AS warnings,
               coalesce(tagged.tags, '') AS tags, g.server, g.domain, g.platform, g.client_version, g.product, g.rule,
               {SOURCE} AS source, g.revision, g.unit_id, g.node_id
        FROM told AS g
        JOIN profile AS p ON p.profile_id = g.profile_id
        LEFT JOIN rule AS r ON r.profile_id = g.profile_id AND r.key = g.rule
        LEFT JOIN held ON held.node_id = g.node_id
        LEFT JOIN run ON run.node_id = g.node_id
        LEFT JOIN ({DAY_HANDLING}) AS h ON h.node_id = g.node_id AND h.day = $day
        LEFT JOIN ({DAY_COMMENTS}) AS c ON c.node_id = g.node_id AND c.unit_id = g.unit_id
        LEFT JOIN tagged ON tagged.node_id = g.node_id
    """


@cache
def _daily(kinds: frozenset[str]) -> Report:
    """The report where rules of these kinds are in force."""
    late = Late(first=_first(kinds), known=frozenset(_EARLY), rest=_rest(kinds), order=_ORDER)
    return Report(
        name="daily",
        needs=Privilege.JOB_VIEW,
        summary="How every node stood on a day, the worst first, and why.",
        params=DailyParameters,
        bind=_bind,
        columns=_COLUMNS,
        late=(late,),
        suited=Suited(asked=KINDS_IN_FORCE, to=_daily),
        # Of a unit whose day is closed, as it was told then.
        **with_frozen(late.whole, [each.name for each in _COLUMNS], _ORDER),
    )


DAILY = register(_daily(ALL_KINDS))
