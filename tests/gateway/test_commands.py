"""The streams of a command that runs for a client: a client that does nothing keeps no thread for ever."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from typing import Any, TextIO

import asyncssh
import pytest

from cloutui.gateway.commands import Inflow, Outflow, text_input, text_stream
from cloutui.gateway.sign_in import SignedIn
from tests.gateway.conftest import House


async def test_who_takes_nothing_is_given_up_and_who_is_only_slow_is_not() -> None:
    loop, taken = asyncio.get_running_loop(), list[bytes]()
    patient = Outflow(loop)
    patient.hold()
    sending = asyncio.create_task(asyncio.to_thread(patient.send, taken.append, b"at last"))
    await asyncio.sleep(0)
    patient.release()
    await sending
    outflow = Outflow(loop, patience_s=0.02)
    await asyncio.to_thread(outflow.send, taken.append, b"first")
    outflow.hold()
    stream = text_stream(outflow, taken.append)
    with pytest.raises(BrokenPipeError):
        await asyncio.to_thread(lambda: print("x" * 40_000, file=stream))
    outflow.release()
    with pytest.raises(BrokenPipeError):
        await asyncio.to_thread(outflow.send, taken.append, b"too late")
    assert taken == [b"at last", b"first"]


async def test_a_channel_that_closes_while_it_is_written_to_lets_the_thread_go() -> None:
    def closed(_data: bytes) -> None:
        raise BrokenPipeError

    outflow = Outflow(asyncio.get_running_loop())
    await asyncio.to_thread(outflow.send, closed, b"lost")
    with pytest.raises(BrokenPipeError):
        await asyncio.to_thread(outflow.send, closed, b"too late")


def test_who_types_nothing_has_typed_all() -> None:
    inflow = Inflow(patience_s=0.01)
    inflow.feed(b"a line\n")
    stdin = text_input(inflow)
    assert stdin.readline() == "a line\n"
    assert stdin.readline() == ""


class Endless:
    """A command that is never done by itself."""

    def __init__(self) -> None:
        self.was_ended = False

    def knows(self, _words: Sequence[str]) -> bool:
        return True

    async def run(self, who: SignedIn, words: Sequence[str], stdin: TextIO, stdout: TextIO, stderr: TextIO) -> int:
        del who, words, stdin, stdout, stderr
        try:
            await asyncio.Event().wait()
        finally:
            self.was_ended = True
        return 0


@pytest.mark.ssh
@pytest.mark.skipif(not shutil.which("ssh"), reason="needs the OpenSSH client")
async def test_a_command_that_takes_too_long_is_ended_and_says_so(house: House, user_key: Any) -> None:
    house.commands = endless = Endless()
    await house.open(command_s=0.05)
    async with asyncssh.connect(
        "127.0.0.1",
        house.gateway.port,
        username="kim",
        client_keys=[str(user_key)],
        known_hosts=None,
        config=None,
        agent_path=None,
    ) as connection:
        done = await connection.run("report units")
    assert (done.exit_status, done.stdout) == (1, "")
    assert "this took longer than" in str(done.stderr)
    assert endless.was_ended
    await house.gone()
