"""The installed `dsmadmc`: what a program on this host sees of it."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import sys
from pathlib import Path

import pexpect
import pytest
import yaml

from cloutui.simulator import door_local
from cloutui.simulator.door_local import FaultRefused, FleetIsRunning, LocalDoor, install, socket_path, turn_fault
from cloutui.simulator.serve import Fleet
from tests.simulator.dsmadmc.asking import ask, spawn

LOGIN = ("-id=cloutui", "-pa=fake-SPA01", "-dataonly=yes", "-comma")


async def test_batch_mode_prints_the_session_around_the_answer(fleet) -> None:
    status, output = await ask(fleet, "-id=cloutui", "-pa=fake-SPA01", "-displ=list", "select", "*", "from", "nodes")
    assert status == 0
    assert output.decode().splitlines() == [
        "IBM Spectrum Protect",
        "Command Line Administrative Interface - Version 8, Release 1, Level 14.0",
        "(c) Copyright by IBM Corporation and other(s) 1990, 2024. All Rights Reserved.",
        "",
        "Session established with server SPA01: Linux/x86_64",
        "  Server Version 8, Release 1, Level 14.007",
        "  Server date/time: 11/21/2026 12:30:15  Last access: 11/21/2026 12:30:15",
        "",
        "ANS8000I Server command: 'select * from nodes'",
        "",
        " NODE_NAME: ACME-SQL01",
        '   CONTACT: Desk "A", room 9',
        "LOGICAL_MB: 59.94",
        "",
        " NODE_NAME: LAGER9-FILE",
        "   CONTACT: ",
        "LOGICAL_MB: 1194850.00",
        "",
        " NODE_NAME: ØRE-PACS",
        "   CONTACT: plain",
        "LOGICAL_MB: ",
        "",
        "ANS8002I Highest return code was 0.",
        "",
    ]


async def test_commands_on_the_input_share_one_session(fleet, servers) -> None:
    commands = b"select * from nodes\n\nselect * -\nfrom \\\nempty\nQuit\nselect never\n"
    status, output = await ask(fleet, *LOGIN, stdin=commands)
    assert output.count(b"ACME-SQL01") == 1
    assert output.endswith(b"ANS8001I Return code 11.\n")
    assert status == 11
    assert servers["SPA01"].sessions == 1
    assert any("issued command: select * from empty " in line for line in servers["SPA01"].logged)


async def test_the_end_of_the_input_ends_the_run(fleet) -> None:
    status, output = await ask(fleet, *LOGIN, stdin=b"select * from nodes")
    assert (status, output.count(b"\n")) == (0, 3)


async def test_servername_chooses_the_server_in_any_case(fleet, servers) -> None:
    status, _ = await ask(fleet, "-se=spb01", "-id=cloutui", "-pa=fake-SPB01", "-datao=y", "select 1 from nodes")
    assert (status, servers["SPB01"].sessions, servers["SPA01"].sessions) == (0, 1, 0)


async def test_an_unknown_servername_is_not_in_the_options_file(fleet) -> None:
    status, output = await ask(fleet, "-se=nowhere", "-id=a", "-pa=b", "q n")
    assert output == b"ANS1217E Server name not found in System Options File\n"
    assert status == 409 % 256


async def test_batch_mode_never_asks_for_what_is_missing(fleet) -> None:
    status, output = await ask(fleet, "-id=cloutui", "select 1")
    assert output == b"ANS8019E Id and password must be supplied in Batch mode.\n"
    assert status == 255


@pytest.mark.parametrize(
    "text", ["id cloutui\npassword fake-SPA01\n", "-ID=cloutui\n-pa=fake-SPA01", "id: cloutui\nPA: fake-SPA01\n"]
)
async def test_a_credentials_file_replaces_id_and_password(fleet, tmp_path: Path, text: str) -> None:
    (tmp_path / "login").write_text(text)
    status, _ = await ask(fleet, "-credentials=login", "-dataonly=yes", "select 1", directory=tmp_path)
    assert status == 0


async def test_outfile_copies_what_is_printed(fleet, tmp_path: Path) -> None:
    _, output = await ask(fleet, *LOGIN, "-out=copy.txt", "select 1", directory=tmp_path)
    assert (tmp_path / "copy.txt").read_bytes() == output != b""


async def test_an_outfile_that_cannot_be_written_is_refused(fleet, tmp_path: Path) -> None:
    status, output = await ask(fleet, *LOGIN, "-outfile=absent/copy.txt", "select 1", directory=tmp_path)
    assert output == b"ANS8020E Unable to open file 'absent/copy.txt' for output.\n"
    assert status == 23


async def test_an_operator_logs_in_reads_pages_and_quits(fleet, servers) -> None:
    def story() -> int:
        child = spawn(fleet)
        child.expect_exact("Enter your user id:  ")
        child.sendline("cloutui")
        child.expect_exact("Enter your password:  ")
        child.waitnoecho(5)
        child.sendline("fake-SPA01")
        child.expect_exact("Session established with server SPA01: Linux/x86_64")
        child.expect_exact("Protect: SPA01>")
        child.sendline("select * from nodes")
        child.expect_exact("NODE_NAME              CONTACT                      LOGICAL_MB")
        child.expect_exact("LAGER9-FILE" + " " * 41 + "1194850.00")
        child.expect_exact("Protect: SPA01>")
        child.sendline("select * -")
        child.expect_exact("cont> ")
        child.sendline("from many")
        child.expect_exact("more...   (<ENTER> to continue, 'C' to cancel)")
        child.sendline("")
        child.expect_exact("more...")
        child.sendline("c")
        child.expect_exact("Protect: SPA01>")
        child.sendline("quit")
        child.expect_exact("ANS8002I Highest return code was 0.")
        child.expect(pexpect.EOF)
        assert b"fake-SPA01" not in child.before
        child.close()
        return child.exitstatus

    servers["SPA01"].select_answer = lambda sql: many() if "many" in sql else servers["SPB01"].select(sql)
    assert await asyncio.to_thread(story) == 0


async def test_bare_outfile_is_not_paged(fleet, servers) -> None:
    servers["SPA01"].select_answer = lambda _: many()

    def story() -> bytes:
        child = spawn(fleet, "-id=cloutui", "-pa=fake-SPA01", "-out")
        child.expect_exact("Protect: SPA01>")
        child.sendline("select many")
        child.expect_exact("Protect: SPA01>")
        child.sendeof()
        child.expect(pexpect.EOF)
        return child.before

    assert b"more..." not in await asyncio.to_thread(story)


async def test_three_wrong_passwords_at_a_terminal_end_the_run(fleet) -> None:
    def story() -> int:
        child = spawn(fleet, "-id=cloutui")
        for _ in range(3):
            child.expect_exact("Enter your password:  ")
            child.waitnoecho(5)
            child.sendline("guess")
            child.expect_exact("ANS1051I Invalid user id or password")
        child.expect_exact("ANS8023E Unable to establish session with server.")
        child.expect_exact("ANS8002I Highest return code was 137.")
        child.expect(pexpect.EOF)
        child.close()
        return child.exitstatus

    assert await asyncio.to_thread(story) == 137


async def test_the_terminal_echoes_again_after_an_interrupted_password(fleet) -> None:
    def story() -> bool:
        child = spawn(fleet, "-id=cloutui")
        child.expect_exact("Enter your password:  ")
        child.waitnoecho(5)
        child.sendintr()
        child.expect(pexpect.EOF)
        return child.getecho()

    assert await asyncio.to_thread(story)


async def test_the_executable_starts_without_the_site_packages(fleet) -> None:
    text = (fleet.folder.executables / "dsmadmc").read_text()
    assert text.startswith(f"#!{sys.executable} -IS\n")
    assert "\nfrom cloutui" not in text
    assert "\nimport cloutui" not in text


async def test_an_interpreter_with_a_long_path_is_started_by_the_shell(fleet, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(door_local, "LONGEST_SHEBANG", 3)
    install(fleet.folder.executables, fleet.folder.path)
    assert (await ask(fleet, *LOGIN, "select 1"))[0] == 0


async def test_without_a_fleet_the_executable_says_how_to_start_one(tmp_path: Path) -> None:
    executable = install(tmp_path / "bin", tmp_path)
    process = await asyncio.create_subprocess_exec(executable, "q", "n", stderr=asyncio.subprocess.PIPE)
    _, stderr = await process.communicate()
    assert (process.returncode, stderr) == (
        1,
        b"No simulated fleet is running here. Start it with: cloutui simulate fleet\n",
    )


async def test_only_the_owner_may_use_the_socket(fleet) -> None:
    assert stat.S_IMODE(socket_path(fleet.folder.path).stat().st_mode) == 0o600


def test_a_long_directory_keeps_its_socket_elsewhere_and_private(tmp_path: Path) -> None:
    long = tmp_path / ("d" * 90)
    assert len(os.fsencode(socket_path(long))) <= 100
    assert socket_path(long) == socket_path(long)
    assert socket_path(long) != socket_path(tmp_path / ("e" * 90))


async def test_a_second_fleet_in_the_same_folder_is_refused_and_a_dead_ones_socket_is_not(
    fleet, tmp_path: Path
) -> None:
    with pytest.raises(FleetIsRunning):
        await LocalDoor(fleet.stands, None, socket_path(fleet.folder.path)).start()
    stale = tmp_path / "stale.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(stale))
    door = LocalDoor(fleet.stands, None, stale)
    await door.start()
    await door.stop()
    assert not stale.exists()


async def test_a_fleet_that_starts_again_keeps_its_ports_and_keys_where_it_can(servers, tmp_path: Path) -> None:
    async def doors() -> list[tuple[int, str]]:
        fleet = Fleet(servers, tmp_path / "fleet")
        await fleet.start()
        await fleet.stop()
        entries = yaml.safe_load(fleet.folder.fleet_file.read_text())
        return [(entry["doors"][0]["port"], entry["doors"][0]["host_key"]) for entry in entries]

    first = await doors()
    assert await doors() == first
    taken = socket.create_server(("127.0.0.1", first[0][0]))
    with taken:
        moved, stayed = await doors()
    assert moved[0] != first[0][0]
    assert moved[1] == first[0][1]
    assert stayed == first[1]


async def test_a_fault_is_turned_over_the_socket_and_wrong_words_are_named(fleet) -> None:
    path = fleet.folder.path
    assert "Healthy" in await asyncio.to_thread(turn_fault, path, "spa01", "none")
    assert (await asyncio.to_thread(turn_fault, path, "SPA01", "hang")).startswith("SPA01: hang.")
    assert fleet.stands["SPA01"].switch.fault.name == "hang"
    for server, fault, choice in (("SPA09", "none", "SPB01"), ("SPA01", "fire", "truncated")):
        with pytest.raises(FaultRefused) as refused:
            await asyncio.to_thread(turn_fault, path, server, fault)
        assert choice in refused.value.choices


def many():
    from cloutui.simulator.answer import Column, Rows

    return Rows([Column("NUMBER", "INTEGER")], [(number,) for number in range(100)])
