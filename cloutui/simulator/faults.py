"""What can go wrong with a server, as named values that are switched on and off while it runs.

A fault is data: it says what is different, and the rooms that would notice look at it (login, screen, SSH door).
It takes effect with the next login or statement; an answer under way is not disturbed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from cloutui.simulator.dsmadmc.locale import ENGLISH, GERMAN, Locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way to go wrong. The defaults are a healthy server."""

    name: str
    explanation: str
    refuses_connection: bool = False
    closes_ssh: bool = False
    statement_delay_s: float = 0.0
    row_delay_s: float = 0.0
    mid_row: Literal["", "hang", "cut"] = ""
    """Half-way through the first rows of an answer, in the middle of a row: stay silent for ever, or be cut off."""
    locale: Locale = ENGLISH
    line_end: str = "\n"
    has_no_sessions_left: bool = False
    refuses_password: bool = False
    is_locked: bool = False
    password_expires_in_days: int | None = None
    """None: no warning before the data."""


NONE = Fault(name="none", explanation="Healthy.")

FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        fault.name: fault
        for fault in (
            NONE,
            Fault(
                name="down",
                explanation="The host is up, the server on it refuses connections: ANS1017E, ANS8023E, status 206.",
                refuses_connection=True,
            ),
            Fault(name="ssh-down", explanation="The host's SSH port is closed; sessions are cut.", closes_ssh=True),
            Fault(
                name="slow",
                explanation="A second before every answer, and 20 ms for every row.",
                statement_delay_s=1.0,
                row_delay_s=0.02,
            ),
            Fault(name="hang", explanation="An answer stops in the middle of a row and never goes on.", mid_row="hang"),
            Fault(
                name="truncated",
                explanation="An answer stops in the middle of a row and the connection is closed, with no exit status.",
                mid_row="cut",
            ),
            Fault(
                name="locale",
                explanation="A German client: decimal commas, translated ANS messages, latin-1 bytes.",
                locale=GERMAN,
            ),
            Fault(name="crlf", explanation="Lines end with CR LF, as from a Windows client.", line_end="\r\n"),
            Fault(
                name="session-limit",
                explanation="No session is left for an administrator: ANS8055E, ANS8023E.",
                has_no_sessions_left=True,
            ),
            Fault(
                name="wrong-password",
                explanation="Every password is wrong: ANS1051I, ANS8023E, status 137.",
                refuses_password=True,
            ),
            Fault(
                name="password-expiring",
                explanation="ANS8004W stands before the data.",
                password_expires_in_days=3,
            ),
            Fault(name="locked", explanation="The administrator is locked: ANS8056E, ANS8023E.", is_locked=True),
        )
    }
)


class UnknownFault(LookupError):
    """No fault has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)


class FaultSwitch:
    """The fault that one server has now. Read and turned on the event loop."""

    def __init__(self) -> None:
        self._fault = NONE
        self._watchers: list[Callable[[Fault], Awaitable[None]]] = []

    @property
    def fault(self) -> Fault:
        """What is wrong now; `NONE` when nothing is."""
        return self._fault

    async def turn(self, name: str) -> Fault:
        """Replace the fault; returns when every watcher has acted on it. Raises: UnknownFault."""
        if name not in FAULTS:
            raise UnknownFault(name)
        self._fault = FAULTS[name]
        for watcher in self._watchers:
            await watcher(self._fault)
        return self._fault

    def watch(self, watcher: Callable[[Fault], Awaitable[None]]) -> None:
        """Await `watcher` after every turn."""
        self._watchers.append(watcher)
