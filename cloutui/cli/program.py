"""The command tree: names and one-line helps here, each command in a module that is loaded when it is called.

Exit status: 0 done, 1 refused or failed, 2 wrong usage. An error is one line: what happened, and what to do.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import TextIO

import click

from cloutui import __version__
from cloutui.cli.garbage import collect_garbage
from cloutui.cli.invocation import Invocation
from cloutui.cli.log_file import log_to
from cloutui.errors import Busy, CloutuiError
from cloutui.home import Home
from cloutui.model.safe_text import safe

log = logging.getLogger(__name__)

DONE, FAILED, WRONG_USAGE = 0, 1, 2

_COMMANDS = {
    "act": ("cloutui.cli.act", "act", "Do any action, headless."),
    "activity": ("cloutui.cli.activity", "activity", "The activity log, read and verified."),
    "backup": ("cloutui.cli.backup", "backup", "Our own records and archive, while they are used."),
    "cache": ("cloutui.cli.cache", "cache", "Rebuild the cache, or see what is in it."),
    "collect": ("cloutui.cli.collect", "collect", "One sweep of the servers, with progress."),
    "demo": ("cloutui.cli.demo", "demo", "The console on a simulated fleet; nothing to configure."),
    "doctor": ("cloutui.cli.doctor", "doctor", "What is installed, reachable and configured."),
    "history": ("cloutui.cli.history", "history", "Which days are frozen, and whether they are what they were."),
    "init": ("cloutui.cli.init", "init", "The first administrator."),
    "report": ("cloutui.cli.report", "report", "Any report, as a table or for machines."),
    "restore": ("cloutui.cli.backup", "restore", "Put such a backup back."),
    "serve": ("cloutui.cli.serve", "serve", "Let others in over SSH, and collect."),
    "server": ("cloutui.cli.server", "server", "Add, list, test and remove backup servers."),
    "simulate": ("cloutui.cli.simulate", "simulate", "Stand-in backup servers."),
}


_BOTH_HELPS = {"help_option_names": ["-h", "--help"]}

_PAINT_FIRST = {None, "demo"}
"""What opens the console, which collects garbage once its first screen is painted."""


class LazyGroup(click.Group):
    """Knows its commands by name, and loads a module when its command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the alphabet."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """None when there is none of that name."""
        if cmd_name not in _COMMANDS:
            return None
        module, name, _ = _COMMANDS[cmd_name]
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        command.context_settings.update(_BOTH_HELPS)  # however it is called: from afar it has no parent
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """From the table above, so that `--help` loads no command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in sorted(_COMMANDS.items())])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """A wrong name is answered with the nearest right one."""
        ctx.obj.words = args
        from difflib import get_close_matches

        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], _COMMANDS, n=1)
            hint = f"Did you mean `{near[0]}`?" if near else "See `cloutui --help`."
            raise click.UsageError(f"no command “{safe(args[0])}”. {hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings=_BOTH_HELPS)
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    help="Configuration, records, cache and archive in this folder.",
)
@click.option("--glyphs", type=click.Choice(["full", "safe", "ascii"]), help="Which characters the terminal has.")
@click.option("--theme", help="The name of a theme.")
@click.option("--plain", is_flag=True, help="Line by line, without drawing: for screen readers and pipes.")
@click.option("--read-only", is_flag=True, help="Change nothing: every action is refused, whoever asks.")
@click.version_option(__version__, prog_name="cloutui")
@click.pass_context
def program(
    ctx: click.Context, home: Path | None, *, glyphs: str | None, theme: str | None, plain: bool, read_only: bool
) -> None:
    """The console of a backup provider. Without a command: the console itself."""
    ctx.obj.home, ctx.obj.is_read_only = Home.at(home), read_only
    log_to(ctx.obj.home.log_file)
    if ctx.invoked_subcommand not in _PAINT_FIRST:
        collect_garbage()
    if ctx.invoked_subcommand is None:
        from cloutui.cli.console import run_console

        ctx.exit(run_console(ctx.obj, glyphs=glyphs, theme=theme, plain=plain))


def run(args: Sequence[str], *, stdin: TextIO, stdout: TextIO, stderr: TextIO) -> int:
    """Run one command on these streams. Returns its exit status, and never raises for what a person did."""
    invocation = Invocation(home=Home.at(None), stdin=stdin, stdout=stdout, stderr=stderr)
    try:
        # Help and version are written by click, which knows no stream but the process's.
        with redirect_stdout(stdout):
            result = program.main(list(args), prog_name="cloutui", standalone_mode=False, obj=invocation)
    except Busy as error:
        return _ask_owner(error, invocation)
    except (Exception, KeyboardInterrupt) as error:
        return tell(error, invocation)
    except SystemExit:
        # So click ends when a pipe is closed: whoever read our output (`| head`) has seen enough.
        return DONE
    return result if isinstance(result, int) else DONE


def _ask_owner(busy: Busy, invocation: Invocation) -> int:
    """Another process has the files: it does what we were asked to do, if that is something it does for others."""
    from cloutui.cli.attach import reach, run_there
    from cloutui.cli.from_afar import RemoteCommand

    command: click.Command | None = program
    for word in invocation.words:
        if isinstance(command, click.Group):
            command = command.get_command(click.Context(command, **command.context_settings), word)
    if not isinstance(command, RemoteCommand):
        return tell(busy, invocation)
    try:
        owner = reach(invocation.home)
        if owner is None:  # it has just ended
            return tell(busy, invocation)
        streams = {"stdin": invocation.stdin, "stdout": invocation.stdout, "stderr": invocation.stderr}
        return run_there(owner, invocation.words, **streams)
    except (Exception, KeyboardInterrupt) as error:
        return tell(error, invocation)


def tell(error: BaseException, invocation: Invocation) -> int:
    """Tell the person what went wrong, and return the exit status."""
    status, words = explained(error) or (FAILED, [_crashed(error, invocation.home.log_file)])
    invocation.stderr.write("".join(f"{line}\n" for line in words))
    return status


def explained(error: BaseException) -> tuple[int, list[str]] | None:
    """The exit status, and what to tell the person; None for a mistake of ours."""
    match error:
        case CloutuiError():
            return FAILED, [f"cloutui: {safe(error.what)} {safe(error.hint)}"]
        case click.exceptions.Exit():
            return error.exit_code, []
        case click.exceptions.NoArgsIsHelpError():
            return WRONG_USAGE, error.format_message().splitlines()
        case click.UsageError():
            usage = error.ctx.get_usage().splitlines() if error.ctx else []
            return WRONG_USAGE, [f"cloutui: {safe(error.format_message())}", *usage]
        case click.ClickException():
            return FAILED, [f"cloutui: {safe(error.format_message())}"]
        case click.Abort() | KeyboardInterrupt():
            return FAILED, ["cloutui: stopped."]
    return None


def _crashed(error: BaseException, log_file: Path) -> str:
    """No traceback reaches a person: it goes to the log under an id that they can give to us."""
    crash_id = os.urandom(3).hex()
    log.error("crash %s", crash_id, exc_info=error)
    return f"cloutui: a mistake of ours, {crash_id}. Details are in {log_file}."
