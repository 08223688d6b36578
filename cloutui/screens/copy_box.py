"""What is to be copied: one letter each, or one click."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from cloutui.errors import CloutuiError
from cloutui.screens.background import ask_in_background
from cloutui.screens.boxes import BoxScreen, Line, button
from cloutui.screens.desk import Desk
from cloutui.screens.view import View
from cloutui.widgets.lines import Lines
from cloutui.widgets.result_table import ResultTable
from cloutui.widgets.text import cut, pad

_WAYS = (
    ("c", "cell", "cell"),
    ("r", "row", "row, with tabs between"),
    ("t", "tsv", "table, with tabs between"),
    ("j", "json", "table as JSON"),
    ("l", "command", "our command line"),
    ("d", "dsmadmc", "what the servers were asked, for dsmadmc"),
)
"""Key, what, and what it is called."""
_NAME = 42


def rows_to_copy(pane: Lines) -> str:
    """The marked rows that are shown, else the row under the cursor."""
    return (pane.marked_text() if isinstance(pane, ResultTable) else "") or pane.row_text()


class CopyBox(BoxScreen):
    """Copy as …"""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "close", "close", id="copy.close", show=False),
        *(Binding(key, f"take('{what}')", says, id=f"copy.{what}") for key, what, says in _WAYS),
    ]

    def __init__(self, desk: Desk, view: View) -> None:
        super().__init__(desk, "Copy as", "esc closes")
        self.chosen = ""
        self._question = view.question()
        self._has_commands = False
        """Whether a command of a backup server says the same: known a moment after the box is open."""
        rows = rows_to_copy(view.main)
        below_heads = rows.partition("\n")[2] or rows
        self._shown = {
            "cell": view.main.cell_text(),
            "row": below_heads.replace("\t", "  ").replace("\n", "   "),
            "dsmadmc": "",
        }

    def on_mount(self) -> None:
        """Which commands there are is the session's to say."""
        super().on_mount()
        if self._question is not None:
            ask_in_background(self, self._look_for_commands, "commands")

    async def _look_for_commands(self) -> None:
        assert self.desk.session is not None
        assert self._question is not None
        try:
            self._has_commands = bool(await self.desk.session.copied(self._question, "dsmadmc"))
        except CloutuiError:
            self._has_commands = False  # for whoever may not see that, there is none
        self._shown["dsmadmc"] = "" if self._has_commands else "no command of a server says this"
        self._fill()

    def lines(self, width: int) -> list[Line]:
        """The letters; a cell and a row are shown as they are."""
        return [[], *(self._way(key, what, says, width) for key, what, says in _WAYS), []]

    def _way(self, key: str, what: str, says: str, width: int) -> Line:
        palette, there = self.desk.look.palette, self._is_there(what)
        shown = cut(self._shown.get(what, ""), max(0, width - _NAME - 8), self.desk.look.glyphs.cut)
        return [
            button(f"  {key}  ", palette.style("accent" if there else "faint", "panel", bold=there), "take", what),
            button(pad(says, _NAME), palette.style("text" if there else "faint", "panel"), "take", what),
            button(shown, palette.style("muted", "panel"), "take", what),
        ]

    def _is_there(self, what: str) -> bool:
        match what:
            case "cell" | "row":
                return bool(self._shown[what])
            case "dsmadmc":
                return self._has_commands
        return self._question is not None

    def action_take(self, what: str) -> None:
        """Copy this."""
        if self._is_there(what):
            self.chosen = what
            self.dismiss(True)
