"""Asking a fleet through its installed `dsmadmc`, as a program on the host does."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pexpect

from cloutui.simulator.serve import Fleet


async def ask(fleet: Fleet, *arguments: str, stdin: bytes = b"", directory: Path | None = None) -> tuple[int, bytes]:
    """Exit status and output. Nothing may appear on standard error."""
    process = await asyncio.create_subprocess_exec(
        fleet.folder.executables / "dsmadmc",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=directory,
    )
    stdout, stderr = await asyncio.wait_for(process.communicate(stdin), 60)
    assert stderr == b""
    return process.returncode, stdout


def spawn(fleet: Fleet, *arguments: str) -> pexpect.spawn:
    """The program on a terminal of 24 lines and 100 columns."""
    executable = str(fleet.folder.executables / "dsmadmc")
    return pexpect.spawn(executable, list(arguments), timeout=10, dimensions=(24, 100))
