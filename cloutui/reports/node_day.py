"""One node's jobs of one day: what lies behind a cell of the jobs matrix."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.jobs import ERROR_LINES, JOB_COLUMNS, JOB_SELECT
from cloutui.reports.registry import Report, register


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeDayParameters:
    """Which node and day."""

    node_id: int = field(metadata={"help": "The node's id, as the jobs matrix gives it."})
    day: date = field(metadata={"help": "The day, as 2026-11-21."})


NODE_DAY = register(
    Report(
        name="node-day",
        needs=Privilege.JOB_VIEW,
        summary="One node's jobs of one day.",
        params=NodeDayParameters,
        is_internal=True,
        columns=(
            Column(name="job_key", kind=Kind.TEXT, priority=9),
            *JOB_COLUMNS[:-1],
            Column(name="examined", kind=Kind.COUNT, priority=6),
            Column(name="failed", kind=Kind.COUNT, priority=6),
            JOB_COLUMNS[-1],
        ),
        sql=f"""
            SELECT j.job_key, {JOB_SELECT}, j.examined, j.failed,
                   coalesce((
                       SELECT arg_min(e.message, e.logged_at) FROM ({ERROR_LINES}) AS e
                       WHERE e.server_id = j.server_id AND e.node = j.node AND j.status >= 5
                         AND (e.schedule IS NULL OR e.schedule = j.schedule)
                         AND e.logged_at BETWEEN coalesce(j.started_at, j.scheduled_at)
                             AND coalesce(j.ended_at, j.scheduled_at + INTERVAL 1 DAY) + INTERVAL 5 MINUTE
                   ), j.reason) AS message
            FROM scoped_job AS j
            WHERE j.node_id = $node_id AND j.day = $day
            ORDER BY j.status DESC, coalesce(j.scheduled_at, j.started_at)
        """,
    )
)
