"""Others on the same host: the owner of the files listens on a socket beside them, for its own user and for root.

It is the same SSH server as for those from afar, but who somebody is the kernel says, and nobody is asked. Linux alone
tells that (SO_PEERCRED); elsewhere nothing listens.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pwd
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import asyncssh

from cloutui.gateway.algorithms import algorithm_options
from cloutui.gateway.guard import Door, Guard
from cloutui.gateway.sign_in import SignedIn
from cloutui.home import Home, short_path

_log = logging.getLogger(__name__)

_CREDENTIALS = struct.Struct("3i")
"""Source: unix(7), struct ucred: process, user, group."""
_MOST_WAITING = 20
_ROOT = 0


class HereGuard(Guard):
    """The doorkeeper of a connection whose other end the kernel knows."""

    def __init__(self, door: Door, who: SignedIn) -> None:
        super().__init__(door)
        self._who = who

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Nobody is a stranger here."""
        self._take(conn)

    def begin_auth(self, username: str) -> bool:
        """Nothing has to be shown; what name the client says makes no difference."""
        del username
        return False


class HereSocket:
    """Listens from `open` to `close`."""

    def __init__(self, home: Home, door: Door, *, peer_of: Callable[[socket.socket], int] | None = None) -> None:
        self._home = home
        self._door = door
        self._peer_of = peer_of or peer_user
        self._key = asyncssh.generate_private_key("ssh-ed25519")
        self._greeting: set[asyncio.Task[None]] = set()
        self._socket: socket.socket | None = None
        self._accepting: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Listen. What an owner left that was killed is in nobody's way: the files have one owner, and it is us."""
        if not hasattr(socket, "SO_PEERCRED"):
            return
        self._home.socket.unlink(missing_ok=True)
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        made.setblocking(False)
        before = os.umask(0o177)
        try:
            with short_path(self._home.socket) as path:
                made.bind(path)
        finally:
            os.umask(before)
        made.listen(_MOST_WAITING)
        self._socket = made
        self._accepting = asyncio.create_task(self._accept(made), name="others on this host")

    async def close(self) -> None:
        """Nobody comes in any more."""
        if self._socket is None or self._accepting is None:
            return
        self._home.socket.unlink(missing_ok=True)
        self._accepting.cancel()
        with suppress(asyncio.CancelledError):
            await self._accepting
        self._socket.close()
        self._socket = None

    async def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                accepted, _ = await loop.sock_accept(listening)
            except OSError:
                _log.exception("somebody on this host could not be let in")
                await asyncio.sleep(1)  # out of files, perhaps: not at full speed
                continue
            user = self._peer_of(accepted)
            if user not in {os.getuid(), _ROOT}:
                _log.warning("user %d of this host may not come in here", user)
                accepted.close()
                continue
            greeting = loop.create_task(self._greet(accepted, user))
            self._greeting.add(greeting)
            greeting.add_done_callback(self._greeting.discard)

    async def _greet(self, accepted: socket.socket, user: int) -> None:
        who = SignedIn(user=name_of(user), source="", factors=frozenset(), key=None, at=datetime.now(UTC))
        try:
            await asyncssh.run_server(
                accepted,
                server_factory=lambda: HereGuard(self._door, who),
                server_host_keys=[self._key],
                server_version="cloutui",
                line_editor=False,
                encoding=None,
                agent_forwarding=False,
                x11_forwarding=False,
                allow_scp=False,
                **algorithm_options(),
            )
        except (OSError, asyncssh.Error) as error:
            _log.info("somebody on this host left before they were in: %s", error)


def peer_user(connected: socket.socket) -> int:
    """The number of the user at the other end, as it was when they connected."""
    told = connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return int(_CREDENTIALS.unpack(told)[1])


def name_of(user: int) -> str:
    """As the host calls them; a number where it has no name for them."""
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)
