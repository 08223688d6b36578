"""The block of what was promised: the unit that is looked at and those right below it, the worst first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.screens.desk import Desk
from cloutui.widgets.bars import bar
from cloutui.widgets.lines import ACT, Lines
from cloutui.widgets.text import Piece, cut, length, pad

WIDTH = 38
_MOST_NAME = 16
_LEAST_BAR = 4
_FROM = 90.0
"""Percent: the bar spans from here to 100, because all below looks the same to who has to mend it."""


class SlaBlock(Lines):
    """Each unit's share of good jobs this month, as a bar."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "open", "open", id="overview.sla", group=ACT)]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.look, "SLA")
        self.desk = desk
        self.units: Sequence[dict[str, Any]] = ()

    def fill(self, units: Sequence[dict[str, Any]]) -> None:
        """Show these rows of the report `sla`, of which the first is the unit that is looked at."""
        at = self.chosen["unit_id"] if self.chosen else None
        self.units, self.waiting, self.notice = units, False, ()
        self.cursor = next((place for place, row in enumerate(units) if row["unit_id"] == at), 0)
        self.entitle(f"SLA {self.desk.today():%B}", self._in_short() if units else "")
        self.changed()

    def on_resize(self) -> None:
        """In one row the title says what the rows would."""
        if self.units:
            self.entitle(self.heading, self._in_short())

    def _in_short(self) -> str:
        """`goal 98.0%`; where there is but the title, with how the unit that is looked at stands."""
        own = self.units[0]
        goal = f"goal {own['goal']:.1f}%"
        if self.size.height > 1 or own["result"] is None:
            return goal
        return f"{safe(own['unit'])} {own['result']:.1f}% {self.look.glyphs.status[Status(own['status'])]}   {goal}"

    def count(self) -> int:
        """One row a unit."""
        return len(self.units)

    @property
    def chosen(self) -> dict[str, Any] | None:
        """The unit under the cursor."""
        return self.units[self.cursor] if self.units and not self.notice else None

    def row(self, index: int) -> list[Piece]:
        """Name, share, sign and bar."""
        palette, look, row = self.look.palette, self.look, self.units[index]
        lit, under = index == self.cursor and self.has_focus, index == self.cursor and not self.has_focus
        on = "cursor-ground" if lit else "background"
        status, plain = Status(row["status"]), palette.style(on=on)
        name = min(_MOST_NAME, max(len(safe(unit["unit"])) for unit in self.units))
        shown = "-" if row["result"] is None else f"{row['result']:.1f}%"
        before: list[Piece] = [
            self.marker(index, on=on),
            (" ", plain),
            (pad(cut(safe(row["unit"]), name, look.glyphs.cut), name), palette.style("text", on, under=under)),
            (f"  {shown:>6} ", palette.style(status.key if status.is_problem else "text", on)),
            (look.glyphs.status[status], palette.status(status, on)),
            (" ", plain),
        ]
        cells = max(_LEAST_BAR, self.inner_width - length(before) - 1)
        share = None if row["result"] is None else max(0.0, (row["result"] - _FROM) / (100 - _FROM))
        drawn = bar(share, cells, look, status.key if status.is_problem else "accent")
        if lit:
            drawn = [(text, plain) for text, _ in drawn]
        pieces = [*before, *drawn]
        return [*pieces, (" " * max(0, self.inner_width - length(pieces)), plain)]

    def action_open(self) -> None:
        """The screen of what was promised."""
        if self.chosen is not None:
            self.post_message(self.Opened(self))
