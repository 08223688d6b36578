"""What the gateway does not do, and how it says so."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any, TextIO

import asyncssh
import pytest

from cloutui.errors import AccessEnded, NotAllowed
from cloutui.gateway.live import Console
from cloutui.gateway.sign_in import SignedIn
from cloutui.gateway.terminal import MOST_COLUMNS, MOST_ROWS, Terminal
from cloutui.gateway.watch import Watch
from tests.gateway.conftest import Commands, House, Small
from tests.gateway.waiting import until

pytestmark = pytest.mark.ssh


async def test_a_command_gets_its_words_and_gives_back_its_status(house: House) -> None:
    house.commands = Commands()
    await house.open()
    status, out, errors = await house.dialler.run("kim", "report", "'two words'", "$HOME", "--long", key=house.key)
    assert (status, errors) == (3, "noted\n")
    assert out.startswith("kim: report|two words|$HOME|--long\n")
    assert len(out) > 3_000_000
    await house.gone()


async def test_a_client_that_leaves_ends_the_command(house: House) -> None:
    house.commands = Commands()
    await house.open()
    async with house.dialler.dial("kim", key=house.key, options=["-T"]) as ssh:
        ssh.process.terminate()
    await house.gone()
    assert (await house.dialler.run("kim", "report", key=house.key))[0] == 3


class Endless(Commands):
    """`report` does not end by itself."""

    async def run(self, who: SignedIn, words: Any, stdin: TextIO, stdout: TextIO, stderr: TextIO) -> int:
        await asyncio.to_thread(stdout.write, "begun\n")
        await asyncio.to_thread(stdout.flush)
        await asyncio.Event().wait()
        return 0


async def test_a_running_command_ends_with_the_right_to_be_here(house: House) -> None:
    house.commands = Endless()
    await house.open()

    async def present(who: SignedIn) -> None:
        if who.user == "kim":
            raise AccessEnded("you are locked out")

    running = asyncio.create_task(house.dialler.run("kim", "report", key=house.key))
    await until(lambda: any(True for _ in house.gateway.running()))
    await Watch(house.gateway.running, present).look()
    status, _, errors = await running
    assert (status, errors) == (1, "Signed out. You may not go on: you are locked out.\n")
    await house.gone()


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["sh", "-c", "id"], "There is no command “sh” here."),
        (["reportage"], "There is no command “reportage” here."),
        (["'report"], "There is no command “'report” here."),
        (["scp -t /tmp"], "There is no command “scp” here."),
        ([], "The console needs a terminal: ssh -t ..."),
    ],
)
async def test_what_there_is_not_is_refused_in_words(house: House, command: list[str], told: str) -> None:
    house.commands = Commands()
    await house.open()
    status, out, errors = await house.dialler.run("kim", *command, key=house.key)
    assert (status, out) == (2, "")
    assert told in errors


async def test_a_terminal_that_cannot_draw_is_told_so(house: House) -> None:
    await house.open()
    async with house.dialler.dial("kim", key=house.key, environment={"TERM": "dumb"}) as ssh:
        assert await ssh.status() == 2
        assert "cannot draw on a terminal of kind “dumb”".encode() in ssh.raw


async def test_who_may_not_have_a_console_any_more_is_told_why(house: House) -> None:
    def refuse(_who: SignedIn, _terminal: Terminal) -> Small:
        raise NotAllowed("Console: Use")

    house.make = refuse
    await house.open()
    async with house.dialler.dial("kim", key=house.key) as ssh:
        assert await ssh.status() == 1
        assert "This needs the right “Console: Use”.".encode() in ssh.raw


async def test_more_consoles_than_there_are_places_are_refused(house: House) -> None:
    await house.open(consoles=1)
    async with house.dialler.dial("kim", key=house.key) as first:
        await first.sees("ready")
        async with house.dialler.dial("kim", key=house.key) as second:
            assert await second.status() == 1
            assert b"All 1 consoles are in use." in second.raw
        first.type("x")
        await first.sees("key x")


async def test_two_who_start_at_once_do_not_get_the_same_place(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    both, make = asyncio.Barrier(2), house._console

    async def together(who: SignedIn, terminal: Terminal) -> Console:
        async with both:
            return await make(who, terminal)

    monkeypatch.setattr(house, "_console", together)
    await house.open(consoles=1)
    async with house.dialler.dial("kim", key=house.key) as one, house.dialler.dial("kim", key=house.key) as other:
        await until(lambda: b"consoles are in use" in one.raw + other.raw)
        assert len(house.gateway.sessions) == 1


async def _connected(house: House, **options: Any) -> asyncssh.SSHClientConnection:
    return await asyncssh.connect(
        "127.0.0.1",
        house.gateway.port,
        username="kim",
        client_keys=[str(house.key)],
        known_hosts=None,
        config=None,
        agent_path=None,
        **options,
    )


async def _elsewhere(connection: asyncssh.SSHClientConnection) -> None:
    await connection.open_connection("127.0.0.1", 22)


async def _socket(connection: asyncssh.SSHClientConnection) -> None:
    await connection.open_unix_connection("/run/socket")


async def _listening(connection: asyncssh.SSHClientConnection) -> None:
    await connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", 22)


async def _listening_socket(connection: asyncssh.SSHClientConnection) -> None:
    await connection.forward_remote_path("/tmp/there", "/tmp/here")


async def _files(connection: asyncssh.SSHClientConnection) -> None:
    await connection.start_sftp_client()


async def _windows(connection: asyncssh.SSHClientConnection) -> None:
    await connection.create_session(
        asyncssh.SSHClientSession, x11_forwarding=True, x11_display="127.0.0.1:0", term_type="xterm"
    )


@pytest.mark.parametrize("want", [_elsewhere, _socket, _listening, _listening_socket, _files])
async def test_nothing_is_forwarded_and_no_files_are_given(
    house: House, want: Callable[[asyncssh.SSHClientConnection], Awaitable[None]]
) -> None:
    await house.open()
    async with await _connected(house) as connection:
        with pytest.raises((asyncssh.ChannelOpenError, asyncssh.ChannelListenError, asyncssh.SFTPError)):
            await want(connection)


async def test_agents_and_windows_of_the_client_stay_there(house: House) -> None:
    await house.open()
    async with house.dialler.dial("kim", key=house.key, options=["-tt", "-A", "-v"]) as ssh:
        await ssh.sees("ready")
        (connection,) = house.gateway._door.inside
        assert connection.get_agent_path() is None


async def test_only_what_is_named_is_spoken(house: House) -> None:
    await house.open()
    async with await _connected(house) as connection:
        assert connection.get_extra_info("server_version") == "SSH-2.0-cloutui"
    for weak in (
        {"kex_algs": ["diffie-hellman-group14-sha1", "diffie-hellman-group14-sha256"]},
        {"encryption_algs": ["aes128-cbc", "aes256-ctr"]},
    ):
        with pytest.raises(asyncssh.KeyExchangeFailed):
            await _connected(house, **weak)


async def test_one_connection_has_only_some_channels(house: House) -> None:
    await house.open(channels_of_one_connection=2)
    async with await _connected(house) as connection:
        first, _ = await connection.create_session(asyncssh.SSHClientSession, term_type="xterm", encoding=None)
        await connection.create_session(asyncssh.SSHClientSession, term_type="xterm", encoding=None)
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.create_session(asyncssh.SSHClientSession, term_type="xterm", encoding=None)
        first.close()
        await first.wait_closed()
        await connection.create_session(asyncssh.SSHClientSession, term_type="xterm", encoding=None)


async def test_strangers_who_only_stand_at_the_door_are_few_and_do_not_stay(house: House) -> None:
    await house.open(strangers_of_one_source=4, sign_in_s=4)
    doors = [await asyncio.open_connection("127.0.0.1", house.gateway.port) for _ in range(10)]
    greetings = [await reader.read(4) for reader, _ in doors]
    assert sorted(greetings) == [b""] * 6 + [b"SSH-"] * 4
    assert house.gateway.connections == 4
    for reader, _ in doors:
        await asyncio.wait_for(reader.read(), 30)
    await house.gone()
    for _, writer in doors:
        writer.close()
    async with await _connected(house):
        assert house.gateway._door.entrance.strangers == 0


async def test_noise_instead_of_ssh_is_cut(house: House) -> None:
    await house.open(sign_in_s=4)
    for noise in (os.urandom(300_000), b"SSH-2.0-x\r\n" + os.urandom(100_000), b"GET / HTTP/1.1\r\n" * 5_000, b"\r\n"):
        reader, writer = await asyncio.open_connection("127.0.0.1", house.gateway.port)
        writer.write(noise)
        try:
            await writer.drain()
            await asyncio.wait_for(reader.read(), 30)
        except ConnectionError:
            pass
        writer.close()
    await house.gone()
    async with await _connected(house):
        pass


async def test_a_terminal_of_any_size_is_drawn_within_bounds(house: House) -> None:
    await house.open()
    async with await _connected(house) as connection:
        channel, _ = await connection.create_session(
            asyncssh.SSHClientSession, term_type="xterm", term_size=(0, 0), encoding=None
        )
        await until(lambda: house.apps and house.apps[0].size == (80, 24))
        channel.change_terminal_size(4_000_000_000, 4_000_000_000)
        await until(lambda: house.apps[0].size == (MOST_COLUMNS, MOST_ROWS))
        channel.change_terminal_size(1, 1)
        await until(lambda: house.apps[0].size == (1, 1))
        channel.write(b"q")
        await channel.wait_closed()
        assert channel.get_exit_status() == 0
