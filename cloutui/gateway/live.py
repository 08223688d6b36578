"""A console that runs: from its start, through idleness, to its end."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from textual.app import App

from cloutui.gateway.driver import SshDriver
from cloutui.gateway.limits import Limits
from cloutui.gateway.seat import LastWords, seat
from cloutui.gateway.sign_in import SignedIn
from cloutui.gateway.terminal import Size, Terminal
from cloutui.model.open_session import OpenSession
from cloutui.session import Session


@dataclass(frozen=True, slots=True)
class Console:
    """An application that has not been run yet, and how to show its reader a notice."""

    app: App[Any]
    tell: Callable[[str], None]
    session: Session | None = None
    """What it works with, for who keeps a list of sessions."""
    greeting: str = ""
    """A notice over the first frame."""


OpenConsole = Callable[[SignedIn, Terminal], Awaitable[Console]]
"""Makes a console for somebody. Raises: CloutuiError, which its reader is told."""


class LiveConsole:
    """The wire between one application and one terminal, and what keeps an eye on it."""

    def __init__(
        self, console: Console, who: SignedIn, terminal: Terminal, limits: Limits, send: Callable[[bytes], None]
    ) -> None:
        self.id = os.urandom(4).hex()
        self.who = who
        self.since = datetime.now(UTC)
        self.size = terminal.size
        self.has_painted = asyncio.Event()
        self.farewell: list[str] = []
        """What is left to say when the terminal is the user's again."""
        self._app = console.app
        self._tell = console.tell
        self._greeting = console.greeting
        self.session = console.session
        self._limits = limits
        self._send = send
        self._started_at = monotonic()
        self._loop = asyncio.get_running_loop()
        self._driver: SshDriver | None = None
        self._holds: set[str] = set()
        self._typed_ahead = b""
        self._watch: asyncio.TimerHandle | None = None
        self._was_warned = False
        self._last_words: LastWords = seat(console.app, self, terminal)

    async def run(self) -> int:
        """Until its user leaves, or it is ended. Returns the exit status."""
        self._watch_idleness()
        try:
            await self._app.run_async(size=self.size)
        finally:
            if self._watch is not None:
                self._watch.cancel()
            self._driver = None
        self.farewell = self._last_words.lines() or self.farewell
        return self._app.return_code or 0

    # The wire, as the driver sees it.

    def attach(self, driver: SshDriver) -> None:
        """What was typed while the application started is not lost: it is taken with the first frame."""
        self._driver = driver
        if self._holds:
            driver.hold()

    def write(self, data: bytes) -> None:
        """To the terminal."""
        self._send(data)

    def painted(self) -> None:
        """The first frame lets the next console start."""
        if not self.has_painted.is_set():
            self.has_painted.set()
            if self._greeting:
                self.tell(self._greeting)
            typed, self._typed_ahead = self._typed_ahead, b""
            if typed:
                self.take(typed)

    # The wire, as the channel sees it.

    def take(self, data: bytes) -> None:
        """What was typed."""
        if self._driver is None or not self.has_painted.is_set():
            self._typed_ahead = (self._typed_ahead + data)[:4096]
            return
        try:
            self._driver.take(data)
        except EOFError:
            self.end("The console was closed: its input made no sense.")
        except Exception as error:  # the parser of input is a guest, and input is anybody's
            self._app._handle_exception(error)

    def resize(self, size: Size) -> None:
        """The terminal has another size."""
        self.size = size
        if self._driver is not None:
            self._driver.resize(size)

    def hold(self, why: str) -> None:
        """Draw nothing: somewhere on the way it is piling up."""
        self._holds.add(why)
        if self._driver is not None:
            self._driver.hold()

    def release(self, why: str) -> None:
        """It is not piling up there any more."""
        self._holds.discard(why)
        if self._driver is not None and not self._holds:
            self._driver.release()

    # As others see it.

    @property
    def idle_s(self) -> float:
        """Since the last key."""
        return monotonic() - (self._driver.touched_at if self._driver else self._started_at)

    def told(self) -> OpenSession:
        """For those who look after users."""
        assert self.session is not None
        principal, writing = self.session.principal, self.session.write_mode
        return OpenSession(
            session_id=self.id,
            user_id=principal.user_id,
            user=principal.name,
            unit_id=principal.unit_id,
            since=self.since,
            came_from=self.who.source,
            face=principal.face,
            idle_s=self.idle_s,
            columns=self.size.columns,
            rows=self.size.rows,
            is_writing=writing is not None and writing.is_on(datetime.now(UTC)),
        )

    def tell(self, text: str) -> None:
        """Show a notice."""
        if self._app.is_running:
            self._app.call_later(self._tell, text)

    def end(self, farewell: str = "") -> None:
        """As if its user had left. From any thread."""
        if farewell:
            self.farewell = [farewell]
        self._loop.call_soon_threadsafe(self._app.exit)

    # Idleness.

    def _watch_idleness(self) -> None:
        limits = self._limits
        if not limits.idle_s:
            return
        left_s = limits.idle_s - self.idle_s
        if left_s <= 0:
            self.end(f"Signed out: no key for {span(limits.idle_s)}.")
            return
        until_warning_s = left_s - limits.warning_s
        if until_warning_s > 0:
            self._was_warned = False
        elif not self._was_warned:
            self._was_warned = True
            self.tell(f"Signing out in {left_s:.0f} s: no key for {span(self.idle_s)}. Any key stays.")
        wait_s = until_warning_s if until_warning_s > 0 else min(left_s, 1.0)
        self._watch = asyncio.get_running_loop().call_later(wait_s, self._watch_idleness)


def span(seconds: float) -> str:
    """Such as `15 min`."""
    return f"{seconds / 60:.0f} min" if seconds >= 120 else f"{seconds:.0f} s"
