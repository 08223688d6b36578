"""The last jobs of one node, the newest first."""

from __future__ import annotations

from cloutui.model.privilege import Privilege
from cloutui.reports.jobs import JOB_DETAIL, JOB_MESSAGE, JOB_SELECT, LISTED_COLUMNS
from cloutui.reports.one_node import OneNode
from cloutui.reports.registry import Report, register

NODE_JOBS = register(
    Report(
        name="node-jobs",
        needs=Privilege.JOB_VIEW,
        summary="The jobs of one node in the last 30 days, the newest first.",
        params=OneNode,
        is_internal=True,
        columns=LISTED_COLUMNS,
        sql=f"""
            SELECT {JOB_SELECT}, j.examined, j.failed, {JOB_MESSAGE} AS message, {JOB_DETAIL}
            FROM scoped_job AS j
            WHERE j.node_id = $node_id AND j.day BETWEEN $today - 30 AND $today + 1
            ORDER BY coalesce(j.scheduled_at, j.started_at) DESC, j.job_key
        """,
    )
)
