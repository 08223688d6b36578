"""The `dsmadmc` that is installed for programs which run it on this host: a wire to the fleet's socket.

This file is copied as it stands into the executable, so it imports the standard library alone, starts fast, and has no
`from __future__` (a shell line may stand above it).
It forwards arguments, terminal size and input, prints what comes back unbuffered, and exits with the status it is told.

A frame is one byte of kind, four bytes of length (big endian), and a payload:
START (JSON, ours) opens a run; READ (theirs) asks for input, its payload `0` with the echo off; INPUT (ours) brings it,
empty at the end of the input; OUTPUT (theirs) is to be printed; EXIT (theirs) ends the run with a status.
CONTROL (ours, JSON) turns a fault instead of opening a run.
"""

import json
import os
import select
import socket
import struct
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress

START, READ, INPUT, OUTPUT, EXIT, CONTROL = (kind.encode() for kind in "SRIOXC")
HEADER = struct.Struct(">cI")
CHUNK = 65_536
NO_FLEET = 1
CUT = 255
INTERRUPTED = 130
STDIN, STDOUT = 0, 1


def main(path: str, arguments: list[str]) -> int:
    """Run `dsmadmc` in the fleet that listens at `path`. Returns the exit status."""
    wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        wire.connect(path)
    except OSError:
        os.write(2, b"No simulated fleet is running here. Start it with: cloutui simulate fleet\n")
        return NO_FLEET
    try:
        with wire:
            send(wire, START, json.dumps(_surroundings(arguments)).encode())
            return _converse(wire)
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError:
        return CUT


def send(wire: socket.socket, kind: bytes, payload: bytes = b"") -> None:
    """Write one frame."""
    wire.sendall(HEADER.pack(kind, len(payload)) + payload)


def receive(wire: socket.socket) -> tuple[bytes, bytes]:
    """Read one frame: its kind and payload. Raises: ConnectionError when the far end is gone."""
    kind, length = HEADER.unpack(_exactly(wire, HEADER.size))
    return kind, _exactly(wire, length)


def _exactly(wire: socket.socket, length: int) -> bytes:
    data = bytearray()
    while len(data) < length:
        piece = wire.recv(min(CHUNK, length - len(data)))
        if not piece:
            raise ConnectionError
        data += piece
    return bytes(data)


def _surroundings(arguments: list[str]) -> dict[str, object]:
    columns, lines = 0, 0
    if os.isatty(STDOUT):
        columns, lines = os.get_terminal_size(STDOUT)
    with suppress(KeyError, ValueError):
        columns = int(os.environ["COLUMNS"])
    return {
        "arguments": arguments,
        "directory": os.getcwd(),  # noqa: PTH109 - pathlib costs a third of the start
        "input_tty": os.isatty(STDIN),
        "output_tty": os.isatty(STDOUT),
        "width": columns,
        "height": lines,
    }


def _converse(wire: socket.socket) -> int:
    while True:
        kind, payload = receive(wire)
        if kind == OUTPUT:
            _print(payload)
        elif kind == READ:
            with _echo(is_on=payload != b"0"):
                send(wire, INPUT, _input(wire))
        elif kind == EXIT:
            return int(payload)


def _print(data: bytes) -> None:
    while data:
        data = data[os.write(STDOUT, data) :]


def _input(wire: socket.socket) -> bytes:
    """What is typed next; empty at the end of the input, and when the far end goes away while we wait."""
    try:
        ready, _, _ = select.select([STDIN, wire.fileno()], [], [])
        return os.read(STDIN, CHUNK) if STDIN in ready else b""
    except OSError:
        return b""


@contextmanager
def _echo(*, is_on: bool) -> Iterator[None]:
    if is_on or not os.isatty(STDIN):
        yield
        return
    before = termios.tcgetattr(STDIN)
    silent = termios.tcgetattr(STDIN)
    silent[3] &= ~termios.ECHO
    # What was typed ahead stays: a program that answers the prompt may be quicker than we are.
    termios.tcsetattr(STDIN, termios.TCSADRAIN, silent)
    try:
        yield
    finally:
        termios.tcsetattr(STDIN, termios.TCSADRAIN, before)
