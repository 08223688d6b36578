"""A host with two fake servers, and an SSH door in front of the first."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import pytest

from cloutui.simulator.door_ssh import Account, SshDoor
from cloutui.simulator.dsmadmc.host import FolderFiles, Host, Stand
from cloutui.simulator.faults import FaultSwitch
from cloutui.simulator.serve import Fleet
from tests.simulator.dsmadmc.fake_server import FakeServer


@pytest.fixture
def servers() -> dict[str, FakeServer]:
    return {name: FakeServer(name=name, password=f"fake-{name}") for name in ("SPA01", "SPB01")}


@pytest.fixture
def host(servers: dict[str, FakeServer], tmp_path: Path) -> Iterator[Host]:
    home = tmp_path / "home"
    home.mkdir()
    with ThreadPoolExecutor(2) as pool:
        stands = {name: Stand(server, FaultSwitch()) for name, server in servers.items()}
        yield Host(stands, FolderFiles(home, is_jail=True), pool)


@pytest.fixture
async def fleet(servers: dict[str, FakeServer], tmp_path: Path) -> AsyncIterator[Fleet]:
    fleet = Fleet(servers, tmp_path / "fleet")
    await fleet.start()
    yield fleet
    await fleet.stop()


@dataclass
class Ssh:
    door: SshDoor
    key: asyncssh.SSHKey

    def connect(self, **options: object) -> asyncssh._ACMWrapper:
        known = asyncssh.import_known_hosts(f"[127.0.0.1]:{self.door.port} {self.door.host_key}\n")
        given = {"username": "collector", "client_keys": [self.key], "known_hosts": known, "config": None, **options}
        return asyncssh.connect("127.0.0.1", self.door.port, **given)


@pytest.fixture
async def ssh(host: Host, servers: dict[str, FakeServer]) -> AsyncIterator[Ssh]:
    key = asyncssh.generate_private_key("ssh-ed25519")
    door = SshDoor(
        host, Account(user="collector", key=key, password="fake-SPA01"), asyncssh.generate_private_key("ssh-ed25519")
    )
    host.stands["SPA01"].switch.watch(door.obey)
    await door.start()
    yield Ssh(door, key)
    await door.stop()
