"""How far an installation is set up: the steps from nothing to reports of one's own units, and which are done.

Nothing remembers that somebody was here: what is done is seen from the installation itself, so that it does not matter
whether the wizard or the command line did it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum


class Step(IntEnum):
    """In the order in which they build on each other."""

    UNIT = 1
    """The own unit has a time zone, which is chosen together with its name."""
    SERVER = 2
    """There is a backup server."""
    COLLECT = 3
    """Every server has answered once, from end to end."""
    UNITS = 4
    """There is a unit below the own one."""
    DAY = 5
    """It was said when the backup day begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """What is there, for the steps to start from."""

    done: frozenset[Step]
    own_name: str
    time_zone: str
    """Of the own unit; that of nobody's choice when the first step is not done."""
    day_start: str
    """`HH:MM`."""

    @property
    def next_step(self) -> Step | None:
        """The first that is not done; None when there is nothing left."""
        return next((step for step in Step if step not in self.done), None)

    @property
    def has_server(self) -> bool:
        """Whether there is anything to look at, or will be soon."""
        return Step.SERVER in self.done

    @property
    def words(self) -> str:
        """`2 of 5`."""
        return f"{len(self.done)} of {len(Step)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """How far the first look at one server is."""

    server: str
    done: frozenset[str]
    """The paces that have been answered: `inventory`, `events`, `occupancy`."""
    problem: str = ""
    hint: str = ""


PACES: Sequence[tuple[str, str]] = (
    ("inventory", "nodes and schedules"),
    ("events", "jobs and their log"),
    ("occupancy", "stored data"),
)
"""What is asked of a server, in the order of a first look, and what it brings."""
