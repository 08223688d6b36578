"""Notices: one line each at the bottom right, gone after some seconds, but for what went wrong, which waits for `esc`.

What a notice says can always be read again: nothing is said only for a moment.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from rich.cells import cell_len
from textual.geometry import Offset
from textual.strip import Strip
from textual.widget import Widget

from cloutui.model import formats
from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.screens.desk import Desk
from cloutui.widgets.paragraph import Paragraph
from cloutui.widgets.text import cut, line

STAYS_S = 5.0
_MOST_SHOWN = 3
_MOST_KEPT = 200
_LEAST_WIDTH = 24


@dataclass(frozen=True, slots=True)
class Notice:
    """What was said, and when."""

    said_at: datetime
    text: str
    status: Status

    @property
    def stays(self) -> bool:
        """Whether it waits to be put away."""
        return self.status >= Status.ERROR


class NoticeBoard(Widget):
    """The notices that are shown now, the youngest at the bottom."""

    DEFAULT_CSS = "NoticeBoard { layer: notice; position: absolute; height: 1; width: 1; display: none; }"

    def __init__(self, desk: Desk) -> None:
        super().__init__(id="notices")
        self.desk = desk
        self.shown: list[Notice] = []
        self.kept: deque[Notice] = deque(maxlen=_MOST_KEPT)

    def tell(self, text: str, status: Status = Status.OK) -> None:
        """Say this."""
        notice = Notice(self.desk.now(), text, status)
        self.kept.append(notice)
        self.shown = [*self.shown, notice][-_MOST_SHOWN:]
        if not notice.stays:
            self.set_timer(STAYS_S, lambda: self._put_away([notice]))
        self._place()

    def clear(self) -> bool:
        """Put away what waits for it. Returns whether there was any."""
        waiting = [notice for notice in self.shown if notice.stays]
        self._put_away(waiting)
        return bool(waiting)

    def _put_away(self, notices: list[Notice]) -> None:
        self.shown = [notice for notice in self.shown if notice not in notices]
        self._place()

    def _place(self) -> None:
        self.display = bool(self.shown)
        width, _ = self.app.size
        longest = max((cell_len(safe(notice.text)) for notice in self.shown), default=0) + 5
        self.styles.width = max(_LEAST_WIDTH, min(longest, width - 2))
        self.styles.height = max(1, len(self.shown))
        self.refresh(layout=True)

    def lie_over(self, width: int, bottom: int, cursor_y: int) -> None:
        """Lie at the right edge, above the line `bottom`, and not over the cursor's line."""
        own_width, rows = int(self.styles.width.value) if self.styles.width else 1, len(self.shown)
        top = bottom - rows
        if top <= cursor_y < bottom:
            top = max(0, cursor_y - rows)
        self.styles.offset = Offset(max(0, width - own_width), top)

    def render_line(self, y: int) -> Strip:
        """Sign and text."""
        palette, glyphs, width = self.desk.look.palette, self.desk.look.glyphs, self.size.width
        plain = palette.style(on="panel")
        if y >= len(self.shown):
            return line([], width, plain)
        notice = self.shown[y]
        text = cut(safe(notice.text), max(1, width - 4), glyphs.cut)
        sign = (f" {glyphs.status[notice.status]} ", palette.status(notice.status, "panel"))
        return line([sign, (text, palette.style(on="panel", bold=notice.stays))], width, plain)

    def paragraphs(self) -> list[Paragraph]:
        """Everything that was said, the youngest first, for a box."""
        desk = self.desk
        palette, glyphs = desk.look.palette, desk.look.glyphs
        said = []
        for notice in reversed(self.kept):
            sign = (f" {glyphs.status[notice.status]} ", palette.status(notice.status, "panel"))
            time = (f"{formats.exact_clock(notice.said_at, desk.zone)}  ", palette.style("muted", "panel"))
            said.append(Paragraph([sign, time], notice.text, palette.style(on="panel")))
        return said
