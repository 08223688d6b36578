"""One SSH channel: it becomes a console, or the run of one command, or a line that says why not."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, TextIO

import asyncssh

from cloutui.errors import CloutuiError, Conflict
from cloutui.gateway.commands import UNKNOWN, CommandRunner, Inflow, Outflow, text_input, text_stream, words_of
from cloutui.gateway.limits import Limits
from cloutui.gateway.live import LiveConsole, OpenConsole, span
from cloutui.gateway.seat import incident_of
from cloutui.gateway.sessions import Sessions
from cloutui.gateway.sign_in import SignedIn
from cloutui.gateway.terminal import Size, Terminal
from cloutui.model.safe_text import safe

_log = logging.getLogger(__name__)

_FAILED = 1


@dataclass(slots=True, kw_only=True)
class Service:
    """What all channels of a gateway share."""

    open_console: OpenConsole
    commands: CommandRunner
    limits: Limits
    starts: asyncio.Semaphore
    left: Callable[[], None]
    """Told whenever a console has ended."""
    sessions: Sessions
    commanding: set[Channel] = field(default_factory=set)
    """Those that run a command."""
    is_stopping: bool = False
    """Nothing new is begun."""
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    """One for each channel in use, and what is still to be written down of who has left."""

    def begin(self, work: Coroutine[Any, Any, None], *, name: str) -> asyncio.Task[None]:
        """As a task that is waited for when the gateway stops."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task


class Channel(asyncssh.SSHServerSession[bytes]):
    """What asyncssh tells us of a channel, and what runs on it."""

    def __init__(self, service: Service, who: SignedIn) -> None:
        self._service = service
        self.who = who
        self._channel: asyncssh.SSHServerChannel[bytes] | None = None
        self._kind: str | None = None
        self._size = Size.of(0, 0)
        self._command: str | None = None
        self._task: asyncio.Task[None] | None = None
        self._console: LiveConsole | None = None
        self._holds: set[str] = set()
        self._is_over = False
        self._outflow: Outflow | None = None
        self._inflow = Inflow(patience_s=service.limits.silent_s)

    # What the client asks for.

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        """It is open."""
        self._channel = chan

    def pty_requested(
        self, term_type: str, term_size: tuple[int, int, int, int], term_modes: Mapping[int, int]
    ) -> bool:
        """A terminal."""
        del term_modes
        self._kind, self._size = term_type, Size.of(*term_size[:2])
        return True

    def shell_requested(self) -> bool:
        """A console."""
        return True

    def exec_requested(self, command: str) -> bool:
        """One of our commands. Whether there is such a one is answered in words: SSH itself has none for it."""
        self._command = command
        return True

    def subsystem_requested(self, subsystem: str) -> bool:
        """None: no files go in or out this way."""
        del subsystem
        return False

    def session_started(self) -> None:
        """All has been asked."""
        self._task = self._service.begin(self._serve(), name=f"ssh {self.who.user}")

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        """A window was dragged."""
        del pixwidth, pixheight
        self._size = Size.of(width, height)
        if self._console is not None:
            self._console.resize(self._size)

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        """Something was typed."""
        del datatype
        if self._console is not None:
            self._console.take(data)
        elif self._command is not None:
            self._inflow.feed(data)

    def eof_received(self) -> bool:
        """No more input. What is running may still have something to say."""
        self._inflow.end()
        return True

    # How fast it may go.

    def pause_writing(self) -> None:
        """The client's window is full."""
        self.hold("window")

    def resume_writing(self) -> None:
        """The client's window has room."""
        self.release("window")

    def hold(self, why: str) -> None:
        """It is piling up there."""
        self._holds.add(why)
        if self._console is not None:
            self._console.hold(why)
        if self._outflow is not None:
            self._outflow.hold()

    def release(self, why: str) -> None:
        """It is not piling up there any more."""
        self._holds.discard(why)
        if self._console is not None:
            self._console.release(why)
        if self._outflow is not None and not self._holds:
            self._outflow.release()

    # What runs.

    async def _serve(self) -> None:
        status = _FAILED
        try:
            status = await (self._show_console() if self._command is None else self._run_command(self._command))
        except CloutuiError as error:
            self._say(f"{error.what} {error.hint}")
        except Exception as error:  # a console and a command are guests here: whatever they do, the others go on
            self._say(f"This broke down: {type(error).__name__}, incident {incident_of(error)}.")
        finally:
            if self._channel is not None:
                self._channel.exit(status)

    async def _show_console(self) -> int:
        if self._kind is None:
            self._say("The console needs a terminal: ssh -t ...")
            return UNKNOWN
        terminal = self._terminal()
        if not terminal.can_draw:
            self._say(f"The console cannot draw on a terminal of kind “{terminal.kind}”.")
            return UNKNOWN
        self._require_room()
        running = await self._start(terminal)
        try:
            status = await running
        finally:
            self._leave()
        for line in self._console.farewell if self._console else []:
            self._say(line)
        return status

    def _terminal(self) -> Terminal:
        assert self._kind is not None
        assert self._channel is not None
        return Terminal(self._kind, self._size, dict(self._channel.get_environment()))

    async def _start(self, terminal: Terminal) -> asyncio.Task[int]:
        """A few at a time. Returns when it has painted, or has failed to."""
        service = self._service
        async with service.starts:
            console = await service.open_console(self.who, terminal)
            self._require_room()  # those who stood in line before us are in by now
            live = LiveConsole(console, self.who, terminal, service.limits, self._send)
            for why in self._holds:
                live.hold(why)
            self._console = live
            service.sessions.add(live)
            running = asyncio.create_task(live.run())
            painted = asyncio.create_task(live.has_painted.wait())
            try:
                if live.size != self._size:
                    live.resize(self._size)
                await asyncio.wait(
                    {running, painted}, timeout=service.limits.start_s, return_when=asyncio.FIRST_COMPLETED
                )
            except BaseException:
                running.cancel()
                await asyncio.wait({running}, timeout=service.limits.ending_s)
                self._leave()
                raise
            finally:
                painted.cancel()
        return running

    def _require_room(self) -> None:
        """Raises: Conflict."""
        most = self._service.limits.consoles
        if len(self._service.sessions) >= most:
            raise Conflict(f"All {most} consoles are in use.", hint="Try again later.")

    def _leave(self) -> None:
        if self._console is not None:
            self._service.sessions.remove(self._console)
            self._service.left()

    async def _run_command(self, command: str) -> int:
        words = words_of(command)
        if not words or not self._service.commands.knows(words):
            first = words[0] if words else command
            self._say(f"There is no command “{first}” here. Without one you get the console.")
            return UNKNOWN
        limits = self._service.limits
        self._outflow = Outflow(asyncio.get_running_loop(), patience_s=limits.silent_s)
        stdout = text_stream(self._outflow, self._send)
        stderr = text_stream(self._outflow, self._send_error)
        self._service.commanding.add(self)
        try:
            async with asyncio.timeout(limits.command_s):
                return await self._service.commands.run(self.who, words, text_input(self._inflow), stdout, stderr)
        except BrokenPipeError:
            return _FAILED
        except TimeoutError:
            self._outflow.close()
            self._inflow.end()
            self._say(f"Ended: this took longer than {span(limits.command_s or 0)}.")
            return _FAILED
        finally:
            self._service.commanding.discard(self)
            await asyncio.shield(asyncio.to_thread(_close, stdout, stderr))

    def end(self, farewell: str = "") -> None:
        """End the command, as if the client were gone. What it had begun is finished."""
        self._say(farewell)
        if self._outflow is not None:
            self._outflow.close()
        self._inflow.end()
        if self._task is not None:
            self._task.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone; what ran for it ends, and what it had begun is finished."""
        del exc
        self._is_over, self._channel = True, None
        if self._outflow is not None:
            self._outflow.close()
        self._inflow.end()
        if self._task is None or self._task.done():
            return
        if self._console is None:
            self._task.cancel()
            return
        self._console.end()
        cutting = asyncio.get_running_loop().call_later(self._service.limits.ending_s, self._task.cancel)
        # A timer that waits for nothing would keep the console in memory meanwhile.
        self._task.add_done_callback(lambda _: cutting.cancel())

    @property
    def is_over(self) -> bool:
        """Whether the client has closed it."""
        return self._is_over

    # Out.

    def _send(self, data: bytes) -> None:
        if self._channel is not None and not self._channel.is_closing():
            self._channel.write(data)

    def _send_error(self, data: bytes) -> None:
        if self._channel is not None and not self._channel.is_closing():
            self._channel.write_stderr(data)

    def _say(self, line: str) -> None:
        """A line to whoever sits there. It may hold what somebody else has written, and goes past every gate."""
        if self._kind is not None:
            self._send(f"{safe(line)}\r\n".encode())
        else:
            self._send_error(f"{safe(line)}\n".encode())


def _close(*streams: TextIO) -> None:
    """Send what is left in them, if anybody is there."""
    for stream in streams:
        try:
            stream.close()
        except BrokenPipeError:
            _log.debug("the reader left before the end")
