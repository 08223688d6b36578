"""A real SSH server in front of one simulated server: the host where `dsmadmc` is installed.

It runs `dsmadmc ...` and nothing else. Its account is entered with the fleet's client key, or with the password of the
server's administrator. A pseudo-terminal has a line discipline but no editor, and lines out of it end with CR LF,
as everywhere.
"""

from __future__ import annotations

import asyncio
import shlex
from dataclasses import dataclass
from pathlib import PurePosixPath

import asyncssh

from cloutui.simulator.dsmadmc.host import Host
from cloutui.simulator.dsmadmc.line_discipline import LineDiscipline
from cloutui.simulator.dsmadmc.program import run
from cloutui.simulator.dsmadmc.screen import ConnectionCut
from cloutui.simulator.faults import Fault

ADDRESS = "127.0.0.1"
NOT_FOUND = 127
INTERRUPTED = 130
DEFAULT_WIDTH = 80
CHUNK = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who may come in."""

    user: str
    key: asyncssh.SSHKey
    password: str


class SshDoor:
    """The SSH port of one simulated host."""

    def __init__(self, host: Host, account: Account, host_key: asyncssh.SSHKey) -> None:
        self._host = host
        self._account = account
        self._host_key = host_key
        self._acceptor: asyncssh.SSHAcceptor | None = None
        self._connections: set[asyncssh.SSHServerConnection] = set()
        self._running: set[asyncio.Task[int]] = set()
        self.port = 0
        """Kept while the door is closed, so that it opens where it was."""

    @property
    def host_key(self) -> str:
        """The public host key as a known-hosts file writes it: `ssh-ed25519 AAAA...`."""
        return self._host_key.export_public_key("openssh").decode().strip()

    async def start(self, preferred_port: int = 0) -> None:
        """Listen at the preferred port, or at any when that is taken."""
        try:
            await self._listen(preferred_port)
        except OSError:
            await self._listen(0)

    async def _listen(self, port: int) -> None:
        self._acceptor = await asyncssh.create_server(
            lambda: _Guard(self._account, self._connections),
            ADDRESS,
            port,
            server_host_keys=[self._host_key],
            process_factory=self._serve,
            encoding=None,
            line_editor=False,
            reuse_address=True,
        )
        self.port = self._acceptor.get_port()

    async def stop(self) -> None:
        """Stop listening, and cut who is inside."""
        if self._acceptor is None:
            return
        acceptor, self._acceptor = self._acceptor, None
        acceptor.close()
        for connection in tuple(self._connections):
            connection.abort()
        await acceptor.wait_closed()
        # A program that is cut off still tells its server that the session is over.
        await asyncio.gather(*self._running, return_exceptions=True)

    async def obey(self, fault: Fault) -> None:
        """Close the port or open it again, as the fault says. Raises: OSError when somebody took the port meanwhile."""
        if fault.closes_ssh:
            await self.stop()
        elif self._acceptor is None:
            await self._listen(self.port)

    async def _serve(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        arguments = dsmadmc_arguments(process.command or "") if process.subsystem is None else None
        if arguments is None:
            process.stderr.write(b"This stand-in host runs dsmadmc and nothing else.\n")
            process.exit(NOT_FOUND)
            return
        terminal = SshTerminal(process)
        program = asyncio.create_task(run(self._host, terminal, arguments))
        self._running.add(program)
        program.add_done_callback(self._running.discard)
        keyboard = asyncio.create_task(terminal.pump(program))
        gone = asyncio.create_task(process.channel.wait_closed())
        try:
            await asyncio.wait({program, gone}, return_when=asyncio.FIRST_COMPLETED)
            await _finish(process, program)
        finally:
            keyboard.cancel()
            gone.cancel()
            program.cancel()


class SshTerminal:
    """The program's input and output at the far end of an SSH channel."""

    def __init__(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        self._process = process
        self._has_news = asyncio.Event()
        is_tty = process.get_terminal_type() is not None
        self.has_tty_input = self.has_tty_output = is_tty
        columns, rows, *_ = process.get_terminal_size() if is_tty else (0, 0)
        self.width = columns or DEFAULT_WIDTH
        self.height = rows
        self._discipline = _discipline_of(process) if is_tty else None
        self._buffer = bytearray()
        self._is_ended = False

    async def write(self, data: bytes) -> None:
        """Send bytes, and wait while the far end is slow. Raises: ConnectionCut when it is gone."""
        try:
            self._process.stdout.write(self._discipline.shown(data) if self._discipline else data)
            await self._process.stdout.drain()
        except (OSError, asyncssh.Error) as error:
            raise ConnectionCut from error

    async def read_line(self, *, echo: bool = True) -> str | None:
        """The next line; None at the end of the input."""
        was_echoing = self._discipline.echo if self._discipline else False
        if self._discipline:
            self._discipline.echo = was_echoing and echo
        try:
            return await self._wait_for_line()
        finally:
            if self._discipline:
                self._discipline.echo = was_echoing

    async def pump(self, program: asyncio.Task[int]) -> None:
        """Take what arrives until the input ends; an interrupt ends the program."""
        while True:
            try:
                data = await self._process.stdin.read(CHUNK)
            except asyncssh.TerminalSizeChanged:
                continue
            except (asyncssh.BreakReceived, asyncssh.SignalReceived):
                program.cancel()
                return
            except (OSError, asyncssh.Error):
                data = b""
            if not data:
                self._is_ended = True
                self._has_news.set()
                return
            if self._discipline is None:
                self._buffer += data
            else:
                self._process.stdout.write(self._discipline.feed(data))
                if self._discipline.is_interrupted:
                    program.cancel()
                    return
            self._has_news.set()

    async def _wait_for_line(self) -> str | None:
        while (line := self._take_line()) is None:
            if self._is_ended or (self._discipline and self._discipline.is_ended):
                return None
            self._has_news.clear()
            await self._has_news.wait()
        return line.decode("utf-8", errors="replace")

    def _take_line(self) -> bytes | None:
        if self._discipline:
            return self._discipline.next_line()
        line, newline, rest = self._buffer.partition(b"\n")
        if not newline and not (self._is_ended and line):
            return None
        self._buffer = rest
        return bytes(line.removesuffix(b"\r"))


def dsmadmc_arguments(command: str) -> list[str] | None:
    """The arguments of `dsmadmc` as a shell would give them; None when the command is anything else.

    Variables may be set in front (`LANG=en_US dsmadmc ...`). Unquoted shell operators are refused.
    """
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        words = list(lexer)
    except ValueError:
        return None
    if words[-2:] == ["<", "/dev/null"]:
        words = words[:-2]
    while words and (words[0] in {"env", "exec"} or (words[0].partition("=")[0].isidentifier() and "=" in words[0])):
        words.pop(0)
    if not words or PurePosixPath(words[0]).name != "dsmadmc" or any(_is_operator(word) for word in words):
        return None
    return words[1:]


def _is_operator(word: str) -> bool:
    return bool(word) and set(word) <= set("();<>|&")


async def _finish(process: asyncssh.SSHServerProcess[bytes], program: asyncio.Task[int]) -> None:
    """Give the program's exit status to the far end, or cut the connection when there is none."""
    if not program.done():
        return
    if program.cancelled():
        process.exit(INTERRUPTED)
        return
    try:
        process.exit(program.result())
    except ConnectionCut:
        process.get_extra_info("connection").abort()


def _discipline_of(process: asyncssh.SSHServerProcess[bytes]) -> LineDiscipline:
    modes = process.term_modes

    def is_on(mode: int) -> bool:
        # A mode that the client leaves out has the usual setting, and all of ours are usually on.
        return bool(modes.get(mode, 1))

    return LineDiscipline(
        echo=is_on(asyncssh.PTY_ECHO),
        cr_to_nl=is_on(asyncssh.PTY_ICRNL),
        nl_to_crlf=is_on(asyncssh.PTY_OPOST) and is_on(asyncssh.PTY_ONLCR),
    )


class _Guard(asyncssh.SSHServer):
    """Checks who comes in, and knows who is inside."""

    def __init__(self, account: Account, inside: set[asyncssh.SSHServerConnection]) -> None:
        self._account = account
        self._inside = inside
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._inside.add(conn)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._connection is not None:
            self._inside.discard(self._connection)

    def begin_auth(self, username: str) -> bool:
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == self._account.user and key.public_data == self._account.key.public_data

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return username == self._account.user and password == self._account.password
