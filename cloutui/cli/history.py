"""`cloutui history`: which days are frozen, freezing one by hand, and whether all of it is what it was."""

from __future__ import annotations

import click

from cloutui.cli.act import act
from cloutui.cli.from_afar import RemoteCommand
from cloutui.cli.invocation import Invocation
from cloutui.cli.report import report
from cloutui.model.formats import plural
from cloutui.model.safe_text import safe


@click.group()
def history() -> None:
    """Which days are frozen, and whether what was frozen is what it was."""


def _listing() -> click.Command:
    found = report.get_command(click.Context(report), "history")
    found.name = "list"
    return found


history.add_command(_listing())


@history.command(cls=RemoteCommand)
@click.option("--day", required=True, metavar="DAY", help="The day, as 2026-11-21. It must be over.")
@click.option("--unit", metavar="PATH", default=".", help="Only this unit and all below it, as Fjord Retail/Acme ApS.")
@click.option("--reason", default="", help="Why, for the activity log.")
@click.pass_context
def freeze(context: click.Context, day: str, unit: str, reason: str) -> None:
    """Keep a day's report as it is now, for units that have none yet. Days that close are frozen by themselves."""
    context.invoke(
        act, name="history.freeze", values=(f"day={day}", f"unit={unit}"), reason=reason, confirm=None, code_stdin=False
    )


@history.command()
@click.pass_obj
@click.pass_context
def verify(context: click.Context, invocation: Invocation) -> None:
    """Read every frozen report again: files, records and activity log. Exit status 1 when they do not fit.

    May run beside the process that owns the files. `cloutui activity verify` says whether the log itself is whole.
    """
    from cloutui.installation import Installation

    found = Installation.check_history(invocation.home)
    for problem in found.problems:
        invocation.say(f"× {safe(problem)}")
    what = f"{plural(found.files, 'file')} with {plural(found.days, 'day')} of units"
    invocation.say(f"{'●' if found.is_ok else '×'} {what}: {'all' if found.is_ok else 'these'} as they were frozen")
    if found.dropped:
        invocation.say(f"  {plural(found.dropped, 'file')} gone, kept as long as they were to be")
    if found.litter:
        invocation.note(f"{plural(found.litter, 'file')} in the folder that no record wants kept.")
    if not found.is_ok:
        context.exit(1)
