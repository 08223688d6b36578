"""Run as a program in a pseudo-terminal: a console whose servers say the texts given, led through every screen.

Arguments: the texts (a JSON list), a file for what was seen (JSON, by the names of the stops), the colour depth, and
the defences to switch off, for the negative controls: `safe`, `gate`. With `short` it is led to the screens alone.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tests.screens.console import Console
    from tests.screens.fake_views import ViewsSession

MARK = "QZ"
"""Stands before the character that does the harm, to tell it from the sequences that Textual sends itself."""

OWN_WORDS = {"node", "unit", "server", "name", "job_key", "kind", "product", "code", "key", "history"}
"""Columns by which the console finds things again. Names among them are hostile already, in the fleet."""


def harm(text: str) -> bytes:
    """The mark and where the steering begins, as a terminal would be sent them; nothing for a text that steers nothing.

    Three characters of it: after the mark Textual may end a style itself, with `ESC [ 0 m`.
    """
    at = text.find(MARK)
    return text[at : at + len(MARK) + 3].encode() if at >= 0 else b""


def disarm(off: Sequence[str]) -> None:
    from cloutui.model import safe_text
    from cloutui.widgets import gate

    if "safe" in off:
        # The gate has taken the real one by name; whoever is imported from here on takes this.
        safe_text.safe = lambda text: text
    if "gate" in off:
        gate.Gate.apply = lambda self, segments, background: segments  # type: ignore[method-assign]


def packed(texts: Sequence[str]) -> list[str]:
    """Several in one name: for what there is only one of on a screen. A tower of marks would fill it alone."""
    short = [text for text in texts if len(text) < 40]
    return [" ".join(short[start : start + 8]) for start in range(0, len(short), 8)]


def hostile_session(texts: Sequence[str]) -> ViewsSession:
    import pyarrow as pa

    from cloutui.model.table import Answer
    from tests.screens.fake_session import fleet
    from tests.screens.fake_views import ViewsSession

    class Hostile(ViewsSession):
        """Whatever a server can say is one of the texts."""

        async def ask(self, report: str, /, **params: Any) -> Answer:
            answer = await super().ask(report, **params)
            rows = answer.rows
            for column in answer.columns:
                place = rows.column_names.index(column.name)
                if pa.types.is_string(rows.column(place).type) and column.name not in OWN_WORDS:
                    said = pa.array(itertools.islice(itertools.cycle(texts), rows.num_rows), pa.string())
                    rows = rows.set_column(place, column.name, said)
            return replace(answer, rows=rows)

        def file_name(self, question: object, how: str) -> str:
            return f"{texts[0]}.{how}"

    packs, singles = packed(texts), itertools.cycle(texts)
    names = [*packs, *texts]
    made = fleet(nodes=len(names))
    made.units = [(unit, parent, packs[0] if parent is None else next(singles)) for unit, parent, _ in made.units]
    made.nodes = [
        replace(node, name=name, server=next(singles), statuses=node.statuses[:-1] + b"\x09")
        for node, name in zip(made.nodes, names, strict=True)
    ]
    made.schedule, made.message = packs[1], packs[2]
    made.log = [(text, "E", text) for text in texts]
    some = next(iter(made.freshness.values()))
    made.freshness = {text: replace(some, server=text, problem=text, hint=text) for text in texts}
    return Hostile(made)


class Seen:
    """What was written to the terminal, and what stood on it, stop by stop."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.written = ""
        self.stops: dict[str, dict[str, Any]] = {}

    def listen(self, driver: Any) -> None:
        write = driver.write

        def listening(data: str) -> None:
            self.written += data
            write(data)

        driver.write = listening

    def note(self, name: str, it: Console) -> None:
        data, self.written = self.written.encode("utf-8", "surrogatepass"), ""
        strips, shown = it.app.screen._compositor.render_strips(), it.text()
        metas = {
            str(value)
            for strip in strips
            for segment in strip
            if segment.style
            for value in segment.style.meta.values()
        }
        self.stops[name] = {
            "raw": sum(1 for text in self.texts if harm(text) and harm(text) in data),
            "drawn": MARK in shown,
            "markup": [text for text in self.texts if text[:4] in shown and not harm(text)],
            "metas": sorted(metas),
        }


async def tour(it: Console, seen: Seen, *, is_short: bool) -> None:
    from textual import events

    from cloutui.model.status import Status
    from docs.tour import BOX_STOPS, OBJECT_STOPS, SCREEN_STOPS, STOPS
    from tests.screens.shown import quiet

    async def see(name: str, *keys: str) -> None:
        for key in keys:
            await it.press(key)
            await quiet(it)
        seen.note(name, it)

    await see("start")
    for stop in SCREEN_STOPS if is_short else STOPS:
        await see(stop.name, *stop.keys, *stop.presses)
        if stop in OBJECT_STOPS:
            await see(f"{stop.name}, its end", "tab", "G", "shift+tab", "G", "g", "g")
        await see(f"{stop.name}, left", *stop.leave)
    await see("nodes, down", "8", "j", "j", "j", "j", "j", "j")
    await see("tree", "shift+tab", "j", "enter")
    for opened, name in (("colon", "command, pasted"), ("slash", "filter, pasted")):
        await see(name, opened)
        it.app.focused.post_message(events.Paste(" ".join(seen.texts)))  # type: ignore[union-attr]
        await see(name, "enter")
        await see(f"{name}, left", "escape", "escape", "escape")
    for text in seen.texts:
        it.shell.notices.tell(text, Status.ERROR)
        await it.pilot.pause()
    await see("notices")
    await see("notices, all", "colon", *"notices", "enter")
    await see("the end", "escape", "escape")
    assert is_short or {stop.name for stop in BOX_STOPS} <= seen.stops.keys()


def main(texts: list[str], report: Path, depth: str, off: list[str]) -> None:
    disarm(off)
    from cloutui.widgets.palette import Depth
    from tests import stillness
    from tests.screens.console import Console, console_app

    stillness.install()
    session = hostile_session(texts)
    colours = Depth(depth)
    glyphs = "ascii" if colours is Depth.NONE else "full"
    app = console_app(session, colours=colours, glyphs=glyphs, log_file=report.with_suffix(".failed"))
    seen = Seen(texts)
    failed: list[str] = []

    async def led(pilot: Pilot[None]) -> None:
        seen.listen(app._driver)
        try:
            await tour(Console(app, pilot, session), seen, is_short="short" in off)
        except BaseException:
            failed.append(traceback.format_exc())
        app.exit()

    follow: Callable[[Any], Awaitable[None]] = led
    app.run(auto_pilot=follow)  # type: ignore[arg-type]
    if failed:
        report.with_suffix(".failed").write_text(failed[0], encoding="utf-8")
    report.write_text(json.dumps(seen.stops), encoding="utf-8")
    sys.exit(app.return_code or 0)


if __name__ == "__main__":
    os.chdir(Path(sys.argv[2]).parent)  # an export that is offered stands in an empty folder
    main(json.loads(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4:])
