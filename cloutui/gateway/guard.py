"""Each connection's doorkeeper: asyncssh asks it who may come in, and what they may ask for.

asyncssh knows one method to be enough. To ask for two, its success is caught on the connection and handed to
`sign_in`, which knows what is required. The names that are caught are public, and not documented: the package is
pinned, and `tests/gateway/test_two_factors.py` is what notices when they change.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import asyncssh

from cloutui.gateway.channel import Channel, Service
from cloutui.gateway.entrance import Entrance, source_of
from cloutui.gateway.sign_in import Authenticator, Factor, Prompts, SignedIn, SignIn
from cloutui.gateway.throttle import Throttle

if TYPE_CHECKING:
    from asyncssh.auth import KbdIntChallenge, KbdIntResponse

_log = logging.getLogger(__name__)

_LABELS = {Factor.PASSWORD: ("Password: ", False), Factor.CODE: ("Code: ", True)}
"""What is asked, and whether it is seen while it is typed."""

_SEND_BUFFER_BYTES = 65_536
"""More would wait in the kernel, and a slow reader would see the past."""


@dataclass(slots=True, kw_only=True)
class Door:
    """What all guards of a gateway share."""

    authenticator: Authenticator
    throttle: Throttle
    entrance: Entrance
    checks: asyncio.Semaphore
    service: Service
    inside: set[asyncssh.SSHServerConnection]
    """Every connection, signed in or not."""


class Guard(asyncssh.SSHServer):
    """One connection's. What is not answered here is refused: forwarding of any kind, agents, hosts as users."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._source = ""
        self._is_stranger = False
        self._unknown_keys = 0
        self._who: SignedIn | None = None
        self._channels: list[Channel] = []
        self._connection: asyncssh.SSHServerConnection | None = None
        self._sign_in: SignIn | None = None
        self._let_in: Callable[[], Awaitable[None]] | None = None

    # The connection.

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Somebody is at the door."""
        door = self._door
        self._source = source_of(str((conn.get_extra_info("peername") or ("",))[0]))
        self._take(conn)
        if not door.entrance.admit(self._source):
            conn.abort()
            return
        self._is_stranger = True
        self._sign_in = SignIn(
            door.authenticator, door.throttle, door.checks, source=self._source, tries=door.service.limits.tries
        )
        self._let_in = conn.send_userauth_success
        conn.send_userauth_success = self._method_succeeded  # type: ignore[method-assign]

    def _take(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._door.inside.add(conn)
        # asyncssh passes on when the client's window is full, but not when the network is.
        conn.pause_writing = partial(self._each_channel, Channel.hold)  # type: ignore[method-assign]
        conn.resume_writing = partial(self._each_channel, Channel.release)  # type: ignore[method-assign]
        if (sock := conn.get_extra_info("socket")) is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        del exc
        if self._connection is not None:
            self._door.inside.discard(self._connection)
        self._leave_the_door()
        if self._who is not None:
            self._door.service.begin(self._door.authenticator.left(self._who), name="leave")

    def _leave_the_door(self) -> None:
        if self._is_stranger:
            self._is_stranger = False
            self._door.entrance.leave(self._source)

    def _each_channel(self, do: Callable[[Channel, str], None]) -> None:
        for channel in self._channels:
            do(channel, "network")

    # Who it is.

    def begin_auth(self, username: str) -> bool:
        """A name, and perhaps another one than before."""
        assert self._sign_in is not None
        self._sign_in.begin(username)
        return True

    def public_key_auth_supported(self) -> bool:
        """As long as none was shown."""
        return self._sign_in is not None and Factor.KEY not in self._sign_in.claim.shown

    def kbdint_auth_supported(self) -> bool:
        """Passwords and codes."""
        return True

    def password_auth_supported(self) -> bool:
        """Not by itself: it would tell that the password is right before the code is asked."""
        return False

    async def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Whether it is one of theirs. asyncssh looks at the signature afterwards, if there is one."""
        del username  # as in `begin_auth`
        assert self._sign_in is not None
        is_known = await self._sign_in.knows_key(key.public_data)
        if not is_known:
            self._unknown_keys += 1
            if self._unknown_keys >= self._door.service.limits.keys:
                self._hang_up("Too many keys")
        return is_known

    async def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> KbdIntChallenge:
        """What to ask."""
        del username, lang, submethods
        assert self._sign_in is not None
        return _challenge(await self._sign_in.ask())

    async def validate_kbdint_response(self, username: str, responses: KbdIntResponse) -> KbdIntChallenge:
        """What they answered."""
        del username
        assert self._sign_in is not None
        result = await self._sign_in.answer(responses)
        if isinstance(result, Prompts):
            return _challenge(result)
        if not result and (self._sign_in.claim.bar or self._sign_in.tries_left <= 0):
            self._hang_up(self._sign_in.claim.bar or "Too many wrong tries")
        return result

    async def _method_succeeded(self) -> None:
        """In place of asyncssh's own: is it enough?"""
        assert self._sign_in is not None
        assert self._connection is not None
        assert self._let_in is not None
        claim = self._sign_in.claim
        who = await self._sign_in.conclude()
        if claim.bar:
            self._hang_up(claim.bar)
            return
        if who is None or claim is not self._sign_in.claim:
            self._connection.send_userauth_failure(True)
            return
        self._who = who
        self._leave_the_door()
        _log.info("%s signed in from %s with %s", who.user, who.source, " and ".join(sorted(who.factors)))
        await self._let_in()

    def _hang_up(self, reason: str) -> None:
        assert self._connection is not None
        self._connection.disconnect(asyncssh.DISC_NO_MORE_AUTH_METHODS_AVAILABLE, reason)

    # What they want.

    def session_requested(self) -> Channel | bool:
        """A channel for a console or a command."""
        if self._who is None or self._door.service.is_stopping:
            return False
        self._channels = [channel for channel in self._channels if not channel.is_over]
        if len(self._channels) >= self._door.service.limits.channels_of_one_connection:
            return False
        self._channels.append(channel := Channel(self._door.service, self._who))
        return channel


def _challenge(prompts: Prompts) -> KbdIntChallenge:
    return "", prompts.instruction, "", [_LABELS[factor] for factor in prompts.asked]
