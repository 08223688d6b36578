"""Each fault, by what a program that asks the server sees of it."""

from __future__ import annotations

import asyncio

import pytest

from cloutui.simulator.faults import FAULTS, FaultSwitch, UnknownFault
from tests.simulator.dsmadmc.asking import ask

LOGIN = ("-id=cloutui", "-pa=fake-SPA01", "-dataonly=yes", "-comma")
FIRST_ROW = b'ACME-SQL01,"Desk ""A"", room 9",59.94\n'


async def ask_with(fleet, fault: str, *arguments: str) -> tuple[int, bytes]:
    await fleet.stands["SPA01"].switch.turn(fault)
    return await ask(fleet, *LOGIN, *arguments)


@pytest.mark.parametrize(
    ("fault", "status", "codes"),
    [
        ("down", 206, ["ANS1017E", "ANS8023E"]),
        ("session-limit", 51, ["ANS8055E", "ANS8023E"]),
        ("wrong-password", 137, ["ANS1051I", "ANS8023E"]),
        ("locked", 61, ["ANS8056E", "ANS8023E"]),
    ],
)
async def test_nobody_gets_in(fleet, servers, fault: str, status: int, codes: list[str]) -> None:
    got, output = await ask_with(fleet, fault, "select * from nodes")
    assert [line[:8].decode() for line in output.splitlines()] == codes
    assert got == status
    assert servers["SPA01"].sessions == 0
    assert (await ask_with(fleet, "none", "select * from nodes"))[0] == 0


async def test_a_failed_start_shows_its_return_code_when_not_dataonly(fleet) -> None:
    await fleet.stands["SPA01"].switch.turn("down")
    _, output = await ask(fleet, "-id=cloutui", "-pa=fake-SPA01", "q n")
    assert output.endswith(
        b"ANS1017E Session rejected: TCP/IP connection failure.\n"
        b"ANS8023E Unable to establish session with server.\n\n"
        b"ANS8002I Highest return code was -50.\n\n"
    )


async def test_an_unknown_administrator_is_not_recognized(fleet) -> None:
    status, output = await ask(fleet, "-id=stranger", "-pa=x", "-dataonly=yes", "q n")
    assert output.startswith(b"ANS8034E ")
    assert status == 53


async def test_the_warning_of_a_password_about_to_expire_stands_before_the_data(fleet) -> None:
    status, output = await ask_with(fleet, "password-expiring", "select * from nodes")
    assert output.startswith(b"ANS8004W Your password will expire within 3 day(s).\n" + FIRST_ROW)
    assert status == 0


async def test_a_german_client_writes_decimal_commas_and_latin_1(fleet) -> None:
    status, output = await ask_with(fleet, "locale", "select * from nodes")
    assert output.splitlines() == [
        b'ACME-SQL01,"Desk ""A"", room 9","59,94"',
        b'LAGER9-FILE,,"1194850,00"',
        "ØRE-PACS,plain,".encode("latin-1"),
    ]
    status, output = await ask_with(fleet, "locale", "select * from empty")
    assert output.splitlines()[1] == "ANS8001I Rückkehrcode 11.".encode("latin-1")
    assert status == 11


async def test_lines_end_with_cr_lf(fleet) -> None:
    _, output = await ask_with(fleet, "crlf", "select * from nodes")
    assert output.count(b"\r\n") == output.count(b"\n") == 3


async def test_a_truncated_answer_stops_in_the_middle_of_a_row_with_no_status_of_its_own(fleet, servers) -> None:
    status, output = await ask_with(fleet, "truncated", "select * from nodes")
    assert output == FIRST_ROW + b"LAGER9-FILE"
    assert status == 255
    await until(lambda: not servers["SPA01"].open_sessions)


async def test_a_hanging_answer_stays_silent_until_the_asker_goes_away(fleet, servers) -> None:
    await fleet.stands["SPA01"].switch.turn("hang")
    process = await asyncio.create_subprocess_exec(
        fleet.folder.executables / "dsmadmc", *LOGIN, "select * from nodes", stdout=asyncio.subprocess.PIPE
    )
    assert await asyncio.wait_for(process.stdout.readexactly(len(FIRST_ROW + b"LAGER9-FILE")), 30)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(process.stdout.read(1), 0.2)
    await fleet.stands["SPA01"].switch.turn("none")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(process.stdout.read(1), 0.2)
    assert servers["SPA01"].open_sessions
    process.kill()
    await process.wait()
    await until(lambda: not servers["SPA01"].open_sessions)


async def test_a_slow_server_takes_its_time_for_the_answer_and_for_every_row(fleet, monkeypatch) -> None:
    waits: list[float] = []
    real_sleep = asyncio.sleep

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await real_sleep(0)

    monkeypatch.setattr("cloutui.simulator.dsmadmc.program.asyncio.sleep", sleep)
    _, output = await ask_with(fleet, "slow", "select * from nodes")
    assert waits == [1.0, 0.02, 0.02, 0.02]
    assert output.count(b"\n") == 3


async def test_a_server_that_goes_down_ends_the_sessions_it_has(fleet) -> None:
    process = await asyncio.create_subprocess_exec(
        fleet.folder.executables / "dsmadmc",
        *LOGIN,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    process.stdin.write(b"select * from nodes\n")
    assert await asyncio.wait_for(process.stdout.readline(), 30) == FIRST_ROW
    await fleet.stands["SPA01"].switch.turn("down")
    process.stdin.write(b"select * from nodes\n")
    output, _ = await asyncio.wait_for(process.communicate(), 30)
    assert output.splitlines()[-1].startswith(b"ANS8041E ")
    assert process.returncode == 206


async def test_a_fault_of_one_server_is_not_one_of_its_neighbour(fleet) -> None:
    await fleet.stands["SPA01"].switch.turn("down")
    assert (await ask(fleet, "-se=spb01", "-id=cloutui", "-pa=fake-SPB01", "-dataonly=yes", "select 1"))[0] == 0


async def test_over_ssh_a_truncated_answer_loses_the_connection(ssh, host) -> None:
    await host.stands["SPA01"].switch.turn("truncated")
    connection = await ssh.connect()
    done = await connection.run("dsmadmc -id=cloutui -pa=fake-SPA01 -dataonly=yes -comma select 1", encoding=None)
    assert done.stdout == FIRST_ROW + b"LAGER9-FILE"
    assert done.exit_status is None
    await asyncio.wait_for(connection.wait_closed(), 30)


async def test_over_ssh_a_hanging_answer_ends_with_the_connection(ssh, host, servers) -> None:
    await host.stands["SPA01"].switch.turn("hang")
    connection = await ssh.connect()
    process = await connection.create_process("dsmadmc -id=cloutui -pa=fake-SPA01 -dataonly=yes -comma select 1")
    assert await process.stdout.readline() == FIRST_ROW.decode()
    assert servers["SPA01"].open_sessions
    connection.abort()
    await until(lambda: not servers["SPA01"].open_sessions)


def test_every_fault_explains_itself() -> None:
    assert all(fault.explanation.endswith(".") for fault in FAULTS.values())


async def test_an_unknown_fault_is_refused() -> None:
    with pytest.raises(UnknownFault, match="fire"):
        await FaultSwitch().turn("fire")


async def until(condition) -> None:
    """Wait for a condition, half a minute at most."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in another thread and has no event
            await asyncio.sleep(0.01)
