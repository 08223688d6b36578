"""Interactive mode over SSH: what a terminal shows, and the questions the program asks."""

from __future__ import annotations

import asyncio
from datetime import datetime
from itertools import pairwise

import asyncssh
import pytest

from cloutui.simulator.answer import Column, Rows
from cloutui.simulator.dsmadmc.line_discipline import LineDiscipline
from tests.simulator.dsmadmc.asking import ask

LOGIN = ("-id=cloutui", "-pa=fake-SPA01", "-dataonly=yes", "-comma")
COMMAND = "dsmadmc -id=cloutui -pa=fake-SPA01 -dataonly=yes -comma"


async def talk(ssh, command: str, typed: bytes, **options: object) -> tuple[bytes, int]:
    async with ssh.connect() as connection:
        process = await connection.create_process(command, encoding=None, **options)
        process.stdin.write(typed)
        output = await asyncio.wait_for(process.stdout.read(), 30)
        await process.wait()
    return output, process.exit_status


async def test_a_terminal_echoes_and_ends_lines_with_cr_lf(ssh) -> None:
    output, status = await talk(ssh, COMMAND, b"select 2\x7f1\rquit\r", term_type="xterm", term_size=(80, 24))
    assert output.count(b"\n") == output.count(b"\r\n")
    assert b"select 2\b \b1\r\n" in output
    assert status == 0


async def test_a_terminal_that_asked_for_no_echo_gets_none(ssh) -> None:
    modes = {asyncssh.PTY_ECHO: 0, asyncssh.PTY_ONLCR: 0}
    output, _ = await talk(ssh, COMMAND, b"select 1\nquit\n", term_type="dumb", term_modes=modes)
    assert b"select" not in output
    assert b"\r" not in output


async def test_without_a_terminal_there_is_no_prompt_unless_it_is_always_wanted(ssh) -> None:
    assert b"Protect:" not in (await talk(ssh, COMMAND, b"select 1\nquit\n"))[0]
    assert b"Protect: SPA01>" in (await talk(ssh, COMMAND + " -alwaysp", b"select 1\nquit\n"))[0]
    assert b"Protect: SPA01>\n" in (await talk(ssh, COMMAND + " -alwaysp -newlineafterp", b"quit\n"))[0]


async def test_end_of_file_and_interrupt_end_the_session(ssh, servers) -> None:
    assert (await talk(ssh, COMMAND, b"\x04", term_type="xterm"))[1] == 0
    assert (await talk(ssh, COMMAND, b"select\x03", term_type="xterm"))[1] == 130
    assert servers["SPA01"].open_sessions == set()


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [(b"Y\n", b"does not simulate DELETE FILESPACE"), (b"no\n", b"Return code 35"), (b"", b"Return code 35")],
)
async def test_a_destructive_command_is_asked_first_and_the_end_of_the_input_means_no(fleet, typed, outcome) -> None:
    _, output = await ask(fleet, *LOGIN, "del fi ACME *", stdin=typed)
    assert output.startswith(b"Do you wish to proceed? (Yes (Y)/No (N)) ")
    assert outcome in output


async def test_console_mode_shows_what_is_logged_until_the_asker_goes_away(ssh, servers, monkeypatch) -> None:
    monkeypatch.setattr("cloutui.simulator.dsmadmc.console.PAUSE_S", 0.01)
    asked = []

    def log(sql: str, **window: datetime) -> Rows:
        asked.append(window)
        return Rows([Column("MESSAGE", "VARCHAR")], [(f"ANR0{len(asked)}I at work",)])

    servers["SPA01"].query_answer = log
    connection = await ssh.connect()
    process = await connection.create_process(COMMAND + " -consolemode")
    for number in (1, 2, 3):
        assert await asyncio.wait_for(process.stdout.readline(), 30) == f"ANR0{number}I at work\n"
    connection.abort()
    assert all(earlier["until"] == later["since"] for earlier, later in pairwise(asked))


async def test_an_address_names_a_server_too(fleet) -> None:
    login = ("-id=cloutui", "-pa=fake-SPA01", "-dataonly=yes", "-comma")
    assert (await ask(fleet, "-tcps=192.0.2.10", "-tcpp=1500", *login, "select 1"))[0] == 0
    assert (await ask(fleet, "-tcps=192.0.2.10", "-tcpp=1501", *login, "select 1"))[0] == 206
    assert (await ask(fleet, "-tcps=192.0.2.99", *login, "select 1"))[0] == 206


async def test_noconfirm_asks_nothing(fleet) -> None:
    _, output = await ask(fleet, *LOGIN, "-noc", "del fi ACME *")
    assert output.startswith(b"This stand-in server does not simulate DELETE FILESPACE.")


async def test_a_line_that_is_too_long_is_refused_and_the_next_one_runs(fleet, servers) -> None:
    _, output = await ask(fleet, *LOGIN, stdin=b"select " + b"x" * 17_000 + b"\nselect 1\n")
    assert output.startswith(b"ANS8026E ")
    assert output.count(b"ACME-SQL01") == 1


async def test_an_ssh_session_reads_and_writes_files_of_its_home_alone(ssh, host) -> None:
    home = host.files.folder
    (home / "login").write_text("id cloutui\npassword fake-SPA01\n")
    (home.parent / "secret").write_text("id cloutui\npassword fake-SPA01\n")
    async with ssh.connect() as connection:
        assert (await connection.run("dsmadmc -credentialsfile=login -dataonly=yes select 1")).exit_status == 0
        outside = await connection.run("dsmadmc -credentialsfile=../secret -dataonly=yes select 1")
        assert outside.stdout.startswith("ANS8019E ")
        written = await connection.run(f"dsmadmc -credentialsfile=login -out={home.parent}/x select 1")
        assert written.stdout.startswith("ANS8020E ")


def test_a_line_discipline_takes_back_whole_characters() -> None:
    tty = LineDiscipline()
    assert tty.feed("aø\x7f".encode()) == "aø".encode() + b"\b \b"
    tty.feed(b"b\x15c\r")
    assert tty.next_line() == b"c"
    assert tty.next_line() is None


def test_end_of_file_after_letters_only_pushes_them_out() -> None:
    tty = LineDiscipline()
    tty.feed(b"quit\x04")
    assert (tty.next_line(), tty.is_ended) == (b"quit", False)
    tty.feed(b"\x04")
    assert tty.is_ended
