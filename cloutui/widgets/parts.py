"""Panes with parts: what can be shown in the same place stands in the title rule, and one of it is shown."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.strip import Strip

from cloutui.model.safe_text import safe
from cloutui.widgets.lines import Lines
from cloutui.widgets.result_table import ResultTable
from cloutui.widgets.text import Piece, cut, length, line


class Parted(Lines):
    """A pane whose title rule names its parts. Which is shown, and what a key does to it, is the owner's."""

    parts: Sequence[str] = ()
    part = 0
    """The one that is shown."""

    def name_parts(self, parts: Sequence[str], part: int) -> None:
        """These parts from now on, and which of them is shown."""
        if (list(parts), part) != (list(self.parts), self.part):
            self.parts, self.part = parts, part
            self.refresh_lines(0)

    def rule(self) -> Strip:
        """`▌ SPB01 ───────── pools │ state │ problem ─`, as many parts as fit around the one that is shown."""
        if not self.parts:
            return super().rule()
        palette, glyphs, width = self.look.palette, self.look.glyphs, self.inner_width
        ruled, focused = palette.style("line"), self.has_focus
        title = cut(safe(self.heading), max(8, width // 2), glyphs.cut)
        left: list[Piece] = [
            (glyphs.cursor, palette.style("accent")) if focused else (glyphs.rule, ruled),
            (f" {title} ", palette.style("accent" if focused else "text", bold=True)),
        ]
        right = [(" ", ruled), *self._names(width - length(left) - 4), (f" {glyphs.rule}", ruled)]
        between = width - length(left) - length(right)
        return line([*left, (glyphs.rule * between, ruled), *right], width, palette.style())

    def _names(self, room: int) -> list[Piece]:
        palette, divider = self.look.palette, f" {self.look.glyphs.divider} "
        shown = list(range(len(self.parts)))
        while len(shown) > 1 and sum(cell_len(safe(self.parts[at])) + len(divider) for at in shown) - 3 > room:
            shown.remove(shown[-1] if shown[-1] != self.part else shown[0])
        pieces: list[Piece] = []
        for at in shown:
            if pieces:
                pieces.append((divider, palette.style("line")))
            is_shown = at == self.part
            pieces.append((self.parts[at], palette.style("text" if is_shown else "muted", bold=is_shown)))
        return pieces


_OF_ROWS = frozenset({"open", "mark", "range", "mark_all", "problem"})


class PartedTable(Parted, ResultTable):
    """A result table with parts: each another question about the same thing."""

    can_open = True
    """Whether there is more to see of a row. Where there is not, enter is not offered."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that would do nothing are not there."""
        if action in _OF_ROWS and (self.notice or not self.count()):
            return False
        if (action == "open" and not self.can_open) or (action == "problem" and self._status_column is None):
            return False
        return super().check_action(action, parameters)

    def rule(self) -> Strip:
        """The parts, or what is being looked for."""
        return ResultTable.rule(self) if self.sought is not None else super().rule()
