"""How a problem is handled: what somebody said of a node's day or of one job, so that others need not look again.

It changes no status, but for what is muted. A day is a problem of its own: what was acknowledged yesterday is open when
it fails again today. Who mutes a node says so of every day up to an end, so that it ends by itself.
"""

from __future__ import annotations

from enum import StrEnum


class HandlingState(StrEnum):
    """Where it stands. Stored: never changed, only added to."""

    OPEN = "open"
    """Nobody has said anything, or it was withdrawn."""
    ACKNOWLEDGED = "acknowledged"
    """Somebody has seen it and takes care of it."""
    ACTIVE = "active"
    """It is worked on, and stays in the open counts."""
    RESOLVED = "resolved"
    IGNORED = "ignored"
    """It is as it should be, or of no matter."""
    MUTED = "muted"
    """Nothing is to be said of the day: it counts as ignored, whatever happened."""

    @property
    def is_open(self) -> bool:
        """Whether it still counts as open."""
        return self in {HandlingState.OPEN, HandlingState.ACTIVE}

    @property
    def done(self) -> str:
        """What was done to bring it there, as a sentence begins."""
        return _DONE[self]


_DONE = {
    HandlingState.OPEN: "Opened again",
    HandlingState.ACKNOWLEDGED: "Acknowledged",
    HandlingState.ACTIVE: "Took up",
    HandlingState.RESOLVED: "Resolved",
    HandlingState.IGNORED: "Ignored",
    HandlingState.MUTED: "Muted",
}
