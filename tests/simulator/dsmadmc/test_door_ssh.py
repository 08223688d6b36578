"""The SSH door, asked as the product asks it."""

from __future__ import annotations

import asyncio
import csv
import io

import asyncssh
import pytest

from cloutui.simulator.door_ssh import dsmadmc_arguments

LOGIN = "dsmadmc -id=cloutui -pa=fake-SPA01 -dataonly=yes -comma "


async def test_a_select_in_batch_mode_gives_rows_and_nothing_else(ssh) -> None:
    async with ssh.connect() as connection:
        done = await connection.run(LOGIN + '"SELECT * FROM NODES"', encoding=None)
    assert list(csv.reader(io.StringIO(done.stdout.decode()))) == [
        ["ACME-SQL01", 'Desk "A", room 9', "59.94"],
        ["LAGER9-FILE", "", "1194850.00"],
        ["ØRE-PACS", "plain", ""],
    ]
    assert (done.stderr, done.exit_status) == (b"", 0)


async def test_no_row_is_return_code_eleven(ssh) -> None:
    async with ssh.connect() as connection:
        done = await connection.run(LOGIN + '"SELECT * FROM EMPTY"')
    assert done.stdout == "ANR2034E SELECT: No match found using this criteria.\nANS8001I Return code 11.\n"
    assert done.exit_status == 11


async def test_several_selects_share_one_login_behind_a_password_prompt(ssh, servers) -> None:
    command = "dsmadmc -id=cloutui -dataonly=yes -comma"
    modes = {asyncssh.PTY_ECHO: 0}
    async with ssh.connect() as connection:
        process = await connection.create_process(
            command, term_type="dumb", term_size=(200, 0), term_modes=modes, encoding=None
        )
        assert await process.stdout.readuntil(b"password:  ") == b"Enter your password:  "
        process.stdin.write(b"fake-SPA01\n")
        assert (await process.stdout.readuntil(b"Protect: SPA01>")).strip() == b"Protect: SPA01>"
        process.stdin.write(b"SELECT * FROM NODES\nSELECT * FROM EMPTY\nquit\n")
        output = await process.stdout.read()
        await process.wait()
    assert output.count(b"ACME-SQL01") == 1
    assert b"ANS8001I Return code 11." in output
    assert b"fake-SPA01" not in output
    assert servers["SPA01"].sessions == 1
    assert servers["SPA01"].open_sessions == set()
    assert process.exit_status == 11


@pytest.mark.parametrize("command", ["ls -l", "dsmadmc q n; id", "sh -c 'dsmadmc'", ""])
async def test_anything_but_dsmadmc_is_not_found(ssh, command: str) -> None:
    async with ssh.connect() as connection:
        done = await connection.run(command)
    assert done.exit_status == 127
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("dsmadmc -id=a 'q ev * *'", ["-id=a", "q ev * *"]),
        ("""dsmadmc "select * from x where a>'5;'" """, ["select * from x where a>'5;'"]),
        ("LANG=en_US env LC_ALL=C /opt/tivoli/dsmadmc -comma q n", ["-comma", "q", "n"]),
        ("exec dsmadmc q n </dev/null", ["q", "n"]),
        ("dsmadmc 'contact=it''s'", ["contact=its"]),
        ("dsmadmc # no comment", ["#", "no", "comment"]),
        ("dsmadmc q n > file", None),
        ("dsmadmc q n | sort", None),
        ("dsmadmc q n && id", None),
        ("dsmadmc 'unbalanced", None),
        ("dsmadmcx q n", None),
        ("A=b", None),
    ],
)
def test_a_command_line_is_split_as_a_shell_would(command: str, arguments: list[str] | None) -> None:
    assert dsmadmc_arguments(command) == arguments


async def test_the_account_is_entered_with_the_key_or_the_password_and_no_other(ssh) -> None:
    async with ssh.connect(client_keys=None, password="fake-SPA01") as connection:
        assert (await connection.run("ls")).exit_status == 127
    for wrong in (
        {"client_keys": [asyncssh.generate_private_key("ssh-ed25519")]},
        {"client_keys": None, "password": "guess"},
        {"username": "root"},
    ):
        with pytest.raises(asyncssh.PermissionDenied):
            await ssh.connect(**wrong)


async def test_a_wrong_password_ends_with_137(ssh) -> None:
    async with ssh.connect() as connection:
        done = await connection.run("dsmadmc -id=cloutui -pa=guess -dataonly=yes q n")
    assert done.stdout == ("ANS1051I Invalid user id or password\nANS8023E Unable to establish session with server.\n")
    assert done.exit_status == 137


async def test_a_closed_port_opens_again_where_it_was(ssh, host) -> None:
    port = ssh.door.port
    connection = await ssh.connect()
    await host.stands["SPA01"].switch.turn("ssh-down")
    await asyncio.wait_for(connection.wait_closed(), 30)
    with pytest.raises(OSError, match=r"refused|Connect call failed"):
        await ssh.connect()
    await host.stands["SPA01"].switch.turn("none")
    assert ssh.door.port == port
    async with ssh.connect() as connection:
        assert (await connection.run("ls")).exit_status == 127
