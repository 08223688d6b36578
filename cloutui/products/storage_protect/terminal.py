"""One login to `dsmadmc` and many commands: what is typed, and which bytes belong to which answer.

The client is a program for people: it shows a prompt before each command, and nothing after an answer. So each command
is followed by a SELECT of a random string, and the row that says it is where the answer ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from cloutui.errors import Garbled, Unreachable
from cloutui.products.storage_protect import prompts
from cloutui.products.storage_protect.doors.door import Channel, Door
from cloutui.products.storage_protect.lines import clean, split
from cloutui.products.storage_protect.messages import Message
from cloutui.products.storage_protect.patience import Patience, read
from cloutui.products.storage_protect.quoting import one_command
from cloutui.products.storage_protect.refusals import why_ended
from cloutui.products.storage_protect.sign_in import Credentials, client_arguments, sign_in

MOST_ANSWER_BYTES = 1 << 30
"""A longer answer is cut off: it would not fit in memory with what is made of it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The bytes of one answer."""

    body: bytes
    broke_off: str = ""
    """Why the answer has no end; empty when it has one."""


class AdminTerminal:
    """A signed-in client. One command at a time."""

    def __init__(self, server: str, address: str, channel: Channel, patience: Patience) -> None:
        self._server = server
        self._address = address
        self._channel = channel
        self._patience = patience
        self._tag = f"cloutui-{secrets.token_hex(12)}-"
        self._asked = 0
        self._ahead = b""
        """What came after the end of the last answer: the prompt, or the beginning of one."""
        self.greeting: Sequence[Message] = ()
        """What was said at the sign-in."""
        self.broke_off = ""
        """Why nothing more can be asked; empty while it can."""

    @classmethod
    async def open(cls, server: str, door: Door, credentials: Credentials, patience: Patience) -> AdminTerminal:
        """Start a client and sign in. Raises: ProductError, Invalid."""
        channel = await door.open(server, client_arguments(door, credentials.administrator))
        terminal = cls(server, door.address, channel, patience)
        password = None if door.credentials_file else credentials.password
        try:
            async with asyncio.timeout(patience.sign_in_s):
                terminal.greeting = await sign_in(channel, server, door.address, password, patience)
        except TimeoutError:
            await channel.close()
            raise Unreachable(server, door.address, f"no sign-in within {patience.sign_in_s:g} s") from None
        except BaseException:
            await channel.close()
            raise
        return terminal

    async def ask(self, command: str) -> Reply:
        """Send one command and collect its answer. Raises: ProductError, when not even the first is answered."""
        if self.broke_off:
            raise Garbled(self._server, f"nothing more can be asked: {self.broke_off}")
        self._asked += 1
        mark = f"{self._tag}{self._asked}"
        question = one_command(command).encode()
        end = f"SELECT '{mark}' FROM SYSIBM.SYSDUMMY1\n".encode()
        await self._channel.write(question + b"\n" + end)
        reply = await self._collect(mark.encode(), end)
        body = prompts.without(reply.body, question, self._tag.encode())
        if reply.broke_off:
            await self._give_up(body, reply.broke_off)
        return Reply(body, reply.broke_off)

    async def leave(self) -> None:
        """Say goodbye, and leave nothing running."""
        if not self.broke_off:
            self.broke_off = "the session is over"
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._patience.farewell_s):
                    await self._channel.write(b"quit\n")
                    while await self._channel.read():
                        pass
        await self._channel.close()

    async def _collect(self, mark: bytes, end: bytes) -> Reply:
        closing = prompts.closing(mark)
        pieces = [self._ahead]
        size = len(self._ahead)
        tail = self._ahead
        is_waiting = True
        while True:
            nudge, wait_s = (b"", self._patience.silence_s) if is_waiting else self._nudge(tail, end)
            piece = await read(self._channel, wait_s)
            if piece is None and nudge:
                await self._channel.write(nudge)
                is_waiting = True
                continue
            if not piece:
                silent = f"silent for {self._patience.silence_s:g} s"
                return Reply(b"".join(pieces), silent if piece is None else "the connection was cut")
            is_waiting = False
            pieces.append(piece)
            size += len(piece)
            window = tail + piece
            tail = window[-prompts.TAIL :]
            if mark in window and (found := closing.search(window)):
                self._ahead = window[found.end() :]
                return Reply(b"".join(pieces)[: size - len(window) + found.start()])
            if size > MOST_ANSWER_BYTES:
                return Reply(b"".join(pieces), f"more than {MOST_ANSWER_BYTES >> 20} MiB came")

    def _nudge(self, tail: bytes, end: bytes) -> tuple[bytes, float]:
        """What to type when nothing more comes, and after how long. Empty: nothing, the answer has broken off.

        A client that stops at the end of a page takes the closing SELECT for the key it waits for. Then it is sent
        again; one too many does no harm.
        """
        if prompts.is_at_page_end(tail):
            return b"\n" + end, self._patience.quiet_s
        if prompts.is_at_prompt(tail):
            return end, self._patience.promptless_s
        return b"", self._patience.silence_s

    async def _give_up(self, body: bytes, reason: str) -> None:
        """Nothing more can be asked. Raises: ProductError, when nothing was answered at all: then we were never in."""
        self.broke_off = reason
        status = None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._patience.farewell_s):
                status = await self._channel.wait()
        await self._channel.close()
        texts, messages = split(clean(body))
        if self._asked == 1 and not any(str(text).strip() for text in texts):
            raise why_ended(self._server, self._address, messages, status, otherwise=reason if status is None else "")
