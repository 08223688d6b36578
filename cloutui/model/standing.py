"""How somebody stands: whether they may come in, and how far."""

from __future__ import annotations

from enum import StrEnum


class Standing(StrEnum):
    """Of a user, at a moment. The value is shown to people."""

    ACTIVE = "active"
    INVITED = "invited"
    """May come in with the invitation's code, and only to set up their sign-in."""
    LOCKED = "locked"
    EXPIRED = "expired"
    REMOVED = "removed"

    @property
    def may_enter(self) -> bool:
        """Whether anything opens the door."""
        return self in {Standing.ACTIVE, Standing.INVITED}
