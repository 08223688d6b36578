"""What a view asks: enough to ask it again, for a file, for a clipboard, or on the command line."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Marked:
    """Some rows of an answer, by what tells them from the others."""

    key: Sequence[str]
    """Columns."""
    rows: Collection[Hashable]
    """For each row its value, or a tuple of values where the key has several columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A report with everything that is asked of it but the page."""

    report: str
    unit: int | None = None
    """None: the reader's own, and all below it."""
    parameters: Mapping[str, object] = field(default_factory=dict)
    filter: str = ""
    sort: Sequence[str] = ()
    marked: Marked | None = None
    """Of the answer only these rows; None: all."""
