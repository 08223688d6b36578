"""What needs attention, and below it, where the list is short, why that under the cursor stands so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual import on
from textual.containers import Container

from cloutui.model import formats
from cloutui.model.safe_text import safe
from cloutui.screens.desk import Desk
from cloutui.screens.peek import Peek
from cloutui.widgets.lines import Lines
from cloutui.widgets.paragraph import Paragraph

if TYPE_CHECKING:
    from cloutui.screens.overview_lists import AttentionBlock

_LEAST = 7
"""Lines, with the title rule: in fewer there is little to be told."""


class Queue(Container):
    """The list, and a peek that is no stop of the focus: what it has no room for is behind enter."""

    DEFAULT_CSS = "Queue { width: 1fr; }"

    def __init__(self, desk: Desk, block: AttentionBlock) -> None:
        self.told = Peek(desk.look)
        self.told.can_focus = self.told.display = False
        super().__init__(block, self.told)
        self.desk, self.block = desk, block

    def share(self, lines: int) -> None:
        """Of so many lines the peek has those that the list does not need."""
        told, spare = self.told, lines - self.block.lines_needed
        was_shown, told.display = told.display, spare >= _LEAST and self.block.chosen is not None
        told.styles.height = max(1, spare)
        if told.display and not was_shown:
            self._tell()

    @on(Lines.Moved)
    def _moved(self, message: Lines.Moved) -> None:
        if message.lines is self.block and self.told.display:
            self._tell()

    def _tell(self) -> None:
        row, told = self.block.chosen, self.told
        if row is None:
            return  # the list says why, and takes all lines
        parts = [row["unit"], row["server"], formats.short_day(row["day"]) if row["day"] else None]
        told.entitle(row["name"], f" {self.desk.look.glyphs.crumb} ".join(safe(part) for part in parts if part))
        told.look_at((row["kind"], row["name"], row["server"]), [], lambda: self._ask_of(row))

    async def _ask_of(self, row: dict[str, Any]) -> Sequence[Paragraph]:
        # Not needed for the first paint, so loaded here.
        from cloutui.screens.overview_facts import told_of

        return await told_of(row, self.desk, self.told.inner_width, self.told.page_rows)
