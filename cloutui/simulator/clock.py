"""The time of a simulated fleet: the real clock, or one that stands still where it was put."""

from __future__ import annotations

from datetime import UTC, datetime


class Clock:
    """Aware UTC. With `at` the clock stands still until `set` moves it."""

    def __init__(self, at: datetime | None = None) -> None:
        self._at = at

    def now(self) -> datetime:
        """This moment of the fleet."""
        return self._at or datetime.now(UTC)

    def set(self, at: datetime | None) -> None:
        """Move the hands; None goes back to the real clock."""
        self._at = at
