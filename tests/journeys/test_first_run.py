"""The first run as a user has it: an empty home, a server to add, and in the end reports of one's own units."""

from __future__ import annotations

import csv
import io
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.conftest import Fleet, cloutui
from tests.journeys.terminal import Terminal

pytestmark = [
    pytest.mark.tmux,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
]


def test_from_an_empty_home_to_units_of_ones_own_by_keys_alone(
    start_fleet: Callable[..., Fleet], tmp_path: Path
) -> None:
    server = start_fleet("--servers", "1", "--nodes", "40", "--days", "5", "--seed", "3").servers[0]
    door, home = server["doors"][0], str(tmp_path / "home")
    program = shlex.join([sys.executable, "-m", "cloutui", "--home", home])
    terminal = Terminal(tmp_path / "tmux", (80, 24), f"{program}; echo left $?")
    try:
        terminal.wait_for("Set up: your own unit", "Name *")
        terminal.type("C-u", "Nordhavn Backup", "Tab", "C-u", "copenh", "Down")
        terminal.wait_for("Europe/Copenhagen")
        terminal.type("Enter", "C-j")

        terminal.wait_for("Set up: the first server", "SSH host *")
        terminal.type("Tab", door["host"], "Tab", "C-u", str(door["port"]), "Tab", door["user"], "Tab", "Tab")
        terminal.type("C-u", door["key"], "Tab", "Tab", "Tab", server["administrator"], "Tab", server["password"])
        terminal.type("C-j")
        seen = terminal.wait_for("Trust the key of this host", "SHA256:")
        assert server["password"] not in seen
        terminal.type("y")
        terminal.wait_for("40 nodes", "version 8.1", "clock ")
        terminal.type("Enter")

        terminal.wait_for("Set up: collecting", "40 nodes found")
        terminal.type("Enter")
        terminal.wait_for("Set up: units", "40 nodes of no unit below")
        terminal.type("Space", "Enter", "C-u", "Acme ApS", "Enter")
        terminal.wait_for("■ Acme ApS")
        terminal.type("C-j")

        terminal.wait_for("Set up: the backup day", "Day begins at")
        terminal.type("C-u", "18:00", "C-j")
        terminal.wait_for("Needs attention", "SPA01")
        terminal.wait_without("set-up")
        terminal.type("C-q")
        terminal.wait_for("left 0")
    finally:
        terminal.close()
    units = {row["name"]: int(row["nodes"]) for row in report(home, "units")}
    assert units["Nordhavn Backup"] == 40
    assert units["Acme ApS"] > 1
    secret = server["password"].encode()
    files = [path for path in Path(home).rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if secret in path.read_bytes()]


def report(home: str, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(cloutui("--home", home, "report", name, "--format", "csv").stdout)))
