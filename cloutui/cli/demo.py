"""`cloutui demo`: the console on a simulated fleet that runs beside it; nothing to configure, nothing left behind.

The fleet is a process of its own, reached over SSH like real servers. Units, rules and servers are made by the same
actions that a person would use.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from cloutui.cli.console import display_of
from cloutui.cli.invocation import Invocation
from cloutui.errors import CloutuiError, Invalid
from cloutui.home import Home

if TYPE_CHECKING:
    from cloutui.collectors.sweep import Swept
    from cloutui.installation import Installation
    from cloutui.model.principal import Principal
    from cloutui.session import Session

_START_LIMIT_S = 60.0


class FleetFailed(CloutuiError):
    """The simulated servers did not start."""

    code = "demo-fleet"


@click.command()
@click.option("--servers", type=click.IntRange(1, 100), default=3, show_default=True)
@click.option("--nodes", type=click.IntRange(1, 100_000), default=600, show_default=True, help="In the whole fleet.")
@click.option("--days", type=click.IntRange(1, 400), default=45, show_default=True, help="Days of history.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same fleet.")
@click.pass_obj
def demo(invocation: Invocation, servers: int, nodes: int, days: int, seed: int) -> int:
    """The console on a simulated fleet; nothing to configure."""
    if not (invocation.stdin.isatty() and invocation.stdout.isatty()):
        raise Invalid("The demo needs a terminal.", hint="Run it in one, at least 60 columns wide.")
    chosen = display_of(invocation.home.config_file)
    from cloutui.app import CloutuiApp

    folder = Path(tempfile.mkdtemp(prefix="cloutui-demo-"))
    fleet = Fleet(folder, servers=servers, nodes=nodes, days=days, seed=seed)

    async def open_session(progress: Callable[[str], None]) -> Session:
        session = await fleet.open_session(progress)
        session.principal = invocation.limited(session.principal)
        return session

    for number in (signal.SIGHUP, signal.SIGTERM):  # a window that is closed takes the demo's files with it
        signal.signal(number, _leave)
    try:
        app = CloutuiApp(open_session, demo=True, **chosen)
        app.run()
        return app.return_code or 0
    finally:
        fleet.end()
        shutil.rmtree(folder, ignore_errors=True)


def _leave(number: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + number)


class Fleet:
    """The simulated servers' process, and the installation that looks after them."""

    def __init__(self, folder: Path, *, servers: int, nodes: int, days: int, seed: int) -> None:
        self._folder = folder
        self._arguments = {"servers": servers, "nodes": nodes, "days": days, "seed": seed}
        self._process: asyncio.subprocess.Process | None = None
        self._past: asyncio.Task[None] | None = None

    async def open_session(self, progress: Callable[[str], None]) -> Session:
        """Start the servers while the installation opens, make the units, and collect. Raises: FleetFailed."""
        from cloutui.cli.server import from_file, read_list
        from cloutui.installation import Installation
        from cloutui.session import OwnSession

        progress("starting simulated servers")
        starting = asyncio.create_task(self._start())
        installation = await asyncio.to_thread(Installation.open, Home.at(self._folder / "home"))
        principal = installation.principal("terminal")
        await make_units(installation, principal)
        await make_decisions(installation, principal)
        await starting
        for entry in read_list(self._folder / "fleet.yaml"):
            await installation.perform("server.add", from_file(entry), principal)
        first_sweeps = FirstSweeps(
            [server.name for server in installation.records.servers()],
            progress,
            all_swept=lambda: self._look_back(installation),
        )
        installation.start_collecting(swept=first_sweeps.count)
        return OwnSession(installation, principal)

    def _look_back(self, installation: Installation) -> None:
        """What is there now is shown before what was: the past is brought when every server has told."""
        from cloutui.cli.demo_past import bring_past
        from cloutui.simulator.fleet import FleetPlan

        sizes = self._arguments
        plan = FleetPlan(servers=sizes["servers"], nodes=sizes["nodes"], days=sizes["days"], seed=sizes["seed"])
        self._past = asyncio.create_task(bring_past(installation, plan))

    def end(self) -> None:
        """Stop the servers."""
        if self._past:
            self._past.cancel()
        if self._process and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()

    async def _start(self) -> None:
        options = [part for name, value in self._arguments.items() for part in (f"--{name}", str(value))]
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "cloutui", "simulate", "fleet", "--end-with-input", "--directory", str(self._folder), *options),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(_START_LIMIT_S):
                async for line in _lines(self._process):
                    if line == "ready":
                        return
        except TimeoutError:
            self.end()
        assert self._process.stderr is not None
        said = (await self._process.stderr.read()).decode("utf-8", "replace").strip()
        raise FleetFailed(
            f"The simulated servers did not start: {said or 'no answer'}.", hint="Try again, or report what it says."
        )


class FirstSweeps:
    """Tells how far the first look at all servers is, and then says no more."""

    def __init__(
        self, servers: Sequence[str], progress: Callable[[str], None], *, all_swept: Callable[[], None] = lambda: None
    ) -> None:
        self._waiting = set(servers)
        self._all_swept = all_swept
        self._total = len(servers)
        self._progress = progress
        self._tell()

    def count(self, swept: Swept) -> None:
        """A server has been asked for everything once."""
        if self._waiting:
            self._waiting.discard(swept.server)
            self._tell()
            if not self._waiting:
                self._all_swept()

    def _tell(self) -> None:
        done = self._total - len(self._waiting)
        self._progress(f"collecting, {done} of {self._total} servers" if self._waiting else "")


async def _lines(process: asyncio.subprocess.Process) -> AsyncIterator[str]:
    assert process.stdout is not None
    async for line in process.stdout:
        yield line.decode("utf-8", "replace").strip()


async def make_units(installation: Installation, principal: Principal) -> None:
    """The invented companies of the fleet as business units, and a rule for each that gives it its nodes."""
    from cloutui.simulator.companies import COMPANIES, ROOT

    root = installation.records.root_unit_id
    await installation.perform("unit.rename", {"unit": root, "name": ROOT}, principal)
    for key, value in (("time_zone", "UTC"), ("backup_day_start", "00:00")):
        await installation.perform("unit.set", {"unit": root, "key": key, "value": value}, principal)
    ids: dict[str, int] = {}
    for _, _, group in COMPANIES:
        if group and group not in ids and group not in {company for _, company, _ in COMPANIES}:
            ids[group] = await _make_unit(installation, principal, group, root)
    for prefix, company, group in COMPANIES:
        ids[company] = await _make_unit(installation, principal, company, ids[group] if group else root)
        await installation.perform("rule.set", {"unit": ids[company], "name": f"{prefix}-*"}, principal)


async def make_decisions(installation: Installation, principal: Principal) -> None:
    """What a provider would have said of its customers: tags, what counts as a warning, and what was promised."""
    from cloutui.simulator.companies import ROOT

    decisions: tuple[tuple[str, dict[str, object]], ...] = (
        ("tag.create", {"text": "vip", "unit": ROOT}),
        ("tag.create", {"text": "lab", "unit": ROOT}),
        ("tag.put", {"tags": ("vip",), "units": ("Fjord Retail", "Havn Energi")}),
        ("tag.put", {"tags": ("lab",), "units": ("Øresund Health/Sundlab",)}),
        ("severity.set", {"key": "growth", "value": "warning 15%", "unit": ROOT}),
        ("severity.set", {"key": "failed-files", "value": "warning 100", "unit": "Havn Energi"}),
        ("sla.promise", {"unit": "Fjord Retail", "percent": 97}),
    )
    for action, given in decisions:
        await installation.perform(action, given, principal)


async def _make_unit(installation: Installation, principal: Principal, name: str, parent: int) -> int:
    outcome = await installation.perform("unit.create", {"name": name, "parent": parent}, principal)
    assert outcome.target.id is not None
    return outcome.target.id
