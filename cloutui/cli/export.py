"""Where an export goes: into a new file, into a folder under a name of ours, or to the standard output."""

from __future__ import annotations

from pathlib import Path

import click

from cloutui.cli.invocation import Invocation
from cloutui.delivery.files import file_name, new_file
from cloutui.delivery.formats import FORMATS, Format, format_for
from cloutui.delivery.heading import Export
from cloutui.errors import Invalid
from cloutui.model.formats import plural


def chosen_format(name: str | None, output: Path | None) -> Format:
    """The format of that name; without one, what the file's ending says; else a table.

    Raises: UsageError for the ending of something else, so that nothing is called what it is not.
    """
    if name or output is None:
        return FORMATS[name or "table"]
    found = format_for(output)
    if found is None and output.suffix and not output.is_dir():
        known = ", ".join(f".{one.extension}" for one in FORMATS.values())
        raise click.UsageError(f"“{output.suffix}” is the ending of no format: give one of {known}, or --format.")
    return found or FORMATS["table"]


def deliver(invocation: Invocation, export: Export, how: Format, output: Path | None, *, force: bool) -> None:
    """Raises: Invalid, UsageError."""
    if export.is_raw and not how.takes_raw:
        raise click.UsageError(f"--raw makes no difference to {how.name}.")
    how.require_room(export.answer)
    if output is None:
        _to_standard_output(invocation, export, how)
        return
    path = output / _file_name(export, how) if output.is_dir() else output
    with new_file(path, is_binary=how.is_binary, force=force) as out:
        how.write(export, out)
    invocation.note(f"{plural(export.answer.rows.num_rows, 'row')} in {path}.")


def _to_standard_output(invocation: Invocation, export: Export, how: Format) -> None:
    out = getattr(invocation.stdout, "buffer", None) if how.is_binary else invocation.stdout
    if out is None or (how.is_binary and out.isatty()):
        raise click.UsageError(f"{how.name} is no text: give -o FILE, or send it into a pipe.")
    try:
        how.write(export, out)
        out.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        what = f"The standard output cannot be written: {error.strerror or error}."
        raise Invalid(what, hint="Check where it goes.") from error


def _file_name(export: Export, how: Format) -> str:
    heading = export.heading
    day = heading.made_at.date() if heading.made_at else None
    return file_name(heading.report, heading.unit, day, how.extension)
