"""The tree of 10,000 units: what opening it, folding, finding and moving cost, by the CPU time until it is painted."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from typing import Any

from textual.app import App, ComposeResult

from benchmarks.bench_matrix import HEIGHT, SinkDriver
from cloutui.model.status import Status
from cloutui.widgets.glyphs import FULL
from cloutui.widgets.look import Look
from cloutui.widgets.palette import Depth
from cloutui.widgets.unit_tree import UnitTree
from cloutui.widgets.units import Unit

UNITS, GROUPS, WIDTH = 10_000, 20, 40
BUDGET_MS = 50
"""A pause begins to be felt at about 100 ms; half of it is the processor's."""
TIMES = 15


class TreeApp(App[None]):
    """The tree alone on the screen, with a mark for each painted frame."""

    def __init__(self) -> None:
        super().__init__(driver_class=SinkDriver)
        self.units = UnitTree(Look.of("nightwatch", Depth.TRUECOLOR, FULL))
        self.painted = asyncio.Event()

    def compose(self) -> ComposeResult:
        yield self.units

    def on_mount(self) -> None:
        self.units.focus()

    def post_display_hook(self) -> None:
        self.painted.set()


def measure() -> list[dict[str, Any]]:
    """CPU ms until the next frame is painted, the median of a few."""
    return asyncio.run(_measure())


async def _measure() -> list[dict[str, Any]]:
    app, units = TreeApp(), _units()
    running = asyncio.create_task(app.run_async(size=(WIDTH, HEIGHT)))
    await asyncio.wait_for(app.painted.wait(), 30)
    tree = app.units

    acts: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "facts come": (lambda: tree.show(units, 1), lambda: None),
        "unfold all": (tree.action_unfold_all, tree.action_fold_all),
        "fold one": (tree.action_fold, tree.action_unfold),
        "only problems": (tree.action_problems, tree.action_problems),
        "find, a letter": (lambda: app.simulate_key("9"), lambda: None),
        "a line down": (tree.action_down, lambda: None),
    }
    figures = []
    for name, (act, back) in acts.items():
        if name.startswith("find"):
            tree.action_find()
        figures.append(_figure(name, statistics.median([await _cpu_ms(app, act, back) for _ in range(TIMES)])))
        if name.startswith("find"):
            app.simulate_key("escape")
            await _settled(app)
    app.exit()
    await running
    return figures


async def _cpu_ms(app: TreeApp, act: Callable[[], object], back: Callable[[], object]) -> float:
    await _settled(app)
    app.painted.clear()
    started = time.process_time()
    act()
    await asyncio.wait_for(app.painted.wait(), 5)
    spent = (time.process_time() - started) * 1000
    back()
    return spent


async def _settled(app: TreeApp) -> None:
    """Until nothing more is painted."""
    while True:
        app.painted.clear()
        try:
            await asyncio.wait_for(app.painted.wait(), 0.05)
        except TimeoutError:
            return


def _figure(name: str, value: float) -> dict[str, Any]:
    return {
        "name": f"tree, {name}",
        "value": round(value, 2),
        "unit": "ms CPU",
        "rows": UNITS,
        "peer": "budget",
        "peer_value": BUDGET_MS,
        "ratio": round(value / BUDGET_MS, 2),
    }


def _units() -> list[Unit]:
    """In tree order: the root, groups, and the units of each."""
    found = [Unit(unit_id=1, parent_id=None, name="Root", status=Status.ERROR, problems=900, nodes=50_000)]
    a_group = (UNITS - 1 - GROUPS) // GROUPS
    for group in range(GROUPS):
        group_id = 2 + group * (a_group + 1)
        found.append(
            Unit(unit_id=group_id, parent_id=1, name=f"Group {group:02}", status=Status.ERROR, problems=45, nodes=2500)
        )
        for place in range(a_group):
            status = Status.ERROR if place % 11 == 0 else Status.OK
            found.append(
                Unit(
                    unit_id=group_id + 1 + place,
                    parent_id=group_id,
                    name=f"Unit {group * a_group + place:05}",
                    status=status,
                    problems=int(status is Status.ERROR),
                    nodes=5,
                )
            )
    return found


if __name__ == "__main__":
    for figure in measure():
        print(figure)
