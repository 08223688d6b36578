"""Guessing gets slower and slower, and nobody else's sign-in does.

What is counted is always a pair or more: who asks *and* who they claim to be. So wrong passwords for somebody's
account, typed elsewhere, do not keep that somebody out. Kept in memory: a restart forgets, and so does a long quiet.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from time import monotonic


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one try."""

    is_right: bool
    wait_s: float = 0.0
    """Above 0: nothing was checked, and nothing will be for so long."""


@dataclass(slots=True)
class _Tally:
    wrong: int = 0
    locked_until: float = 0.0
    last_at: float = 0.0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Tries at the same thing are checked one after the other: else many at once would come before the count."""


class Throttle:
    """Counts wrong tries; after `free` of them waits of 30 s, 60 s, 120 s and so on, to a quarter of an hour."""

    def __init__(
        self,
        *,
        now: Callable[[], float] = monotonic,
        free: int = 5,
        first_wait_s: float = 30,
        longest_wait_s: float = 900,
        forgets_after_s: float = 7200,
        most: int = 20_000,
    ) -> None:
        self._now = now
        self._free = free
        self._first_wait_s = first_wait_s
        self._longest_wait_s = longest_wait_s
        self._forgets_after_s = forgets_after_s
        self._most = most
        self._tallies: OrderedDict[Hashable, _Tally] = OrderedDict()

    async def judge(self, key: Hashable, check: Callable[[], Awaitable[bool]]) -> Verdict:
        """Check, unless there were too many wrong tries at `key`. A try that is broken off counts as wrong."""
        tally = self._tally(key)
        async with tally.turn:
            now = self._now()
            if now < tally.locked_until:
                return Verdict(is_right=False, wait_s=tally.locked_until - now)
            if now - tally.last_at > self._forgets_after_s:
                tally.wrong = 0
            is_right = False
            try:
                is_right = await check()
            finally:
                self._count(tally, is_right=is_right)
        return Verdict(is_right)

    def _count(self, tally: _Tally, *, is_right: bool) -> None:
        tally.last_at = self._now()
        tally.wrong = 0 if is_right else tally.wrong + 1
        beyond = tally.wrong - self._free
        if beyond >= 0:
            tally.locked_until = tally.last_at + min(self._first_wait_s * 2.0 ** min(beyond, 30), self._longest_wait_s)

    def _tally(self, key: Hashable) -> _Tally:
        tally = self._tallies.setdefault(key, _Tally())
        self._tallies.move_to_end(key)
        if len(self._tallies) > self._most:
            self._tallies.popitem(last=False)
        return tally
