"""What is sought in a text: the lines that have it, and which of them the reader is at. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.style import Style

from cloutui.model.safe_text import safe
from cloutui.widgets.text import Piece


@dataclass(frozen=True, slots=True)
class Search:
    """A text that is sought, in whatever case, and the numbers of the lines in which it was found."""

    text: str = ""
    found: Sequence[int] = ()
    at: int | None = None
    """The line that the reader is at."""
    is_typed: bool = True
    """Whether the text is still being typed."""

    def among(self, lines: Sequence[str], start: int) -> Search:
        """Sought in these lines, the reader at the first one from `start` on; behind the last comes the first."""
        needle = self.text.casefold()
        found = [place for place, line in enumerate(lines) if needle in line.casefold()] if needle else []
        behind = [place for place in found if place >= start]
        return replace(self, found=found, at=next(iter(behind or found), None))

    def typed(self, text: str) -> Search:
        """Another text, not sought yet."""
        return replace(self, text=text)

    def kept(self) -> Search:
        """The text stands as it was typed."""
        return replace(self, is_typed=False)

    def moved(self, step: int) -> Search:
        """The reader at the line so many further on among those that were found."""
        if self.at is None:
            return self
        return replace(self, at=self.found[(self.found.index(self.at) + step) % len(self.found)])

    def words(self) -> str:
        """`3 of 12`, or `not found`."""
        if not self.text:
            return ""
        return "not found" if self.at is None else f"{self.found.index(self.at) + 1} of {len(self.found)}"


def marked(pieces: Sequence[Piece], text: str, mark: Style) -> list[Piece]:
    """The pieces, with the text drawn in `mark` wherever it stands within one of them."""
    needle, cut = text.casefold(), []
    for piece, style in pieces:
        said = safe(piece)
        start = 0
        while needle and len(said.casefold()) == len(said) and (at := said.casefold().find(needle, start)) >= 0:
            cut += [(said[start:at], style), (said[at : at + len(needle)], mark)]
            start = at + len(needle)
        cut.append((said[start:], style))
    return [(said, style) for said, style in cut if said]
