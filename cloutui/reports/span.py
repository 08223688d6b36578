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


LONGEST = 36_600
"""Days. More than a century is a slip of the keys."""


def bound_days(
    span: DaySpan, context: Mapping[str, object], *, usual: int, longest: int = LONGEST
) -> dict[str, object]:
    """`first` and `last` as dates. Raises: Invalid when they are the wrong way round, too far apart, or not one day."""
    if span.days is not None and span.days < 1:
        raise Invalid(f"“{span.days}” is less than days can be.", hint="Give 1, or more.")
    last = span.last or context["today"]
    assert isinstance(last, date)
    try:
        first = span.first or last - timedelta(days=(span.days or usual) - 1)
    except OverflowError:
        raise Invalid(
            f"{span.days or usual} days before {last} are too many.", hint=f"Ask for {longest} days at most."
        ) from None
    if first > last:
        raise Invalid(f"{first} is after {last}.", hint="Give the earlier day as the first.")
    if (last - first).days >= longest:
        raise Invalid(f"{first} to {last} are too many days.", hint=f"Ask for {longest} days at most.")
    return {"first": first, "last": last}
