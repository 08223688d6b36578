"""A session that somebody has open at this moment. It lives in memory: with the process it is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Protocol

from cloutui.model.principal import Face


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """One of them, as those may see it who look after users."""

    session_id: str
    user_id: int | None
    """None: nobody in the records, as before `cloutui init`."""
    user: str
    unit_id: int
    """Where its user lives."""
    since: datetime
    came_from: str
    """The address; empty for this host itself."""
    face: Face
    idle_s: float
    """Since the last key."""
    columns: int | None = None
    """Of the terminal; None where there is none."""
    rows: int | None = None
    is_writing: bool = False
    """Whether write mode is on."""


class Live(Protocol):
    """A session that can be ended."""

    def told(self) -> OpenSession:
        """As it is at this moment."""

    def end(self, farewell: str) -> None:
        """Close it, and let its reader read that. From any thread."""


class OpenSessions:
    """All that one process has, whichever face opened them."""

    def __init__(self) -> None:
        self._sources: list[Callable[[], Iterable[Live]]] = []

    def follow(self, source: Callable[[], Iterable[Live]]) -> Callable[[], None]:
        """A face that opens sessions says here which there are, to any thread. Returns how to stop that."""
        self._sources.append(source)
        return lambda: self._sources.remove(source)

    def __iter__(self) -> Iterator[OpenSession]:
        return (live.told() for live in self._live())

    def find(self, session_id: str) -> Live | None:
        """The one with that id, if it is still open."""
        return next((live for live in self._live() if live.told().session_id == session_id), None)

    def _live(self) -> Iterator[Live]:
        return chain.from_iterable(source() for source in tuple(self._sources))
