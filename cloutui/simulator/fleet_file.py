"""What a running fleet leaves in its folder, so that programs find it: `fleet.yaml` and the keys.

`fleet.yaml` is a list with one item per server. It holds passwords, so only its owner may read it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import yaml

from cloutui.simulator.door_ssh import ADDRESS, SshDoor
from cloutui.simulator.dsmadmc.host import Server

SSH_USER = "collector"
PRIVATE = 0o600


@dataclass(frozen=True, slots=True)
class FleetFolder:
    """The folder of one fleet."""

    path: Path

    @property
    def fleet_file(self) -> Path:
        """The list of servers."""
        return self.path / "fleet.yaml"

    @property
    def executables(self) -> Path:
        """Where `dsmadmc` is installed."""
        return self.path / "bin"

    @property
    def client_key(self) -> Path:
        """The private key that opens every SSH door of the fleet."""
        return self.path / "keys" / SSH_USER

    @property
    def home(self) -> Path:
        """The only folder that an SSH session's `dsmadmc` reads from and writes to."""
        return self.path / "home"

    def prepare(self) -> None:
        """Make the folders. Raises: OSError."""
        for folder in (self.path, self.home):
            folder.mkdir(parents=True, exist_ok=True)
        self.client_key.parent.mkdir(mode=0o700, exist_ok=True)

    def key(self, path: Path) -> asyncssh.SSHKey:
        """The private key in a file; made when there is none. Kept, so that a fleet is known when it starts again."""
        if path.exists():
            return asyncssh.read_private_key(path)
        key = asyncssh.generate_private_key("ssh-ed25519")
        _write_private(path, key.export_private_key("openssh"))
        return key

    def host_key(self, server: str) -> asyncssh.SSHKey:
        """The host key of one server's SSH door."""
        return self.key(self.client_key.parent / f"host-{server}")

    def ports(self) -> dict[str, int]:
        """The SSH ports that this fleet had when it last ran; empty when it never did, or its file is not readable."""
        try:
            entries = yaml.safe_load(self.fleet_file.read_text(encoding="utf-8"))
            return {entry["name"]: int(entry["doors"][0]["port"]) for entry in entries}
        except (OSError, yaml.YAMLError, LookupError, TypeError, ValueError):
            return {}

    def write(self, servers: Iterable[tuple[Server, SshDoor]]) -> None:
        """Write `fleet.yaml`. Raises: OSError."""
        entries = [self._entry(server, door) for server, door in servers]
        text = yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=1_000)
        _write_private(self.fleet_file, text.encode())

    def _entry(self, server: Server, door: SshDoor) -> dict[str, object]:
        return {
            "name": server.name,
            "product": "storage-protect",
            "administrator": server.administrator,
            "password": server.password,
            "doors": [
                {
                    "kind": "ssh",
                    "host": ADDRESS,
                    "port": door.port,
                    "user": SSH_USER,
                    "key": str(self.client_key.resolve()),
                    "host_key": door.host_key,
                },
                {
                    "kind": "local",
                    "command": str((self.executables / "dsmadmc").resolve()),
                    "server": server.name,
                },
            ],
            "faults": f"cloutui simulate fault --directory {self.path.resolve()} {server.name} NAME",
        }


def _write_private(path: Path, data: bytes) -> None:
    """Write a file that nobody else may read, never half of it."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb") as stream:
        stream.write(data)
    draft.replace(path)
