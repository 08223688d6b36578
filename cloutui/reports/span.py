"""The days that a report covers, as people give them: dates, or so many days up to today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from cloutui.errors import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySpan:
    """Parameters of a report over days. Both ends are included; without them, the report's own length up to today."""

    first: date | None = field(default=None, metadata={"help": "The first day, as 2026-11-21.", "option": "--from"})
    last: date | None = field(default=None, metadata={"help": "The last day; today when absent.", "option": "--to"})
    days: int | None = field(default=None, metadata={"help": "So many days up to the last one."})


def bound_days(span: DaySpan, context: Mapping[str, object], *, usual: int) -> dict[str, object]:
    """`first` and `last` as dates. Raises: Invalid when they are the wrong way round."""
    last = span.last or context["today"]
    assert isinstance(last, date)
    first = span.first or last - timedelta(days=(span.days or usual) - 1)
    if first > last:
        raise Invalid(f"{first} is after {last}.", hint="Give the earlier day as the first.")
    return {"first": first, "last": last}
