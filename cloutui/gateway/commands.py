"""`ssh host report ...`: one command, its answer as a stream, no terminal.

Which commands there are, and what they do, is the caller's; here is only what carries their output.
"""

from __future__ import annotations

import asyncio
import queue
import shlex
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from io import BufferedReader, BufferedWriter, RawIOBase, TextIOWrapper
from typing import Any, Protocol, TextIO

from cloutui.gateway.sign_in import SignedIn

UNKNOWN = 2
"""The exit status of wrong usage."""

_MOST_READ = 65_536
"""Bytes of input for one command: passwords and codes are short."""


class CommandRunner(Protocol):
    """What may be run over SSH without a terminal."""

    def knows(self, words: Sequence[str]) -> bool:
        """Whether that is a command that may be run from afar."""

    async def run(self, who: SignedIn, words: Sequence[str], stdin: TextIO, stdout: TextIO, stderr: TextIO) -> int:
        """Do it and return its exit status. The streams are used from a thread, and wait there.

        `stdout.buffer` takes bytes. When the client is gone the streams raise BrokenPipeError, and `run` is cancelled:
        what must come to its end all the same shields itself.
        """


class NoCommands:
    """Runs none."""

    def knows(self, words: Sequence[str]) -> bool:
        """Never."""
        del words
        return False

    async def run(self, who: SignedIn, words: Sequence[str], stdin: TextIO, stdout: TextIO, stderr: TextIO) -> int:
        """Not reached: it knows none."""
        del who, words, stdin, stdout, stderr
        return UNKNOWN


def words_of(command: str) -> list[str]:
    """As a shell would split it, but nothing is expanded and nothing run. Empty when that makes no sense."""
    try:
        return shlex.split(command)
    except ValueError:
        return []


class Outflow:
    """Lets threads write to a channel, and makes them wait when the far end is slow."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, patience_s: float | None = None) -> None:
        """`patience_s`: how long a thread waits for a far end that takes nothing; None: as long as it is there."""
        self._loop = loop
        self._patience_s = patience_s
        self._flows = threading.Event()
        self._flows.set()
        self._is_closed = False

    def hold(self) -> None:
        """The far end is slow."""
        self._flows.clear()

    def release(self) -> None:
        """It can take more."""
        self._flows.set()

    def close(self) -> None:
        """It is gone. Whoever waits is let go, with an error."""
        self._is_closed = True
        self._flows.set()

    def send(self, write: Callable[[bytes], None], data: bytes) -> None:
        """From a thread. Raises: BrokenPipeError."""
        if not self._flows.wait(self._patience_s):
            self.close()
        if self._is_closed:
            raise BrokenPipeError
        sent = threading.Event()

        def hand_over() -> None:
            try:
                write(data)
            except OSError:  # it was closed in the same turn of the loop
                self.close()
            finally:  # else the thread would wait for ever
                sent.set()

        # Waiting until it is handed over keeps a fast thread from filling the loop's memory before it is told to wait.
        self._loop.call_soon_threadsafe(hand_over)
        sent.wait()


class _Stream(RawIOBase):
    def __init__(self, outflow: Outflow, write: Callable[[bytes], None]) -> None:
        self._outflow = outflow
        self._write = write

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        sent = bytes(data)
        self._outflow.send(self._write, sent)
        return len(sent)


class Inflow(RawIOBase):
    """What the client sends, for a thread that waits for it. A command reads a line or two, so little is kept."""

    def __init__(self, *, patience_s: float | None = None) -> None:
        """`patience_s`: who types nothing for so long types nothing more."""
        self._patience_s = patience_s
        self._pieces: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._left = _MOST_READ
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Something came. From the loop's thread."""
        taken = data[: self._left]
        self._left -= len(taken)
        if taken:
            self._pieces.put(taken)

    def end(self) -> None:
        """Nothing more will."""
        self._pieces.put(b"")

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Waits for the next piece; 0 at the end."""
        if not self._rest:
            with suppress(queue.Empty):
                self._rest = self._pieces.get(timeout=self._patience_s)
            if not self._rest:
                self.end()  # also for who asks again
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def text_input(inflow: Inflow) -> TextIO:
    """What the client sends, as lines of text."""
    return TextIOWrapper(BufferedReader(inflow), encoding="utf-8", errors="replace")


def text_stream(outflow: Outflow, write: Callable[[bytes], None]) -> TextIO:
    """A stream for a command, over what sends bytes from the loop's own thread."""
    return TextIOWrapper(BufferedWriter(_Stream(outflow, write), 32_768), encoding="utf-8", newline="\n")
