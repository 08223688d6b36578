"""The block of how long storage pools last: those that are full the soonest first, each with its last ninety days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.screens.desk import Desk
from cloutui.screens.pool_lines import history_of
from cloutui.widgets.lines import ACT, Lines
from cloutui.widgets.sparkline import sparkline
from cloutui.widgets.text import Piece, cut, length, pad

_WIDTH = 42
_MOST_NAME = 18
_LEAST_ROWS = 4
"""With the title rule."""
_LEAST_SERVERS = 50
"""Cells that the servers keep beside it."""


class CapacityBlock(Lines):
    """Each pool with the days until it is full."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "open", "open", id="overview.pool", group=ACT)]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.look, "Capacity runway")
        self.desk = desk
        self.pools: Sequence[dict[str, Any]] = ()

    def fill(self, pools: Sequence[dict[str, Any]]) -> None:
        """Show these rows of the report `capacity`."""
        at = _key(self.chosen)
        self.pools, self.waiting, self.notice = pools, False, ()
        self.cursor = next((place for place, row in enumerate(pools) if _key(row) == at), 0)
        self.changed()

    def count(self) -> int:
        """One row a pool."""
        return len(self.pools)

    @property
    def chosen(self) -> dict[str, Any] | None:
        """The pool under the cursor."""
        return self.pools[self.cursor] if self.pools and not self.notice else None

    def row(self, index: int) -> list[Piece]:
        """Sign, server and pool, days, and how it went."""
        palette, look, row = self.look.palette, self.look, self.pools[index]
        lit, under = index == self.cursor and self.has_focus, index == self.cursor and not self.has_focus
        on = "cursor-ground" if lit else "background"
        status, plain = Status(row["status"]), palette.style(on=on)
        names = [_name(pool) for pool in self.pools]
        name = min(_MOST_NAME, max(map(len, names)))
        days = f"{row['runway']}d" if row["runway"] is not None else "?" if status is Status.UNKNOWN else "-"
        pieces: list[Piece] = [
            self.marker(index, on=on),
            (" ", plain),
            (look.glyphs.status[status], palette.status(status, on)),
            (" ", plain),
            (pad(cut(names[index], name, look.glyphs.cut), name), palette.style("text", on, under=under)),
            (f"  {days:>5}  ", palette.style(status.key if status.is_problem else "text", on)),
            (sparkline(history_of(row), look.glyphs), plain if lit else palette.style("accent", on)),
        ]
        return [*pieces, (" " * max(0, self.inner_width - length(pieces)), plain)]

    def action_open(self) -> None:
        """The pool's server on its screen."""
        if self.chosen is not None:
            self.post_message(self.Opened(self))


def arrange_fleet(servers: Lines, capacity: CapacityBlock, height: int, width: int, rows: int | None) -> None:
    """How long pools last stands beside the servers; below them where `rows` says how many they need.

    Without room for either, nowhere.
    """
    has_room = width - _WIDTH >= _LEAST_SERVERS if rows is None else height - rows - 1 >= _LEAST_ROWS
    capacity.display = is_shown = has_room and not servers.notice
    capacity.styles.width = _WIDTH if rows is None else "1fr"
    capacity.styles.height = height if rows is None else height - rows - 1
    servers.styles.height = height if rows is None or not is_shown else rows
    servers.styles.margin = 0 if not is_shown else (0, 2, 0, 0) if rows is None else (0, 0, 1, 0)


def _name(row: dict[str, Any]) -> str:
    return f"{safe(row['server'])} {safe(row['pool'])}"


def _key(row: dict[str, Any] | None) -> tuple[object, ...] | None:
    return (row["server"], row["pool"]) if row else None
