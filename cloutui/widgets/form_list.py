"""The list that opens under a field of a form: entries, narrowed by what is typed, and one that enter takes."""

from __future__ import annotations

from collections.abc import Sequence

from cloutui.model.safe_text import safe
from cloutui.widgets.form_fields import Choice, matching
from cloutui.widgets.look import Look
from cloutui.widgets.text import Piece, cut, length

MOST_ROWS = 8


class FormList:
    """Open entries. `rows` of them are seen at a time."""

    def __init__(self, choices: Sequence[Choice], chosen: str) -> None:
        """`chosen`: the label of the entry that the field has."""
        self._all = choices
        self.found: Sequence[Choice] = choices
        self.cursor = next((at for at, choice in enumerate(choices) if choice.shown == chosen), 0)
        self.top = 0
        self._follow()

    @property
    def rows(self) -> int:
        """How many lines it takes: with one that says how many there are, or that there are none."""
        return min(len(self.found), MOST_ROWS) + (not 0 < len(self.found) <= MOST_ROWS)

    @property
    def chosen(self) -> Choice | None:
        """What enter takes."""
        return self.found[self.cursor] if self.found else None

    def narrow(self, typed: str) -> None:
        """Only what holds these words, from the first on."""
        self.found = matching(self._all, typed)
        self.cursor = self.top = 0

    def move(self, by: int) -> None:
        """So many entries down, or up."""
        self.cursor = max(0, min(self.cursor + by, len(self.found) - 1))
        self._follow()

    def at(self, row: int) -> Choice | None:
        """The entry on a line of it."""
        place = self.top + row
        return self.found[place] if row < MOST_ROWS and place < len(self.found) else None

    def _follow(self) -> None:
        self.top = max(min(self.top, self.cursor), self.cursor - MOST_ROWS + 1)

    def line(self, row: int, look: Look, width: int) -> list[Piece]:
        """One line of it, so many cells wide."""
        palette, choice = look.palette, self.at(row)
        if choice is None:
            counted = f"{self.cursor + 1} of {len(self.found)}, typing narrows" if self.found else "nothing like that"
            return _filled([(f"  {counted}", palette.style("muted", "panel"))], look, width, "panel")
        is_here = choice is self.chosen
        on = "cursor-ground" if is_here else "panel"
        shown = cut(safe(choice.shown), width - 3, look.glyphs.cut)
        note = cut(safe(choice.note), max(0, width - 6 - len(shown)), look.glyphs.cut)
        pieces: list[Piece] = [
            (look.glyphs.cursor if is_here else " ", palette.style("accent", "panel")),
            (f" {shown}", palette.style("text", on, bold=is_here)),
            (f"  {note}" if note else "", palette.style("muted", on)),
        ]
        return _filled(pieces, look, width, on)


def _filled(pieces: list[Piece], look: Look, width: int, on: str) -> list[Piece]:
    return [*pieces, (" " * max(0, width - length(pieces)), look.palette.style(on=on))]
