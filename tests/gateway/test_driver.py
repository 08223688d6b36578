"""The driver, on a wire of which the test holds the other end."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloutui.gateway import process
from cloutui.gateway.driver import ENTER, LEAVE, MOST_UNREAD, SshDriver
from cloutui.gateway.seat import seat
from cloutui.gateway.terminal import Size, Terminal
from cloutui.screens.clipboard import leave_mouse_to_terminal
from tests.gateway.conftest import Small
from tests.gateway.waiting import until


class Wire:
    def __init__(self) -> None:
        self.driver: SshDriver = None  # type: ignore[assignment]
        self.packets = [b""]

    @property
    def sent(self) -> bytes:
        return b"".join(self.packets)

    def attach(self, driver: SshDriver) -> None:
        self.driver = driver

    def write(self, data: bytes) -> None:
        self.packets.append(data)

    def painted(self) -> None:
        pass


@asynccontextmanager
async def running() -> AsyncIterator[tuple[Small, Wire]]:
    app, wire = Small(), Wire()
    seat(app, wire, Terminal("xterm-256color", Size(40, 10), {}))
    task = asyncio.create_task(app.run_async(size=(40, 10)))
    await until(lambda: b"ready" in wire.sent)
    try:
        yield app, wire
    finally:
        app.exit()
        await asyncio.wait_for(task, 30)


async def test_modes_are_left_in_the_opposite_order_of_entering() -> None:
    async with running() as (_, wire):
        assert wire.sent.startswith(ENTER.encode())
    assert wire.sent.endswith(LEAVE.encode())
    assert LEAVE.endswith("\x1b[?1049l")


async def test_the_mouse_can_be_left_to_the_terminal() -> None:
    async with running() as (app, wire):
        leave_mouse_to_terminal(app, leave=True)
        await until(lambda: b"\x1b[?1006l\x1b[?1003l\x1b[?1000l" in wire.packets)  # frames come in between
        leave_mouse_to_terminal(app, leave=False)
        await until(lambda: b"\x1b[?1000h\x1b[?1003h\x1b[?1006h" in wire.packets)


async def test_a_frame_is_one_packet() -> None:
    async with running() as (app, wire):
        wire.driver.take(b"\x1b[?2026;2$y")  # the terminal can hold frames back
        app.say("first")
        await until(lambda: b"first" in wire.sent)
        frame = next(packet for packet in wire.packets if b"first" in packet)
        assert frame.startswith(b"\x1b[?2026h")
        assert frame.endswith(b"\x1b[?2026l")


async def test_a_size_among_the_keys_is_not_believed() -> None:
    async with running() as (app, wire):
        wire.driver.take(b"\x1b[48;999999;999999;0;0tx")
        await until(lambda: "key x" in app.lines)
        assert app.size == (40, 10)


async def test_characters_may_come_in_pieces_and_may_be_wrong() -> None:
    async with running() as (app, wire):
        for byte in "ø\x1b[1;5C".encode():
            wire.driver.take(bytes([byte]))
        wire.driver.take(b"\xff\xfez")
        await until(lambda: "key z" in app.lines)
        assert {"key ø", "key ctrl+right"} <= set(app.lines)


async def test_input_that_never_means_anything_is_given_up() -> None:
    async with running() as (_, wire):
        wire.driver.take(b"\x1b[200~" + b"x" * (MOST_UNREAD // 2))
        with pytest.raises(EOFError):
            wire.driver.take(b"x" * (MOST_UNREAD // 2 + 1))


async def test_only_keys_and_buttons_are_signs_of_life() -> None:
    async with running() as (_, wire):
        touched = wire.driver.touched_at
        for silent in (b"\x1b[<35;5;3M", b"\x1b[I", b"\x1b[O", b"\x1b[?2026;2$y"):
            wire.driver.take(silent)
            assert wire.driver.touched_at == touched
        wire.driver.take(b"x")
        assert wire.driver.touched_at > touched


async def test_nothing_happens_on_the_server_that_was_meant_for_the_reader(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    async with running() as (app, wire):
        app.open_url("http://127.0.0.1/")
        with (tmp_path / "there").open("w") as file:
            wire.driver.deliver_binary(file, delivery_key="k", save_path=tmp_path / "here")
        assert not opened
        assert not (tmp_path / "here").exists()
        assert not wire.driver.can_suspend


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=40),
            st.sampled_from(
                [
                    b"\x1b[",
                    b"\x1b[<",
                    b"M",
                    b"9" * 30,
                    b";",
                    b"\x1b[200~",
                    b"\x1b[201~",
                    b"\x1b]",
                    b"\x1bP",
                    b"u",
                    b"\x1b[?",
                ]
            ),
        ),
        max_size=12,
    )
)
def test_no_input_brings_the_parser_down(pieces: list[bytes]) -> None:
    """What a client sends is anybody's: whatever it is, it is keys, or nothing."""

    class Listener:
        def post_message(self, _message: object) -> None:
            pass

    async def feed() -> None:
        wire = Wire()
        driver = SshDriver(Listener(), wire=wire, size=(40, 10))  # type: ignore[arg-type]
        driver._is_listening = True
        for piece in pieces:
            driver.take(piece)
        driver.disable_input()

    asyncio.run(feed())


async def test_a_key_that_was_pressed_does_not_keep_the_console_for_ever() -> None:
    async def press_and_leave() -> weakref.ref[Small]:
        async with running() as (app, wire):
            wire.driver.take(b"\x1b[1;5C")
            await until(lambda: "key ctrl+right" in app.lines)
            return weakref.ref(app)

    app = await asyncio.create_task(press_and_leave())
    gc.collect()
    assert app() is not None, "Textual keeps no parsers any more: what clears them may go"
    process.sweep()
    await until(lambda: gc.collect() is not None and app() is None)
