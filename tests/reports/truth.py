"""What a simulated server's engine knows of its jobs, told once more: by no SQL of the cache or of a product.

The plan says of every run what becomes of it. What a server tells of that, a product reads, the cache keeps and reports
add up must come to the same figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cloutui.model.status import Status
from cloutui.simulator.server import Server

_RESULTS = {0: Status.OK, 4: Status.OKWARN, 8: Status.WARNING, 12: Status.ERROR}
_DAY_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class TrueJob:
    """One job as it really went. Moments are aware."""

    node: str
    day: date
    """In the zone of its node's unit."""
    status: Status
    is_scheduled: bool
    saved_at: datetime | None
    """When it ended, if it is a backup that succeeded."""


@dataclass(frozen=True, slots=True)
class TrueNode:
    """A node as its server defines it."""

    name: str
    registered: datetime
    is_leaving: bool
    served_by: Sequence[str]
    """Who backs it up in its name."""
    is_agent: bool
    """It works for others, and holds nothing itself."""


def true_jobs(server: Server, zones: Mapping[str, str]) -> Iterator[TrueJob]:
    """Every job that the server's engine has planned. `zones`: of each node's unit."""
    rows = _asked(
        server,
        "SELECT origin, activity, node, scheduled, starts, ends, outcome, result, machines FROM occurrence "
        "WHERE origin <> 'admin'",
    )
    for origin, activity, node, scheduled, starts, ends, outcome, result, machines in rows:
        zone = ZoneInfo(zones[node])
        if origin == "client":
            status = _status(outcome, result)
            saved = ends if status in (Status.OK, Status.OKWARN) else None
            yield TrueJob(node, _day(scheduled, zone), status, True, _aware(saved))
        else:
            # Nobody scheduled it: each of its sessions is a job, and of a data mover's the last is the one that failed.
            parts = max(1, machines)
            for part in range(parts):
                fine = outcome == "Completed" or part < parts - 1
                begun, ended = (starts + (ends - starts) * share / parts for share in (part, part + 1))
                saved = ended if fine and activity in ("BACKUP", "ARCHIVE") else None
                yield TrueJob(node, _day(begun, zone), Status.OK if fine else Status.ERROR, False, _aware(saved))


def true_nodes(server: Server, now: datetime, zone: str) -> list[TrueNode]:
    """The nodes that there are at an aware moment. `zone` is the server's, whose own time a definition has."""
    local = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    rows = _asked(
        server,
        "SELECT node, registered, gone, (SELECT list(m.node) FROM node m WHERE m.datacenter = n.node),"
        " n.node IN (SELECT m.agent FROM node m WHERE m.agent IS NOT NULL) FROM node n",
    )
    zone_ = ZoneInfo(zone)
    return [
        TrueNode(name, registered.replace(tzinfo=zone_), gone is not None and gone <= local, served_by or (), is_agent)
        for name, registered, gone, served_by, is_agent in rows
        if registered <= local
    ]


def true_status(
    node: TrueNode, jobs: Sequence[TrueJob], day: date, zone: str, *, for_it: Sequence[TrueJob] = ()
) -> Status | None:
    """How the node's day stands where nobody has said anything of severity: as its worst job, or at risk after a day.

    `jobs`: all of the node's; `for_it`: those of the nodes that serve it. None: it was not there, and did nothing.
    """
    # As the clock on the wall says: a day of 25 hours ends at midnight too.
    end = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)
    statuses = [job.status for job in jobs if job.day == day]
    if node.registered >= end and not statuses:
        return None
    saved = [job.saved_at for job in jobs if job.saved_at and job.day <= day]
    saved += [job.saved_at for job in for_it if job.saved_at and job.saved_at <= end]
    has_something = jobs or not node.is_agent
    is_at_risk = (
        has_something
        and not node.is_leaving
        and int((end - max(saved, default=node.registered)).total_seconds()) > _DAY_S
    )
    return max([*statuses, Status.WARNING if is_at_risk else Status.NONE])


def _status(outcome: str, result: int | None) -> Status:
    if outcome == "Missed":
        return Status.MISSED
    return _RESULTS[result or 0] if outcome == "Completed" else Status.ERROR


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.replace(tzinfo=UTC).astimezone(zone).date()


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(microsecond=0, tzinfo=UTC) if moment else None


def _asked(server: Server, sql: str) -> list[tuple[Any, ...]]:
    server.query("SELECT COUNT(*) FROM EVENTS")  # the plan is written as far as somebody looks
    with server._database.at(datetime(2026, 1, 1), datetime(2026, 1, 1), 0) as cursor:  # noqa: DTZ001
        return cursor.execute(sql).fetchall()
