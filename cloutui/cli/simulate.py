"""`cloutui simulate`: stand-in backup servers for demos, tests and bug reports."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from cloutui.cli.invocation import Invocation
from cloutui.errors import Conflict, Invalid, NotFound

directory_option = click.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The fleet's folder.",
)


@click.group()
def simulate() -> None:
    """Stand-in backup servers."""


@simulate.command()
@click.option("--servers", type=click.IntRange(1), default=3, show_default=True, help="Number of servers.")
@click.option("--nodes", type=click.IntRange(1), default=600, show_default=True, help="Nodes in the whole fleet.")
@click.option("--days", type=click.IntRange(1), default=45, show_default=True, help="Days of history at the start.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same fleet.")
@click.option("--at", type=str, default=None, help="Let the clock stand still at this ISO time (UTC unless it says).")
@click.option("--time-zone", default="UTC", show_default=True, help="IANA time zone of the servers.")
@click.option(
    "--event-retention", type=click.IntRange(0, 9999), default=60, show_default=True, help="Days that events are kept."
)
@click.option("--end-with-input", is_flag=True, help="End when standard input closes: for programs that start a fleet.")
@directory_option
@click.pass_obj
def fleet(
    invocation: Invocation,
    /,
    *,
    servers: int,
    nodes: int,
    days: int,
    seed: int,
    at: str | None,
    time_zone: str,
    event_retention: int,
    end_with_input: bool,
    directory: Path,
) -> None:
    """Run a fleet until it is interrupted. Prints `ready` when every server listens."""
    import asyncio

    from cloutui.simulator.door_local import FleetIsRunning
    from cloutui.simulator.fleet import FleetPlan, build_fleet
    from cloutui.simulator.serve import serve

    plan = FleetPlan(
        servers=servers,
        nodes=nodes,
        days=days,
        seed=seed,
        event_retention_days=event_retention,
        time_zone=_known_zone(time_zone),
        at=_moment(at),
    )
    try:
        parent = invocation.stdin if end_with_input else None
        asyncio.run(serve(build_fleet(plan), directory, invocation.say, parent=parent))
    except FleetIsRunning as running:
        raise Conflict(f"A fleet already runs in {directory}.", hint="End it first.") from running
    except OSError as error:
        raise Invalid(f"The fleet cannot start: {error}.", hint="Choose another --directory.") from error


@simulate.command()
@click.option(
    "--install",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Where to write the executable.",
)
@directory_option
@click.pass_obj
def dsmadmc(invocation: Invocation, /, folder: Path, directory: Path) -> None:
    """Write a `dsmadmc` that speaks to the fleet of --directory."""
    from cloutui.simulator.door_local import install

    try:
        invocation.say(str(install(folder, directory)))
    except OSError as error:
        raise Invalid(f"{folder} cannot be written: {error}.", hint="Choose another --install.") from error


@simulate.command()
@directory_option
@click.argument("server")
@click.argument("name", metavar="FAULT")
@click.pass_obj
def fault(invocation: Invocation, /, directory: Path, server: str, name: str) -> None:
    """Switch FAULT on at SERVER of a running fleet; `none` heals it."""
    from cloutui.simulator.door_local import FaultRefused, turn_fault

    try:
        invocation.say(turn_fault(directory, server, name))
    except FaultRefused as refused:
        raise Invalid(refused.what, hint=refused.choices) from refused
    except OSError as error:
        hint = f"Start one with: cloutui simulate fleet --directory {directory}"
        raise NotFound("running fleet", str(directory), hint=hint) from error


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"--at: “{text}” is no ISO time.", hint="Write it as 2026-11-21T06:00.") from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _known_zone(name: str) -> str:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:
        raise Invalid(f"--time-zone: “{name}” is no IANA zone.", hint="Write it as Europe/Copenhagen.") from error
    return name
