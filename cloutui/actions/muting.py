"""Muting nodes: their days count as ignored up to an end, and by themselves as before after it.

A node is muted day by day: each day of the span is handled so, like any other day that somebody handles. So what is
said of one of these days later holds for that day alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated

from cloutui.actions.action import Change, Done, Target, about
from cloutui.actions.desk import Desk, NodeRef
from cloutui.actions.node_days import NodeDays, node_days
from cloutui.actions.registry import register
from cloutui.errors import Conflict, Invalid
from cloutui.model.action_class import ActionClass
from cloutui.model.handling import HandlingState
from cloutui.model.privilege import Privilege
from cloutui.records import handling
from cloutui.records.comments import Place

LONGEST_DAYS = 366
_MOST = 100_000
"""Days of nodes at once."""


@register(name="problem.mute", needs=Privilege.PROBLEM_EDIT, action_class=ActionClass.NOTE)
@dataclass(frozen=True, slots=True, kw_only=True)
class MuteNodes(Change):
    """Let nodes count as ignored up to a day; after it they count as before."""

    nodes: Annotated[tuple[NodeRef, ...], about("The nodes: SERVER/NODE or ids.")]
    until: Annotated[date, about("The last backup day on which they are muted, as 2026-11-28.")]
    day: Annotated[date | None, about("The first one, which may be yet to come; today when absent.")] = None

    def target(self, desk: Desk) -> Target:
        """The nodes, and the units that own them."""
        return _named(desk, self.nodes, self.day).target

    def change(self, desk: Desk) -> Done:
        """It may be said again with another end. Raises: Invalid, Conflict when they are muted just so."""
        on = _named(desk, self.nodes, self.day)
        first = {place.data_source_id: self._first(desk, place) for place in on.places()}
        ids, since = list(first), min(first.values())
        wanted = [each for place in on.places() for each in self._days(place, first[place.data_source_id])]
        if len(wanted) > _MOST:
            raise Invalid(f"That is {len(wanted):,} days of nodes.", hint="Mute fewer nodes, or not for so long.")
        muted = handling.muted_days(desk.connection, ids, since)
        begun = [each for each in wanted if (each.data_source_id, each.day) not in muted]
        ended = list(_beyond(on, muted, self.until))
        if not begun and not ended:
            what = f"{on.words()} is muted until {self.until.isoformat()} already."
            raise Conflict(what, hint="Name another day; problem.unmute ends it.")
        handling.add(desk.tx, begun, HandlingState.MUTED, desk.principal)
        handling.add(desk.tx, ended, HandlingState.OPEN, desk.principal)
        begins = f" from {since.isoformat()}" if self.day and since > desk.clocks.today(on.nodes[0].unit_id) else ""
        return Done(
            sentence=f"Muted {on.words()}{begins} until {self.until.isoformat()}.",
            after={"day": since.isoformat(), "until": self.until.isoformat()},
        )

    def _first(self, desk: Desk, place: Place) -> date:
        today = desk.clocks.today(place.unit_id)
        first = self.day or today
        if first >= today + timedelta(days=LONGEST_DAYS):
            raise Invalid(f"{first.isoformat()} is too far off.", hint=f"Name a day within {LONGEST_DAYS} days.")
        if not first <= self.until < first + timedelta(days=LONGEST_DAYS):
            what = f"{self.until.isoformat()} is no end for what begins on {first.isoformat()}."
            raise Invalid(what, hint=f"Name a day from then on, and up to {LONGEST_DAYS} days later.")
        return first

    def _days(self, place: Place, first: date) -> Iterator[Place]:
        return (replace(place, day=first + timedelta(days=on)) for on in range((self.until - first).days + 1))


@register(name="problem.unmute", needs=Privilege.PROBLEM_EDIT, action_class=ActionClass.NOTE)
@dataclass(frozen=True, slots=True, kw_only=True)
class UnmuteNodes(Change):
    """Let nodes that are muted count as before, from a day on."""

    nodes: Annotated[tuple[NodeRef, ...], about("The nodes: SERVER/NODE or ids.")]
    day: Annotated[date | None, about("From this backup day on; today when absent.")] = None

    def target(self, desk: Desk) -> Target:
        """The nodes, and the units that own them."""
        return _named(desk, self.nodes, self.day).target

    def change(self, desk: Desk) -> Done:
        """Raises: Conflict when none is muted then or later."""
        on = _named(desk, self.nodes, self.day)
        since = self.day or min(desk.clocks.today(node.unit_id) for node in on.nodes)
        muted = handling.muted_days(desk.connection, [node.data_source_id for node in on.nodes], since)
        if not muted:
            raise Conflict(f"{on.words()} is not muted from {since.isoformat()} on.", hint="r shows how it is now.")
        handling.add(desk.tx, _beyond(on, muted), HandlingState.OPEN, desk.principal)
        return Done(
            sentence=f"{on.words()} is muted no more.",
            before={"days": sorted(day.isoformat() for _, day in muted)},
            after={"day": since.isoformat()},
        )


def _named(desk: Desk, nodes: tuple[NodeRef, ...], first: date | None) -> NodeDays:
    """The nodes that are named, with those who have them on the first day, whatever day it is for each."""
    return replace(node_days(desk, nodes, first, None, may_come=True), day=None)


def _beyond(on: NodeDays, muted: set[tuple[int, date]], until: date = date.min) -> Iterator[Place]:
    """The days after that one on which nodes are muted."""
    units = {place.data_source_id: place for place in on.places()}
    return (replace(units[node_id], day=day) for node_id, day in sorted(muted) if day > until)
