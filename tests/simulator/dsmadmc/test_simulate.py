"""`cloutui simulate`: a real fleet in a process of its own, from its start to its end, and what it answers."""

from __future__ import annotations

import csv
import io
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from cloutui.cli.program import run
from tests.simulator.world.test_documented_selects import SELECTS

NOON = "2026-11-21T12:00:00"


@dataclass
class Running:
    directory: Path
    process: subprocess.Popen[bytes]

    @property
    def entries(self) -> list[dict]:
        return yaml.safe_load((self.directory / "fleet.yaml").read_text())

    def ask(self, *commands: str, server: int = 0, options: tuple[str, ...] = ("-dataonly=yes", "-comma")):
        entry = self.entries[server]
        done = subprocess.run(
            [
                self.directory / "bin" / "dsmadmc",
                f"-se={entry['name']}",
                "-id=cloutui",
                f"-pa={entry['password']}",
                *options,
            ],
            input="".join(f"{command}\n" for command in commands).encode(),
            capture_output=True,
            timeout=30,
            check=False,
        )
        assert done.stderr == b""
        return done.returncode, done.stdout.decode()

    def rows(self, sql: str, server: int = 0) -> list[list[str]]:
        status, output = self.ask(sql, server=server)
        assert status in (0, 11), output
        return [] if status == 11 else list(csv.reader(io.StringIO(output)))


@pytest.fixture(scope="module")
def fleet(tmp_path_factory) -> Iterator[Running]:
    directory = tmp_path_factory.mktemp("fleet")
    options = f"--servers 2 --nodes 40 --days 5 --seed 7 --at {NOON} --directory {directory}"
    process = subprocess.Popen(
        [sys.executable, "-m", "cloutui", "simulate", "fleet", *options.split()],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout.readline() == b"ready\n", process.stderr.read().decode()
    yield Running(directory, process)
    process.send_signal(signal.SIGTERM)
    _, stderr = process.communicate(timeout=20)
    assert (process.returncode, stderr) == (0, b"")
    assert not (directory / "fleet.sock").exists()


def cloutui(*arguments: str) -> tuple[int, str, str]:
    stdout, stderr = io.StringIO(), io.StringIO()
    status = run(arguments, stdin=io.StringIO(), stdout=stdout, stderr=stderr)
    return status, stdout.getvalue(), stderr.getvalue()


def test_the_fleet_file_says_how_to_reach_each_server_to_its_owner_alone(fleet: Running) -> None:
    assert [entry["name"] for entry in fleet.entries] == ["SPA01", "SPA02"]
    for entry in fleet.entries:
        ssh, local = entry["doors"]
        assert (ssh["kind"], ssh["host"], ssh["user"]) == ("ssh", "127.0.0.1", "collector")
        assert ssh["host_key"].startswith("ssh-ed25519 ")
        assert stat.S_IMODE(Path(ssh["key"]).stat().st_mode) == 0o600
        assert local == {"kind": "local", "command": str(fleet.directory / "bin" / "dsmadmc"), "server": entry["name"]}
        assert entry["faults"] == f"cloutui simulate fault --directory {fleet.directory} {entry['name']} NAME"
    assert len({entry["doors"][0]["port"] for entry in fleet.entries}) == 2
    assert stat.S_IMODE((fleet.directory / "fleet.yaml").stat().st_mode) == 0o600


@pytest.mark.ssh
def test_openssh_gets_an_answer_through_the_door_of_the_file(fleet: Running, tmp_path: Path) -> None:
    if not any((Path(folder) / "ssh").exists() for folder in os.get_exec_path()):
        pytest.skip("the OpenSSH client is not installed")
    entry = fleet.entries[1]
    door = entry["doors"][0]
    known = tmp_path / "known_hosts"
    known.write_text(f"[{door['host']}]:{door['port']} {door['host_key']}\n")
    options = [f"UserKnownHostsFile={known}", "StrictHostKeyChecking=yes", "BatchMode=yes", "IdentitiesOnly=yes"]
    done = subprocess.run(
        [
            *("ssh", "-F", "none", "-p", str(door["port"]), "-i", door["key"]),
            *(part for option in options for part in ("-o", option)),
            f"{door['user']}@{door['host']}",
            f"dsmadmc -id=CLOUTUI -pa={entry['password']} -dataonly=yes -comma 'select server_name from status'",
        ],
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert (done.stdout, done.returncode) == (b"SPA02\n", 0), done.stderr


def test_query_and_select_agree(fleet: Running) -> None:
    _, queried = fleet.ask("q ev * * begind=-2 endd=today f=d")
    selected = fleet.rows(
        "SELECT DOMAIN_NAME,SCHEDULE_NAME,NODE_NAME,STATUS,RESULT FROM EVENTS WHERE NODE_NAME IS NOT NULL AND "
        "SCHEDULED_START>='2026-11-19 00:00:00' AND SCHEDULED_START<'2026-11-22 00:00:00'"
    )
    rows = [[*row[:3], row[6], row[7]] for row in csv.reader(io.StringIO(queried))]
    assert len(rows) > 20
    assert sorted(rows) == sorted(selected)


@pytest.mark.parametrize(
    "command", ["q node", "q n f=d", "q ev * *", "q ev * t=a f=d", "q status", "q act", "q pr", "q se", "q se f=d"]
)
@pytest.mark.parametrize("shape", [("-comma",), ("-tab",), ("-displ=table",), ("-displ=list",), ()])
def test_every_query_has_an_answer_in_every_shape(fleet: Running, command: str, shape: tuple[str, ...]) -> None:
    status, output = fleet.ask(command, options=shape)
    assert status in (0, 11), output
    assert f"ANS8000I Server command: '{command}'\n" in output
    assert output.endswith(f"ANS8002I Highest return code was {status}.\n\n")


@pytest.mark.parametrize("sql", SELECTS, ids=range(len(SELECTS)))
def test_every_select_of_the_field_is_answered(fleet: Running, sql: str) -> None:
    status, output = fleet.ask(sql)
    assert status in (0, 11), output
    assert ("ANR2034E" in output) == (status == 11)


def test_what_an_administrator_did_is_in_the_activity_log(fleet: Running) -> None:
    fleet.ask("q n nobody*")
    _, output = fleet.ask("q act msg=2017 search='nobody*'")
    assert "ANR2017I Administrator CLOUTUI issued command: q n nobody*" in output


def test_the_asking_session_shows_itself(fleet: Running) -> None:
    [[name]] = fleet.rows("SELECT CLIENT_NAME FROM SESSIONS WHERE SESSION_TYPE='Admin'")
    assert name == "CLOUTUI"


def test_a_fault_is_switched_from_the_command_line(fleet: Running) -> None:
    directory = str(fleet.directory)
    status, said, _ = cloutui("simulate", "fault", "--directory", directory, "SPA02", "down")
    assert (status, said.partition(".")[0]) == (0, "SPA02: down")
    assert fleet.ask("q n", server=1)[0] == 206
    assert cloutui("simulate", "fault", "--directory", directory, "spa02", "none")[0] == 0
    assert fleet.ask("q n", server=1)[0] == 0


def test_wrong_words_are_explained_in_one_line(fleet: Running, tmp_path: Path) -> None:
    fault = ("simulate", "fault", "--directory")
    for arguments, named in (
        ((*fault, str(fleet.directory), "SPX99", "down"), "SPA01, SPA02"),
        ((*fault, str(fleet.directory), "SPA01", "fire"), "truncated"),
        ((*fault, str(tmp_path), "SPA01", "none"), "simulate fleet"),
        (("simulate", "fleet", "--directory", str(fleet.directory)), "already runs"),
        (("simulate", "fleet", "--directory", str(tmp_path), "--at", "noon"), "2026-11-21T06:00"),
        (("simulate", "fleet", "--directory", str(tmp_path), "--time-zone", "Mars"), "Europe/Copenhagen"),
    ):
        status, said, explained = cloutui(*arguments)
        assert (status, said) == (1, "")
        assert named in explained
        assert explained.count("\n") == 1


def test_another_dsmadmc_is_installed_for_a_fleet_that_runs(fleet: Running, tmp_path: Path) -> None:
    status, said, _ = cloutui(
        "simulate", "dsmadmc", "--install", str(tmp_path / "bin"), "--directory", str(fleet.directory)
    )
    assert status == 0
    login = ["-id=cloutui", f"-pa={fleet.entries[0]['password']}", "-dataonly=yes", "-comma"]
    command = [said.strip(), *login, "select server_name from status"]
    done = subprocess.run(command, capture_output=True, timeout=30, check=True)
    assert done.stdout == b"SPA01\n"
