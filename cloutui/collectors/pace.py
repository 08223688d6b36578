"""What is asked together and how often, and how long to wait after a failure. Pure: no clock, no server."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cloutui.products.observation import (
    FILESPACES,
    JOBS,
    LOG_LINES,
    NODES,
    OCCUPANCY,
    POOLS,
    SCHEDULES,
    SERVER,
    ObservationKind,
    Window,
)
from cloutui.settings import CollectSettings

OVERLAP = timedelta(hours=2)
"""How far a window reaches back before the last sweep: rows of a server do not all appear in the order of time."""

OLDEST_OPEN = timedelta(days=3)
"""A job that had not ended so long after its start, when the server was last asked, is not waited for any more."""

FIRST_LOOK = timedelta(days=3660)
"""The first sweep asks for all that a server still has."""

LOOK_AHEAD = timedelta(days=1)
"""Schedules that fire within a day are asked for, so that what is pending can be shown."""

_LONGEST_WAIT_S = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Kinds that are asked in one conversation."""

    name: str
    kinds: Sequence[ObservationKind]
    every: timedelta


def paces(settings: CollectSettings) -> tuple[Pace, ...]:
    """In the order of a first sweep: inventory first, because jobs are of nodes."""
    return (
        Pace(
            name="inventory",
            kinds=(SERVER, NODES, SCHEDULES, FILESPACES, POOLS),
            every=timedelta(seconds=settings.inventory_every_s),
        ),
        Pace(name="events", kinds=(JOBS, LOG_LINES), every=timedelta(seconds=settings.events_every_s)),
        Pace(name="occupancy", kinds=(OCCUPANCY,), every=timedelta(seconds=settings.occupancy_every_s)),
    )


def window(now: datetime, *, last_sweep: datetime | None, oldest_open: datetime | None) -> Window:
    """From when on jobs and log lines are asked, so that nothing is missed after a pause of any length."""
    if last_sweep is None:
        return Window(since=now - FIRST_LOOK, until=now + LOOK_AHEAD)
    since = last_sweep - OVERLAP
    if oldest_open is not None:
        since = min(since, max(oldest_open, last_sweep - OLDEST_OPEN))
    return Window(since=since, until=now + LOOK_AHEAD)


def wait_after_failure(failures: int, *, first: timedelta, chance: random.Random) -> timedelta:
    """Doubles with each failure up to 15 minutes, and differs from server to server so that they do not all call.

    What is asked once a day weighs more: it waits up to an hour.
    """
    longest = max(_LONGEST_WAIT_S, first.total_seconds() / 24)
    planned = min(min(first.total_seconds(), 30.0) * 2 ** min(failures - 1, 10), longest)
    return timedelta(seconds=planned * chance.uniform(0.5, 1.0))
