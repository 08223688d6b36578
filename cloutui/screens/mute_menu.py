"""The menu of `m`: until when nodes are muted, or that they are no more. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cloutui.model import formats
from cloutui.screens.menu import Entry


@dataclass(frozen=True, slots=True)
class Muting:
    """One of the entries: the action that it does, and what that is given beside the nodes."""

    entry: Entry
    action: str
    given: Mapping[str, str]

    @property
    def asks(self) -> bool:
        """Whether its end is still to be asked for."""
        return self.action == "problem.mute" and "until" not in self.given


def mutings(day: date, today: date) -> Sequence[Muting]:
    """From the day that is looked at; a week is seven days, today the first of them."""
    since, begins = ({"day": day.isoformat()}, f"from {formats.short_day(day)} ") if day < today else ({}, "")
    spans = (("Today", 1), ("7 days", 7), ("30 days", 30))
    ends = [(name, today + timedelta(days=days - 1)) for name, days in spans]
    return [
        *(
            Muting(
                Entry(name=name, detail=f"{begins}up to and with {formats.short_day(end)}"),
                "problem.mute",
                {**since, "until": end.isoformat()},
            )
            for name, end in ends
        ),
        Muting(Entry(name="Until a day", detail=f"{begins}up to one that is asked for"), "problem.mute", since),
        Muting(Entry(name="No more", detail="what was muted counts again from this day on"), "problem.unmute", since),
    ]
