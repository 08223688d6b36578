"""What was promised to units: the goal, and months that were closed and are counted again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from cloutui.actions.action import Change, Done, Target, about
from cloutui.actions.desk import Desk
from cloutui.actions.registry import register
from cloutui.actions.units import SetUnit, unit_target
from cloutui.errors import Conflict
from cloutui.model.action_class import ActionClass
from cloutui.model.privilege import Privilege
from cloutui.model.sla import month_named
from cloutui.model.step import Step
from cloutui.model.unit_path import UnitRef
from cloutui.model.unit_setting import SLA_GOAL
from cloutui.records import sla
from cloutui.records.sla import ClosedMonth


@register(name="sla.promise", needs=Privilege.SLA_EDIT, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class Promise(Change):
    """Say which share of good jobs is promised to a unit, and to all below that do not say otherwise."""

    unit: Annotated[UnitRef, about("The unit: a path or an id.")]
    percent: Annotated[str | int | float | None, about("The goal, as 98.5; nothing, to inherit it again.")] = None
    from_day: Annotated[
        date | None,
        about("The backup day it starts at. Else the first goal holds since the beginning, a later one from now."),
    ] = None

    def target(self, desk: Desk) -> Target:
        """The unit itself."""
        return unit_target(desk.unit(self.unit))

    def change(self, desk: Desk) -> Done:
        """Months that were closed keep the goal that they were closed with. Raises: Invalid for no percentage."""
        return SetUnit(unit=self.unit, key=SLA_GOAL.name, value=self.percent, from_day=self.from_day).change(desk)


@register(name="sla.recalculate", needs=Privilege.SLA_EDIT, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class Recalculate(Change):
    """Count a month of a unit again, with the goal valid then. What was kept before stays in the records."""

    unit: Annotated[UnitRef, about("The unit: a path or an id.")]
    month: Annotated[str, about("A month that is over, as 2026-10.")]

    def target(self, desk: Desk) -> Target:
        """The unit itself: units above it keep their figures until they are counted again too."""
        return unit_target(desk.unit_of_any_time(self.unit))

    def change(self, desk: Desk) -> Done:
        """Raises: Invalid for what is no month; Conflict for one that is not over, or where nothing would change."""
        unit, month = desk.unit_of_any_time(self.unit), month_named(self.month)
        if Step.MONTH.last_of(month) >= desk.clocks.today(unit.unit_id):
            raise Conflict(f"{month:%B %Y} is not over.", hint="A month is counted as it goes until then.")
        before = sla.closed(desk.connection, unit.unit_id, month)
        span = {"first": month, "last": Step.MONTH.last_of(month), "anew": True}
        # An archived unit has no row when it had no jobs.
        row = next(iter(desk.asked("sla", unit.unit_id, span)), None)
        if row is None or (not row["jobs"] and before is None):
            raise Conflict(f"There were no jobs of “{unit.name}” in {month:%B %Y}.", hint="Choose another month.")
        figures = sla.figures_of(row)
        if before is not None and before.figures == figures:
            raise Conflict(
                f"{month:%B %Y} of “{unit.name}” would be the same.", hint="Nothing came since it was closed."
            )
        revision = 1 if before is None else before.revision + 1
        sla.keep(desk.connection, [ClosedMonth(unit.unit_id, month, revision, figures)], desk.tx.at)
        was = f"; it was {_words(before.figures)}" if before is not None else ""
        return Done(
            sentence=f"{month:%B %Y} of “{unit.name}” is {_words(figures)}{was}.",
            before=_logged(before.figures, before.revision) if before is not None else {},
            after=_logged(figures, revision),
        )


def _jobs(figures: Any) -> int:
    return sum(figures[name] for name in ("ok", "okwarn", "warning", "failed", "missed"))


def _words(figures: Any) -> str:
    """`97.6% of 11,204 jobs (goal 98.0%)`."""
    jobs = _jobs(figures)
    result = f"{_percent(figures['good'] * 1000 // jobs)} of {jobs:,} jobs" if jobs else "without jobs"
    return f"{result} (goal {_percent(figures['goal'])})"


def _percent(tenths: int) -> str:
    return f"{Decimal(tenths) / 10:.1f}%"


def _logged(figures: Any, revision: int) -> dict[str, Any]:
    jobs = _jobs(figures)
    result = _percent(figures["good"] * 1000 // jobs) if jobs else "-"
    kept = {name: figures[name] for name in ("ok", "okwarn", "warning", "failed", "missed", "counts")}
    return {"result": result, "goal": _percent(figures["goal"]), "jobs": jobs, **kept, "revision": revision}
