"""`cloutui backup` and `cloutui restore`: our own records and archive, taken while they are used, and put back."""

from __future__ import annotations

from pathlib import Path

import click

from cloutui.cli.invocation import Invocation
from cloutui.model import formats


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--with-key", is_flag=True, help="The keys too, of the passwords and of serve. Who has it has the passwords."
)
@click.pass_obj
def backup(invocation: Invocation, folder: Path, with_key: bool) -> None:
    """Back up records, archive and sealed passwords into a new folder. Nothing needs to stop."""
    from cloutui.backup import back_up

    taken = back_up(invocation.home, folder, with_key=with_key)
    size = formats.size(taken.size)
    invocation.say(f"Backed up {taken.files:,} files, {size}, up to entry {taken.head_seq} of the activity log.")
    if not taken.has_key:
        invocation.note("Without the key of the sealed passwords: docs/backup.md says what to keep elsewhere.")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.pass_obj
def restore(invocation: Invocation, folder: Path) -> None:
    """Put a backup back, where nothing is yet, and make the cache again."""
    from cloutui.backup import restore as put_back
    from cloutui.installation import Installation

    invocation.require_to_change()
    taken = put_back(folder, invocation.home, told=invocation.note)
    Installation.rebuild_cache(invocation.home, progress=invocation.note)
    invocation.say(
        f"Restored what was backed up on {taken.made_at:%Y-%m-%d %H:%M} UTC, up to entry {taken.head_seq} "
        "of the activity log."
    )
    if not taken.has_key:
        invocation.note("Put secrets.key back beside it. Nothing opens before: see docs/backup.md if it is lost.")
