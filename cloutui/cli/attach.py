"""Work on the files of another process of this host: its console on our terminal, or one of its commands.

The process that owns the files listens on a socket beside them; see `gateway.here` for the other end.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import socket
import termios
import threading
import tty
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from getpass import getpass
from io import StringIO
from pathlib import Path
from time import monotonic, sleep
from typing import TextIO

import asyncssh

from cloutui.errors import Busy, Invalid
from cloutui.gateway.terminal import READ_ONLY
from cloutui.home import Home, Ownership, short_path

_PATIENCE_S = 5.0
"""An owner that has just begun, or only does something quick, is waited for so long."""
_LOOK_S = 0.05
_OWN_TERMINAL = "\x1b[?2004l\x1b[<u\x1b[?1006l\x1b[?1003l\x1b[?1000l\x1b[?25h\x1b[?1049l\x1b[0m"
"""Undoes what a console does to a terminal, when it could not do so itself."""
_SENT = ("LANG", "COLORTERM", "NO_COLOR", "TERM_PROGRAM")
_BROKEN = 1


def reach(home: Home) -> socket.socket | None:
    """A connection to the owner; None as soon as there is no owner. Raises: Busy, when it does not listen."""
    deadline = monotonic() + _PATIENCE_S
    while True:
        if (connected := _connected(home)) is not None:
            return connected
        try:
            Ownership(home).release()
        except Busy:
            if monotonic() > deadline:
                raise
        else:
            return None
        sleep(_LOOK_S)


def _connected(home: Home) -> socket.socket | None:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with short_path(home.socket) as path:
            made.connect(path)
    except OSError:
        made.close()
        return None
    return made


def run_there(owner: socket.socket, words: Sequence[str], *, stdin: TextIO, stdout: TextIO, stderr: TextIO) -> int:
    """One command. Returns its exit status."""
    typed = hidden_lines(words) if stdin.isatty() else None
    command = shlex.join(["--in", str(Path.cwd()), *words])
    return asyncio.run(_run(owner, command, stdin if typed is None else StringIO(typed), stdout, stderr))


def hidden_lines(words: Sequence[str], ask: Callable[[str], str] = getpass) -> str:
    """What the command reads from its standard input, asked for here: there it has no terminal."""
    pairs = zip(["", *words], words, strict=False)
    names = [before if word == "-" else word.removesuffix("=-") for before, word in pairs if _is_read(before, word)]
    asked = [f"{name.removeprefix('--').removesuffix('-file')}: " for name in names]
    asked += ["Code of your second factor: "] if "--code-stdin" in words else []
    return "".join(f"{ask(question)}\n" for question in asked)


def _is_read(before: str, word: str) -> bool:
    """Whether these words say that a secret is read from standard input: `password=-`, or `--password-file -`."""
    return word.endswith("=-") or (before == "--password-file" and word == "-")


async def _run(owner: socket.socket, command: str, stdin: TextIO, stdout: TextIO, stderr: TextIO) -> int:
    async with await _client(owner) as connection:
        told = _Output(stdout, stderr)
        channel, _ = await connection.create_session(lambda: told, command, encoding=None, term_type=None)
        _send_lines(stdin, channel)
        await told.over.wait()
        status = channel.get_exit_status()
    if isinstance(told.failed, BrokenPipeError):  # whoever reads (`| head`) has seen enough
        return 0
    if told.failed is not None:
        what = f"The standard output cannot be written: {told.failed.strerror or told.failed}."
        raise Invalid(what, hint="Check where it goes.")
    return _BROKEN if status is None else int(status)


def show_there(owner: socket.socket, stdin: TextIO, stdout: TextIO, *, is_read_only: bool = False) -> int:
    """The console, on our terminal. Returns its exit status."""
    return asyncio.run(_show(owner, stdin.fileno(), stdout.fileno(), is_read_only=is_read_only))


async def _show(owner: socket.socket, keys: int, screen: int, *, is_read_only: bool) -> int:
    loop = asyncio.get_running_loop()
    environment: dict[bytes | str, bytes | str] = {
        name: value for name, value in os.environ.items() if name in _SENT or name.startswith("LC_")
    }
    if is_read_only:
        environment[READ_ONLY] = "1"
    async with await _client(owner) as connection:
        with _raw(keys):
            told = _Screen(screen)
            channel, _ = await connection.create_session(
                lambda: told,
                encoding=None,
                term_type=os.environ.get("TERM", "dumb"),
                term_size=_size(screen),
                env=environment,
            )
            loop.add_reader(keys, lambda: _type(keys, channel))
            loop.add_signal_handler(signal.SIGWINCH, lambda: channel.change_terminal_size(*_size(screen)))
            try:
                await told.over.wait()
            finally:
                loop.remove_reader(keys)
                loop.remove_signal_handler(signal.SIGWINCH)
        status = channel.get_exit_status()
    if status is None:
        _write(screen, f"{_OWN_TERMINAL}The cloutui that this console belonged to has ended.\r\n".encode())
        return _BROKEN
    return int(status)


async def _client(owner: socket.socket) -> asyncssh.SSHClientConnection:
    """Nobody can be in between: it is a socket in a folder of our own."""
    return await asyncssh.run_client(
        owner, config=None, known_hosts=None, client_keys=None, agent_path=None, username="here"
    )


class _Ending(asyncssh.SSHClientSession[bytes]):
    def __init__(self) -> None:
        self.over = asyncio.Event()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self.over.set()


class _Screen(_Ending):
    def __init__(self, screen: int) -> None:
        super().__init__()
        self._screen = screen

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        del datatype
        _write(self._screen, data)


class _Output(_Ending):
    def __init__(self, stdout: TextIO, stderr: TextIO) -> None:
        super().__init__()
        self._streams = (stdout, stderr)
        self._channel: asyncssh.SSHClientChannel[bytes] | None = None
        self.failed: OSError | None = None
        """Why our output is not taken any more."""

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        self._channel = chan

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        try:
            self._put(data, self._streams[datatype is not None])
        except OSError as error:
            self.failed = self.failed or error
            if self._channel is not None:
                self._channel.close()

    def _put(self, data: bytes, stream: TextIO) -> None:
        buffer = getattr(stream, "buffer", None)
        if buffer is None:
            stream.write(data.decode("utf-8", "replace"))
        else:
            buffer.write(data)
        stream.flush()


def _send_lines(stdin: TextIO, channel: asyncssh.SSHClientChannel[bytes]) -> None:
    """In a thread that is left behind: a pipe may stay silent, and the command may not ask for anything."""
    loop = asyncio.get_running_loop()

    def send() -> None:
        with suppress(RuntimeError):  # the loop is gone: nobody asks any more
            for line in stdin:
                loop.call_soon_threadsafe(channel.write, line.encode())
            loop.call_soon_threadsafe(channel.write_eof)

    threading.Thread(target=send, daemon=True).start()


def _type(keys: int, channel: asyncssh.SSHClientChannel[bytes]) -> None:
    try:
        typed = os.read(keys, 4096)
    except OSError:
        typed = b""
    if typed:
        channel.write(typed)
    else:  # the terminal is gone
        asyncio.get_running_loop().remove_reader(keys)
        channel.close()


@contextmanager
def _raw(terminal: int) -> Iterator[None]:
    before = termios.tcgetattr(terminal)
    tty.setraw(terminal)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSAFLUSH, before)


def _size(screen: int) -> tuple[int, int]:
    try:
        size = os.get_terminal_size(screen)
    except OSError:
        return 80, 24
    return size.columns, size.lines


def _write(screen: int, data: bytes) -> None:
    while data:
        data = data[os.write(screen, data) :]
