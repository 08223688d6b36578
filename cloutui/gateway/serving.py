"""One installation, served: its users at the door, their consoles and commands, and a watch over who may stay."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from cloutui.gateway.commands import CommandRunner
from cloutui.gateway.console import consoles_of
from cloutui.gateway.host_key import fingerprint, host_key
from cloutui.gateway.limits import Limits
from cloutui.gateway.server import Gateway
from cloutui.gateway.users import Users
from cloutui.gateway.watch import Watch
from cloutui.installation import Installation


class Serving:
    """From `start` to `stop`. The installation is the caller's, and is open for longer."""

    def __init__(
        self,
        installation: Installation,
        users: Users,
        *,
        host: str,
        limits: Limits | None = None,
        commands: CommandRunner | None = None,
    ) -> None:
        """`host`: what users write behind `ssh`. Raises: Invalid, when the host key cannot be used."""
        self._installation = installation
        self._users = users
        key = host_key(installation.home.host_key)
        self.fingerprint = fingerprint(key)
        opened = consoles_of(installation, users.principal_of, host=host, greeting_of=users.greeting_of)
        self.gateway = Gateway(key, users, opened, commands=commands, limits=limits)
        self._watch = Watch(self.gateway.sessions, users.principal_of)
        self._ending = AsyncExitStack()

    async def start(self, address: str, port: int) -> None:
        """Listen. Raises: OSError when the port is taken."""
        await self.gateway.start(address, port)
        self._ending.callback(self._installation.subscribe(self._watch.changed))
        self._ending.callback(self._installation.sessions.follow(lambda: self.gateway.sessions))
        watching = asyncio.create_task(self._watch.run(), name="watch")
        self._ending.callback(watching.cancel)

    async def stop(self, grace_s: float | None = None) -> None:
        """Let nobody in any more, give those who are there the time, and end what is left. Twice is no harm."""
        await self.gateway.stop(grace_s)
        await self._ending.aclose()
        self._users.close()
