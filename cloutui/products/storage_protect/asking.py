"""What the modules of each kind are given: a way to ask, and the server's clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

import pyarrow as pa

from cloutui.products.observation import Observation, ObservationKind, Window
from cloutui.products.storage_protect.selects import Select

CHANGE_OF_CLOCKS = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerClock:
    """A server's clock, as it said itself when it was asked."""

    local: datetime
    """Naive: the server says no zone."""
    offset: timedelta
    """From UTC, east is positive."""

    @property
    def offset_s(self) -> int:
        """The offset in seconds."""
        return round(self.offset.total_seconds())

    def local_of(self, moment: datetime) -> datetime:
        """An aware moment in the server's own time, as its clocks go now."""
        return (moment.astimezone(UTC) + self.offset).replace(tzinfo=None)

    def bounds(self, window: Window) -> Bounds:
        """A window in the server's time. Wider by an hour: its clocks may have been changed since."""
        return Bounds(
            self.local_of(window.since) - CHANGE_OF_CLOCKS,
            self.local_of(window.until) + CHANGE_OF_CLOCKS,
        )


@dataclass(frozen=True, slots=True)
class Bounds:
    """From and up to, in the server's time."""

    since: datetime
    until: datetime

    def until_later(self, by: timedelta) -> Bounds:
        """The same with a later end."""
        return Bounds(self.since, self.until + by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one question gave: always a table, maybe empty, maybe not all of it."""

    table: pa.Table
    """With every column of the question, null where the server lacks it."""
    bad_rows: int = 0
    return_code: int = 0
    is_complete: bool = True
    problems: Sequence[str] = ()
    """Why it is incomplete or has bad rows, with the server's own code."""


class Ask(Protocol):
    """Puts one question. A refusal is an empty answer with its problem: other questions may still be answered."""

    async def __call__(self, select: Select, bounds: Bounds | None = None) -> Answer:
        """The answer. Bounds are needed by questions that name them."""


def observed(kind: ObservationKind, batch: pa.Table, answers: Sequence[Answer]) -> Observation:
    """An observation made from answers: as complete as all of them."""
    problems = dict.fromkeys(problem for answer in answers for problem in answer.problems)
    return Observation(
        kind=kind,
        batch=batch,
        bad_rows=sum(answer.bad_rows for answer in answers),
        is_complete=all(answer.is_complete for answer in answers),
        problem="; ".join(problems),
    )
