"""What was done last in the scope, in the corner below the peek: only where a terminal has room for both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Offset, Size

from cloutui.errors import CloutuiError
from cloutui.model import formats
from cloutui.model.link import Link
from cloutui.screens.activity_words import typed
from cloutui.screens.background import ask_in_background
from cloutui.screens.desk import Desk
from cloutui.screens.layout import Layout
from cloutui.screens.moments import aware
from cloutui.screens.notices import error_notice
from cloutui.screens.view import LinkOpened
from cloutui.widgets.lines import ACT
from cloutui.widgets.page import Page
from cloutui.widgets.paragraph import Paragraph

_BAD = {"failed", "broken off"}
"""Outcomes: their sentences say so too."""


class ActivityTail(Page):
    """The newest lines of the activity log; `enter` opens all of it."""

    # Over the content, where the peek leaves it free: there is one for all views.
    CAN_BE_SOUGHT = False
    DEFAULT_CSS = "ActivityTail { layer: over; position: absolute; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "all of it", id="tail.open", tooltip="all", group=ACT),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.look, "Activity")
        self.desk = desk
        self.waiting = True
        self._asked: object = None
        """Of which scope, and for how many lines."""

    def stand(self, content: Size, layout: Layout) -> None:
        """In the lower right corner."""
        self.styles.width, self.styles.height = layout.peek_width, layout.tail_rows
        self.styles.offset = Offset(content.width - layout.peek_width, content.height - layout.tail_rows)

    def follow(self) -> None:
        """The scope may be another one now, or there is room for more lines."""
        if self.size.height and self._asked != (self.desk.scope, self.page_rows):
            self.reload()

    def on_resize(self) -> None:
        """As many lines as fit."""
        super().on_resize()
        self.follow()

    def reload(self) -> None:
        """Ask for the newest lines."""
        self._asked = (self.desk.scope, self.page_rows)
        ask_in_background(self, self._ask, "tail")

    async def _ask(self) -> None:
        assert self.desk.session is not None
        try:
            answer = await self.desk.session.ask("activity", unit=self.desk.scope, limit=self.page_rows)
        except CloutuiError as error:
            self.say(error_notice(error, self.look))
        else:
            nothing = f"Nothing was done in {self.desk.scope_name()} in the last days."
            muted = self.look.palette.style("muted")
            lines = [self._line(row) for row in answer.rows.to_pylist()]
            self.show(lines or [Paragraph([("  ", muted)], nothing, muted)])

    def _line(self, row: Mapping[str, Any]) -> Paragraph:
        """`14:31 op-01  Acknowledged ACME-SQL01 on 21 Nov.`"""
        palette, at = self.look.palette, aware(row["at"])
        when = formats.time(at, self.desk.now(), self.desk.zone) if at is not None else ""
        lead = [(f"  {when}  ", palette.style("muted")), (f"{row['actor']}  ", palette.style())]
        said = typed(row["sentence"] or row["action"], self.look.glyphs)
        return Paragraph(lead, said, palette.style("error" if row["outcome"] in _BAD else "muted"))

    def action_open(self) -> None:
        """The screen of the activity log."""
        self.post_message(LinkOpened(Link(unit=self.desk.unit, screen="activity")))
