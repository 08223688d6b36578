"""What stands above an exported answer: what it is, of what and when, for whom, and how fresh.

Made by the face that exports. How fresh each server is and what is to be noted comes with the answer itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from cloutui.model.formats import exact_count
from cloutui.model.safe_text import safe
from cloutui.model.table import Answer, Freshness


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What was asked. An empty field was not asked for, and is not shown."""

    report: str = ""
    summary: str = ""
    """The report in one sentence."""
    unit: str = ""
    """The path of the scope's unit."""
    parameters: Mapping[str, object] = field(default_factory=dict)
    filter: str = ""
    sort: Sequence[str] = ()
    """Columns; one with a leading `-` from the largest down."""
    made_at: datetime | None = None
    made_by: str = ""

    @property
    def title(self) -> str:
        """The sentence without its full stop, or the report's name."""
        return safe(self.summary.removesuffix(".") or self.report or "Answer")


Wrote = Callable[[int], None]
"""Is told how many rows have been taken so far. What it raises ends the writing."""


def unwatched(_rows: int) -> None:
    """Nobody is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """An answer on its way into a file."""

    answer: Answer
    heading: Heading = field(default_factory=Heading)
    is_raw: bool = False
    """Text stays as it is, even where a spreadsheet would run it: for machines."""
    csv: Literal["comma", "semicolon"] = "comma"
    """What stands between the columns of CSV. With semicolons numbers have a decimal comma, as spreadsheets expect."""
    wrote: Wrote = unwatched
    """Is told by every format how far it is, some thousand rows at a time."""

    def facts(self) -> dict[str, object]:
        """The heading for machines, in the order in which it is written."""
        heading = self.heading
        asked = {
            "report": safe(heading.report),
            "summary": safe(heading.summary),
            "unit": safe(heading.unit),
            "parameters": {safe(name): safe(str(value)) for name, value in heading.parameters.items()},
            "filter": safe(heading.filter),
            "sort": [safe(column) for column in heading.sort],
            "made_at": moment_text(heading.made_at),
            "made_by": safe(heading.made_by),
        }
        return {
            **{name: value for name, value in asked.items() if value},
            "total": self.answer.total,
            "hidden": self.answer.hidden,
            "as_of": {safe(name): _freshness(state) for name, state in self.answer.as_of.items()},
            "notes": [safe(note) for note in self.answer.notes],
        }

    def cover(self) -> list[str]:
        """What stands on every page of a print: what, of which unit and time, as of when, for whom."""
        heading = self.heading
        period = ", ".join(f"{name} {value}" for name, value in heading.parameters.items())
        parts = [heading.title, heading.unit, period, self._as_of(), heading.made_by]
        return [safe(part) for part in parts if part]

    def _as_of(self) -> str:
        """The oldest facts in it: or when they were frozen."""
        if self.answer.frozen is not None:
            return f"frozen {moment_text(self.answer.frozen.at)}"
        moments = [state.collected_at for state in self.answer.as_of.values() if state.collected_at is not None]
        oldest = min(moments, default=self.heading.made_at)
        return f"as of {moment_text(oldest)}" if oldest is not None else ""

    def lines(self) -> list[tuple[str, str]]:
        """The heading for people: labels and texts, every one safe to show."""
        return [(label, safe(text)) for label, text in self._lines() if text]

    def _lines(self) -> Iterator[tuple[str, str]]:
        heading = self.heading
        yield "Report", heading.report
        yield "Unit", heading.unit
        yield "Asked for", ", ".join(f"{name} {value}" for name, value in heading.parameters.items())
        yield "Filter", heading.filter
        yield "Sorted by", ", ".join(heading.sort)
        yield "Rows", self._rows()
        yield "Made", moment_text(heading.made_at) or ""
        yield "By", heading.made_by
        for state in self.answer.as_of.values():
            yield "Server", _freshness_line(state)
        for note in self.answer.notes:
            yield "Note", note

    def _rows(self) -> str:
        here, total, hidden = self.answer.rows.num_rows, self.answer.total, self.answer.hidden
        rows = exact_count(here) if here == total else f"{exact_count(here)} of {exact_count(total)}"
        return f"{rows}; the filter hides {exact_count(hidden)}" if hidden else rows


def moment_text(moment: datetime | None) -> str | None:
    """`2026-11-21 01:04:07Z`: how every export writes a moment. One without a zone is UTC already."""
    if moment is None:
        return None
    return (moment.astimezone(UTC) if moment.tzinfo else moment).strftime("%Y-%m-%d %H:%M:%SZ")


def _freshness(state: Freshness) -> dict[str, object]:
    return {"collected_at": moment_text(state.collected_at), "problem": safe(state.problem) or None}


def _freshness_line(state: Freshness) -> str:
    when = moment_text(state.collected_at)
    collected = f"{state.server}: collected {when}" if when else f"{state.server}: not collected yet"
    return f"{collected}. {state.problem}" if state.problem else collected
