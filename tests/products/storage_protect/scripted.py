"""A door to a client that follows a script: how it asks, what it answers, when it falls silent or ends."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cloutui.products.storage_protect.patience import Patience

HURRY = Patience(sign_in_s=2, silence_s=0.2, quiet_s=0.02, promptless_s=0.1, farewell_s=0.1)
"""For scripts: nothing takes time there."""

SILENT = b"<silent>"
"""In a script: from here on the client says nothing more."""
ENDS = b"<ends>"
"""In a script: the client ends here."""

_MARK = re.compile(r"SELECT '([^']*)' FROM SYSIBM.SYSDUMMY1")

Client = Callable[["ScriptedChannel"], Iterator[bytes]]


@dataclass
class ScriptedDoor:
    """Opens channels that all follow the same script."""

    client: Callable[[ScriptedChannel], object]
    piece: int = 1 << 20
    """How many bytes come at once."""
    address: str = "a script"
    server_stanza: str | None = None
    credentials_file: str | None = None
    arguments: list[str] = field(default_factory=list)
    channels: list[ScriptedChannel] = field(default_factory=list)

    async def open(self, server: str, arguments: Sequence[str]) -> ScriptedChannel:
        self.arguments = list(arguments)
        channel = ScriptedChannel(self)
        self.channels.append(channel)
        return channel


class ScriptedChannel:
    def __init__(self, door: ScriptedDoor) -> None:
        self.typed: list[str] = []
        self.is_closed = False
        self.status: int | None = None
        self._piece = door.piece
        self._output = bytearray()
        self._has_news = asyncio.Event()
        self._is_ended = False
        self._is_silent = False
        self._keyboard: asyncio.Queue[str] = asyncio.Queue()
        self._program = asyncio.create_task(door.client(self))

    def say(self, text: bytes) -> None:
        """Write, as far as the script goes."""
        for part in re.split(b"(<silent>|<ends>)", text):
            if self._is_silent or self._is_ended:
                return
            self._is_silent = part == SILENT
            self._is_ended = part == ENDS
            if part not in {SILENT, ENDS}:
                self._output += part
            self._has_news.set()

    def end(self, status: int | None) -> None:
        self.status = status
        self._is_ended = True
        self._has_news.set()

    async def line(self) -> str:
        """The next line that is typed."""
        return await self._keyboard.get()

    async def read(self) -> bytes:
        while not self._output:
            if self._is_ended or self.is_closed:
                return b""
            self._has_news.clear()
            await self._has_news.wait()
        piece = bytes(self._output[: self._piece])
        del self._output[: self._piece]
        return piece

    async def write(self, data: bytes) -> None:
        assert data.endswith(b"\n")
        for line in data.decode().split("\n")[:-1]:
            self.typed.append(line)
            self._keyboard.put_nowait(line)

    async def wait(self) -> int | None:
        while not self._is_ended:
            self._has_news.clear()
            await self._has_news.wait()
        return self.status

    async def close(self) -> None:
        self.is_closed = True
        self._has_news.set()
        self._program.cancel()


def client(
    answers: Mapping[str, bytes] | None = None,
    *,
    password: str = "right",
    question: bytes = b"Enter your password:  ",
    greeting: bytes = b"",
    prompt: bytes = b"Protect: SPA01>",
    echo: bool = False,
    end: bytes = b"\n",
    page_ends: int = 0,
) -> Callable[[ScriptedChannel], object]:
    """A client that behaves: `answers` by the beginning of a command, a page end before so many of its answers."""

    async def run(channel: ScriptedChannel) -> None:
        nonlocal page_ends
        if question:
            channel.say(question)
            while await channel.line() != password:
                channel.say(end + b"ANS1051I Invalid user id or password" + end + question)
            channel.say(end)
        channel.say(greeting)
        while True:
            channel.say(prompt)
            command = await channel.line()
            if echo:
                channel.say(command.encode() + b"\r\n")
            if command == "quit":
                channel.end(0)
                return
            if mark := _MARK.fullmatch(command):
                channel.say(mark[1].encode() + end)
                continue
            for beginning, answer in (answers or {}).items():
                if command.startswith(beginning):
                    lines = answer.replace(b"\n", end)
                    if page_ends:
                        page_ends -= 1
                        first, _, rest = lines.partition(end)
                        channel.say(first + end + b"more...   (<ENTER> to continue, 'C' to cancel)")
                        await channel.line()
                        lines = rest
                    channel.say(lines)

    return run
