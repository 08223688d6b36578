"""The SSH server: it listens, lets in, and stops without dropping anybody's work."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import suppress

import asyncssh

from cloutui.gateway.algorithms import algorithm_options
from cloutui.gateway.channel import Service
from cloutui.gateway.commands import CommandRunner, NoCommands
from cloutui.gateway.entrance import Entrance
from cloutui.gateway.guard import Door, Guard
from cloutui.gateway.here import HereSocket
from cloutui.gateway.limits import Limits
from cloutui.gateway.live import OpenConsole
from cloutui.gateway.process import Sweeper
from cloutui.gateway.sessions import Running, Sessions
from cloutui.gateway.sign_in import Authenticator
from cloutui.gateway.throttle import Throttle
from cloutui.home import Home

_log = logging.getLogger(__name__)

_KEEPALIVE_S, _KEEPALIVES = 30, 3
"""A connection whose far end has vanished is cut after a minute and a half."""

_LAST_WARNING_S = 10


class Gateway:
    """Consoles for whoever signs in. Call `process.prepare` before `start`, on the same loop."""

    def __init__(
        self,
        host_key: asyncssh.SSHKey,
        authenticator: Authenticator,
        open_console: OpenConsole,
        *,
        commands: CommandRunner | None = None,
        limits: Limits | None = None,
        throttle: Throttle | None = None,
    ) -> None:
        limits = limits or Limits()
        self._host_key = host_key
        self._limits = limits
        self.sessions = Sessions()
        self._sweeper = Sweeper(lambda: self.sessions.idle_s)
        service = Service(
            open_console=open_console,
            commands=commands or NoCommands(),
            limits=limits,
            starts=asyncio.Semaphore(limits.starts_at_once),
            left=self._sweeper.left,
            sessions=self.sessions,
        )
        self._service = service
        self._door = Door(
            authenticator=authenticator,
            throttle=throttle or Throttle(),
            entrance=Entrance(limits),
            checks=asyncio.Semaphore(limits.checks_at_once),
            service=service,
            inside=set(),
        )
        self._acceptor: asyncssh.SSHAcceptor | None = None
        self._here: HereSocket | None = None

    def running(self) -> Iterator[Running]:
        """Every console and every command."""
        yield from self.sessions
        yield from self._service.commanding

    @property
    def port(self) -> int:
        """Where it listens; chosen by the system when it was started with 0."""
        return self._acceptor.get_port() if self._acceptor else 0

    @property
    def connections(self) -> int:
        """Open ones, signed in or not."""
        return len(self._door.inside)

    @property
    def busy_channels(self) -> int:
        """Consoles and commands that have not ended."""
        return len(self._service.tasks)

    async def start(self, address: str, port: int) -> None:
        """Listen. Raises: OSError when the port is taken."""
        self._sweeper.start()
        self._acceptor = await asyncssh.listen(
            address,
            port,
            server_factory=lambda: Guard(self._door),
            server_host_keys=[self._host_key],
            server_version="cloutui",
            config=None,
            login_timeout=self._limits.sign_in_s,
            keepalive_interval=_KEEPALIVE_S,
            keepalive_count_max=_KEEPALIVES,
            # Keys are the application's: asyncssh's editor would eat them, and bytes need no encoding.
            line_editor=False,
            encoding=None,
            agent_forwarding=False,
            x11_forwarding=False,
            allow_scp=False,
            host_based_auth=False,
            gss_host=None,
            reuse_address=True,
            **algorithm_options(),
        )

    def start_here(self, home: Home) -> None:
        """Listen for others on this host, who are asked for nothing. Raises: OSError."""
        self._sweeper.start()
        self._here = HereSocket(home, self._door)
        self._here.open()

    async def stop(self, grace_s: float | None = None) -> None:
        """Let nobody in any more, tell who is there, give them the time, and close what is left."""
        if self._acceptor is not None:
            self._acceptor.close()
        if self._here is not None:
            await self._here.close()
        self._service.is_stopping = True
        await self._wait_for_everybody(self._limits.grace_s if grace_s is None else grace_s)
        for session in self.sessions:
            session.end("The console was stopped on its server.")
        await self._until_idle(self._limits.ending_s)
        for task in tuple(self._service.tasks):
            task.cancel()
        for connection in tuple(self._door.inside):
            connection.abort()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.ending_s):
                # Aborted ones say so in a moment, and then there is one more line to write for each.
                while self._door.inside or self._service.tasks:
                    await asyncio.wait({asyncio.create_task(asyncio.sleep(0.01)), *self._service.tasks})
        self._sweeper.stop()

    async def _wait_for_everybody(self, grace_s: float) -> None:
        if not self._service.tasks or grace_s <= 0:
            return
        _log.info("stopping in %.0f s; %d consoles and commands are open", grace_s, len(self._service.tasks))
        self.sessions.tell(f"This server stops in {grace_s:.0f} s. Finish what you are at, and sign out.")
        last_s = min(_LAST_WARNING_S, grace_s / 2)
        if not await self._until_idle(grace_s - last_s):
            self.sessions.tell(f"This server stops in {last_s:.0f} s.")
            await self._until_idle(last_s)

    async def _until_idle(self, limit_s: float) -> bool:
        """Whether everything has ended within that time."""
        deadline = asyncio.get_running_loop().time() + limit_s
        while self._service.tasks:
            left_s = deadline - asyncio.get_running_loop().time()
            if left_s <= 0:
                return False
            await asyncio.wait(tuple(self._service.tasks), timeout=left_s)
        return True
