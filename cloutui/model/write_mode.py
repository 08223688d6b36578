"""Write mode: a session reads until its person says why it should change things, and for how long.

It ends by itself: when its time is over, when nobody touches anything for a while, or when the person turns to another
customer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cloutui.errors import Invalid

MINUTES = (15, 30, 60)
"""What there is to choose from."""
IDLE = timedelta(minutes=10)
LAST_WORDS = timedelta(minutes=2)
"""Before its end, when it is time to say so."""
FACTOR_LASTS = timedelta(minutes=10)
"""A second factor shown longer ago is asked for again before write mode begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteMode:
    """One stretch of it."""

    reason: str
    until: datetime
    touched_at: datetime
    """When its person last pressed a key."""
    customer: int | None = None
    """The unit right below the top in which it was begun; None at the top."""

    def is_on(self, now: datetime) -> bool:
        """Whether it lasts at that moment."""
        return now < self.until and now - self.touched_at < IDLE

    def remaining(self, now: datetime) -> timedelta:
        """What is left of it; nothing when it is over."""
        return max(timedelta(), self.until - now) if self.is_on(now) else timedelta()

    def touched(self, now: datetime) -> WriteMode:
        """After a key was pressed. What is over stays over."""
        return replace(self, touched_at=now) if self.is_on(now) else self

    def allows(self, customer: int | None) -> bool:
        """Whether it holds for that customer too: one who began at the top may go anywhere."""
        return self.customer is None or self.customer == customer


def begin(reason: str, minutes: int, now: datetime, *, customer: int | None = None) -> WriteMode:
    """Raises: Invalid without a reason, or for a time that is not offered."""
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid("Write mode needs a reason.", hint="A ticket, or a few words: it stands beside every change.")
    if len(reason) > 200:
        raise Invalid(f"The reason has {len(reason)} characters; 200 are the most.", hint="Shorten it.")
    if minutes not in MINUTES:
        raise Invalid(f"Write mode lasts {', '.join(map(str, MINUTES))} minutes.", hint="Choose one of these.")
    return WriteMode(reason=reason, until=now + timedelta(minutes=minutes), touched_at=now, customer=customer)


def chip(mode: WriteMode | None, now: datetime, *, may_write: bool) -> str:
    """What the header says: `READ`, `READ-ONLY`, `WRITE 14m` or, in the last minute, `WRITE 40s`."""
    if mode is None or not mode.is_on(now):
        return "READ" if may_write else "READ-ONLY"
    left = mode.remaining(now).total_seconds()
    if left < 60:
        return f"WRITE {max(10, round(left / 10) * 10)}s"
    return f"WRITE {left // 60:.0f}m"
