"""The block `Jobs today`: a bar in proportion, and how many jobs stand how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.strip import Strip

from cloutui.model import formats
from cloutui.model.status import Status
from cloutui.widgets.bars import shares
from cloutui.widgets.lines import ACT, MOVE, Lines
from cloutui.widgets.look import Look
from cloutui.widgets.palette import Depth
from cloutui.widgets.text import Piece, line

_ORDER = (
    *(Status.OK, Status.OKWARN, Status.WARNING, Status.ERROR, Status.MISSED, Status.UNKNOWN, Status.RUNNING),
    *(Status.PENDING, Status.IGNORED, Status.NONE),
)
_ALWAYS = {Status.OK, Status.ERROR, Status.MISSED}
"""Said also when there are none: that nothing failed is what one wants to read."""
_GRID = 4
"""Counts a row, where they do not fit on one."""


class JobsBlock(Lines):
    """How the jobs of a day stand."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open", id="overview.jobs", group=ACT),
        Binding("h,left", "step(-1)", "status left", id="overview.status-left", show=False, group=MOVE),
        Binding("l,right", "step(1)", "status right", id="overview.status-right", show=False, group=MOVE),
    ]

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Jobs today")
        self.counts: Mapping[Status, int] = {}
        self.chosen: Status | None = None
        """What enter looks into; None is every job."""

    def show(self, counts: Mapping[Status, int]) -> None:
        """So many jobs of each status."""
        self.counts, self.waiting, self.notice = counts, False, ()
        if self.chosen not in self.statuses():
            self.chosen = None
        self.refresh()

    def statuses(self) -> list[Status]:
        """Those that are told of, in the order of the bar."""
        return [status for status in _ORDER if self.counts.get(status) or status in _ALWAYS]

    def rows_needed(self, width: int) -> int:
        """With the title rule, in that many cells."""
        return 2 + (1 if self._fits_on_one(width) else -(-len(self.statuses()) // _GRID))

    def count(self) -> int:
        """There is no cursor row."""
        return 0

    def position(self) -> str:
        """Nor a place in it."""
        return ""

    def _content_row(self, index: int) -> list[Piece]:
        if index == 0:
            return self._bar()
        statuses = self.statuses()
        if self._fits_on_one(self.inner_width):
            return self._on_one(statuses) if index == 1 else []
        return self._of_grid(statuses[(index - 1) * _GRID : index * _GRID])

    def _content(self, y: int) -> Strip:
        if y == 0 or self.notice or self.waiting:
            return super()._content(y)
        return line(self._content_row(y - 1), self.inner_width, self.look.palette.style())

    # Drawing.

    def _bar(self) -> list[Piece]:
        palette, width = self.look.palette, self.inner_width - 4
        shown = [(status, self.counts[status]) for status in _ORDER if self.counts.get(status)]
        if not shown:
            return [("  " + self.look.glyphs.rule * width, palette.style("line"))]
        has_gap = len(shown) > 1 and shown[0][0] is Status.OK
        cells = shares([count for _, count in shown], width - has_gap)
        pieces: list[Piece] = [("  ", palette.style())]
        for place, ((status, _), size) in enumerate(zip(shown, cells, strict=True)):
            pieces.append((self._fill(status) * size, palette.style(status.key)))
            if has_gap and place == 0:
                pieces.append((" ", palette.style()))  # health stands apart from the rest
        return pieces

    def _fill(self, status: Status) -> str:
        """Without colour the letters of the statuses tell the parts of the bar apart."""
        if self.look.glyphs.rule.isascii() or self.look.palette.depth is Depth.NONE:
            return status.letter if status.letter.strip() else "."
        return "█" if self.look.glyphs.enter == "enter" else "▀"

    def _fits_on_one(self, width: int) -> bool:
        return 2 + sum(self._width_of(status) + 2 for status in self.statuses()) <= width

    def _width_of(self, status: Status) -> int:
        return cell_len(f"{self.look.glyphs.status[status]} {self._number(status)} {status.word}")

    def _number(self, status: Status) -> str:
        return formats.count(self.counts.get(status, 0))

    def _on_one(self, statuses: list[Status]) -> list[Piece]:
        plain = self.look.palette.style()
        pieces: list[Piece] = [("  ", plain)]
        for status in statuses:
            pieces += [*self._told(status, self._number(status)), ("  ", plain)]
        return pieces

    def _of_grid(self, statuses: list[Status]) -> list[Piece]:
        plain, column = self.look.palette.style(), (self.inner_width - 2) // _GRID
        widest = max(len(self._number(status)) for status in self.statuses())
        pieces: list[Piece] = [("  ", plain)]
        for status in statuses:
            number = self._number(status).rjust(widest)
            pieces += self._told(status, number)
            pieces.append((" " * max(1, column - 3 - widest - len(status.word)), plain))
        return pieces

    def _told(self, status: Status, number: str) -> list[Piece]:
        palette = self.look.palette
        lit = self.has_focus and status is self.chosen
        on = "cursor-ground" if lit else "background"
        under = status is self.chosen and not lit
        has_any = bool(self.counts.get(status))
        return [
            (self.look.glyphs.status[status], palette.status(status if has_any else Status.NONE, on)),
            (f" {number} ", palette.style("text" if has_any else "muted", on, bold=has_any, under=under)),
            (status.word, palette.style("muted", on, under=under)),
        ]

    # Keys.

    def action_step(self, step: int) -> None:
        """Choose one status, or at the left end none."""
        statuses: list[Status | None] = [None, *self.statuses()]
        at = max(0, min(statuses.index(self.chosen) + step, len(statuses) - 1))
        self.chosen = statuses[at]
        self.refresh()

    def action_open(self) -> None:
        """The jobs that are counted."""
        if not self.notice and not self.waiting:
            self.post_message(self.Opened(self))
