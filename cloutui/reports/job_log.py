"""What the server and the client wrote in the activity log while one job ran."""

from __future__ import annotations

from dataclasses import dataclass, field

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLogParameters:
    """Which job."""

    server: str = field(metadata={"help": "The server's name."})
    job_key: str = field(metadata={"help": "The job's key, as `node-day` gives it."})


JOB_LOG = register(
    Report(
        name="job-log",
        needs=Privilege.JOB_VIEW,
        summary="The log lines of one job.",
        params=JobLogParameters,
        is_internal=True,
        columns=(
            Column(name="logged", kind=Kind.TIME),
            Column(name="code", kind=Kind.TEXT),
            Column(name="severity", kind=Kind.TEXT, priority=3),
            Column(name="message", kind=Kind.TEXT),
        ),
        # A missed job has no start: its lines stand after its scheduled start, until the next day's.
        sql="""
            SELECT l.logged_at AS logged, l.message_code AS code, l.severity,
                   CASE WHEN starts_with(l.message, l.message_code || ' ')
                        THEN substr(l.message, length(l.message_code) + 2) ELSE l.message END AS message
            FROM scoped_job AS j
            JOIN scoped_log_line AS l ON l.server_id = j.server_id AND l.node_id = j.node_id
            WHERE j.server = $server AND j.job_key = $job_key
              AND (l.schedule IS NULL OR j.schedule IS NULL OR l.schedule = j.schedule)
              AND l.logged_at BETWEEN coalesce(j.started_at, j.scheduled_at) - INTERVAL 1 MINUTE
                  AND coalesce(j.ended_at, j.scheduled_at + INTERVAL 23 HOUR) + INTERVAL 5 MINUTE
            ORDER BY l.logged_at, l.message_code
        """,
    )
)
