"""What every backup product can be asked. Collectors and actions know this interface and nothing behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from cloutui.products.observation import Observation, ObservationKind, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a server says of itself."""

    name: str
    version: str
    platform: str
    nodes: int
    clock_utc_offset: timedelta
    """The offset of its clock from UTC, as it says itself."""
    server_time: datetime
    """Its clock, aware, when it was asked: the skew is this against our own clock."""


class Conversation(Protocol):
    """One login to one server. Several questions share it."""

    async def identify(self) -> Identity:
        """Raises: ProductError."""

    def observe(self, kinds: Sequence[ObservationKind], window: Window) -> AsyncIterator[Observation]:
        """One observation a kind, in the order asked. Raises: ProductError when nothing more can be had."""


class Product(Protocol):
    """One backup server, reached through one door."""

    def converse(self) -> AbstractAsyncContextManager[Conversation]:
        """Sign in. Raises: Unreachable, UnknownHost, SignInRefused."""
