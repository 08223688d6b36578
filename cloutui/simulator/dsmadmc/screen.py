"""What the program writes: line ends, code page, the copy in a file, paging, and the faults of an answer under way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import BinaryIO

from cloutui.simulator.dsmadmc.host import Terminal
from cloutui.simulator.faults import NONE, Fault

MORE = "more...   (<ENTER> to continue, 'C' to cancel)"


class ConnectionCut(Exception):
    """The `truncated` fault: the door closes the connection and gives no exit status."""


class Screen:
    """The program's standard output. Nothing is ever written to standard error."""

    def __init__(self, terminal: Terminal, *, copy: BinaryIO | None = None, is_paged: bool = False) -> None:
        self._terminal = terminal
        self._copy = copy
        self._is_paged = is_paged and terminal.height > 1
        self._lines_shown = 0
        self._is_cancelled = False
        self.fault: Fault = NONE
        """The fault whose language, line ends and delays are in force."""

    def begin(self) -> None:
        """A new answer: nothing is shown of it yet, and a cancelled one is over."""
        self._lines_shown = 0
        self._is_cancelled = False

    async def say(self, *lines: str) -> None:
        """Write whole lines."""
        for line in lines:
            await self._page()
            if self._is_cancelled:
                return
            self._lines_shown += 1
            await self._put(line + "\n")

    async def ask(self, question: str, *, echo: bool = True) -> str | None:
        """Write a question, stay on its line, and read the answer; None at the end of the input."""
        self.begin()
        await self._put(question)
        answer = await self._terminal.read_line(echo=echo)
        if not echo:
            await self._put("\n")
        return answer

    async def answer(self, lines: Sequence[str]) -> None:
        """Write lines that come from the server, with what its fault does to them. Raises: ConnectionCut."""
        if self.fault.mid_row and lines:
            await self._stop_mid_row(lines)
        if self.fault.row_delay_s:
            for line in lines:
                await asyncio.sleep(self.fault.row_delay_s)
                await self.say(line)
        elif self._is_paged:
            await self.say(*lines)
        elif lines:
            await self._put("\n".join(lines) + "\n")

    async def _stop_mid_row(self, lines: Sequence[str]) -> None:
        middle = len(lines) // 2
        await self._put("".join(line + "\n" for line in lines[:middle]) + lines[middle][: len(lines[middle]) // 2])
        if self.fault.mid_row == "cut":
            raise ConnectionCut
        # Nobody ever sets it: only the end of the connection ends this wait.
        await asyncio.Event().wait()

    async def _page(self) -> None:
        if not self._is_paged or self._is_cancelled or self._lines_shown < self._terminal.height - 1:
            return
        await self._put(MORE)
        reply = await self._terminal.read_line()
        self._lines_shown = 0
        self._is_cancelled = reply is None or reply.strip().upper() == "C"

    async def _put(self, text: str) -> None:
        if self.fault.line_end != "\n":
            text = text.replace("\n", self.fault.line_end)
        data = text.encode(self.fault.locale.encoding, errors="replace")
        if self._copy is not None:
            self._copy.write(data)
        await self._terminal.write(data)
