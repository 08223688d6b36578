"""A secret is where it is needed, and nowhere that anybody else could look."""

from __future__ import annotations

import asyncio
import logging
import sys
import traceback
from pathlib import Path

import pytest

from cloutui.errors import CloutuiError, SignInRefused
from cloutui.products.observation import NODES
from cloutui.products.storage_protect.doors.local import LocalDoor
from cloutui.products.storage_protect.sign_in import Credentials
from cloutui.products.storage_protect.terminal import AdminTerminal
from tests.products.storage_protect.conftest import Site
from tests.products.storage_protect.scripted import HURRY
from tests.products.storage_protect.test_simulated import WINDOW

CANARY = "canary-e1f7-password"

# Shows what anybody on this host can see of processes, from inside one.
_NOSY_CLIENT = f"""#!{sys.executable} -IS
import pathlib, sys, termios
attributes = termios.tcgetattr(0)
sys.stdout.write("Enter your password:  ")
sys.stdout.flush()
password = sys.stdin.readline().strip()
print()
seen = b"".join(
    path.joinpath(name).read_bytes()
    for path in pathlib.Path("/proc").glob("[0-9]*") for name in ("cmdline",)
    if path.joinpath(name).exists()
)
environment = pathlib.Path("/proc/self/environ").read_bytes()
print("ANR9999I", "seen" if password.encode() in seen + environment else "hidden", len(password), "echo",
      bool(attributes[3] & termios.ECHO))
sys.stdout.write("Protect: X>")
sys.stdout.flush()
sys.stdin.readline()
"""


async def test_no_process_shows_the_password_and_no_terminal_echoes_it(tmp_path: Path) -> None:
    file = tmp_path / "dsmadmc"
    await asyncio.to_thread(file.write_text, _NOSY_CLIENT)
    await asyncio.to_thread(file.chmod, 0o700)
    credentials = Credentials(administrator="CLOUTUI", password=lambda: CANARY)
    terminal = await AdminTerminal.open("SPA01", LocalDoor(command=str(file)), credentials, HURRY)
    await terminal.leave()
    assert [message.text for message in terminal.greeting] == [f"ANR9999I hidden {len(CANARY)} echo False"]


@pytest.mark.parametrize("door", ["ssh", "local"])
async def test_no_log_error_or_object_holds_the_password(
    site: Site, door: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asked = []

    def password() -> str:
        asked.append(door)
        # The right one, made anew each time, so that what holds it can be told apart from the fixture.
        return site.server.password + ("" if len(asked) == 1 else CANARY)

    right = site.server.password
    async with site.product(door, password=password).converse() as conversation:
        async for observation in conversation.observe((NODES,), WINDOW):
            assert right not in repr(observation)
        shown = [repr(conversation), repr(vars(conversation)), repr(vars(conversation._terminal))]
    with pytest.raises(SignInRefused) as refused:
        async with site.product(door, password=password).converse():
            pass
    error: CloutuiError = refused.value
    shown += [caplog.text, str(error), error.hint, "".join(traceback.format_exception(error))]
    assert caplog.records or door == "local", "nothing logged proves nothing"
    for text in shown:
        assert right not in text
        assert CANARY not in text
