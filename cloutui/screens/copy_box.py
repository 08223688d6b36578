"""What is to be copied: one letter each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from cloutui.screens.boxes import BoxScreen, Line
from cloutui.screens.desk import Desk
from cloutui.screens.view import View
from cloutui.widgets.text import cut, pad

_WAYS = (
    ("c", "cell", "cell"),
    ("r", "row", "row, with tabs between"),
    ("t", "tsv", "table, with tabs between"),
    ("j", "json", "table as JSON"),
    ("l", "command", "our command line"),
    ("d", "dsmadmc", "dsmadmc commands, where there are some"),
)
"""Key, what, and what it is called."""


class CopyBox(BoxScreen):
    """Copy as …"""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "close", "close", id="copy.close", show=False),
        *(Binding(key, f"take('{what}')", says, id=f"copy.{what}") for key, what, says in _WAYS),
    ]

    def __init__(self, desk: Desk, view: View) -> None:
        super().__init__(desk, "Copy as", "esc closes")
        self.chosen = ""
        self._has_rows = view.question() is not None
        self._cell, self._row = view.main.cell_text(), view.main.row_text()

    def lines(self, width: int) -> list[Line]:
        """The letters; a cell and a row are shown as they are."""
        palette, sign = self.desk.look.palette, self.desk.look.glyphs.cut
        shown = {"cell": self._cell, "row": self._row.rpartition("\n")[2].replace("\t", "  ")}
        lines: list[Sequence[tuple[str, object]]] = [[]]
        for key, what, says in _WAYS:
            there = self._is_there(what)
            lines.append(
                [
                    (f"  {key}  ", palette.style("accent" if there else "faint", "panel", bold=there)),
                    (pad(says, 40), palette.style("text" if there else "faint", "panel")),
                    (cut(shown.get(what, ""), max(0, width - 48), sign), palette.style("muted", "panel")),
                ]
            )
        return [*lines, []]  # type: ignore[list-item]

    def _is_there(self, what: str) -> bool:
        return bool({"cell": self._cell, "row": self._row}.get(what, self._has_rows))

    def action_take(self, what: str) -> None:
        """Copy this."""
        if self._is_there(what):
            self.chosen = what
            self.dismiss(True)
