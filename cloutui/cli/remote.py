"""Commands of the command line that somebody else's process asks for: over SSH, or on this host.

They run in threads of the process that owns the files, as whoever asks, on streams that lead to them. What the process
itself has, its standard streams and its paths, they do not touch.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click
from click.core import ParameterSource

from cloutui.cli.from_afar import HostCommand, RemoteCommand
from cloutui.cli.invocation import Invocation
from cloutui.cli.program import FAILED, explained, program
from cloutui.errors import CloutuiError, Invalid
from cloutui.gateway.sign_in import SignedIn
from cloutui.model.principal import Principal

if TYPE_CHECKING:
    from cloutui.installation import Installation

T = TypeVar("T")

_AT_ONCE = 8
"""A client that reads slowly keeps a thread waiting: these are not those that consoles need."""
_MOST_ROWS = 500_000
"""Of one answer from afar: all of it is in the memory that everybody here shares."""
_HELP = {"-h", "--help"}


@dataclass(slots=True, kw_only=True)
class RemoteInvocation(Invocation):
    """One run of a command, for somebody who is not the process."""

    opened: Installation
    principal: Principal
    loop: asyncio.AbstractEventLoop
    place: Path | None = None
    """The folder that who asks is in, where paths are theirs: on this host."""

    @contextlib.contextmanager
    def installation(self) -> Iterator[tuple[Installation, Principal]]:
        """The one that is open, and stays so."""
        yield self.opened, self.principal

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """On the loop of the installation: who collects and who is told of changes lives there."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()


class RemoteCommands:
    """A `CommandRunner` over the command line."""

    def __init__(
        self,
        installation: Installation,
        principal_of: Callable[[SignedIn], Awaitable[Principal]],
        *,
        allowed: type[RemoteCommand] = RemoteCommand,
    ) -> None:
        """`allowed`: `RemoteCommand` from afar; `HostCommand` on this host, where there are more of them."""
        self._installation = installation
        self._principal_of = principal_of
        self._is_here = issubclass(allowed, HostCommand)
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="command")

    def close(self) -> None:
        """No more of them."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def knows(self, words: Sequence[str]) -> bool:
        """Whether there is such a command, and it may be run by somebody else."""
        context = click.Context(program, **program.context_settings)
        _, words = self._place(words)
        found = program.get_command(context, words[0]) if words else None
        return found is not None and self._leads_somewhere(found, context)

    async def run(self, who: SignedIn, words: Sequence[str], stdin: TextIO, stdout: TextIO, stderr: TextIO) -> int:
        """Raises: CloutuiError, when who asks may not be here any more; and mistakes of ours."""
        loop = asyncio.get_running_loop()
        place, words = self._place(words)
        invocation = RemoteInvocation(
            home=self._installation.home,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            opened=self._installation,
            principal=await self._principal_of(who),
            loop=loop,
            place=place,
            most_rows=None if self._is_here else _MOST_ROWS,
        )
        return await loop.run_in_executor(self._threads, self._run, words, invocation)

    def _place(self, words: Sequence[str]) -> tuple[Path | None, list[str]]:
        """Where on this host who asks stands, and the command."""
        if self._is_here and len(words) > 1 and words[0] == "--in":
            return Path(words[1]), list(words[2:])
        return None, list(words)

    def _run(self, words: list[str], invocation: RemoteInvocation) -> int:
        try:
            return self._invoke(words, invocation)
        except (CloutuiError, click.ClickException, click.exceptions.Exit) as error:
            status, lines = explained(error) or (FAILED, [])
            for line in lines:
                invocation.note(line)
            return status

    def _invoke(self, words: list[str], invocation: RemoteInvocation) -> int:
        # With the settings of the program: a command keeps the help option that it was first asked for.
        context = click.Context(program, info_name="cloutui", obj=invocation, **program.context_settings)
        command: click.Command = program
        while isinstance(command, click.Group):
            if not words or words[0] in _HELP:
                return self._say_help(command, context)
            name, found, words = command.resolve_command(context, words)
            assert found is not None
            command, context = found, click.Context(found, parent=context, info_name=name, **found.context_settings)
        if not self._may_run(command):
            raise Invalid(f"`{context.command_path}` is not run from here.", hint="Run it on the host itself.")
        if _HELP.intersection(words):
            return self._say_help(command, context)
        context = command.make_context(context.info_name, words, parent=context.parent)
        _settle_paths(context, invocation.place)
        with context:
            result = command.invoke(context)
        return result if isinstance(result, int) else 0

    def _say_help(self, command: click.Command, context: click.Context) -> int:
        """By ourselves: click knows no stream but the process's."""
        context.obj.say(command.get_help(context))
        return 0

    def _may_run(self, command: click.Command) -> bool:
        return isinstance(command, RemoteCommand) and (self._is_here or not isinstance(command, HostCommand))

    def _leads_somewhere(self, command: click.Command, context: click.Context) -> bool:
        if not isinstance(command, click.Group):
            return self._may_run(command)
        below = (command.get_command(context, name) for name in command.list_commands(context))
        return any(found is not None and self._leads_somewhere(found, context) for found in below)


def _settle_paths(context: click.Context, place: Path | None) -> None:
    """Afar, a path would be one of the process that owns the files. Raises: Invalid."""
    for parameter in context.command.params:
        name = parameter.name
        if name is None or not isinstance(parameter.type, click.Path | click.File):
            continue
        if context.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
            continue
        if place is None:
            raise Invalid(
                f"“{parameter.opts[-1]}” is a path, and there are no files of yours there.",
                hint="Send the output into a file on your side: ... > FILE.",
            )
        if str(context.params[name]) != "-":  # that is the input of who asks
            context.params[name] = place / context.params[name]
