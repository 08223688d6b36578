"""One node's jobs of one day: what lies behind a cell of the jobs matrix."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.jobs import JOB_COLUMNS, JOB_MESSAGE, JOB_SELECT
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
                   {JOB_MESSAGE} AS message
            FROM scoped_job AS j
            WHERE j.node_id = $node_id AND j.day = $day
            ORDER BY j.status DESC, coalesce(j.scheduled_at, j.started_at)
        """,
    )
)
