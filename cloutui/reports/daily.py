"""How every node of a unit stood on a day, the worst first: by the severity rules, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from cloutui.model.privilege import Privilege
from cloutui.model.severity import FIGURES
from cloutui.model.table import Column, Kind
from cloutui.reports.frozen import with_frozen
from cloutui.reports.grading import JOB_WORDS, SOURCE, bind_day, column, grading
from cloutui.reports.handled import DAY_COMMENTS, DAY_HANDLING
from cloutui.reports.registry import Report, register
from cloutui.reports.tags import TAGS_OF_NODES


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyParameters:
    """Which day."""

    day: date | None = field(default=None, metadata={"help": "The day, as 2026-11-21; today when absent."})
    revision: int | None = field(
        default=None, metadata={"help": "Of a day that is closed: as it was told then. The newest when absent."}
    )


def _bind(parameters: DailyParameters, context: Mapping[str, object]) -> Mapping[str, object]:
    return {**bind_day(parameters.day, context["today"]), "revision": parameters.revision}


_OTHER_HITS = ", ".join(
    f"if(g.{column(kind.name)}_hit IS NOT NULL AND g.rule <> '{kind.name}', '{kind.title}' "
    f"|| if(p.{column(kind.name)}_limit = '', '', ' (' || p.{column(kind.name)}_limit || ')'), NULL)"
    for kind in FIGURES
)

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

# The days that a problem lasts are counted by the jobs: the bad days since the last good one.
_LIVE = f"""
    WITH {grading()},
    run AS (
        SELECT node_id, count(*) AS run
        FROM (
            SELECT node_id, day, worst, max(day) FILTER (worst BETWEEN 2 AND 6) OVER (PARTITION BY node_id) AS good_day
            FROM past
        )
        WHERE worst >= 7 AND (good_day IS NULL OR day > good_day) GROUP BY node_id
    )
    SELECT g.status, g.node, g.unit,
           g.reason || CASE
               WHEN g.status = 5 AND g.job_grade = 5 AND g.failed_files > 0
                   THEN ', ' || g.failed_files::BIGINT || ' skipped'
               WHEN g.rule = 'limit' THEN ' ' || round(g.stored * r.share / r.bound)::INTEGER || '%'
               ELSE '' END AS reason,
           g.stored, g.growth AS delta, g.bytes AS sent, g.last_ok,
           if(g.status >= 7, coalesce(run.run, 1), 0) AS run,
           coalesce(h.handled, '') AS handled, coalesce(c.comments, 0) AS comments,
           coalesce(c.comment, '') AS comment,
           concat_ws(', ', if(g.job_grade >= 5 AND g.rule NOT LIKE '%:%', {JOB_WORDS}, NULL),
                     {_OTHER_HITS}) AS warnings,
           coalesce(tagged.tags, '') AS tags, g.server, g.domain, g.platform, g.client_version, g.product, g.rule,
           {SOURCE} AS source, 0 AS revision, g.unit_id, g.node_id
    FROM graded AS g
    JOIN profile AS p ON p.profile_id = g.profile_id
    LEFT JOIN rule AS r ON r.profile_id = g.profile_id AND r.key = g.rule
    LEFT JOIN run ON run.node_id = g.node_id
    LEFT JOIN ({DAY_HANDLING}) AS h ON h.node_id = g.node_id AND h.day = $day
    LEFT JOIN ({DAY_COMMENTS}) AS c ON c.node_id = g.node_id AND c.unit_id = g.unit_id
    LEFT JOIN {TAGS_OF_NODES} AS tagged ON tagged.node_id = g.node_id
"""

DAILY = register(
    Report(
        name="daily",
        needs=Privilege.JOB_VIEW,
        summary="How every node stood on a day, the worst first, and why.",
        params=DailyParameters,
        bind=_bind,
        columns=_COLUMNS,
        # Of a unit whose day is closed, as it was told then.
        **with_frozen(_LIVE, [each.name for each in _COLUMNS], "status DESC, node, server, node_id"),
    )
)
