"""One run of `dsmadmc`, from its arguments to its exit status.

Batch mode has its command on the command line, and needs id and password there too. Otherwise commands come one a line
from the input until `quit` or its end; on a terminal a prompt stands before each, also with `-DATAONLY` (unverified).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from typing import BinaryIO, TypeVar

from cloutui.simulator.dsmadmc import banner, messages, shapes
from cloutui.simulator.dsmadmc.commands import Asker, answer, asks_first, close_session, open_session
from cloutui.simulator.dsmadmc.console import watch
from cloutui.simulator.dsmadmc.host import Host, Server, Stand, Terminal
from cloutui.simulator.dsmadmc.locale import ENGLISH
from cloutui.simulator.dsmadmc.login import Credentials, SessionRefused, log_in, supplied
from cloutui.simulator.dsmadmc.messages import say
from cloutui.simulator.dsmadmc.options import REFUSED_STATUS, Invocation, OptionRefused, Shape, parse
from cloutui.simulator.dsmadmc.reply import RC_CANCELED, Reply
from cloutui.simulator.dsmadmc.screen import Screen
from cloutui.simulator.dsmadmc.sheet import Sheet

T = TypeVar("T")

LONGEST_LINE = 16_000
"""Characters of one command. That there is a limit is known, its size is not."""

ROWS_AT_ONCE = 1_000
CONFIRMATION = "Do you wish to proceed? (Yes (Y)/No (N)) "
OUTPUT_FILE_REFUSED = 23


async def run(host: Host, terminal: Terminal, arguments: Sequence[str]) -> int:
    """Run the program. Returns its exit status as a shell sees it, 0 to 255. Raises: ConnectionCut."""
    try:
        invocation = parse(arguments)
    except OptionRefused as refused:
        await Screen(terminal).say(str(refused))
        return REFUSED_STATUS
    copy: BinaryIO | None = None
    path = invocation.value("OUTFILE")
    if path:
        try:
            copy = host.files.create(path)
        except OSError:
            await Screen(terminal).say(say("ANS8020E", ENGLISH, file=path))
            return OUTPUT_FILE_REFUSED
    is_paged = terminal.has_tty_input and terminal.has_tty_output and path is None and not invocation.command
    screen = Screen(terminal, copy=copy, is_paged=is_paged)
    try:
        return await Program(host, terminal, invocation, screen).run() & 0xFF
    finally:
        if copy is not None:
            copy.close()


class Program:
    """The run, after the options are understood."""

    def __init__(self, host: Host, terminal: Terminal, invocation: Invocation, screen: Screen) -> None:
        self._host = host
        self._terminal = terminal
        self._invocation = invocation
        self._screen = screen
        self._highest = 0
        self._is_interactive = not invocation.command and terminal.has_tty_input

    async def run(self) -> int:
        """Log in, run the commands, and return the highest return code."""
        try:
            credentials = supplied(self._invocation, self._host.files)
        except OSError:
            credentials = Credentials(None, None)
        if self._invocation.command and not credentials.are_complete:
            await self._screen.say(say("ANS8019E", self._screen.fault.locale))
            return messages.INCOMPLETE_LOGIN
        try:
            stand = self._stand()
            self._screen.fault = stand.switch.fault
            if self._invocation.is_talkative:
                await self._screen.say(*banner.program(stand.server))
            administrator = await log_in(stand, credentials, self._screen, may_ask=self._terminal.has_tty_input)
        except SessionRefused as refused:
            return await self._end_refused(refused)
        async with self._session(stand.server, administrator) as session:
            await self._greet(stand, administrator)
            if self._invocation.has("CONSOLEMODE") or self._invocation.has("MOUNTMODE"):
                only_mounts = not self._invocation.has("CONSOLEMODE")
                await watch(self._host, stand.server, self._screen, only_mounts=only_mounts)
            return await self._converse(stand, Asker(administrator, session))

    @asynccontextmanager
    async def _session(self, server: Server, administrator: str) -> AsyncIterator[int]:
        opening = asyncio.ensure_future(self._in_thread(lambda: open_session(server, administrator)))
        try:
            yield await asyncio.shield(opening)
        finally:
            # The server opens a session even when this run is cancelled meanwhile, so there is always one to close.
            number = await opening
            await self._in_thread(lambda: close_session(server, administrator, number))

    def _stand(self) -> Stand:
        """The server the options name; the first of the options file when they name none."""
        name, port = self._invocation.value("SERVERNAME"), self._invocation.value("TCPPORT")
        address = self._invocation.value("TCPSERVERADDRESS")
        if name is not None:
            if name.upper() not in self._host.stands:
                raise SessionRefused(messages.UNKNOWN_STANZA, "ANS1217E")
            return self._host.stands[name.upper()]
        if address is not None:
            for stand in self._host.stands.values():
                if address in (stand.server.address, stand.server.name) and port in (None, str(stand.server.port)):
                    return stand
            raise SessionRefused(messages.CONNECTION_FAILED, "ANS1017E", "ANS8023E")
        return next(iter(self._host.stands.values()))

    async def _end_refused(self, refused: SessionRefused) -> int:
        locale = self._screen.fault.locale
        await self._screen.say(*(say(code, locale) for code in refused.codes))
        if refused.status != messages.UNKNOWN_STANZA and self._invocation.is_talkative:
            await self._screen.say("")
            await self._trailer(refused.status)
        return refused.status

    async def _greet(self, stand: Stand, administrator: str) -> None:
        if self._invocation.is_talkative:
            lines = await self._in_thread(
                lambda: banner.session(stand.server, administrator, self._screen.fault.locale)
            )
            await self._screen.say(*lines)
        days = stand.switch.fault.password_expires_in_days
        if days is not None:
            await self._screen.say(say("ANS8004W", self._screen.fault.locale, days=days))

    async def _converse(self, stand: Stand, asker: Asker) -> int:
        async for command in self._commands(stand.server):
            self._screen.fault = stand.switch.fault
            self._screen.begin()
            if stand.switch.fault.refuses_connection:
                await self._end_refused(SessionRefused(messages.CONNECTION_FAILED, "ANS8041E"))
                return messages.CONNECTION_FAILED
            if self._invocation.is_talkative and not self._is_interactive:
                await self._screen.say(say("ANS8000I", self._screen.fault.locale, command=command))
            await self._obey(stand, command, asker)
        await self._trailer(self._highest)
        return self._highest

    async def _commands(self, server: Server) -> AsyncIterator[str]:
        if self._invocation.command:
            yield self._invocation.command
            return
        while (command := await self._next_command(server)) is not None:
            if command.strip().upper() == "QUIT":
                return
            if command.strip():
                yield command.strip()

    async def _next_command(self, server: Server) -> str | None:
        """A command of the input, its continued lines put together; None at the end."""
        is_prompted = self._is_interactive or self._invocation.has("ALWAYSPROMPT")
        prompt = banner.prompt(server) + ("\n" if self._invocation.has("NEWLINEAFTERPROMPT") else "")
        command = ""
        while True:
            line = await self._screen.ask(prompt if is_prompted else "")
            if line is None:
                return command or None
            if not line.rstrip().endswith(("-", "\\")):
                return command + line
            command += line.rstrip()[:-1]
            prompt = "cont> "

    async def _obey(self, stand: Stand, command: str, asker: Asker) -> None:
        if len(command) > LONGEST_LINE:
            await self._screen.say(say("ANS8026E", self._screen.fault.locale))
            return
        if asks_first(command) and not self._invocation.has("NOCONFIRM") and not await self._is_confirmed():
            await self._conclude(RC_CANCELED)
            return
        if self._screen.fault.statement_delay_s:
            await asyncio.sleep(self._screen.fault.statement_delay_s)
        reply = await self._in_thread(lambda: answer(self._host.stands, stand.server, command, asker))
        await self._show(reply)
        await self._conclude(reply.return_code)

    async def _is_confirmed(self) -> bool:
        reply = await self._screen.ask(CONFIRMATION)
        return reply is not None and reply.strip().upper() in ("Y", "YES")

    async def _conclude(self, return_code: int) -> None:
        self._highest = max(self._highest, return_code)
        if return_code:
            await self._screen.say(say("ANS8001I", self._screen.fault.locale, code=return_code))
        if self._invocation.is_talkative:
            await self._screen.say("")

    async def _show(self, reply: Reply) -> None:
        for part in reply.parts:
            if isinstance(part, Sheet):
                await self._show_sheet(part)
            else:
                await self._screen.answer(part.splitlines() or [""])

    async def _show_sheet(self, sheet: Sheet) -> None:
        locale, width = self._screen.fault.locale, self._terminal.width
        shape = shapes.chosen_shape(sheet, self._invocation.shape, width)
        is_titled = not self._invocation.is_dataonly
        if is_titled and shape in (Shape.TABLE, Shape.LIST):
            await self._screen.say("")
        lines = shapes.lines(sheet, shape, locale, width, with_headings=is_titled)
        while chunk := await self._in_thread(lambda: list(islice(lines, ROWS_AT_ONCE))):
            await self._screen.answer(chunk)

    async def _trailer(self, return_code: int) -> None:
        if self._invocation.is_talkative:
            await self._screen.say(say("ANS8002I", self._screen.fault.locale, code=return_code), "")

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._host.pool, work)
