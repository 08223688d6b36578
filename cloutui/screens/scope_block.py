"""The few lines under the tree that say how much the scope is."""

from __future__ import annotations

from cloutui.model import formats
from cloutui.model.status import Status
from cloutui.screens.desk import Desk
from cloutui.screens.freshness import ages
from cloutui.widgets.page import Page
from cloutui.widgets.paragraph import Paragraph


class ScopeBlock(Page, can_focus=False):
    """Units, nodes and servers of the scope."""

    DEFAULT_CSS = "ScopeBlock { height: 4; }"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.look, "Scope", edge=True, id="scope")
        self.desk = desk

    def draw(self) -> None:
        """Say it anew."""
        desk, forest = self.desk, self.desk.forest
        unit_id = desk.scope if desk.scope is not None else desk.root
        place = forest.place.get(unit_id) if unit_id is not None else None
        if place is None:
            return
        units, nodes = forest.end[place] - place, forest.units[place].nodes
        graded = ages(desk.as_of, desk.now())
        stale = sum(age.status in {Status.UNKNOWN, Status.WARNING} for age in graded)
        muted = desk.look.palette.style("muted")
        lines = [
            f"{units:>4,} {'unit ' if units == 1 else 'units'}  {formats.plural(nodes, 'node'):>10}",
            f"{len(graded):>4,} {'server' if len(graded) == 1 else 'servers'}" + (f"  {stale} stale" if stale else ""),
            "  own + descendants" if units > 1 else "  no units below",
        ]
        self.show([Paragraph([(text, muted)]) for text in lines])
