"""Many consoles over SSH on one gateway: real OpenSSH clients on pseudo-terminals, beside the gateway on one machine.

The gateway is a process of its own, with one installation on the cache of `fleet_cache`; its readers see a unit of 500
nodes. The clients come one after the other and press a key every two seconds each. Then as many connections as
`BENCH_CYCLES` says come and go at every moment of their lives, and what they leave behind is counted.

The clients take a part of the processor that users at their own machines would not.
"""

from __future__ import annotations

import asyncio
import fcntl
import gc
import json
import os
import pty
import random
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncssh

from benchmarks.fleet_cache import HOME, JOBS, open_fleet_cache

CLIENTS = int(os.environ.get("BENCH_CLIENTS", "50"))
CYCLES = int(os.environ.get("BENCH_CYCLES", "1000"))
STAGGER_S, KEY_EVERY_S, KEYS = 0.3, 2.0, int(os.environ.get("BENCH_KEYS", "15"))
SIZE = (140, 40)
SIGN = b"Jobs matrix"
"""In the first paint."""
DATA = "500 nodes ×".encode()
_TIMEOUT_S = 30.0
_FIRST_PAINT_MS, _KEY_P99_MS, _SESSION_MB = 200, 200, 5


def measure() -> list[dict[str, Any]]:
    cache, records = open_fleet_cache()
    cache.close()
    records.close()
    return asyncio.run(_measure())


async def _measure() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        key = Path(folder) / "id"
        asyncssh.generate_private_key("ssh-ed25519").write_private_key(key)
        key.chmod(0o600)
        async with House(key) as house:
            figures = await _users(house)
            figures += await _cycles(house)
        return figures


async def _users(house: House) -> list[dict[str, Any]]:
    # What the first reader's questions load, all others use.
    first = Client(house)
    await first.start()
    await first.until(DATA)
    before = await house.state()
    clients, paints = [], []
    for _ in range(CLIENTS):
        began = time.perf_counter()
        clients.append(client := Client(house))
        await client.start()
        paints.append(await client.until(SIGN))
        await asyncio.sleep(max(0.0, STAGGER_S - (time.perf_counter() - began)))
    for client in clients:
        await client.until(DATA)
    signed_in = await house.state()
    dice = random.Random(1)
    waits = await asyncio.gather(*(client.press_keys(dice.random() * KEY_EVERY_S) for client in clients))
    keys = sorted(wait for each in waits for wait in each)
    after = await house.state()
    for client in (first, *clients):
        await client.leave()
    return [
        _figure("SSH: first paint, median", statistics.median(paints), "ms", budget=_FIRST_PAINT_MS),
        _figure("SSH: first paint, slowest", max(paints), "ms"),
        _figure("SSH: key to paint, median", statistics.median(keys), "ms"),
        _figure("SSH: key to paint, p99", keys[int(len(keys) * 0.99) - 1], "ms", budget=_KEY_P99_MS),
        _figure("SSH: memory of a console", (after["rss_mb"] - before["rss_mb"]) / CLIENTS, "MB", budget=_SESSION_MB),
        _figure("SSH: loop late while they come, worst", signed_in["late_ms"], "ms"),
        _figure("SSH: loop late while they work, worst", after["late_ms"], "ms"),
        _figure("SSH: stopped by garbage while they come, worst", signed_in["garbage_ms"], "ms"),
        _figure("SSH: stopped by garbage while they work, worst", after["garbage_ms"], "ms"),
        _figure("SSH: processor of the gateway meanwhile", 100 * after["cpu"], "%"),
    ]


async def _cycles(house: House) -> list[dict[str, Any]]:
    dice, few_at_once = random.Random(2), asyncio.Semaphore(4)

    async def come_and_go() -> None:
        async with few_at_once:
            await _visit(house, dice.choice(("door", "signed in", "starting", "painted", "quit")))

    await asyncio.gather(*(come_and_go() for _ in range(CYCLES // 10)))
    before = await house.emptied()
    await asyncio.gather(*(come_and_go() for _ in range(CYCLES)))
    after = await house.emptied()
    return [
        _figure(f"SSH: left of {CYCLES} visits, {what}", after[what] - before[what], unit)
        for what, unit in (("consoles", ""), ("connections", ""), ("tasks", ""), ("files", ""), ("rss_mb", "MB"))
    ]


async def _visit(house: House, leaves_when: str) -> None:
    """One that comes, and leaves at that moment without a word, but for `quit`."""
    if leaves_when == "door":
        _, writer = await asyncio.open_connection("127.0.0.1", house.port)
        writer.write(b"SSH-2.0-visitor\r\n")
        writer.close()
        return
    connection = await asyncssh.connect(
        "127.0.0.1", house.port, username="bench", client_keys=[str(house.key)], known_hosts=None, config=None
    )
    if leaves_when != "signed in":
        channel, visitor = await connection.create_session(Visitor, term_type="xterm-256color", encoding=None)
        if leaves_when != "starting":
            await asyncio.wait_for(visitor.painted.wait(), _TIMEOUT_S)
        if leaves_when == "quit":
            channel.write(b"\x11")
            await asyncio.wait_for(channel.wait_closed(), _TIMEOUT_S)
    connection.abort()


class Visitor(asyncssh.SSHClientSession[bytes]):
    def __init__(self) -> None:
        self.painted = asyncio.Event()

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        if SIGN in data:
            self.painted.set()


def _figure(name: str, value: float, unit: str, budget: float | None = None) -> dict[str, Any]:
    found = {"name": name, "value": round(value, 1), "unit": unit, "rows": JOBS}
    return found if budget is None else {**found, "budget": budget}


class Client:
    """One `ssh` on a pseudo-terminal of its own."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._seen = b""
        self._news = asyncio.Event()

    async def start(self) -> None:
        self._terminal, there = pty.openpty()
        fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
        self._began = time.perf_counter()
        self._process = await asyncio.create_subprocess_exec(
            *("ssh", "-F", "none", "-tt", "-i", str(self._house.key), "-p", str(self._house.port)),
            *("-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"),
            *("-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "bench@127.0.0.1"),
            stdin=there,
            stdout=there,
            stderr=there,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color"},
        )
        os.close(there)
        os.set_blocking(self._terminal, False)
        asyncio.get_running_loop().add_reader(self._terminal, self._read)

    def _read(self) -> None:
        try:
            self._seen += os.read(self._terminal, 65_536)
        except OSError:
            asyncio.get_running_loop().remove_reader(self._terminal)
        self._news.set()

    async def until(self, sign: bytes) -> float:
        """Until that was sent. Returns how long it has been since the client was started, in ms."""
        await self._wait_until(lambda: sign in self._seen)
        return (time.perf_counter() - self._began) * 1000

    async def press_keys(self, first_after_s: float) -> list[float]:
        """Down, and up again. Returns how long each took until something was painted, in ms."""
        await asyncio.sleep(first_after_s)
        waits = []
        for number in range(KEYS):
            self._seen = b""
            began = time.perf_counter()
            os.write(self._terminal, b"\x1b[A" if number % 2 else b"\x1b[B")
            await self._wait_until(lambda: self._seen)
            waits.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(max(0.0, KEY_EVERY_S - (time.perf_counter() - began)))
        return waits

    async def _wait_until(self, condition: Callable[[], object]) -> None:
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                while not condition():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise TimeoutError(f"nothing came in {_TIMEOUT_S:g} s: {self._seen[-500:]!r}") from None

    async def leave(self) -> None:
        os.write(self._terminal, b"\x11")
        await asyncio.wait_for(self._process.wait(), _TIMEOUT_S)
        asyncio.get_running_loop().remove_reader(self._terminal)
        os.close(self._terminal)


class House:
    """The gateway's process, seen from here."""

    def __init__(self, key: Path) -> None:
        self.key = key
        self.port = 0

    async def __aenter__(self) -> House:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.bench_ssh", str(self.key)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self.port = (await self._line())["port"]
        return self

    async def _line(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        return dict(json.loads(await asyncio.wait_for(self._process.stdout.readline(), _TIMEOUT_S)))

    async def state(self) -> dict[str, Any]:
        """As it is now; the lateness and the processor are those since it was last asked."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")
        return await self._line()

    async def emptied(self) -> dict[str, Any]:
        """When everybody has left, and what they left has been swept."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_TIMEOUT_S):
                while (await self.state())["connections"]:  # noqa: ASYNC110 - another process
                    await asyncio.sleep(0.2)
        await asyncio.sleep(5)
        return await self.state()

    async def __aexit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await asyncio.wait_for(self._process.wait(), _TIMEOUT_S)


class Bench:
    """The one user that there is."""

    def __init__(self, key: bytes) -> None:
        from cloutui.gateway.sign_in import Factor, ways

        self._key = key
        self._requirement = ways({Factor.KEY})

    async def requirement(self, user: str) -> Any:
        return self._requirement

    async def keys_of(self, user: str) -> Collection[bytes]:
        return [self._key]

    async def verify_password(self, user: str, password: str) -> bool:
        return False

    async def verify_code(self, user: str, code: str) -> bool:
        return False

    async def barred(self, user: str) -> str:
        return ""

    async def record(self, attempt: Any) -> None:
        pass

    async def left(self, who: Any) -> None:
        pass


class Lateness:
    """How late the loop is for what is due every 20 ms, and how long the collector of garbage stopped everybody."""

    def __init__(self) -> None:
        self.worst_ms = self.garbage_ms = self._began = 0.0
        gc.callbacks.append(self._garbage)

    def _garbage(self, phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.thread_time()
        else:
            self.garbage_ms = max(self.garbage_ms, (time.thread_time() - self._began) * 1000)

    async def watch(self) -> None:
        while True:
            due = time.perf_counter() + 0.02
            await asyncio.sleep(0.02)
            self.worst_ms = max(self.worst_ms, (time.perf_counter() - due) * 1000)


async def serve(key: Path) -> None:
    """The gateway's process: a line of JSON for each line that it is sent, until there are no more."""
    from dataclasses import replace

    from cloutui.gateway.console import consoles_of, rehearse
    from cloutui.gateway.limits import Limits
    from cloutui.gateway.process import prepare
    from cloutui.gateway.server import Gateway
    from cloutui.home import Home
    from cloutui.installation import Installation

    loop = asyncio.get_running_loop()
    prepare(loop)
    installation = await asyncio.to_thread(Installation.open, Home.at(HOME))
    settings = installation.settings
    installation.settings = replace(settings, display=replace(settings.display, start="matrix"))
    reader = installation.principal("ssh")
    unit = installation.find_unit("Bench/First", reader)

    async def principal_of(_who: Any) -> Any:
        return replace(reader, unit_id=unit)

    await rehearse(installation)
    gateway = Gateway(
        asyncssh.generate_private_key("ssh-ed25519"),
        Bench(asyncssh.read_private_key(key).public_data),
        consoles_of(installation, principal_of, host="127.0.0.1"),
        limits=Limits(strangers_of_one_source=100, consoles=1000, idle_s=0),
    )
    await gateway.start("127.0.0.1", 0)
    print(json.dumps({"port": gateway.port}), flush=True)
    lateness = Lateness()
    watching = asyncio.create_task(lateness.watch())
    asked_at, used_s = time.perf_counter(), time.process_time()
    while await asyncio.to_thread(sys.stdin.readline):
        now, used = time.perf_counter(), time.process_time()
        print(json.dumps(_state(gateway, lateness, cpu=(used - used_s) / (now - asked_at))), flush=True)
        asked_at, used_s = now, used
        lateness.worst_ms = lateness.garbage_ms = 0.0
    watching.cancel()
    await gateway.stop(0)
    await asyncio.to_thread(installation.close)


def _state(gateway: Any, lateness: Lateness, *, cpu: float) -> dict[str, float]:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {
        "rss_mb": pages * os.sysconf("SC_PAGE_SIZE") / 1e6,
        "consoles": len(gateway.sessions),
        "connections": gateway.connections,
        "tasks": len(asyncio.all_tasks()),
        "files": len(list(Path("/proc/self/fd").iterdir())),
        "late_ms": lateness.worst_ms,
        "garbage_ms": lateness.garbage_ms,
        "cpu": cpu,
    }


if __name__ == "__main__":
    if len(sys.argv) == 2:
        asyncio.run(serve(Path(sys.argv[1])))
    else:
        for figure in measure():
            print(figure)
