"""The picture in README.md, made from the running console: `make picture`.

A simulated fleet whose clock stands still is collected over SSH, as always; the console then runs without a terminal,
with the same clock, and is saved as SVG. `rsvg-convert` (Debian package librsvg2-bin) turns that into a PNG, with the
font that this host has for "DejaVu Sans Mono": the letters may differ a little between hosts, the contents may not.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cloutui.app import CloutuiApp
from cloutui.cli.demo import make_units
from cloutui.cli.server import from_file, read_list
from cloutui.home import Home
from cloutui.installation import Installation, OwnSession
from cloutui.model.table import Answer
from cloutui.reports.runner import Runner
from cloutui.widgets.matrix import Matrix
from cloutui.widgets.palette import Depth

AT = datetime(2025, 11, 22, 3, 40, tzinfo=UTC)
"""Saturday, early: some jobs of the night are still to come. In the past, so that the whole history is collected."""

COLUMNS, LINES = 120, 36
PNG = Path(__file__).parent / "pictures" / f"jobs-matrix-{COLUMNS}x{LINES}.png"
FLEET = ("--servers", "3", "--nodes", "212", "--days", "30", "--seed", "1", "--at", AT.isoformat())
FONT = "DejaVu Sans Mono"
FONT_SIZE = 12.2 * 2048 / 1233
"""In pixels: a cell is 12.2 wide, and each letter of this font 1233 of 2048 parts of its size."""


class Still(OwnSession):
    """A session in which no time passes."""

    def run(self, report: str, /, *, unit: int | None = None, **params: object) -> Answer:
        """The answer, collected three minutes ago."""
        answer = super().run(report, unit=unit, **params)
        as_of = {
            name: replace(state, collected_at=AT - timedelta(minutes=3), next_at=AT + timedelta(minutes=2))
            for name, state in answer.as_of.items()
        }
        return replace(answer, as_of=as_of)


async def collected(folder: Path) -> Installation:
    """An installation that has asked the fleet in `folder` once."""
    installation = Installation.open(Home.at(folder / "home"))
    installation.runner = Runner(installation.cache.database, now=lambda: AT)
    principal = installation.principal("terminal")
    await make_units(installation, principal)
    for entry in read_list(folder / "fleet.yaml"):
        await installation.perform("server.add", from_file(entry), principal)
    await installation.collect(installation.records.servers(), swept=lambda _: None)
    return installation


async def console(installation: Installation) -> str:
    """The console on it, as SVG, once the matrix and what is under its cursor are there."""

    async def opened(_: object) -> Still:
        return Still(installation, installation.principal("terminal"))

    app = CloutuiApp(opened, glyphs="full", colours=Depth.TRUECOLOR, now=lambda: AT)
    async with app.run_test(size=(COLUMNS, LINES)) as pilot:
        async with asyncio.timeout(60):
            while not len(app.shell.query_one(Matrix).rows):
                await pilot.pause(0.05)
        await pilot.press("[")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause(1)
        return app.export_screenshot(title="cloutui")


def drawn(svg: str, target: Path) -> None:
    """Write the SVG as a PNG, with a font of this host in place of those that it would fetch.

    rsvg-convert knows no `textLength`, so the font's size must fit the cells, and it drops blanks unless told to keep.
    """
    svg = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL).replace("Fira Code", FONT)
    svg = svg.replace("font-size: 20px", f"font-size: {FONT_SIZE:.3f}px")
    svg = svg.replace("<text ", '<text xml:space="preserve" ')
    target.parent.mkdir(exist_ok=True)
    draft = target.with_suffix(".draft")
    subprocess.run(["rsvg-convert", "--width", "1440", "--output", str(draft)], input=svg.encode(), check=True)
    draft.replace(target)


def main() -> None:
    """Make the picture."""
    if shutil.which("rsvg-convert") is None:
        sys.exit("rsvg-convert is missing: install librsvg2-bin.")
    with tempfile.TemporaryDirectory(prefix="cloutui-picture-") as name:
        fleet = subprocess.Popen(
            [sys.executable, "-m", "cloutui", "simulate", "fleet", "--end-with-input", "--directory", name, *FLEET],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert fleet.stdout is not None
            if fleet.stdout.readline().strip() != "ready":
                sys.exit("The simulated fleet did not start.")
            drawn(asyncio.run(picture(Path(name))), PNG)
        finally:
            fleet.terminate()
            fleet.wait(10)


async def picture(folder: Path) -> str:
    """The SVG for the fleet that runs in `folder`."""
    return await console(await collected(folder))


if __name__ == "__main__":
    main()
