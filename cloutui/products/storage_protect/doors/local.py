"""`dsmadmc` on this host, under a pseudo-terminal of ours. No shell has a part in it."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
import struct
import sys
import termios
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fcntl import ioctl

from cloutui.errors import Unreachable
from cloutui.products.storage_protect.doors.door import COLUMNS, ENGLISH, ROWS

_CHUNK = 1 << 18

# A client asks for the password at its controlling terminal. A new session has none until it takes one, and only the
# process itself can; `preexec_fn` would run Python after a fork of a process with threads, which may never return.
_TAKE_TERMINAL = (
    "import fcntl, os, sys, termios\n"
    "fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
    "try: os.execvp(sys.argv[1], sys.argv[1:])\n"
    "except OSError as error: print(error.strerror); os._exit(127)\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalDoor:
    """The client that is installed here."""

    command: str = "dsmadmc"
    server_stanza: str | None = None
    credentials_file: str | None = None

    @property
    def address(self) -> str:
        """Where it leads, for messages."""
        return f"{self.command} on this host"

    async def open(self, server: str, arguments: Sequence[str]) -> LocalChannel:
        """Start the client. Raises: Unreachable."""
        ours, theirs = os.openpty()
        try:
            _make_quiet(theirs)
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", "-c", _TAKE_TERMINAL, self.command, *arguments),
                stdin=theirs,
                stdout=theirs,
                stderr=theirs,
                env={**os.environ, **ENGLISH},
                start_new_session=True,
            )
        except OSError as error:
            os.close(ours)
            raise Unreachable(server, self.address, error.strerror or str(error)) from error
        finally:
            os.close(theirs)
        return LocalChannel(process, ours)


class LocalChannel:
    """Our end of the pseudo-terminal."""

    def __init__(self, process: asyncio.subprocess.Process, terminal: int) -> None:
        self._process = process
        self._terminal = terminal
        os.set_blocking(terminal, False)

    async def read(self) -> bytes:
        """What the client has written; empty when it has ended."""
        loop = asyncio.get_running_loop()
        while self._terminal >= 0:
            try:
                return os.read(self._terminal, _CHUNK)
            except BlockingIOError:
                await _ready(loop.add_reader, loop.remove_reader, self._terminal)
            except OSError as error:
                if error.errno != errno.EIO:  # Linux says so when nobody holds the other end any more
                    raise
                return b""
        return b""

    async def write(self, data: bytes) -> None:
        """Type something."""
        loop = asyncio.get_running_loop()
        while data and self._terminal >= 0:
            try:
                data = data[os.write(self._terminal, data) :]
            except BlockingIOError:
                await _ready(loop.add_writer, loop.remove_writer, self._terminal)
            except OSError:
                return

    async def wait(self) -> int | None:
        """The exit status; None when a signal ended the client."""
        status = await self._process.wait()
        return status if status >= 0 else None

    async def close(self) -> None:
        """End the client and whatever it has started."""
        if self._terminal >= 0:
            os.close(self._terminal)
            self._terminal = -1
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()


async def _ready(
    add: Callable[[int, Callable[[], object]], object], remove: Callable[[int], object], descriptor: int
) -> None:
    """Wait until a descriptor may be used."""
    ready = asyncio.Event()
    add(descriptor, ready.set)
    try:
        await ready.wait()
    finally:
        remove(descriptor)


def _make_quiet(terminal: int) -> None:
    """No echo of what we type, no carriage returns added to what the client writes, and room for long lines."""
    attributes = termios.tcgetattr(terminal)
    attributes[1] &= ~termios.OPOST
    attributes[3] &= ~(termios.ECHO | termios.ECHOE | termios.ECHOK | termios.ECHONL)
    termios.tcsetattr(terminal, termios.TCSANOW, attributes)
    ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
