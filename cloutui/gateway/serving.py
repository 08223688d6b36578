"""One installation, served: who is at the door, their consoles and commands, and a watch over who may stay."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace

import asyncssh

from cloutui.gateway.commands import CommandRunner
from cloutui.gateway.console import PrincipalOf, consoles_here, consoles_of
from cloutui.gateway.host_key import host_key
from cloutui.gateway.limits import Limits
from cloutui.gateway.server import Gateway
from cloutui.gateway.sign_in import Attempt, Requirement, SignedIn
from cloutui.gateway.users import Users
from cloutui.gateway.watch import Watch
from cloutui.installation import Installation
from cloutui.model.principal import Face, Principal

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


def on_this_host(installation: Installation, commands: CommandRunner) -> Serving:
    """For others on the host itself. Nobody is sent away for being idle: it is their own terminal."""
    principal_of = people_here(installation, "terminal")
    consoles = consoles_here(installation, principal_of)
    key, limits = asyncssh.generate_private_key("ssh-ed25519"), Limits(idle_s=0, grace_s=0)
    return Serving(installation, Gateway(key, Here(), consoles, commands=commands, limits=limits), principal_of)


def people_here(installation: Installation, face: Face) -> PrincipalOf:
    """Who the users of the host are. Raises AccessEnded for those who are nobody here."""

    async def principal_of(who: SignedIn) -> Principal:
        found = await asyncio.to_thread(installation.records.principal_of_host, who.user, face)
        return replace(found, session_id=who.session_id)

    return principal_of


class Here:
    """The `Authenticator` where nobody has to show anything, and so nobody could."""

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
        """As any command on the host, this is no line in the activity log."""
