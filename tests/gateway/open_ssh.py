"""The real OpenSSH client on a pseudo-terminal, on the loop of the test, with a screen to read."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import signal
import struct
import termios
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pyte

LIMIT_S = 60.0


class OpenSsh:
    """One client that runs."""

    def __init__(self, terminal: int, process: asyncio.subprocess.Process, size: tuple[int, int]) -> None:
        self.terminal = terminal
        self.process = process
        self.raw = b""
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self._news = asyncio.Event()
        self._is_drawing = True
        os.set_blocking(terminal, False)
        self.listen()

    def listen(self) -> None:
        asyncio.get_running_loop().add_reader(self.terminal, self._read)

    def ignore(self) -> None:
        asyncio.get_running_loop().remove_reader(self.terminal)

    def stop_reading(self) -> None:
        """As a laptop whose lid was closed: nothing is taken any more. Afterwards only `raw` is kept up."""
        self._is_drawing = False
        self.process.send_signal(signal.SIGSTOP)

    def read_again(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def _read(self) -> None:
        try:
            data = os.read(self.terminal, 65_536)
        except OSError:
            data = b""
        if not data:
            self.ignore()
        self.raw += data
        if self._is_drawing:
            # pyte does not know the sequences of the keyboard protocol, and would show their letter.
            self._stream.feed(data.replace(b"\x1b[>25u", b"").replace(b"\x1b[<u", b""))
        self._news.set()

    def text(self) -> str:
        return "\n".join(self.screen.display)

    def type(self, keys: str | bytes) -> None:
        os.write(self.terminal, keys.encode() if isinstance(keys, str) else keys)

    def resize(self, columns: int, rows: int) -> None:
        self.screen.resize(rows, columns)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    async def until(self, condition: Callable[[], object]) -> None:
        try:
            async with asyncio.timeout(LIMIT_S):
                while not condition():
                    self._news.clear()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._news.wait(), 0.05)
        except TimeoutError:
            raise AssertionError(f"not seen. The screen:\n{self.text()}\nThe end: {self.raw[-300:]!r}") from None

    async def sees(self, text: str) -> None:
        await self.until(lambda: text in self.text())

    async def answers(self, prompt: str, answer: str, *, time: int = 1) -> None:
        """When asked for the so manyeth time."""
        await self.until(lambda: self.raw.count(prompt.encode()) >= time)
        self.type(answer + "\n")

    async def says(self, text: str) -> None:
        """Anywhere in what was sent."""
        await self.until(lambda: text.encode() in self.raw)

    async def status(self) -> int:
        async with asyncio.timeout(LIMIT_S):
            status = await self.process.wait()
        await self.until(lambda: True)
        with suppress(OSError):
            while data := os.read(self.terminal, 65_536):
                self.raw += data
        return status


class Dialler:
    """What the clients of a test have in common."""

    def __init__(self, folder: Path, port: int, host_key: str) -> None:
        self.folder = folder
        self.port = port
        self.known_hosts = folder / "known_hosts"
        self.known_hosts.write_text(f"[127.0.0.1]:{port} {host_key}\n")

    def arguments(self, user: str, key: Path | None, options: Sequence[str]) -> list[str]:
        methods = "publickey,keyboard-interactive" if key else "keyboard-interactive"
        chosen = {
            "UserKnownHostsFile": str(self.known_hosts),
            "StrictHostKeyChecking": "yes",
            "PreferredAuthentications": methods,
            "IdentityAgent": "none",
            "IdentitiesOnly": "yes",
            "IdentityFile": str(key) if key else "none",
            "ConnectTimeout": "10",
            "NumberOfPasswordPrompts": "9",
            "ForwardAgent": "no",
        }
        settings = [part for name, value in chosen.items() for part in ("-o", f"{name}={value}")]
        return ["ssh", "-F", "none", *settings, "-p", str(self.port), *options, f"{user}@127.0.0.1"]

    @asynccontextmanager
    async def dial(
        self,
        user: str,
        *,
        key: Path | None = None,
        size: tuple[int, int] = (80, 24),
        options: Sequence[str] = ("-tt",),
        environment: Mapping[str, str] | None = None,
    ) -> AsyncIterator[OpenSsh]:
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        process = await asyncio.create_subprocess_exec(
            *self.arguments(user, key, options),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={"PATH": os.environ["PATH"], "TERM": "xterm-256color", **(environment or {})},
            # ssh asks for passwords on the terminal that controls it.
            preexec_fn=lambda: (os.setsid(), fcntl.ioctl(0, termios.TIOCSCTTY, 0)),  # type: ignore[func-returns-value]
        )
        os.close(slave)
        client = OpenSsh(master, process, size)
        try:
            yield client
        finally:
            client.ignore()
            if process.returncode is None:
                process.kill()
                await process.wait()
            os.close(master)

    async def run(
        self, user: str, *command: str, key: Path | None = None, options: Sequence[str] = ()
    ) -> tuple[int, str, str]:
        """A command without a terminal: its status, and what it said."""
        process = await asyncio.create_subprocess_exec(
            *self.arguments(user, key, options),
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(LIMIT_S):
            out, errors = await process.communicate()
        assert process.returncode is not None
        return process.returncode, out.decode(), errors.decode()
