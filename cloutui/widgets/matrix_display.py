"""What a cell of a matrix shows of its status: a sign, a letter, or a figure on its ground."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from cloutui.model import formats
from cloutui.model.status import Status
from cloutui.model.step import Step
from cloutui.widgets.glyphs import Glyphs

FIGURE_CELLS = 4
_FIGURE_WIDTH = FIGURE_CELLS + 1
_MONTH_WIDTH = 4
"""Three letters of its name, and a blank."""


class Display(StrEnum):
    """In the order of the key that changes it. The word is what a reader reads in the title."""

    SIGNS = "signs"
    LETTERS = "letters"
    BYTES = "bytes"
    TOOK = "duration"
    FAILED = "failed files"

    @property
    def has_figures(self) -> bool:
        """Whether cells show numbers."""
        return self in {Display.BYTES, Display.TOOK, Display.FAILED}

    @property
    def following(self) -> Display:
        """The next one; after the last the first."""
        every = list(Display)
        return every[(every.index(self) + 1) % len(every)]

    def width(self, step: Step, wanted: int) -> int:
        """The width of a cell: `wanted` where signs and numbers of days fit into any."""
        if self.has_figures:
            return _FIGURE_WIDTH
        return _MONTH_WIDTH if step is Step.MONTH else wanted

    def is_resizable(self, step: Step) -> bool:
        """Whether the reader chooses the width of a cell."""
        return not self.has_figures and step is not Step.MONTH

    def signs(self, glyphs: Glyphs) -> Mapping[Status, str]:
        """What stands for each status."""
        if self is not Display.LETTERS:
            return glyphs.status
        return {status: status.letter.strip() or glyphs.nothing for status in Status}

    def figure(self, number: int) -> str:
        """A known number in four cells at most. What does not fit is cut off, not rounded up."""
        match self:
            case Display.TOOK:
                return formats.dense_duration(number)[:FIGURE_CELLS]
            case Display.FAILED:
                return _in_four(formats.count(number).replace(",", ""))
            case _:
                return _in_four(formats.dense_size(number))


def _in_four(text: str) -> str:
    """`4.44T` as `4.4T`, `44.4T` as `44T`."""
    if len(text) <= FIGURE_CELLS:
        return text
    return text[: FIGURE_CELLS - 1].rstrip(".") + text[-1]
