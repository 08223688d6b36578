"""`cloutui collect`: one sweep of the servers, with progress, and what the clock has due then."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import click

from cloutui.cli.from_afar import HostCommand
from cloutui.cli.invocation import Invocation
from cloutui.errors import Invalid
from cloutui.model.safe_text import safe

if TYPE_CHECKING:
    from cloutui.collectors.sweep import Swept


@click.command(cls=HostCommand)
@click.option("--server", "names", multiple=True, metavar="NAME", help="Only this one. May be given several times.")
@click.pass_obj
def collect(invocation: Invocation, names: tuple[str, ...]) -> int:
    """One sweep of the servers, with progress."""
    with invocation.installation() as (installation, _):
        servers = [installation.records.server(name) for name in names] or installation.records.servers()
        if not servers:
            raise Invalid(
                "There is no server to collect from.", hint="`cloutui server add --help` tells how to add one."
            )
        started = perf_counter()
        done: list[Swept] = []

        def swept(result: Swept) -> None:
            done.append(result)
            invocation.say(f"{len(done)}/{len(servers)}  {_line(result)}")

        invocation.wait(installation.collect(servers, swept=swept))
        installation.clock.ring()
    failed = sum(result.problem is not None for result in done)
    invocation.say(
        f"{sum(result.changed for result in done):,} new or changed of {sum(result.observed for result in done):,} rows"
        f" from {len(servers)} servers in {perf_counter() - started:.1f} s"
        + (f", {failed} with a problem." if failed else ".")
    )
    return 1 if failed else 0


def _line(result: Swept) -> str:
    text = f"{safe(result.server)}: {result.observed:,} rows, {result.changed:,} new or changed"
    text += "".join(f"\n     {safe(note)}" for note in sorted(result.notes))
    if result.problem:
        text += f"\n     {result.problem.code}: {safe(result.problem.problem)} {safe(result.problem.hint)}"
    return text
