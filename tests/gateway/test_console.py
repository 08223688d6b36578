"""A console through the real OpenSSH client: it is painted, it hears, and it leaves the terminal as it was."""

from __future__ import annotations

import pytest

from cloutui.gateway.driver import LEAVE
from tests.gateway.conftest import House

pytestmark = pytest.mark.ssh


async def test_keys_mouse_paste_and_size_reach_the_application(house: House) -> None:
    await house.open()
    async with house.dialler.dial("kim", key=house.key) as ssh:
        await ssh.sees("ready")
        ssh.type("\x1b[B")
        await ssh.sees("key down")
        ssh.resize(100, 30)
        await ssh.sees("size 100x30")
        ssh.type("\x1b")
        await ssh.sees("key escape")
        ssh.type("\x1b[<0;5;3M\x1b[<0;5;3m")
        await ssh.sees("click 4,2")
        ssh.type("\x1b[200~Fjørd\x1b[201~")
        await ssh.sees("paste Fjørd")
        ssh.type("q")
        assert await ssh.status() == 0
        assert LEAVE.encode() in ssh.raw
    await house.gone()
