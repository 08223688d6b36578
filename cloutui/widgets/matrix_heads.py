"""The heads of a matrix: above days months and days of the month, above weeks their numbers, above months years.

Pure: values in, a text and its style for each part of a line out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from rich.style import Style

from cloutui.model import formats
from cloutui.model.step import Step
from cloutui.widgets.look import Look
from cloutui.widgets.text import Piece

_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """The columns that are drawn, and the cursor's place among them."""

    look: Look
    days: Sequence[date]
    """The first day of each column."""
    step: Step = Step.DAY
    cell_width: int
    cursor: int | None
    """The place of the cursor's column, None when it is not drawn."""
    focused: bool

    def upper(self) -> list[Piece]:
        """Each month, or year, above its first column, and the first one shown if there is room for it."""
        text = " " * (len(self.days) * self.cell_width)
        starts = [
            place
            for place, day in enumerate(self.days)
            if place == 0 or self._era(day) != self._era(self.days[place - 1])
        ]
        for place, following in pairwise([*starts, len(self.days)]):
            day, at = self.days[place], place * self.cell_width
            named = self._era(day)
            if place > 0 or self._is_first(day) or (following - place) * self.cell_width > len(named):
                text = text[:at] + named + text[at + len(named) :]
        return [(text[: len(self.days) * self.cell_width], self.look.palette.style("muted"))]

    def lower(self) -> list[Piece]:
        """What each column is, as far as the width lets them be told apart."""
        if self.cell_width == 1:
            return self._narrow()
        return [
            (f"{self._name(place, day):<{self.cell_width}}", self._style(place, day))
            for place, day in enumerate(self.days)
        ]

    def _era(self, day: date) -> str:
        return str(day.year) if self.step is Step.MONTH else formats.month(day)

    def _is_first(self, day: date) -> bool:
        return day.month == 1 if self.step is Step.MONTH else day.day == 1

    def _name(self, place: int, day: date) -> str:
        if self.step is Step.MONTH:
            return formats.month(day)[: self.cell_width - 1].rjust(self.cell_width - 1)
        # Two cells leave no blank between the numbers: every other one is left out, but the cursor's.
        if self.cell_width == 2 and place % 2 != (len(self.days) - 1) % 2 and place != self.cursor:
            return ""
        return f"{self._number(day):>{max(2, self.cell_width - 1)}}"

    def _number(self, day: date) -> int:
        return day.isocalendar().week if self.step is Step.WEEK else day.day

    def _narrow(self) -> list[Piece]:
        """One cell a column holds no number: Mondays are named, of weeks every fourth, over the next cell too."""
        text = " " * len(self.days)
        for place, day in enumerate(self.days[:-1]):
            number = self._number(day)
            if day.weekday() == 0 and (self.step is Step.DAY or number % 4 == 0):
                text = text[:place] + f"{number:<2}" + text[place + 2 :]
        style, at = self.look.palette.style("muted"), self.cursor
        if at is None:
            return [(text, style)]
        return [(text[:at], style), (text[at], self._style(at, self.days[at])), (text[at + 1 :], style)]

    def _style(self, place: int, day: date) -> Style:
        palette = self.look.palette
        if place == self.cursor:
            return (
                palette.style(on="cursor-ground", bold=True) if self.focused else palette.style(bold=True, under=True)
            )
        is_weekend = self.step is Step.DAY and day.weekday() >= _SATURDAY
        return palette.style("faint" if is_weekend else "text")
