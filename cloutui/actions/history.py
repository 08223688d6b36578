"""Freezing a day by hand: of units whose day closed before anything was frozen here, or while nothing ran."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from cloutui.actions.action import Change, Done, Target, about
from cloutui.actions.desk import Desk
from cloutui.actions.registry import register
from cloutui.errors import Invalid
from cloutui.model.action_class import ActionClass
from cloutui.model.formats import plural
from cloutui.model.privilege import Privilege
from cloutui.model.unit_path import UnitRef


@register(name="history.freeze", needs=Privilege.HISTORY_EDIT, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeDay(Change):
    """Keep the report of a day as it is now, for a unit and all below it that have none yet."""

    day: Annotated[date, about("The day, as 2026-11-21.")]
    unit: Annotated[UnitRef, about("The unit: a path or an id.")] = "."

    def target(self, desk: Desk) -> Target:
        """The unit; those below it are its own."""
        unit = desk.unit_of_any_time(self.unit)
        return Target(kind="day", name=self.day.isoformat(), unit_ids=(unit.unit_id,))

    def change(self, desk: Desk) -> Done:
        """Raises: Invalid for a day that is not over; Conflict when nothing is left to freeze."""
        unit = desk.unit_of_any_time(self.unit)
        units = [place.unit_id for place in desk.tree.subtree(unit.unit_id)]
        if self.day >= min(desk.clocks.today(unit_id) for unit_id in units):
            raise Invalid(f"{self.day.isoformat()} is not over everywhere.", hint="Freeze a day when it is over.")
        assert desk.history is not None, "an installation has one"
        after = desk.history.freeze(desk.tx, self.day, units)
        what = f"{plural(int(after['units']), 'unit')}, {plural(int(after['rows']), 'row')} in {after['file'][:12]}"
        return Done(
            sentence=f"Froze {self.day.isoformat()} of “{desk.path(unit.unit_id)}”: {what}.",
            after=after,
        )
