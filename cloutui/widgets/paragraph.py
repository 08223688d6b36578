"""Paragraphs: a lead that stays together, and a text that is wrapped beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.style import Style

from cloutui.model.safe_text import safe
from cloutui.widgets.text import Piece, length, wrap

_LEAST_TEXT = 16


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The text may run over several lines; they are indented to where it starts. All of it may be empty."""

    lead: Sequence[Piece] = ()
    text: str = ""
    style: Style | None = None
    """Of the text; plain when None."""
    is_problem: bool = False
    """Whether the keys for the next problem stop here."""


@dataclass(frozen=True, slots=True)
class LaidOut:
    """One line of a paragraph."""

    pieces: Sequence[Piece]
    starts_problem: bool = False


def lay_out(paragraphs: Iterable[Paragraph], width: int, plain: Style) -> list[LaidOut]:
    """The lines of the paragraphs, none wider than `width`."""
    return [laid for paragraph in paragraphs for laid in _lines(paragraph, width, plain)]


def _lines(paragraph: Paragraph, width: int, plain: Style) -> Iterator[LaidOut]:
    lead: Sequence[Piece] = paragraph.lead
    if not paragraph.text:
        yield LaidOut(lead, paragraph.is_problem)
        return
    style, indent = paragraph.style or plain, length(lead)
    starts_problem = paragraph.is_problem
    if width - indent - 1 < _LEAST_TEXT:  # beside so long a lead there is no room: the text goes below it
        yield LaidOut(lead, starts_problem)
        lead, indent, starts_problem = [("    ", plain)], 4, False
    for text in wrap(safe(paragraph.text), max(_LEAST_TEXT, width - indent - 1)):
        yield LaidOut([*lead, (text, style)], starts_problem)
        lead, starts_problem = [(" " * indent, plain)], False
