"""A gateway on loopback, users, and clients."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, TextIO

import asyncssh
import pytest
from textual.app import App, ComposeResult
from textual.events import Click, Paste
from textual.widgets import Static

from cloutui.gateway.commands import NoCommands
from cloutui.gateway.limits import Limits
from cloutui.gateway.live import Console
from cloutui.gateway.server import Gateway
from cloutui.gateway.sign_in import SignedIn
from cloutui.gateway.terminal import Terminal
from cloutui.gateway.throttle import Throttle
from tests.gateway.open_ssh import Dialler
from tests.gateway.people import KEY_ALONE, PASSWORD_ALONE, People, Person
from tests.gateway.waiting import until

SECRET = "hunter2-the-secret-of-a-variable"


class Small(App[None]):
    """An application that says what happens to it."""

    CSS = "Static { color: #12ab34; background: #102030; height: 1fr }"
    BINDINGS: ClassVar[Any] = [("q", "quit", ""), ("b", "break_down", "")]

    def __init__(self) -> None:
        super().__init__()
        self.lines = ["ready"]

    def compose(self) -> ComposeResult:
        yield Static("ready", markup=False)

    def say(self, line: str) -> None:
        self.lines.append(line)
        self.query_one(Static).update("\n".join(self.lines[-8:]))

    def on_key(self, event: Any) -> None:
        self.say(f"key {event.key}")

    def on_resize(self, event: Any) -> None:
        self.call_later(self.say, f"size {event.size.width}x{event.size.height}")

    def on_paste(self, event: Paste) -> None:
        self.say(f"paste {event.text}")

    def on_click(self, event: Click) -> None:
        self.say(f"click {event.screen_x},{event.screen_y}")

    def action_break_down(self) -> None:
        password = SECRET
        raise ZeroDivisionError(str(len(password)))


class Commands:
    """Knows `report`, which tells what it was given."""

    def knows(self, words: Any) -> bool:
        return bool(words[0] == "report")

    async def run(self, who: SignedIn, words: Any, stdin: TextIO, stdout: TextIO, stderr: TextIO) -> int:
        def work() -> int:
            stdout.write(f"{who.user}: {'|'.join(words)}\n")
            stderr.write("noted\n")
            if "--long" in words:
                stdout.write("x" * 3_000_000 + "\n")
            return 3

        return await asyncio.to_thread(work)


@dataclass
class House:
    """Everything that a test may want to reach."""

    folder: Path
    people: People
    key: Path
    limits: Limits = field(default_factory=lambda: Limits(idle_s=0, grace_s=0, ending_s=3))
    make: Callable[[SignedIn, Terminal], App[Any]] = lambda _who, _terminal: Small()
    throttle: Throttle | None = None
    apps: list[Any] = field(default_factory=list)
    gateway: Gateway = None  # type: ignore[assignment]
    dialler: Dialler = None  # type: ignore[assignment]
    commands: Any = None

    async def open(self, **limits: Any) -> None:
        self.limits = replace(self.limits, **limits)
        host_key = asyncssh.generate_private_key("ssh-ed25519")
        self.gateway = Gateway(
            host_key,
            self.people,
            self._console,
            commands=self.commands or NoCommands(),
            limits=self.limits,
            throttle=self.throttle,
        )
        await self.gateway.start("127.0.0.1", 0)
        self.dialler = Dialler(self.folder, self.gateway.port, host_key.export_public_key("openssh").decode().strip())

    async def _console(self, who: SignedIn, terminal: Terminal) -> Console:
        app = self.make(who, terminal)
        self.apps.append(app)
        return Console(app, lambda text: app.say(text) if isinstance(app, Small) else None)

    async def gone(self) -> None:
        """Nothing is left of those who were there."""
        await until(lambda: not self.gateway.connections and not self.gateway.busy_channels)


@pytest.fixture(scope="session")
def user_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "id"
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(path)
    path.chmod(0o600)
    return path


@pytest.fixture
async def house(tmp_path: Path, user_key: Path) -> AsyncIterator[House]:
    if not shutil.which("ssh"):
        pytest.skip("needs the OpenSSH client")
    key = asyncssh.read_private_key(user_key).public_data
    people = People(
        {
            "kim": Person(keys=[key], requirement=KEY_ALONE),
            "alice": Person(password="correct horse", keys=[b"hers"], secret=b"alice's secret......"),
            "bob": Person(keys=[key], secret=b"bob's secret........"),
            "pat": Person(password="battery staple", requirement=PASSWORD_ALONE),
        }
    )
    built = House(tmp_path, people, user_key)
    try:
        yield built
    finally:
        if built.gateway is not None:
            await built.gateway.stop(0)
