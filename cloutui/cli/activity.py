"""`cloutui activity`: the activity log, read and verified."""

from __future__ import annotations

from pathlib import Path

import click

from cloutui.cli.invocation import Invocation
from cloutui.cli.report import report


@click.group()
def activity() -> None:
    """What was done, by whom and why; and whether the log of it is as it was written."""


def _listing() -> click.Command:
    found = report.get_command(click.Context(report), "activity")
    found.name = "list"
    return found


activity.add_command(_listing())


@activity.command()
@click.option(
    "--witness",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="What a witness was told: the file of `activity.witness`, or lines of syslog.",
)
@click.pass_obj
@click.pass_context
def verify(context: click.Context, invocation: Invocation, witness: Path | None) -> None:
    """Read the whole log again. Exit status 1 when it is not as it was written.

    May run beside the process that owns the files. See docs/activity.md for what is found without a witness.
    """
    from cloutui.installation import Installation

    found, heads = Installation.proofread(invocation.home, witness)
    if not found.is_ok:
        invocation.say(f"× entry {found.bad_seq:,}: {found.problem}; {found.entries:,} entries were read.")
        context.exit(1)
    entries = "1 entry, as it was" if found.entries == 1 else f"{found.entries:,} entries, all as they were"
    invocation.say(f"● {entries} written")
    invocation.say(f"  head {found.entries} {found.head}")
    if witness is not None:
        invocation.say(f"  the {heads:,} heads that the witness kept are all there")
    else:
        invocation.note("Without a witness, an end that was cut off with its checkpoints is not found: --witness FILE.")
