"""A list of rows in columns, for what fits on a screen or a few: the jobs of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType

from cloutui.model.safe_text import safe
from cloutui.model.status import Status
from cloutui.widgets.lines import ACT, MOVE, Lines
from cloutui.widgets.look import Look
from cloutui.widgets.text import Piece, cells, cut, length, pad


@dataclass(frozen=True, slots=True, kw_only=True)
class ListColumn:
    """A column: its head, and how it behaves when room is short."""

    head: str
    is_number: bool = False
    """Right-aligned, and never cut: when it does not fit, the column goes."""
    priority: int = 1
    """The highest are left out first."""
    least: int = 8
    """A text column is not cut below this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """A row: its status, and one text for each column. `roles` says how a text is drawn, by column."""

    status: Status
    texts: Sequence[str]
    roles: Sequence[str]


class RowList(Lines):
    """Rows with a status each. Which columns are shown follows from the width."""

    HEADS: ClassVar[int] = 1

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open", id="list.open", group=ACT),
        Binding("n", "problem(1)", "next problem", id="list.next-problem", group=MOVE),
        Binding("N", "problem(-1)", "previous problem", id="list.previous-problem", show=False, group=MOVE),
    ]

    def __init__(self, look: Look, title: str, columns: Sequence[ListColumn], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(look, title, id=id)
        self.columns = columns
        self.rows: Sequence[ListRow] = ()
        self._widths: dict[int, int] = {}
        """Of the columns that are shown, by their place."""

    def show(self, rows: Sequence[ListRow], cursor: int | None = None) -> None:
        """Show these, with the cursor on a row or where it is."""
        self.rows, self.waiting, self.notice = rows, False, ()
        self.cursor = self.cursor if cursor is None else cursor
        self._widths = self._fitted()
        self.changed()
        self.post_message(self.Moved(self))

    def count(self) -> int:
        """One row a row."""
        return len(self.rows)

    def head(self, index: int) -> list[Piece]:
        """The names of the columns."""
        style = self.look.palette.style("muted")
        cells = [
            pad(cut(self.columns[place].head, width), width, right=self.columns[place].is_number)
            for place, width in self._widths.items()
        ]
        return [("    ", style), ("  ".join(cells), style)]

    def row(self, index: int) -> list[Piece]:
        """Marker, status, and the columns that fit."""
        palette, glyphs, row = self.look.palette, self.look.glyphs, self.rows[index]
        lit = index == self.cursor and self.has_focus
        on = "cursor-ground" if lit else "background"
        under = index == self.cursor and not lit
        loud = row.status.key if row.status.is_problem else None
        pieces: list[Piece] = [
            self.marker(index, on=on),
            (" ", palette.style(on=on)),
            (glyphs.status[row.status], palette.status(row.status, on)),
            (" ", palette.style(on=on)),
        ]
        for place, width in self._widths.items():
            text = pad(cut(safe(row.texts[place]), width, glyphs.cut), width, right=self.columns[place].is_number)
            pieces.append((text, palette.style(role := row.roles[place], on, under=under, bold=loud == role)))
            pieces.append(("  ", palette.style(on=on)))
        return [*pieces, (" " * (self.inner_width - length(pieces)), palette.style(on=on))]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without rows there is nothing to open."""
        del parameters
        return action not in {"open", "problem"} or (bool(self.count()) and not self.notice)

    def action_open(self) -> None:
        """Open the row under the cursor."""
        if self.count() and not self.notice:
            self.post_message(self.Opened(self))

    def action_problem(self, step: int) -> None:
        """The next row with a warning or worse; after the last one comes the first."""
        around = ((self.cursor + step * by) % self.count() for by in range(1, self.count()))
        found = next((place for place in around if self.rows[place].status.is_problem), None)
        if found is not None:
            self.move_to(found)

    def on_resize(self) -> None:
        """Another width holds other columns."""
        self._widths = self._fitted()
        super().on_resize()

    def left_out(self) -> list[tuple[str, str]]:
        """Head and text of the columns that did not fit, for the row under the cursor: shown elsewhere."""
        if not self.count():
            return []
        texts = self.rows[self.cursor].texts
        return [(column.head, texts[place]) for place, column in enumerate(self.columns) if place not in self._widths]

    def _fitted(self) -> dict[int, int]:
        widths = {place: self._natural(place) for place in range(len(self.columns))}
        room = self.inner_width - 4
        for place in sorted(widths, key=lambda place: -self.columns[place].priority):
            if self._taken({shown: self._least(shown, widths) for shown in widths}) <= room:
                break
            if self.columns[place].priority > 1:
                del widths[place]
        while (excess := self._taken(widths) - room) > 0:
            widest = max(widths, key=lambda place: widths[place] - self._least(place, widths))
            spare = widths[widest] - self._least(widest, widths)
            if spare <= 0:
                break
            widths[widest] -= min(excess, spare)
        return widths

    def _natural(self, place: int) -> int:
        texts = (safe(row.texts[place]) for row in self.rows)
        return max([cells(self.columns[place].head), *map(cells, texts)])

    def _least(self, place: int, widths: dict[int, int]) -> int:
        column = self.columns[place]
        return widths[place] if column.is_number else min(widths[place], column.least)

    @staticmethod
    def _taken(widths: dict[int, int]) -> int:
        return sum(widths.values()) + 2 * max(0, len(widths) - 1)
