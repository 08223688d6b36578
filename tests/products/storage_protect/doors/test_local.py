"""A client on this host: under a terminal of its own, without a shell, and never left running."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from pathlib import Path

import pytest

from cloutui.errors import Unreachable
from cloutui.products.storage_protect.doors.local import LocalChannel, LocalDoor
from cloutui.products.storage_protect.sign_in import Credentials
from cloutui.products.storage_protect.terminal import AdminTerminal
from tests.products.storage_protect.scripted import HURRY


def program(folder: Path, text: str) -> str:
    file = folder / "dsmadmc"
    file.write_text(f"#!{sys.executable} -IS\n{text}")
    file.chmod(0o700)
    return str(file)


async def everything(channel: LocalChannel) -> bytes:
    said = b""
    async with asyncio.timeout(30):
        while piece := await channel.read():
            said += piece
    return said


async def test_arguments_arrive_as_they_are(tmp_path: Path) -> None:
    door = LocalDoor(command=program(tmp_path, "import sys; print(sys.argv[1:])"))
    channel = await door.open("SPA01", ["-id=X", "two words; $(id) `id` > f"])
    assert await everything(channel) == b"['-id=X', 'two words; $(id) `id` > f']\n"
    assert await channel.wait() == 0
    await channel.close()


async def test_the_password_can_be_read_from_the_terminal_itself(tmp_path: Path) -> None:
    text = (
        "import os\n"
        "terminal = os.open('/dev/tty', os.O_RDWR)\n"
        "os.write(terminal, b'Enter your password:  ')\n"
        "print('got', os.read(terminal, 100), os.get_terminal_size(0).columns, os.isatty(1), flush=True)\n"
    )
    channel = await LocalDoor(command=program(tmp_path, text)).open("SPA01", [])
    assert await channel.read() == b"Enter your password:  "
    await channel.write(b"secret\n")
    assert await everything(channel) == b"got b'secret\\n' 32767 True\n"
    await channel.close()


async def test_the_exit_status_is_told(tmp_path: Path) -> None:
    channel = await LocalDoor(command=program(tmp_path, "raise SystemExit(137)")).open("SPA01", [])
    await everything(channel)
    assert await channel.wait() == 137
    await channel.close()


async def test_a_client_that_a_signal_ended_has_no_status(tmp_path: Path) -> None:
    channel = await LocalDoor(command=program(tmp_path, "import os; os.kill(os.getpid(), 9)")).open("SPA01", [])
    await everything(channel)
    assert await channel.wait() is None
    await channel.close()


async def test_closing_ends_the_client_and_its_children(tmp_path: Path) -> None:
    text = "import os, time\nchild = os.fork()\nprint(os.getpid(), flush=True)\ntime.sleep(600)\n"
    channel = await LocalDoor(command=program(tmp_path, text)).open("SPA01", [])
    said = b""
    while len(said.split()) < 2:
        said += await channel.read()
    await channel.close()
    # A terminal without processes is gone; the last of them to end lets go of it.
    assert await channel.read() == b""
    async with asyncio.timeout(30):
        await asyncio.to_thread(_wait_until_gone, [int(number) for number in said.split()])


def _wait_until_gone(processes: list[int]) -> None:
    """The child is handed to another process, so it cannot be waited for, only looked at."""
    while any(_is_running(process) for process in processes):
        time.sleep(0.01)


def _is_running(process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


async def test_a_command_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    door = LocalDoor(command=str(tmp_path / "none"))
    with pytest.raises(Unreachable, match="dsmadmc was not found there"):
        await AdminTerminal.open("SPA01", door, Credentials(administrator="A", password=lambda: "x"), HURRY)


async def test_much_output_is_read_to_its_end(tmp_path: Path) -> None:
    text = "for i in range(50_000): print('NODE%06d,some text that fills the row' % i)"
    channel = await LocalDoor(command=program(tmp_path, text)).open("SPA01", [])
    said = await everything(channel)
    assert said.count(b"\n") == 50_000
    assert said.endswith(b"NODE049999,some text that fills the row\n")
    await channel.close()


async def test_much_input_to_a_client_that_does_not_read_does_not_block(tmp_path: Path) -> None:
    channel = await LocalDoor(command=program(tmp_path, "import time; time.sleep(600)")).open("SPA01", [])
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.2):
            await channel.write(b"x\n" * 100_000)
    await channel.close()


async def test_a_cancelled_read_loses_nothing(tmp_path: Path) -> None:
    text = "import sys\nsys.stdin.readline()\nprint('after all')"
    channel = await LocalDoor(command=program(tmp_path, text)).open("SPA01", [])
    for _ in range(5):
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.01):
                await channel.read()
    await channel.write(b"\n")
    assert await everything(channel) == b"after all\n"
    await channel.close()


async def test_nothing_stays_open(tmp_path: Path) -> None:
    command = program(tmp_path, "print('hello')")
    before = _open_files()
    for _ in range(5):
        channel = await LocalDoor(command=command).open("SPA01", [])
        await everything(channel)
        await channel.close()
    assert _open_files() <= before + 1


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
