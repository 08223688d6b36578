"""The schedules that one node is associated with, and how each of them last went."""

from __future__ import annotations

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.one_node import OneNode
from cloutui.reports.registry import Report, register

NODE_SCHEDULES = register(
    Report(
        name="node-schedules",
        needs=Privilege.NODE_VIEW,
        summary="The schedules of one node, and how each last went.",
        params=OneNode,
        is_internal=True,
        columns=(
            Column(name="status", kind=Kind.STATUS),
            Column(name="schedule", kind=Kind.TEXT),
            Column(name="domain", kind=Kind.TEXT, priority=4),
            Column(name="action", kind=Kind.TEXT, priority=3),
            Column(name="start", kind=Kind.TEXT, title="starts", priority=2),
            Column(name="window", kind=Kind.TEXT, priority=3),
            Column(name="period", kind=Kind.TEXT, priority=4),
            Column(name="last_run", kind=Kind.AGE, title="last run", priority=1),
        ),
        sql="""
            WITH run AS (
                SELECT schedule, arg_max(status, scheduled_at) AS status, max(started_at) AS last_run
                FROM scoped_job
                WHERE node_id = $node_id AND day BETWEEN $today - 60 AND $today AND NOT is_provisional
                GROUP BY schedule
            )
            SELECT coalesce(run.status, 0)::UTINYINT AS status, c.schedule, c.domain, c.action, c.start_time AS start,
                   c."window", c.period, run.last_run
            FROM scoped_schedule AS c LEFT JOIN run ON run.schedule = c.schedule
            WHERE c.node_id = $node_id
            ORDER BY c.schedule, c.domain
        """,
    )
)
