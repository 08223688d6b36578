"""How much one gateway gives to whom: the numbers in one place, each with what happens beyond it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from cloutui.settings import ServeSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Beyond each limit somebody is refused or waits; nobody who is already in is touched."""

    strangers_of_one_source: int = 10
    """Connections that have not signed in yet, of one address. More are cut."""
    strangers: int = 100
    """The same, of all addresses together."""
    sign_in_s: float = 60
    """A connection that has not signed in by then is cut."""
    tries: int = 5
    """Wrong answers of one connection before it is cut. Guessing across connections: see `throttle`."""
    keys: int = 20
    """Unknown keys of one connection before it is cut: an agent may hold many."""
    checks_at_once: int = 4
    """Passwords and codes that are verified at the same time; a good hash takes 64 MB each. The others wait."""
    consoles: int = 60
    channels_of_one_connection: int = 4
    starts_at_once: int = 2
    """Consoles that start at the same time: starting takes the processor, and everybody else's keys wait for it."""
    start_s: float = 10
    """A console that has not painted by then lets the next one start."""
    command_s: float | None = 900
    """A command that takes longer is ended; None: never. What it had begun is finished."""
    silent_s: float | None = 120
    """A command that waits so long for its client, to take output or to give input, is ended; None: never.

    The threads that commands run in are few: whoever reads nothing would keep everybody else's waiting."""
    idle_s: float = 900
    """Seconds without a key before a console closes; 0: never."""
    warning_s: float = 60
    """How long before that it says so."""
    grace_s: float = 60
    """How long after the gateway was told to stop the consoles are closed."""
    ending_s: float = 5
    """A console that was told to end and has not by then is cut."""

    @classmethod
    def of(cls, settings: ServeSettings) -> Self:
        """Those that the configuration says; the others are ours."""
        return cls(
            strangers_of_one_source=settings.strangers_of_one_source,
            strangers=settings.strangers,
            sign_in_s=settings.sign_in_s,
            tries=settings.tries,
            consoles=settings.sessions,
            idle_s=60 * settings.idle_minutes,
            grace_s=settings.grace_s,
        )
