"""Answers: what a report gives to a face, and what a widget draws.

The rows are an Arrow table. pyarrow is named in types only, so that this module loads without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


class Kind(StrEnum):
    """What a column's values mean, and so how they are written, aligned and exported."""

    TEXT = "text"
    STATUS = "status"
    """A `Status` number."""
    STATUSES = "statuses"
    """A list of `Status` numbers, one for each of `Answer.days`: a matrix row."""
    BYTES = "bytes"
    COUNT = "count"
    PERCENT = "percent"
    """0 to 100."""
    DURATION = "duration"
    """Seconds."""
    TIME = "time"
    """Aware UTC moment."""
    DAY = "day"
    AGE = "age"
    """Aware UTC moment, shown as the time since then."""

    @property
    def is_number(self) -> bool:
        """Whether it is written right-aligned."""
        return self in {Kind.BYTES, Kind.COUNT, Kind.PERCENT, Kind.DURATION, Kind.AGE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a report."""

    name: str
    """The key in exports, filters and the API."""
    kind: Kind
    title: str = ""
    """The head a person reads; the name when empty."""
    priority: int = 1
    """1 to 9: on a narrow screen the highest numbers are dropped first."""

    @property
    def head(self) -> str:
        """What stands above the column."""
        return self.title or self.name.replace("_", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How old one server's facts are, and why."""

    server: str
    collected_at: datetime | None
    """The last sweep that worked; None before the first."""
    problem: str = ""
    """Empty when the last sweep worked: else its code and reason."""
    hint: str = ""
    """The next step, when there is a problem."""
    failing_since: datetime | None = None
    next_at: datetime | None = None

    @property
    def is_silent(self) -> bool:
        """Whether it has told nothing since it began to fail. One that only garbles a row is not silent."""
        if self.failing_since is None:
            return False
        return self.collected_at is None or self.collected_at < self.failing_since


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """An answer that is kept as it was when its day closed: nothing that was decided since is in it."""

    at: datetime
    """Aware UTC. Of several units' days the newest."""
    path: Sequence[str] = ()
    """What the scope's unit and those above it were called then, as far as the reader sees; empty when not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A page of a report: rows, how many there are in all, and how old they are."""

    columns: Sequence[Column]
    rows: pa.Table
    total: int
    """Rows of all pages that the filter lets through."""
    hidden: int = 0
    """Rows that it does not."""
    days: Sequence[str] = ()
    """ISO dates of a `Kind.STATUSES` column, oldest first."""
    as_of: Mapping[str, Freshness] = field(default_factory=dict)
    """By server name."""
    notes: Sequence[str] = ()
    frozen: Frozen | None = None
    """None where any row is as of now."""
