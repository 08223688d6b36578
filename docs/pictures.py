"""Pictures of every screen in three sizes, and the page that shows them: `make pictures`.

A simulated fleet whose clock stands still is collected over SSH, as always; the console then runs without a terminal,
with the same clock, is led through by keys (`tour.py`) and saved as SVG. `rsvg-convert` (Debian package
librsvg2-bin) turns that into PNG, with the font that this host has for "DejaVu Sans Mono": the letters may differ a
little between hosts, the contents may not.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta, tzinfo
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import patch

from textual.pilot import Pilot

from cloutui.app import CloutuiApp
from cloutui.cli.demo import make_decisions, make_units
from cloutui.cli.demo_past import bring_past
from cloutui.cli.server import from_file, read_list
from cloutui.collectors import sweep
from cloutui.delivery import headed
from cloutui.home import Home
from cloutui.installation import Installation
from cloutui.reports.record_relations import RecordSource
from cloutui.reports.runner import Runner
from cloutui.screens.peek import Peek
from cloutui.session import OwnSession
from cloutui.simulator.fleet import FleetPlan
from cloutui.widgets.palette import Depth
from docs.indexed_png import indexed
from docs.tour import BOX_STOPS, OBJECT_STOPS, SCREEN_STOPS, STOPS, Stop

AT = datetime(2025, 11, 22, 3, 40, tzinfo=UTC)
"""Saturday, early: some jobs of the night are still to come. In the past, so that the whole history is collected."""

SIZES = ((80, 24), (120, 36), (220, 60))
DOCS = Path(__file__).parent
PICTURES = DOCS / "pictures"
PAGE = DOCS / "screens.md"
PLAN = FleetPlan(servers=3, nodes=212, days=60, seed=1, at=AT)
FONT = "DejaVu Sans Mono"
CELL = 12.2
"""How wide a cell is, in pixels."""
FONT_SIZE = CELL * 2048 / 1233
"""In pixels: each letter of this font is 1233 of 2048 parts of its size wide."""
PIXELS = {80: 640, 120: 960, 220: 1320}
"""How wide a picture of so many columns is."""
COLOURS = 64
LIMIT_S = 60


class StillClock(datetime):
    """In place of `datetime` where the time is read."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        """Always the same."""
        return AT.astimezone(tz)


class CollectingClock(StillClock):
    """The same while the fleet is asked."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        """Three minutes earlier."""
        return (AT - timedelta(minutes=3)).astimezone(tz)


async def collected(folder: Path) -> Installation:
    """An installation that has asked the fleet in `folder` once."""
    installation = Installation.open(Home.at(folder / "home"))
    decided = RecordSource(installation.records, lambda: installation.sessions, installation.history)
    installation.runner = Runner(installation.cache.database, now=lambda: AT, records=decided)
    principal = installation.principal("terminal")
    await make_units(installation, principal)
    await make_decisions(installation, principal)
    for entry in read_list(folder / "fleet.yaml"):
        await installation.perform("server.add", from_file(entry), principal)
    with patch.object(sweep, "datetime", CollectingClock):
        await installation.collect(installation.records.servers(), swept=lambda _: None)
    await bring_past(installation, PLAN)
    return installation


@contextlib.asynccontextmanager
async def console(installation: Installation, size: tuple[int, int]) -> AsyncIterator[Pilot[None]]:
    """The console on it, without a terminal."""

    async def opened(_: object) -> OwnSession:
        return OwnSession(installation, installation.principal("terminal"))

    app = CloutuiApp(opened, glyphs="full", colours=Depth.TRUECOLOR, now=lambda: AT, time_zone=UTC)
    app.shell.close_session = _stays_open  # type: ignore[method-assign]  # the next size goes on with it
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        yield pilot


async def _stays_open() -> None:
    """Nothing."""


async def settled(pilot: Pilot[None]) -> None:
    """Wait until every question has been answered and what was answered is painted."""
    app = pilot.app
    assert isinstance(app, CloutuiApp)
    async with asyncio.timeout(LIMIT_S):
        while True:
            await pilot.pause(0.02)
            view = app.shell.view
            is_asking = any(not worker.is_finished for worker in app.workers)
            is_asking |= app.desk.session is None or any(peek.is_asking for peek in view.walk_children(Peek))
            if not is_asking and not view.main.waiting:
                return


async def take(pilot: Pilot[None], stop: Stop) -> str:
    """Go there by keys, and come back. Returns the SVG."""
    for key in stop.keys:
        await pilot.press(key)
        await settled(pilot)
    await pilot.press(*stop.presses)
    async with asyncio.timeout(LIMIT_S):
        while not all(sign in shown(pilot) for sign in stop.signs):
            await pilot.pause(0.02)
    await settled(pilot)
    svg = pilot.app.export_screenshot(title="cloutui")
    await pilot.press(*stop.leave)
    return svg


def shown(pilot: Pilot[None]) -> str:
    """What is on the screen, as text."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)


def drawn(svg: str, columns: int) -> bytes:
    """The SVG as a PNG, with a font of this host in place of those that it would fetch.

    rsvg-convert knows no `textLength`, so the font's size must fit the cells, and it drops blanks unless told to keep.
    """
    svg = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL).replace("Fira Code", FONT)
    svg = svg.replace("font-size: 20px", f"font-size: {FONT_SIZE:.3f}px")
    svg = svg.replace("<text ", '<text xml:space="preserve" ')
    svg = _DOTTED.sub(_cell_by_cell, svg)
    command = ["rsvg-convert", "--width", str(PIXELS[columns])]
    made = subprocess.run(command, input=svg.encode(), stdout=subprocess.PIPE, check=True)
    # A status that is seen once must keep its colour.
    kept = sorted({bytes.fromhex(colour) for colour in re.findall(r"fill(?:: |=\")#([0-9a-f]{6})", svg)})
    return indexed(made.stdout, kept, colours=COLOURS)


_DOTTED = re.compile(r'(<text [^>]*?) x="([0-9.]+)"([^>]*)>([^<]*[\u2801-\u28ff][^<]*)</text>')
"""A text with dots of a chart in it. The font may not have them, and another's are of another width."""


def _cell_by_cell(dotted: re.Match[str]) -> str:
    before, x, after, letters = dotted.groups()
    places = enumerate(html.unescape(letters))
    return "".join(
        f'{before} x="{float(x) + CELL * place:.1f}"{after}>{html.escape(letter)}</text>'
        for place, letter in places
        if not letter.isspace()
    )


def draw(svg: str, columns: int, target: Path) -> None:
    """Write it."""
    target.write_bytes(drawn(svg, columns))


def picture_name(stop: Stop, size: tuple[int, int]) -> str:
    """The file's name: `matrix-120x36.png`."""
    return f"{stop.name}-{size[0]}x{size[1]}.png"


async def pictures(folder: Path) -> None:
    """Every stop in every size, of the fleet that runs in `folder`."""
    PICTURES.mkdir(exist_ok=True)
    kept = {picture_name(stop, size) for stop in STOPS for size in SIZES}
    for old in PICTURES.glob("*.png"):
        if old.name not in kept:
            old.unlink()
    installation = await collected(folder)
    still = patch.object(headed, "datetime", StillClock)
    with still, ProcessPoolExecutor(mp_context=get_context("spawn")) as painters:
        drawing = []
        for size in SIZES:
            async with console(installation, size) as pilot:
                taken = {picture_name(stop, size): await take(pilot, stop) for stop in STOPS}
            drawing += [painters.submit(draw, svg, size[0], PICTURES / name) for name, svg in taken.items()]
        for one in drawing:
            one.result()
    await OwnSession(installation, installation.principal("terminal")).close()


def page() -> str:
    """The page that shows them, as Markdown."""
    return "\n".join(_page())


def _page() -> Iterator[str]:
    sizes = ", ".join(f"{columns}×{lines}" for columns, lines in SIZES)
    yield "# Every screen\n"
    yield f"Of a simulated fleet, in terminals of {sizes}. Made by `make pictures`, as is this page.\n"
    for title, stops in (("Screens", SCREEN_STOPS), ("Looked into", OBJECT_STOPS), ("Boxes", BOX_STOPS)):
        yield f"## {title}\n"
        for stop in stops:
            yield from _section(stop)


def _section(stop: Stop) -> Iterator[str]:
    small, middle, large = SIZES
    others = " · ".join(
        f"[{columns}×{lines}](pictures/{picture_name(stop, (columns, lines))})" for columns, lines in (small, large)
    )
    yield f"### {stop.title}\n"
    yield f"{stop.says} Also {others}.\n"
    yield f"![{stop.title} in a terminal of {middle[0]}×{middle[1]}](pictures/{picture_name(stop, middle)})\n"


@contextlib.contextmanager
def fleet(folder: Path) -> Iterator[None]:
    """The simulated servers, for as long as this lasts."""
    sizes = (f"--{name}={getattr(PLAN, name)}" for name in ("servers", "nodes", "days", "seed"))
    told = ("--end-with-input", "--directory", str(folder), *sizes, f"--at={AT.isoformat()}")
    process = subprocess.Popen(
        [sys.executable, "-m", "cloutui", "simulate", "fleet", *told],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        if process.stdout.readline().strip() != "ready":
            sys.exit("The simulated fleet did not start.")
        yield
    finally:
        process.terminate()
        process.wait(10)


def main() -> None:
    """Make the pictures and the page."""
    if shutil.which("rsvg-convert") is None:
        sys.exit("rsvg-convert is missing: install librsvg2-bin.")
    with tempfile.TemporaryDirectory(prefix="cloutui-pictures-") as name, fleet(Path(name)):
        asyncio.run(pictures(Path(name)))
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
