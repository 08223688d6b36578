"""`cloutui report NAME`: any report, as a table or for machines. One subcommand for each report of the registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cloutui.cli.export import chosen_format, deliver
from cloutui.cli.from_afar import RemoteCommand
from cloutui.cli.invocation import Invocation
from cloutui.delivery.formats import FORMATS
from cloutui.delivery.headed import as_it_was
from cloutui.delivery.heading import Export, Heading
from cloutui.errors import Invalid
from cloutui.model.formats import exact_count
from cloutui.model.unit_path import path_text
from cloutui.reports.registry import Report, all_reports, find_report, option_of

if TYPE_CHECKING:
    from cloutui.model.table import Answer


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
    is_span = _is_span(found)

    @click.pass_obj
    def answer(
        invocation: Invocation,
        /,
        *,
        unit: str | None,
        format: str | None,  # noqa: A002 - the option's name
        output: Path | None,
        force: bool,
        raw: bool,
        filter: str,  # noqa: A002 - the option's name
        sort: tuple[str, ...],
        limit: int | None,
        **given: Any,
    ) -> None:
        if is_span and (day := given.pop("day", None)):
            given["first"] = given["last"] = day
        how = chosen_format(format, output)
        values = {name: value for name, value in given.items() if value is not None}
        view = {"filter": filter, "sort": sort, "limit": limit}
        export = _export(invocation, found, values, unit, view, is_raw=raw)
        deliver(invocation, export, how, output, force=force)

    options = [
        click.Option(["--unit"], metavar="PATH", help="Only this unit and all below it, as Fjord Retail/Acme ApS."),
        click.Option(
            ["--format"], type=click.Choice(list(FORMATS)), help="Without it: what the file's ending says, or a table."
        ),
        click.Option(
            ["-o", "--output"], type=click.Path(path_type=Path), help="Into this new file, or a new one in this folder."
        ),
        click.Option(["--force"], is_flag=True, help="Replace the file if it is there."),
        click.Option(["--raw"], is_flag=True, help="For machines: csv without the marks that stop formulas."),
        click.Option(["--filter"], metavar="TEXT", default="", help="Only these rows, as 'status:failed bytes>10GB'."),
        click.Option(
            ["--sort"],
            metavar="COLUMN",
            multiple=True,
            help="By this column; -COLUMN for the greatest first. Repeatable.",
        ),
        click.Option(["--limit"], type=click.IntRange(min=1), metavar="N", help="So many rows at most."),
        *_parameter_options(found),
    ]
    return RemoteCommand(found.name, callback=answer, params=list(options), help=found.summary)


def _parameter_options(found: Report) -> list[click.Option]:
    options = []
    for field in fields(found.params):
        spelled, told = [option_of(field), field.name], field.metadata["help"]
        if isinstance(field.default, bool):
            options.append(click.Option(spelled, is_flag=True, default=None, help=told))
        else:
            options.append(click.Option(spelled, metavar=field.name.upper(), help=told))
    if _is_span(found):
        options.append(click.Option(["--day"], metavar="DAY", help="The same as --from DAY --to DAY."))
    return options


def _is_span(found: Report) -> bool:
    """Whether it is about days from one to another."""
    return {"first", "last"} <= {field.name for field in fields(found.params)}


def _answer(ask: Callable[..., Answer], view: Mapping[str, Any], most: int | None) -> Answer:
    """Raises: Invalid, when there are more rows than `most`: one more than that is read, and no others."""
    if most is None:
        return ask(**view)
    limit = most + 1 if view["limit"] is None else min(view["limit"], most + 1)
    answer = ask(**{**view, "limit": limit})
    if answer.rows.num_rows > most:
        raise Invalid(
            f"The answer has {exact_count(answer.total)} rows; from afar it may have {exact_count(most)}.",
            hint="Ask for fewer days, for a smaller unit, or with --limit.",
        )
    return answer


def _export(
    invocation: Invocation,
    found: Report,
    given: Mapping[str, Any],
    unit: str | None,
    view: Mapping[str, Any],
    *,
    is_raw: bool,
) -> Export:
    with invocation.installation() as (installation, principal):
        scope = installation.find_unit(unit, principal) if unit else principal.unit_id
        ask = partial(installation.session(principal).run, found.name, unit=scope, **given)
        answer = _answer(ask, view, invocation.most_rows)
        heading = Heading(
            report=found.name,
            summary=found.summary,
            unit=path_text(installation.records.tree(), scope, within=principal.unit_id),
            parameters=given,
            filter=view["filter"],
            sort=view["sort"],
            made_at=datetime.now(UTC),
            made_by=principal.name,
        )
        return Export(answer=answer, heading=as_it_was(heading, answer), is_raw=is_raw)
