"""Text in cells: cutting, padding, wrapping, and putting styled pieces together as one line.

A cell is what a terminal counts: a Chinese letter takes two, a combining mark none.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from cloutui.model.safe_text import safe

_MOST_A_CELL = 8
"""Characters; more stand in one cell only where somebody piles marks upon marks."""

_STEP = 8

Piece = tuple[str, Style]
"""A text and how it is drawn. The text is made safe at the latest when the line is put together."""


def cells(text: str) -> int:
    """How many cells a safe text takes. ASCII takes one each, and need not be looked up letter by letter."""
    return len(text) if text.isascii() else cell_len(text)


def cut(text: str, width: int, sign: str = "…") -> str:
    """The text in at most `width` cells; what is left out leaves the sign at the end."""
    if text.isascii():
        return text if len(text) <= width else text[: max(0, width - 1)] + sign[:width]
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(0, width - 1)).rstrip() + sign[:width]


def cut_middle(text: str, width: int, sign: str = "…") -> str:
    """The text in at most `width` cells; the middle is left out, so that names that begin alike stay apart."""
    if cell_len(text) <= width or width < 3:
        return cut(text, width, sign)
    tail = (width - 1) // 2
    return set_cell_size(text, width - 1 - tail).rstrip() + sign + _last_cells(text, tail)


def pad(text: str, width: int, *, right: bool = False) -> str:
    """The text in exactly `width` cells; it must fit. `right` aligns it to the right, as numbers are."""
    gap = " " * (width - cells(text))
    return gap + text if right else text + gap


def labels(names: Sequence[str], width: int, sign: str = "…") -> list[str]:
    """Each name in at most `width` cells. Where two would look equal, they lose their middle in place of the end."""
    short = [cut(name, width, sign) for name in names]
    if short == list(names):
        return short
    seen: dict[str, str] = {}
    twins = {text for name, text in zip(names, short, strict=True) if seen.setdefault(text, name) != name}
    return [cut_middle(name, width, sign) if text in twins else text for name, text in zip(names, short, strict=True)]


def wrap(text: str, width: int) -> Iterator[str]:
    """The text in lines of at most `width` cells, broken at blanks where there are any."""
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if cell_len(joined) <= width:
            line = joined
            continue
        if line:
            yield line
        line = word
        while cells(begun := _begun(line, width)) > width:
            head = set_cell_size(begun, width)
            yield head
            line = line[len(head.rstrip(" ")) or 1 :]
    yield line


def first_shown(text: str, width: int) -> int:
    """Which character comes first, by steps of eight, where the end of the text is to fit into `width` cells."""
    least = max(0, len(text) - _MOST_A_CELL * width) // _STEP * _STEP
    starts = range(least, len(text) + _STEP, _STEP)
    found = bisect_left(starts, True, key=lambda start: cells(safe(text[start:])) <= width)
    return starts[min(found, len(starts) - 1)]


def line(pieces: Iterable[Piece], width: int, fill: Style) -> Strip:
    """The pieces as a line of exactly `width` cells: cut when too long, filled when too short."""
    segments: list[Segment] = []
    left = width
    for text, style in pieces:
        if not text or left <= 0:
            continue
        printable = text if text.isprintable() else safe(text)
        size = cells(printable)
        if size > left:
            printable, size = set_cell_size(printable, left), left
        segments.append(Segment(printable, style))
        left -= size
    if left > 0:
        segments.append(Segment(" " * left, fill))
    return Strip(segments, width)


def length(pieces: Iterable[Piece]) -> int:
    """How many cells the pieces take."""
    return sum(cell_len(text) for text, _ in pieces)


def cells_before(text: str, pieces: Sequence[Piece], otherwise: int) -> int:
    """The cells before the piece that is this text; where there is none, what is given for that."""
    texts = [each for each, _ in pieces]
    return length(pieces[: texts.index(text)]) if text in texts else otherwise


def _begun(text: str, width: int) -> str:
    """So much of the beginning as tells how it goes on to `width` cells: a long text is not measured for every line."""
    begun = text[: _MOST_A_CELL * width]
    return begun if cells(begun) > width else text


def _last_cells(text: str, width: int) -> str:
    tail = text[-width:] if width else ""
    while cell_len(tail) > width:
        tail = tail[1:]
    return tail
