"""Stand-ins of our own Protocols: a product that says what a test tells it to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cloutui.products.observation import Observation, ObservationKind, Window
from cloutui.products.product import Identity
from tests.world import observed

Says = Callable[[ObservationKind, Window], Observation | None]
"""What the server says of a kind; None: an empty list. May raise."""


@dataclass(slots=True)
class FakeConversation:
    says: Says
    asked: list[tuple[str, Window]]

    async def identify(self) -> Identity:
        return Identity(
            name="SPA01",
            version="8.1.20.0",
            platform="Linux",
            nodes=1,
            clock_utc_offset=timedelta(),
            server_time=datetime.now(UTC),
        )

    async def observe(self, kinds: Sequence[ObservationKind], window: Window) -> AsyncIterator[Observation]:
        for kind in kinds:
            self.asked.append((kind.name, window))
            yield self.says(kind, window) or observed(kind, [])


@dataclass(slots=True)
class FakeProduct:
    """A server that answers with `says`, and counts its sessions."""

    says: Says = lambda kind, window: None
    asked: list[tuple[str, Window]] = field(default_factory=list)
    sessions: int = 0
    most_sessions: int = 0
    sign_ins: int = 0
    on_sign_in: Callable[[], None] = lambda: None

    @asynccontextmanager
    async def converse(self) -> AsyncIterator[FakeConversation]:
        self.sign_ins += 1
        self.on_sign_in()
        self.sessions += 1
        self.most_sessions = max(self.most_sessions, self.sessions)
        try:
            yield FakeConversation(self.says, self.asked)
        finally:
            self.sessions -= 1
