"""Problems: saying how a node's day, or one job, is handled; and how long a round through them took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from cloutui.actions.action import Change, Done, Target, about
from cloutui.actions.desk import Desk, NodeRef
from cloutui.actions.node_days import NodeDays, node_days
from cloutui.actions.registry import register
from cloutui.errors import Conflict, Invalid
from cloutui.model import formats
from cloutui.model.action_class import ActionClass
from cloutui.model.handling import HandlingState
from cloutui.model.privilege import Privilege
from cloutui.model.unit_path import UnitRef
from cloutui.records import handling


@register(name="problem.handle", needs=Privilege.PROBLEM_EDIT, action_class=ActionClass.NOTE)
@dataclass(frozen=True, slots=True, kw_only=True)
class HandleProblem(Change):
    """Say how a day of nodes, or one job, is handled. Its status stays what it is."""

    nodes: Annotated[tuple[NodeRef, ...], about("The nodes: SERVER/NODE or ids.")]
    day: Annotated[date, about("The backup day, as 2026-11-21.")]
    state: Annotated[HandlingState, about("acknowledged, active, resolved, ignored or muted; open takes it back.")]
    job: Annotated[str | None, about("One job of the day, by the key that its server gave it.")] = None

    def target(self, desk: Desk) -> Target:
        """The nodes, and the units that owned them on that day."""
        return self._on(desk).target

    def change(self, desk: Desk) -> Done:
        """Those that stand so already are left alone. Raises: Conflict when all do."""
        on = self._on(desk)
        ids = [node.data_source_id for node in on.nodes]
        before = handling.standing(desk.connection, ids, self.day, self.job)
        stood = {node.data_source_id: before.get(node.data_source_id, handling.UNTOUCHED) for node in on.nodes}
        changing = [node for node in on.nodes if stood[node.data_source_id].state is not self.state]
        if not changing:
            by = stood[ids[0]].actor
            what = f"{on.words()} is {self.state} already" + (f", by {by}." if by else ".")
            raise Conflict(what[0].upper() + what[1:], hint="r shows what others have done meanwhile.")
        handling.add(desk.tx, on.places(changing), self.state, desk.principal)
        return Done(
            sentence=f"{self.state.done} {on.words(changing)}.",
            before={"states": {str(node.data_source_id): stood[node.data_source_id].state.value for node in changing}},
            after={"state": self.state.value, "day": self.day.isoformat()},
        )

    def _on(self, desk: Desk) -> NodeDays:
        return node_days(desk, self.nodes, self.day, self.job)


@register(name="problem.round", needs=Privilege.PROBLEM_EDIT, action_class=ActionClass.NOTE)
@dataclass(frozen=True, slots=True, kw_only=True)
class GoneThrough(Change):
    """Note that somebody went through the open problems of a unit, and how long that took."""

    problems: Annotated[int, about("How many were open.")]
    handled: Annotated[int, about("How many of them were handled.")]
    seconds: Annotated[int, about("From the first to the last, in seconds.")]
    unit: Annotated[UnitRef, about("The unit that was looked at, with all below it: a path or an id.")] = "."

    def target(self, desk: Desk) -> Target:
        """The unit."""
        unit = desk.unit(self.unit)
        return Target(kind="unit", name=unit.name, id=unit.unit_id, unit_ids=(unit.unit_id,))

    def change(self, desk: Desk) -> Done:
        """Nothing is changed: the line is what is kept. Raises: Invalid for numbers that cannot be."""
        if not 0 <= self.handled <= self.problems or self.seconds < 0:
            raise Invalid("No round can have been so.", hint="Handled are no more than there were.")
        told = f"{self.handled} of {formats.plural(self.problems, 'problem')}"
        return Done(sentence=f"Handled {told} in {formats.duration(self.seconds)}.")
