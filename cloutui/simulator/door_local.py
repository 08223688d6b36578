"""The fleet's Unix socket: what the installed `dsmadmc` and `cloutui simulate fault` speak to.

One fleet has one socket, and only its owner may use it. The frames are those of `local_client`.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import Executor
from contextlib import suppress
from pathlib import Path
from typing import Any

from cloutui.simulator import local_client
from cloutui.simulator.dsmadmc.host import FolderFiles, Host, Stand
from cloutui.simulator.dsmadmc.program import run
from cloutui.simulator.dsmadmc.screen import ConnectionCut
from cloutui.simulator.faults import FAULTS
from cloutui.simulator.local_client import CONTROL, EXIT, HEADER, INPUT, OUTPUT, READ, START

DEFAULT_WIDTH = 80
LONGEST_SOCKET_PATH = 100
"""Bytes. Linux takes 107, others 103."""

LONGEST_SHEBANG = 120
PRIVATE = 0o600


class FleetIsRunning(Exception):
    """Somebody already answers at the socket."""


class FaultRefused(Exception):
    """A running fleet does not know the server or the fault: what is wrong, and what it does know."""

    def __init__(self, what: str, choices: str) -> None:
        super().__init__(what)
        self.what = what
        self.choices = choices


def socket_path(directory: Path) -> Path:
    """Where the fleet of a folder listens: in it, or in a private temporary folder when its path is too long."""
    whole = directory.resolve()
    near = whole / "fleet.sock"
    if len(os.fsencode(near)) <= LONGEST_SOCKET_PATH:
        return near
    name = hashlib.sha256(os.fsencode(whole)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"cloutui-{os.getuid()}-{name}" / "fleet.sock"


def install(folder: Path, directory: Path) -> Path:
    """Write the `dsmadmc` executable for the fleet of `directory` into `folder`. Returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    executable = folder / "dsmadmc"
    source = Path(local_client.__file__).read_text(encoding="utf-8")
    call = f"\nimport sys\n\nsys.exit(main({str(socket_path(directory))!r}, sys.argv[1:]))\n"
    executable.write_text(_shebang(sys.executable) + source + call, encoding="utf-8")
    executable.chmod(0o755)
    return executable


def turn_fault(directory: Path, server: str, fault: str) -> str:
    """Switch a fault of a running fleet. Returns what the fleet says. Raises: FaultRefused, OSError."""
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as wire:
        wire.connect(str(socket_path(directory)))
        local_client.send(wire, CONTROL, json.dumps({"server": server, "fault": fault}).encode())
        _, payload = local_client.receive(wire)
    answer = json.loads(payload)
    if "refused" in answer:
        raise FaultRefused(answer["refused"], answer["choices"])
    return str(answer["done"])


class LocalDoor:
    """The socket of one fleet."""

    def __init__(self, stands: Mapping[str, Stand], pool: Executor, path: Path) -> None:
        self._stands = stands
        self._pool = pool
        self._path = path
        self._server: asyncio.Server | None = None
        self._inside: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen. Raises: FleetIsRunning, OSError."""
        await self._clear_the_way()
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        before = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._enter, self._path)
        finally:
            os.umask(before)

    async def stop(self) -> None:
        """Stop listening, cut who is inside, and remove the socket."""
        if self._server is None:
            return
        self._server.close()
        for task in tuple(self._inside):
            task.cancel()
        await asyncio.gather(*self._inside, return_exceptions=True)
        self._server = None
        self._path.unlink(missing_ok=True)

    async def _clear_the_way(self) -> None:
        """Remove the socket that a killed fleet left behind."""
        try:
            _, writer = await asyncio.open_unix_connection(self._path)
        except OSError:
            self._path.unlink(missing_ok=True)
            return
        writer.close()
        raise FleetIsRunning(str(self._path))

    def _enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A task of our own: the one that asyncio would make prints a traceback when it is cancelled (until 3.12).
        task = asyncio.create_task(self._serve(reader, writer))
        self._inside.add(task)
        task.add_done_callback(self._inside.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            kind, payload = await _receive(reader)
            if kind == START:
                await self._run(json.loads(payload), reader, writer)
            elif kind == CONTROL:
                await self._control(json.loads(payload), writer)
        except (OSError, EOFError, ConnectionCut):
            # The far end is gone, or is to be cut off: in both cases there is nobody to tell.
            pass
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _run(
        self, surroundings: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        host = Host(self._stands, FolderFiles(Path(surroundings["directory"])), self._pool)
        terminal = LocalTerminal(surroundings, writer)
        program = asyncio.create_task(run(host, terminal, surroundings["arguments"]))
        listener = asyncio.create_task(terminal.listen(reader, program))
        try:
            status = await program
        except asyncio.CancelledError:
            if program.cancelled() and not _is_being_cancelled():
                return
            raise
        finally:
            program.cancel()
            listener.cancel()
        await _send(writer, EXIT, str(status).encode())

    async def _control(self, order: dict[str, str], writer: asyncio.StreamWriter) -> None:
        name, server = order["fault"], order["server"].upper()
        if server not in self._stands:
            answer = {"refused": f"No server “{server}”.", "choices": f"There are: {', '.join(self._stands)}."}
        elif name not in FAULTS:
            answer = {"refused": f"No fault “{name}”.", "choices": f"There are: {', '.join(FAULTS)}."}
        else:
            fault = await self._stands[server].switch.turn(name)
            answer = {"done": f"{server}: {fault.name}. {fault.explanation}"}
        await _send(writer, OUTPUT, json.dumps(answer).encode())


class LocalTerminal:
    """The program's input and output in another process of this host, whose kernel does the line discipline."""

    def __init__(self, surroundings: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        self.has_tty_input: bool = surroundings["input_tty"]
        self.has_tty_output: bool = surroundings["output_tty"]
        self.width: int = surroundings["width"] or DEFAULT_WIDTH
        self.height: int = surroundings["height"]
        self._writer = writer
        self._arrived: asyncio.Queue[bytes] = asyncio.Queue()
        self._buffer = b""
        self._is_ended = False

    async def write(self, data: bytes) -> None:
        """Send bytes, and wait while the far end is slow. Raises: OSError when it is gone."""
        await _send(self._writer, OUTPUT, data)

    async def read_line(self, *, echo: bool = True) -> str | None:
        """The next line; None at the end of the input."""
        while b"\n" not in self._buffer and not self._is_ended:
            await _send(self._writer, READ, b"1" if echo else b"0")
            data = await self._arrived.get()
            self._is_ended = not data
            self._buffer += data
        if not self._buffer:
            # A terminal's end of file ends this answer, not the next one.
            self._is_ended = not self.has_tty_input
            return None
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.removesuffix(b"\r").decode("utf-8", errors="replace")

    async def listen(self, reader: asyncio.StreamReader, program: asyncio.Task[int]) -> None:
        """Take input as it arrives; the end of the connection ends the program."""
        try:
            while True:
                kind, payload = await _receive(reader)
                if kind == INPUT:
                    self._arrived.put_nowait(payload)
        except (OSError, EOFError):
            program.cancel()


async def _receive(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    kind, length = HEADER.unpack(await reader.readexactly(HEADER.size))
    return kind, await reader.readexactly(length)


async def _send(writer: asyncio.StreamWriter, kind: bytes, payload: bytes) -> None:
    writer.write(HEADER.pack(kind, len(payload)) + payload)
    await writer.drain()


def _is_being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _shebang(interpreter: str) -> str:
    """The first line. A long path, or one with blanks, is not taken by every kernel: the shell starts it then.

    The second form is read by the shell as a command and by Python as a string.
    """
    if len(interpreter) <= LONGEST_SHEBANG and " " not in interpreter:
        return f"#!{interpreter} -IS\n"
    return f"#!/bin/sh\n'''exec' \"{interpreter}\" -IS \"$0\" \"$@\"\n' '''\n"
