"""How old the facts of the servers are, and what the console says about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from cloutui.model import formats
from cloutui.model.status import Status

if TYPE_CHECKING:
    from cloutui.model.table import Freshness

OLD_AFTER = timedelta(minutes=10)
"""Two collections of events: one may come late."""
# Here silence is worse than a warning: of a silent server nothing is known.
_RANK = {Status.UNKNOWN: 0, Status.WARNING: 1, Status.PENDING: 2, Status.OK: 3}
STALE_AFTER = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAge:
    """One server's age, graded."""

    server: str
    status: Status
    """OK while fresh, warning when old or when part of an answer could not be read, unknown when it is silent."""
    freshness: Freshness

    def words(self, now: datetime, zone: tzinfo) -> str:
        """`since 14:11` for a silent server, `14m old` for an old one, else its age."""
        collected = self.freshness.collected_at
        if self.status is Status.UNKNOWN:
            since = self.freshness.failing_since or collected
            return f"since {formats.time(since, now, zone)}" if since else "never collected"
        if collected is None:
            return "not yet collected"
        age = formats.age(collected, now, zone)
        return f"{age} old" if self.status is Status.WARNING else age

    def short_words(self, now: datetime, zone: tzinfo) -> str:
        """The same where there is little room: `41m`."""
        since = self.freshness.failing_since or self.freshness.collected_at
        return formats.age(since, now, zone) if since else "never"


def grade(freshness: Freshness, now: datetime) -> Status:
    """How far this server's facts can be trusted now."""
    collected, failing = freshness.collected_at, freshness.failing_since
    if freshness.problem and (collected is None or failing is None or failing > collected):
        return Status.UNKNOWN
    if collected is None:
        return Status.PENDING
    if now - collected > STALE_AFTER:
        return Status.UNKNOWN
    return Status.WARNING if freshness.problem or now - collected > OLD_AFTER else Status.OK


def ages(as_of: Mapping[str, Freshness], now: datetime) -> Sequence[ServerAge]:
    """Every server with its grade, the worst first."""
    graded = [
        ServerAge(server=name, status=grade(freshness, now), freshness=freshness) for name, freshness in as_of.items()
    ]
    return sorted(graded, key=lambda age: (_RANK[age.status], age.server))
