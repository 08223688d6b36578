"""What a cursor stands on, on whichever screen: a unit, a node, a job, a server, a user. Other screens know it too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cloutui.model import formats

NodeDay = tuple[int | None, date | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One thing, as far as it is known: what is not known is empty."""

    name: str
    """What it is called, as its server or its unit says it."""
    unit_id: int | None = None
    """Of a business unit alone."""
    node_id: int | None = None
    node: str = ""
    server: str = ""
    day: date | None = None
    """The day that is looked at of a node, or of a job."""
    job_key: str = ""
    job: str = ""
    """The job's schedule."""

    bad_days: int = 0
    """How many days in a row it has been bad, as far as that is known."""

    user: str = ""
    """The name of a user: who it is, or whose session."""
    role: str = ""
    """The name of a role alone."""
    session: str = ""
    """The id of a session."""

    @property
    def node_day(self) -> NodeDay:
        """By what its handling is known."""
        return self.node_id, self.day

    @property
    def kind(self) -> str:
        """`unit`, `node`, `server`, `user`, `role` or `session`: what actions are about. A job is one of its node."""
        for kind in ("session", "role", "user"):
            if getattr(self, kind):
                return kind
        if self.unit_id is not None:
            return "unit"
        return "node" if self.node_id is not None else "server"


def and_so_on(said: Sequence[str]) -> str:
    """What was said of the first day, and that as much was done on others: `... And on 4 more days.`"""
    others = f" And on {formats.plural(len(said) - 1, 'more day')}." if len(said) > 1 else ""
    return said[0] + others if said else ""
