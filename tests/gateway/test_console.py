"""A console through the real OpenSSH client: it is painted, it hears, and it leaves the terminal as it was."""

from __future__ import annotations

import asyncio
import re
import sys
from contextlib import AsyncExitStack
from time import monotonic

import pytest

from cloutui.gateway.driver import LEAVE
from tests.gateway.conftest import SECRET, House, Small
from tests.gateway.waiting import until

pytestmark = pytest.mark.ssh


async def test_keys_mouse_paste_and_size_reach_the_application(house: House) -> None:
    await house.open()
    async with house.dialler.dial("kim", key=house.key) as ssh:
        await ssh.sees("ready")
        ssh.type("\x1b[B")
        await ssh.sees("key down")
        ssh.resize(100, 30)
        await ssh.sees("size 100x30")
        ssh.type("\x1b")
        await ssh.sees("key escape")
        ssh.type("\x1b[<0;5;3M\x1b[<0;5;3m")
        await ssh.sees("click 4,2")
        ssh.type("\x1b[200~Fjørd\x1b[201~")
        await ssh.sees("paste Fjørd")
        ssh.type("q")
        assert await ssh.status() == 0
        assert LEAVE.encode() in ssh.raw
    await house.gone()


async def test_a_console_that_breaks_down_says_a_number_and_leaves_the_others_alone(
    house: House, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    await house.open()
    async with house.dialler.dial("kim", key=house.key) as first, house.dialler.dial("kim", key=house.key) as second:
        await first.sees("ready")
        await second.sees("ready")
        first.type("b")
        assert await first.status() == 1
        found = re.search(rb"The console broke down: ZeroDivisionError, incident ([0-9a-f]{8})\.", first.raw)
        assert found
        second.type("x")
        await second.sees("key x")
        assert len(house.gateway.sessions) == 1
        record = next(record for record in caplog.records if found[1].decode() in record.getMessage())
        assert record.exc_info
        printed = capfd.readouterr()
        assert SECRET not in first.raw.decode() + caplog.text + printed.out + printed.err


async def test_what_is_typed_before_the_first_paint_is_not_lost(house: House) -> None:
    class Late(Small):
        async def on_load(self) -> None:
            (session,) = house.gateway.sessions
            await until(lambda: session._typed_ahead)

    house.make = lambda _who, _terminal: Late()
    await house.open()
    async with house.dialler.dial("kim", key=house.key) as ssh:
        await ssh.until(lambda: house.apps)
        ssh.type("z")
        await ssh.sees("key z")


async def test_each_terminal_gets_the_colours_it_has(house: House) -> None:
    """Rich keeps the codes of a style with the style: see `gateway.colours`."""
    await house.open()
    true, fewer, none = b"48;2;16;32;48", b"48;5;", b"\x1b[48;"
    async with (
        house.dialler.dial("kim", key=house.key) as first,
        house.dialler.dial("kim", key=house.key, environment={"TERM": "xterm-direct"}) as second,
        house.dialler.dial("kim", key=house.key, environment={"TERM": "xterm"}) as third,
        house.dialler.dial("kim", key=house.key, environment={"TERM": "vanished"}) as fourth,
    ):
        clients = (first, second, third, fourth)
        for client in clients:
            await client.sees("ready")
            client.type("x")
            await client.sees("key x")
        assert [(true in client.raw, fewer in client.raw) for client in clients] == [
            (False, True),
            (True, False),
            (False, False),
            (False, False),
        ]
        assert b";40m" in third.raw or b"[40m" in third.raw or b";40;" in third.raw
        assert none not in fourth.raw


async def test_ten_sign_in_at_once_and_all_get_a_console(house: House) -> None:
    await house.open()
    stdout = sys.stdout
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(house.dialler.dial("kim", key=house.key)) for _ in range(10)]
        for client in clients:
            await client.sees("ready")
        for number, client in enumerate(clients):
            client.type(str(number))
        for number, client in enumerate(clients):
            await client.sees(f"key {number}")
        assert len({session.id for session in house.gateway.sessions}) == 10
        assert sys.stdout is stdout
    await house.gone()


async def test_a_client_that_stops_reading_is_drawn_once_when_it_reads_again(house: House) -> None:
    class Counting(Small):
        frames = 0

        def post_display_hook(self) -> None:
            self.frames += self._batch_count == 0

    house.make = lambda _who, _terminal: Counting()
    await house.open()
    async with house.dialler.dial("kim", key=house.key) as ssh:
        await ssh.sees("ready")
        (app,) = house.apps
        ssh.stop_reading()
        for _ in range(200):  # blanks, until what lies between is full
            app._driver.write(" " * 100_000)
            await asyncio.sleep(0)
            if app._batch_count:
                break
        assert app._batch_count == 1
        frames = app.frames
        for number in range(50):
            app.say(f"line {number}")
            await asyncio.sleep(0.002)
        assert app.frames == frames
        ssh.read_again()
        await ssh.says("line 49")
        assert b"line 30" not in ssh.raw
        assert app._batch_count == 0
        ssh.type("y")
        await ssh.says("key y")


async def test_an_idle_console_says_so_and_closes(house: House) -> None:
    await house.open(idle_s=60, warning_s=30)

    def without_a_key_for(seconds: float) -> None:
        """The test does not wait, and is not late: the last key was so long ago."""
        (live,) = house.gateway.sessions
        live._driver.touched_at = monotonic() - seconds  # type: ignore[attr-defined]
        live._watch_idleness()  # type: ignore[attr-defined]

    async with house.dialler.dial("kim", key=house.key) as ssh:
        await ssh.sees("ready")
        without_a_key_for(40)
        await ssh.sees("Signing out in 20 s: no key for 40 s. Any key stays.")
        ssh.type("x")
        await ssh.sees("key x")
        without_a_key_for(0)
        without_a_key_for(45)
        await ssh.sees("Signing out in 15 s")
        without_a_key_for(60)
        assert await ssh.status() == 0
        assert b"Signed out: no key for 60 s." in ssh.raw


async def test_a_gateway_that_stops_says_so_and_waits(house: House) -> None:
    await house.open()
    async with house.dialler.dial("kim", key=house.key) as first, house.dialler.dial("kim", key=house.key) as second:
        await first.sees("ready")
        await second.sees("ready")
        stopping = asyncio.create_task(house.gateway.stop(8))
        await first.sees("This server stops in 8 s. Finish what you are at, and sign out.")
        first.type("q")
        assert await first.status() == 0
        assert not stopping.done()
        assert await second.status() == 0
        assert b"The console was stopped on its server." in second.raw
        assert LEAVE.encode() in second.raw
        await stopping
        assert house.gateway.connections == 0


async def test_a_client_that_vanishes_leaves_nothing_behind(house: House) -> None:
    await house.open()
    before = len(asyncio.all_tasks())
    async with house.dialler.dial("kim", key=house.key) as ssh:
        await ssh.sees("ready")
        ssh.process.kill()
    async with house.dialler.dial("kim", key=house.key) as ssh:
        await ssh.until(lambda: house.gateway.busy_channels)
        ssh.process.kill()
    await house.gone()
    assert len(house.gateway.sessions) == 0
    assert len(asyncio.all_tasks()) <= before
