"""A simulated fleet and the installed program, each a process of its own: nothing is shared but sockets and files."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

LIMIT_S = 60


@dataclass(frozen=True)
class Fleet:
    """Running servers, as `fleet.yaml` describes them."""

    directory: Path
    servers: Sequence[Mapping[str, Any]]

    def dsmadmc(self, server: Mapping[str, Any], command: str, *options: str) -> subprocess.CompletedProcess[str]:
        credentials = (f"-id={server['administrator']}", f"-pa={server['password']}")
        arguments = (f"-se={server['name']}", *credentials, *options, command)
        return subprocess.run(
            [self.directory / "bin" / "dsmadmc", *arguments],
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def fault(self, server: str, fault: str) -> None:
        cloutui("simulate", "fault", "--directory", str(self.directory), server, fault)


def cloutui(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cloutui", *arguments],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=check,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture(scope="session")
def start_fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Fleet]]:
    running: list[subprocess.Popen[str]] = []

    def start(*options: str) -> Fleet:
        directory = tmp_path_factory.mktemp("fleet")
        process = subprocess.Popen(
            [sys.executable, "-m", "cloutui", "simulate", "fleet", "--directory", str(directory), *options],
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        return Fleet(directory, yaml.safe_load((directory / "fleet.yaml").read_text()))

    yield start
    for process in running:
        process.terminate()
        process.wait(LIMIT_S)
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture(scope="session")
def _collected(start_fleet: Callable[..., Fleet], tmp_path_factory: pytest.TempPathFactory) -> Path:
    fleet = start_fleet("--servers", "1", "--nodes", "40", "--days", "30", "--seed", "3")
    home = tmp_path_factory.mktemp("collected")
    for command in (
        ("server", "add", "--from", str(fleet.directory / "fleet.yaml")),
        ("act", "unit.create", "name=Acme ApS"),
        ("act", "rule.set", "unit=Acme ApS", "name=ACME-*"),
        ("collect",),
    ):
        cloutui("--home", str(home), *command)
    return home


@pytest.fixture(scope="module")
def home(_collected: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """One server that was asked once, and a unit that has some of its nodes."""
    return str(shutil.copytree(_collected, tmp_path_factory.mktemp("home"), dirs_exist_ok=True))
