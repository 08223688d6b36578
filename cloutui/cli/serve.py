"""`cloutui serve`: the console for others, over SSH, and the collecting, until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
import socket
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from cloutui.cli.invocation import Invocation
from cloutui.errors import Invalid
from cloutui.model.formats import plural

if TYPE_CHECKING:
    from cloutui.gateway.serving import Serving
    from cloutui.installation import Installation
    from cloutui.settings import ServeSettings


@click.command()
@click.option("--ssh", metavar="HOST:PORT", help="Listen here, as 0.0.0.0:2222.")
@click.option("--session-limit", type=click.IntRange(min=1), metavar="N", help="So many consoles at the same time.")
@click.option("--idle", type=click.IntRange(min=0), metavar="MINUTES", help="Close a console after so long. 0: never.")
@click.pass_obj
def serve(invocation: Invocation, ssh: str | None, session_limit: int | None, idle: int | None) -> None:
    """Let others in over SSH, and collect, until SIGTERM or ctrl+c. What is left out here the configuration says."""
    given = {"ssh": ssh, "sessions": session_limit, "idle_minutes": idle}
    asyncio.run(_serve(invocation, {name: value for name, value in given.items() if value is not None}))


async def _serve(invocation: Invocation, given: dict[str, str | int]) -> None:
    from cloutui.gateway import process
    from cloutui.gateway.console import rehearse
    from cloutui.installation import Installation

    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    process.prepare(loop)
    async with AsyncExitStack() as stack:
        installation = await asyncio.to_thread(Installation.open, invocation.home, progress=invocation.note)
        stack.push_async_callback(asyncio.to_thread, installation.close)
        _require_users(installation)
        settings = replace(installation.settings.serve, **given)  # type: ignore[arg-type]
        address, port = _place(settings.ssh)
        await rehearse(installation)
        installation.start_collecting()
        stack.push_async_callback(installation.stop_collecting)
        await _until_told(invocation, installation, settings, (address, port), stopped)
    invocation.note("Stopped.")


async def _until_told(
    invocation: Invocation,
    installation: Installation,
    settings: ServeSettings,
    place: tuple[str, int],
    stopped: asyncio.Event,
) -> None:
    from cloutui.cli.hosting import hosting
    from cloutui.cli.remote import RemoteCommands
    from cloutui.gateway.host_key import fingerprint, host_key
    from cloutui.gateway.limits import Limits
    from cloutui.gateway.serving import over_ssh
    from cloutui.gateway.users import Users

    users = Users(installation.door, is_read_only=invocation.is_read_only)
    commands = RemoteCommands(installation, users.principal_of)
    host = settings.host or socket.gethostname()
    serving = over_ssh(installation, users, commands=commands, limits=Limits.of(settings), host=host)
    try:
        await serving.gateway.start(*place)
    except OSError as error:
        raise Invalid(
            f"{settings.ssh} cannot be listened on: {error.strerror or error}.", hint="Give another --ssh HOST:PORT."
        ) from error
    serving.follow()
    key = fingerprint(host_key(installation.home.host_key))
    invocation.note(f"Listening on {place[0]}:{serving.gateway.port}. The host key is {key}.")
    if invocation.is_read_only:
        invocation.note("Nobody changes anything: read-only.")
    try:
        async with hosting(installation, is_read_only=invocation.is_read_only):
            await stopped.wait()
            stopped.clear()
            open_now = plural(len(serving.gateway.sessions), "console")
            invocation.note(f"Stopping; open: {open_now}. Told once more, it stops at once.")
            await _stop(serving, stopped)
    finally:
        await serving.stop(0)
        await users.close()
        commands.close()


async def _stop(serving: Serving, again: asyncio.Event) -> None:
    """Give who is there the time, unless we are told a second time."""
    stopping = asyncio.create_task(serving.stop())
    hurrying = asyncio.create_task(again.wait())
    await asyncio.wait({stopping, hurrying}, return_when=asyncio.FIRST_COMPLETED)
    hurrying.cancel()
    stopping.cancel()
    await asyncio.wait({stopping})


def _require_users(installation: Installation) -> None:
    if not installation.has_users:
        raise Invalid("Nobody could sign in: there are no users yet.", hint="`cloutui init` makes the first one.")


def _place(text: str) -> tuple[str, int]:
    """Raises: Invalid."""
    address, colon, port = text.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or int(port) > 65_535:
        raise Invalid(f"“{text}” is not HOST:PORT.", hint="Such as 127.0.0.1:2222, or [::]:2222 for every address.")
    return address.strip("[]"), int(port)
