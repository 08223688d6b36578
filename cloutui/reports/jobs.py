"""Every job of some days: what a script compares with the server's own EVENTS and SUMMARY."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register
from cloutui.reports.span import DaySpan, bound_days

ERROR_LINES = """
    SELECT server_id, node, schedule, logged_at, message
    FROM scoped_log_line WHERE severity IN ('E', 'W', 'S')
"""
"""What a bad job's message is looked for in."""

JOB_COLUMNS = (
    Column(name="server", kind=Kind.TEXT, priority=4),
    Column(name="unit", kind=Kind.TEXT, priority=5),
    Column(name="node", kind=Kind.TEXT),
    Column(name="schedule", kind=Kind.TEXT, priority=2),
    Column(name="scheduled_start", kind=Kind.TIME, title="scheduled", priority=3),
    Column(name="start", kind=Kind.TIME, priority=3),
    Column(name="end", kind=Kind.TIME, priority=4),
    Column(name="status", kind=Kind.STATUS),
    Column(name="server_status", kind=Kind.TEXT, title="server says", priority=6),
    Column(name="result", kind=Kind.COUNT, title="rc", priority=2),
    Column(name="bytes", kind=Kind.BYTES, priority=3),
    Column(name="files", kind=Kind.COUNT, priority=5),
    Column(name="message", kind=Kind.TEXT, priority=7),
)

JOB_SELECT = """
    j.server, j.unit, j.node, j.schedule, j.scheduled_at AS scheduled_start, j.started_at AS start,
    j.ended_at AS "end", j.status, j.server_status, j.result, j.bytes, j.files
"""

LISTED_COLUMNS = (
    *JOB_COLUMNS[:-1],
    Column(name="examined", kind=Kind.COUNT, priority=6),
    Column(name="failed", kind=Kind.COUNT, priority=6),
    JOB_COLUMNS[-1],
    Column(name="day", kind=Kind.DAY, priority=8),
    Column(name="node_id", kind=Kind.COUNT, priority=9),
    Column(name="job_key", kind=Kind.TEXT, priority=9),
)
"""A job of many: with what tells it from the others."""

JOB_DETAIL = "j.day, j.node_id, j.job_key"

JOB_MESSAGE = f"""
    coalesce((
        SELECT arg_min(e.message, e.logged_at) FROM ({ERROR_LINES}) AS e
        WHERE e.server_id = j.server_id AND e.node = j.node AND j.status >= 5
          AND (e.schedule IS NULL OR e.schedule = j.schedule)
          AND e.logged_at BETWEEN coalesce(j.started_at, j.scheduled_at)
              AND coalesce(j.ended_at, j.scheduled_at + INTERVAL 1 DAY) + INTERVAL 5 MINUTE
    ), j.reason)
"""
"""Of a few jobs. Of many, the lines are better joined once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsParameters(DaySpan):
    """Which jobs."""

    node: str | None = field(default=None, metadata={"help": "Only this node."})
    server: str | None = field(default=None, metadata={"help": "Only this server."})


def _bind(parameters: JobsParameters, context: Mapping[str, object]) -> Mapping[str, object]:
    days = bound_days(parameters, context, usual=1)
    return {**days, "node": parameters.node, "server": parameters.server}


JOBS = register(
    Report(
        name="jobs",
        needs=Privilege.JOB_VIEW,
        summary="Every job of some days, with what the server said of it.",
        params=JobsParameters,
        bind=_bind,
        is_long=True,
        columns=LISTED_COLUMNS,
        # The message of a bad job is its first error in the log; of any other, the reason that the server gives.
        sql=f"""
            WITH job AS (
                SELECT j.server_id, j.reason, {JOB_SELECT}, j.examined, j.failed, {JOB_DETAIL}
                FROM scoped_job AS j
                WHERE j.day BETWEEN $first AND $last
                  AND ($node IS NULL OR j.node = $node) AND ($server IS NULL OR j.server = $server)
            ),
            complaint AS (
                SELECT job.server_id, job.job_key, arg_min(e.message, e.logged_at) AS message
                FROM job JOIN ({ERROR_LINES}) AS e
                  ON e.server_id = job.server_id AND e.node = job.node
                 -- A day's jobs start at most two days away; that their errors come within a month is unverified.
                 AND e.logged_at BETWEEN $first - INTERVAL 2 DAY AND $last + INTERVAL 31 DAY
                 AND (e.schedule IS NULL OR e.schedule = job.schedule)
                 AND e.logged_at BETWEEN coalesce(job.start, job.scheduled_start)
                                     AND coalesce(job."end", job.scheduled_start + INTERVAL 1 DAY) + INTERVAL 5 MINUTE
                WHERE job.status >= 5
                GROUP BY job.server_id, job.job_key
            )
            SELECT job.server, job.unit, job.node, job.schedule, job.scheduled_start, job.start, job."end", job.status,
                   job.server_status, job.result, job.bytes, job.files, job.examined, job.failed,
                   coalesce(complaint.message, job.reason) AS message, job.day, job.node_id, job.job_key
            FROM job LEFT JOIN complaint USING (server_id, job_key)
            ORDER BY coalesce(job.scheduled_start, job.start), job.server, job.node, job.schedule, job.job_key
        """,
    )
)
