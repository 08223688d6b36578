"""What a view asks: enough to ask it again, for a file, for a clipboard, or on the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A report with everything that is asked of it but the page."""

    report: str
    unit: int | None = None
    """None: the reader's own, and all below it."""
    parameters: Mapping[str, object] = field(default_factory=dict)
    filter: str = ""
    sort: Sequence[str] = ()
