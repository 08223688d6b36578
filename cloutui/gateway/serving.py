"""One installation, served: who is at the door, their consoles and commands, and a watch over who may stay."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

import asyncssh

from cloutui.gateway.commands import CommandRunner
from cloutui.gateway.console import PrincipalOf, consoles_here, consoles_of
from cloutui.gateway.host_key import host_key
from cloutui.gateway.limits import Limits
from cloutui.gateway.server import Gateway
from cloutui.gateway.sign_in import Attempt, Requirement, SignedIn
from cloutui.gateway.users import Users, greeting
from cloutui.gateway.watch import Watch
from cloutui.installation import Installation
from cloutui.model.principal import Face, Principal

if TYPE_CHECKING:
    from cloutui.records.sign_in import Entered

_NOBODY = Requirement(())


class Serving:
    """Everybody who comes to one gateway, until `stop`. The installation is the caller's, and is open for longer."""

    def __init__(self, installation: Installation, gateway: Gateway, principal_of: PrincipalOf) -> None:
        self.gateway = gateway
        self._installation = installation
        self._watch = Watch(gateway.running, principal_of)
        self._ending = AsyncExitStack()

    def follow(self) -> None:
        """From now on. On the loop of the installation."""
        self._ending.callback(self._installation.subscribe(self._watch.changed))
        self._ending.callback(self._installation.sessions.follow(lambda: self.gateway.sessions))
        watching = asyncio.create_task(self._watch.run(), name="watch")
        self._ending.callback(watching.cancel)

    async def stop(self, grace_s: float | None = None) -> None:
        """Let nobody in any more, give those who are there the time, and end what is left. Twice is no harm."""
        await self.gateway.stop(grace_s)
        await self._ending.aclose()


def over_ssh(
    installation: Installation,
    users: Users,
    *,
    host: str,
    limits: Limits | None = None,
    commands: CommandRunner | None = None,
) -> Serving:
    """For users from afar. `host`: what they write behind `ssh`. Raises: Invalid, when the host key cannot be used."""
    consoles = consoles_of(installation, users.principal_of, host=host, greeting_of=users.greeting_of)
    key = host_key(installation.home.host_key)
    return Serving(installation, Gateway(key, users, consoles, commands=commands, limits=limits), users.principal_of)


def on_this_host(installation: Installation, commands: CommandRunner, *, is_read_only: bool = False) -> Serving:
    """For others on the host itself. Nobody is sent away for being idle: it is their own terminal."""
    principal_of = people_here(installation, "terminal", is_read_only=is_read_only)
    here = Here(installation, principal_of)
    consoles = consoles_here(installation, here.enter, greeting_of=here.greeting_of)
    limits = Limits(command_s=None, silent_s=None, idle_s=0, grace_s=0)
    key = asyncssh.generate_private_key("ssh-ed25519")
    return Serving(installation, Gateway(key, here, consoles, commands=commands, limits=limits), principal_of)


def people_here(installation: Installation, face: Face, *, is_read_only: bool = False) -> PrincipalOf:
    """Who the users of the host are. Raises AccessEnded for those who are nobody here."""

    async def principal_of(who: SignedIn) -> Principal:
        found = await asyncio.to_thread(installation.records.principal_of_host, who.user, face)
        return replace(found, session_id=who.session_id, is_read_only=is_read_only)

    return principal_of


class Here:
    """The `Authenticator` where nobody has to show anything, and so nobody could."""

    def __init__(self, installation: Installation, principal_of: PrincipalOf) -> None:
        self._installation = installation
        self._principal_of = principal_of
        self._inside: dict[str, Entered] = {}
        """By session: who has opened a console. A command is no sign-in, here as without an owner."""

    async def enter(self, who: SignedIn) -> Principal:
        """Somebody opens a console: the first of a connection is written down. Raises: AccessEnded."""
        principal = await self._principal_of(who)
        if who.session_id not in self._inside:
            join = self._installation.door.join
            self._inside[who.session_id] = await asyncio.to_thread(join, principal, who.user)
        return principal

    def greeting_of(self, who: SignedIn) -> str:
        """As for those from afar."""
        return greeting(self._inside[who.session_id])

    async def requirement(self, user: str) -> Requirement:
        """Nothing is enough."""
        del user
        return _NOBODY

    async def keys_of(self, user: str) -> Sequence[bytes]:
        """None."""
        del user
        return ()

    async def verify_password(self, user: str, password: str) -> bool:
        """Never right."""
        del user, password
        return False

    async def verify_code(self, user: str, code: str) -> bool:
        """Never right."""
        del user, code
        return False

    async def barred(self, user: str) -> str:
        """Not asked."""
        del user
        return ""

    async def record(self, attempt: Attempt) -> None:
        """There are none."""

    async def left(self, who: SignedIn) -> None:
        """Write down that the connection of a console is gone."""
        entered = self._inside.pop(who.session_id, None)
        if entered is not None:
            await asyncio.to_thread(self._installation.door.leave, entered.principal, "the connection was closed")
