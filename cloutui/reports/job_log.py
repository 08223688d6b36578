"""What the server and the client wrote in the activity log while one job ran."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLogParameters:
    """Which job."""

    server: str = field(metadata={"help": "The server's name."})
    job_key: str = field(metadata={"help": "The job's key, as `node-day` gives it."})
    day: date | None = field(default=None, metadata={"help": "When it ran, to a day or two: quicker."})


_AROUND = timedelta(days=2)
"""Zones, and where a unit's day begins, put a job on the day before or after that of its start."""
_LONGEST = timedelta(days=31)
"""That long a job may run. Unverified: nothing limits it."""


def _bind(parameters: JobLogParameters, context: Mapping[str, object]) -> Mapping[str, object]:
    first, last = date(1900, 1, 1), date(9999, 1, 1)
    if parameters.day is not None and first + _AROUND < parameters.day < last - _LONGEST:
        first, last = parameters.day - _AROUND, parameters.day + _AROUND
    return {
        "server": parameters.server,
        "job_key": parameters.job_key,
        "first": first,
        "last": last,
        "last_line": last + _LONGEST,
    }


JOB_LOG = register(
    Report(
        name="job-log",
        needs=Privilege.JOB_VIEW,
        summary="The log lines of one job.",
        params=JobLogParameters,
        bind=_bind,
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
            WHERE j.server = $server AND j.job_key = $job_key AND j.day BETWEEN $first AND $last
              AND l.logged_at BETWEEN $first - INTERVAL 2 DAY AND $last_line
              AND (l.schedule IS NULL OR j.schedule IS NULL OR l.schedule = j.schedule)
              AND l.logged_at BETWEEN coalesce(j.started_at, j.scheduled_at) - INTERVAL 1 MINUTE
                  AND coalesce(j.ended_at, j.scheduled_at + INTERVAL 23 HOUR) + INTERVAL 5 MINUTE
            ORDER BY l.logged_at, l.message_code
        """,
    )
)
