"""`dsmadmc` on another host, over SSH.

The host's key is checked before anything is said about who we are. Nothing is read from the user's own SSH
configuration: what this door does is what its fields say.
"""

from __future__ import annotations

import asyncio
import os
import shlex
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh

from cloutui.errors import ProductError, SignInRefused, UnknownHost, Unreachable
from cloutui.products.storage_protect.doors.door import COLUMNS, ENGLISH, ROWS
from cloutui.products.storage_protect.doors.host_keys import HostKeys, Witness

_CHUNK = 1 << 18
_WINDOW = 1 << 22
_KEEPALIVE_S = 15
_COUGHS = 3
"""Unanswered keepalives after which the connection is dead."""

_SIGNALLED = -1
_QUIET = {asyncssh.PTY_ECHO: 0, asyncssh.PTY_ECHOE: 0, asyncssh.PTY_ECHOK: 0, asyncssh.PTY_OPOST: 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class SshHost:
    """A host that may be entered, and as whom."""

    host: str
    port: int = 22
    user: str
    key: Path | None = None
    """The private key's file."""
    passphrase: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    use_agent: bool = False
    known_hosts: Path | None = None
    host_key: str | None = None
    """`ssh-ed25519 AAAA...`: the host's own key, pinned."""
    jump: SshHost | None = None
    """The host through which this one is reached."""
    connect_timeout_s: float = 20

    @property
    def address(self) -> str:
        """Where it leads, for messages."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SshDoor(SshHost):
    """The client that is installed on that host."""

    command: str = "dsmadmc"
    server_stanza: str | None = None
    credentials_file: str | None = None

    async def open(self, server: str, arguments: Sequence[str]) -> SshChannel:
        """Enter the host and start the client. Raises: Unreachable, UnknownHost, SignInRefused, Invalid."""
        async with AsyncExitStack() as opened:
            connection = await _enter(self, server, opened)
            try:
                process = await connection.create_process(
                    shlex.join([self.command, *arguments]),
                    term_type="dumb",
                    term_size=(COLUMNS, ROWS),
                    term_modes=_QUIET,
                    env=ENGLISH,
                    encoding=None,
                    window=_WINDOW,
                )
            except (asyncssh.Error, OSError) as error:
                raise Unreachable(server, self.address, f"the host does not run commands: {error}") from error
            return SshChannel(process, opened.pop_all())
        raise AssertionError("an exit stack swallows nothing")


class SshChannel:
    """The client's terminal at the far end."""

    def __init__(self, process: asyncssh.SSHClientProcess[bytes], connections: AsyncExitStack) -> None:
        self._process = process
        self._connections = connections

    async def read(self) -> bytes:
        """What the client has written; empty when it has ended, or the connection has."""
        try:
            return await self._process.stdout.read(_CHUNK)
        except (asyncssh.Error, OSError):
            return b""

    async def write(self, data: bytes) -> None:
        """Type something."""
        try:
            self._process.stdin.write(data)
            await self._process.stdin.drain()
        except (asyncssh.Error, OSError):
            return

    async def wait(self) -> int | None:
        """The exit status; None when there is none, because the connection ended first."""
        await self._process.wait_closed()
        status = self._process.exit_status
        return None if status == _SIGNALLED else status

    async def close(self) -> None:
        """Close the channel, the connection, and those it goes through."""
        self._process.close()
        await self._connections.aclose()


async def _enter(host: SshHost, server: str, opened: AsyncExitStack) -> asyncssh.SSHClientConnection:
    """A connection through all hosts on the way, each of them checked. `opened` closes them."""
    tunnel = await _enter(host.jump, server, opened) if host.jump else ()
    client_keys: list[str | asyncssh.SSHKeyPair] = [str(host.key)] if host.key else []
    if host.use_agent:
        client_keys += await _agent_keys(host, server, opened)
    keys = HostKeys.of(host.host, host.port, pinned=host.host_key, known_hosts=host.known_hosts)
    witness = Witness()
    try:
        async with asyncio.timeout(host.connect_timeout_s):
            connection, _ = await asyncssh.create_connection(
                lambda: witness,
                host.host,
                host.port,
                tunnel=tunnel,
                config=[],
                known_hosts=keys.trusted,
                server_host_key_algs=keys.algorithms,
                username=host.user,
                client_keys=client_keys or None,
                passphrase=host.passphrase,
                password=host.password,
                agent_path=None,
                host_based_auth=False,
                gss_auth=False,
                gss_kex=False,
                login_timeout=host.connect_timeout_s,
                keepalive_interval=_KEEPALIVE_S,
                keepalive_count_max=_COUGHS,
            )
    except (asyncssh.Error, OSError, ValueError) as error:
        raise _explained(error, host, server, keys, witness) from error
    opened.push_async_callback(_leave, connection)
    return connection


async def _agent_keys(host: SshHost, server: str, opened: AsyncExitStack) -> Sequence[asyncssh.SSHKeyPair]:
    try:
        agent = await opened.enter_async_context(asyncssh.connect_agent())
        return await agent.get_keys()
    except (OSError, ValueError, asyncssh.Error) as error:
        raise SignInRefused(server, f"no SSH agent answers here, and {host.address} needs one") from error


async def _leave(connection: asyncssh.SSHClientConnection) -> None:
    # Abort, not close: a host that no longer answers must not hold us.
    connection.abort()
    await connection.wait_closed()


def _explained(error: Exception, host: SshHost, server: str, keys: HostKeys, witness: Witness) -> ProductError:
    if witness.refused:
        return UnknownHost(server, host.address, witness.refused, changed=keys.are_known)
    match error:
        case asyncssh.PermissionDenied():
            return SignInRefused(server, f"{host.address} does not let {host.user} in")
        case asyncssh.KeyImportError() | asyncssh.KeyEncryptionError():
            return SignInRefused(server, f"the key {host.key} cannot be used ({error})")
        case OSError(filename=str(), strerror=reason):
            return SignInRefused(server, f"the key {host.key} cannot be read ({reason})")
        case TimeoutError():
            reason = f"no SSH connection within {host.connect_timeout_s:g} s"
        case OSError(errno=int(number)):
            reason = os.strerror(number)
        case _:
            reason = str(error) or type(error).__name__
    return Unreachable(server, host.address, reason)
