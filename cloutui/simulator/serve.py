"""A fleet in the foreground: every server behind its SSH door, all of them behind one local socket."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TextIO

from cloutui.simulator.door_local import LocalDoor, install, socket_path
from cloutui.simulator.door_ssh import Account, SshDoor
from cloutui.simulator.dsmadmc.host import FolderFiles, Host, Server, Stand
from cloutui.simulator.faults import FaultSwitch
from cloutui.simulator.fleet_file import SSH_USER, FleetFolder

THREADS = 8


class Fleet:
    """Doors around simulated servers. `start` returns when all listen."""

    def __init__(self, servers: Mapping[str, Server], directory: Path) -> None:
        self.folder = FleetFolder(directory)
        self.stands = {name.upper(): Stand(server, FaultSwitch()) for name, server in servers.items()}
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="server")
        self._local = LocalDoor(self.stands, self._pool, socket_path(directory))
        self._ssh: list[SshDoor] = []
        self._warming: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen everywhere and write the files. Raises: FleetIsRunning, OSError."""
        self.folder.prepare()
        await self._local.start()
        client_key = self.folder.key(self.folder.client_key)
        # The same ports as last time, where they are free: who knows this fleet finds it again.
        ports = self.folder.ports()
        for name, stand in self.stands.items():
            door = self._door(name, Account(user=SSH_USER, key=client_key, password=stand.server.password))
            stand.switch.watch(door.obey)
            await door.start(ports.get(stand.server.name, 0))
            self._ssh.append(door)
        install(self.folder.executables, self.folder.path)
        self.folder.write(zip((stand.server for stand in self.stands.values()), self._ssh, strict=True))
        self._warming = asyncio.create_task(self._warm())

    async def stop(self) -> None:
        """Close every door. Nothing listens, and the socket is gone, when this returns."""
        if self._warming is not None:
            self._warming.cancel()
        await self._local.stop()
        for door in self._ssh:
            await door.stop()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _door(self, name: str, account: Account) -> SshDoor:
        """An SSH door; its host knows the whole fleet, and its own server first."""
        host = Host({name: self.stands[name], **self.stands}, FolderFiles(self.folder.home, is_jail=True), self._pool)
        return SshDoor(host, account, self.folder.host_key(name))

    async def _warm(self) -> None:
        """Let each server plan its days before anyone asks: one at a time, for whoever does ask comes first."""
        loop = asyncio.get_running_loop()
        for stand in self.stands.values():
            await loop.run_in_executor(self._pool, stand.server.query, "SELECT SERVER_NAME FROM STATUS")


async def serve(
    servers: Mapping[str, Server], directory: Path, announce: Callable[[str], None], *, parent: TextIO | None = None
) -> None:
    """Run a fleet until SIGINT or SIGTERM. Says `ready` when all listen. Raises: FleetIsRunning, OSError.

    `parent` is a pipe from the process that started it: when that process ends, however it does, so does the fleet.
    """
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    if parent is not None:
        loop.add_reader(parent.fileno(), ended.set)
    fleet = Fleet(servers, directory)
    try:
        await fleet.start()
        announce("ready")
        await ended.wait()
    finally:
        await fleet.stop()
