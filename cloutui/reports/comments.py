"""What people wrote: of a unit over some days, and of one node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register
from cloutui.reports.span import DaySpan, bound_days

_USUAL_DAYS = 30

_COLUMNS = (
    Column(name="at", kind=Kind.TIME),
    Column(name="author", kind=Kind.TEXT),
    Column(name="type", kind=Kind.TEXT),
    Column(name="node", kind=Kind.TEXT),
    Column(name="unit", kind=Kind.TEXT, priority=3),
    Column(name="day", kind=Kind.DAY, priority=2),
    Column(name="comment", kind=Kind.TEXT),
    Column(name="edited", kind=Kind.TIME, priority=6),
    Column(name="job_key", kind=Kind.TEXT, priority=8),
    Column(name="comment_id", kind=Kind.COUNT, title="number", priority=7),
    Column(name="unit_id", kind=Kind.COUNT, priority=9),
    Column(name="node_id", kind=Kind.COUNT, priority=9),
)

_SELECT = """
    SELECT written_at AS "at", author, type, node, unit, day, text AS comment, edited_at AS edited, job_key, comment_id,
           unit_id, node_id
    FROM scoped_comment
"""

_NEWEST_FIRST = "ORDER BY written_at DESC, comment_id DESC"


def _bind(parameters: DaySpan, context: Mapping[str, object]) -> Mapping[str, object]:
    return bound_days(parameters, context, usual=_USUAL_DAYS)


COMMENTS = register(
    Report(
        name="comments",
        needs=Privilege.COMMENT_VIEW,
        summary="What people wrote about nodes, their days and their jobs, the newest first.",
        params=DaySpan,
        bind=_bind,
        columns=_COLUMNS,
        sql=f"{_SELECT} WHERE coalesce(day, written_at::DATE) BETWEEN $first AND $last {_NEWEST_FIRST}",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfANode:
    """Of which node, and of which day of it."""

    node_id: int = field(metadata={"help": "The node's id, as the report `nodes` gives it."})
    day: date | None = field(default=None, metadata={"help": "That day alone, and what is on the node itself."})


NODE_COMMENTS = register(
    Report(
        name="node-comments",
        needs=Privilege.COMMENT_VIEW,
        summary="What people wrote about one node, the newest first.",
        params=OfANode,
        is_internal=True,
        columns=_COLUMNS,
        sql=f"{_SELECT} WHERE node_id = $node_id AND ($day IS NULL OR day IS NULL OR day = $day) {_NEWEST_FIRST}",
    )
)
