"""`cloutui report NAME`: any report, as a table or for machines. One subcommand for each report of the registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TextIO

import click

from cloutui.cli.invocation import Invocation
from cloutui.errors import Invalid
from cloutui.model.table import Answer
from cloutui.reports.registry import Report, all_reports, find_report

FORMATS = ("table", "csv", "json", "ndjson")


class ReportGroup(click.Group):
    """A subcommand for each report: its options are its parameters."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The reports that are made for people and scripts."""
        return [report.name for report in all_reports() if not report.is_internal]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Raises: NotFound, with the nearest name."""
        return _command(find_report(cmd_name))


@click.group(cls=ReportGroup, invoke_without_command=False)
def report() -> None:
    """Any report, as a table or for machines."""


def _command(found: Report) -> click.Command:
    @click.pass_obj
    def answer(invocation: Invocation, /, *, unit: str | None, format: str, output: Path | None, **given: Any) -> None:  # noqa: A002
        day = given.pop("day", None)
        if day:
            given["first"] = given["last"] = day
        values = {name: value for name, value in given.items() if value is not None}
        _write(invocation, _answer(invocation, found, values, unit), format, output)

    options = [
        click.Option(["--unit"], metavar="PATH", help="Only this unit and all below it, as Fjord Retail/Acme ApS."),
        click.Option(["--format"], type=click.Choice(FORMATS), default="table", show_default=True),
        click.Option(["-o", "--output"], type=click.Path(dir_okay=False, path_type=Path), help="Into this new file."),
        *_parameter_options(found),
    ]
    return click.Command(found.name, callback=answer, params=list(options), help=found.summary)


def _parameter_options(found: Report) -> list[click.Option]:
    options = []
    names = []
    for field in fields(found.params):
        names.append(field.name)
        flag = field.metadata.get("option", f"--{field.name.replace('_', '-')}")
        options.append(click.Option([flag, field.name], metavar=field.name.upper(), help=field.metadata["help"]))
    if {"first", "last"} <= set(names):
        options.append(click.Option(["--day"], metavar="DAY", help="The same as --from DAY --to DAY."))
    return options


def _answer(invocation: Invocation, found: Report, given: Mapping[str, object], unit: str | None) -> Answer:
    with invocation.installation() as (installation, principal):
        scope = installation.find_unit(unit, principal) if unit else None
        return installation.session(principal).run(found.name, unit=scope, **given)


def _write(invocation: Invocation, answer: Answer, kind: str, output: Path | None) -> None:
    from cloutui.delivery.formats import WRITERS

    if output is None:
        WRITERS[kind](answer, invocation.stdout)
        return
    with _new_file(output) as out:
        WRITERS[kind](answer, out)
    invocation.note(f"{answer.total} rows in {output}.")


def _new_file(path: Path) -> TextIO:
    """Never overwrites, and never follows a link that somebody put there."""
    try:
        return path.open("x", encoding="utf-8", newline="")
    except FileExistsError:
        raise Invalid(f"{path} is there already.", hint="Give another name, or remove it first.") from None
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {error.strerror}.", hint="Check the folder.") from error
