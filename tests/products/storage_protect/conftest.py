"""A simulated fleet behind real doors. The servers are made once; each test has doors of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cloutui.products.storage_protect.doors.door import Door
from cloutui.products.storage_protect.doors.local import LocalDoor
from cloutui.products.storage_protect.doors.ssh import SshDoor
from cloutui.products.storage_protect.patience import Patience
from cloutui.products.storage_protect.product import StorageProtect
from cloutui.simulator.fleet import FleetPlan, build_fleet
from cloutui.simulator.serve import Fleet
from cloutui.simulator.server import Server

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SERVER = "SPA01"
BRISK = Patience(silence_s=10, quiet_s=0.1, farewell_s=0.3)


@pytest.fixture(scope="session")
def servers() -> Mapping[str, Server]:
    return build_fleet(FleetPlan(servers=1, nodes=40, days=12, seed=7, at=NOW, time_zone="America/New_York"))


@dataclass
class Site:
    """One simulated server and the ways to it."""

    server: Server
    doors: Mapping[str, Door]
    turn: Callable[[str], Awaitable[object]]

    def product(
        self, door: str = "ssh", *, password: Callable[[], str] | None = None, patience: Patience = BRISK
    ) -> StorageProtect:
        return StorageProtect(
            name=SERVER,
            door=self.doors[door],
            administrator=self.server.administrator,
            password=password or (lambda: self.server.password),
            patience=patience,
        )


@pytest.fixture
async def site(servers: Mapping[str, Server], tmp_path: Path) -> AsyncIterator[Site]:
    fleet = Fleet(servers, tmp_path / "fleet")
    await fleet.start()
    listed = _fleet_file(fleet.folder.fleet_file)
    ssh, local = listed["doors"]
    doors: dict[str, Door] = {
        "ssh": SshDoor(
            host=ssh["host"],
            port=ssh["port"],
            user=ssh["user"],
            key=Path(ssh["key"]),
            host_key=ssh["host_key"],
        ),
        "local": LocalDoor(command=local["command"], server_stanza=local["server"]),
    }
    yield Site(servers[SERVER], doors, fleet.stands[SERVER].switch.turn)
    await fleet.stop()


def _fleet_file(path: Path) -> dict[str, list[dict[str, str]]]:
    import yaml

    return yaml.safe_load(path.read_text())[0]
