"""The consoles that are open now: who, since when, from where, and how to speak to them or end them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from cloutui.gateway.sign_in import SignedIn
from cloutui.gateway.terminal import Size
from cloutui.model.open_session import OpenSession


class LiveSession(Protocol):
    """One console."""

    @property
    def id(self) -> str:
        """Unique as long as the process lives."""

    @property
    def who(self) -> SignedIn:
        """Whose it is, and from where."""

    @property
    def since(self) -> datetime:
        """When it was opened."""

    @property
    def size(self) -> Size:
        """Of its terminal."""

    @property
    def idle_s(self) -> float:
        """Since the last key."""

    def told(self) -> OpenSession:
        """As those see it who look after users."""

    def tell(self, text: str) -> None:
        """Show a notice."""

    def end(self, farewell: str = "") -> None:
        """Close it. The farewell is what its user reads when the terminal is theirs again."""


class Running(Protocol):
    """What may have to end before its user wants: a console or a command."""

    @property
    def who(self) -> SignedIn:
        """Whose it is."""

    def end(self, farewell: str = "") -> None:
        """End it, and say why."""


class Sessions:
    """All of them, oldest first."""

    def __init__(self) -> None:
        self._sessions: dict[str, LiveSession] = {}

    def __iter__(self) -> Iterator[LiveSession]:
        """A copy: some may end meanwhile."""
        return iter(tuple(self._sessions.values()))

    def __len__(self) -> int:
        return len(self._sessions)

    def add(self, session: LiveSession) -> None:
        """It is open."""
        self._sessions[session.id] = session

    def remove(self, session: LiveSession) -> None:
        """It has ended."""
        self._sessions.pop(session.id, None)

    def find(self, session_id: str) -> LiveSession | None:
        """The one with that id, if it is still open."""
        return self._sessions.get(session_id)

    def tell(self, text: str) -> None:
        """Show a notice to everybody."""
        for session in self:
            session.tell(text)

    @property
    def idle_s(self) -> float:
        """Since anybody's last key; endless when nobody is there."""
        return min((session.idle_s for session in self), default=float("inf"))
