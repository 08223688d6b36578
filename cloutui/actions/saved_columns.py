"""The columns somebody wants to see of a report, wherever they sign in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from cloutui.actions.action import Change, Done, Target, about
from cloutui.actions.desk import Desk
from cloutui.actions.registry import register
from cloutui.errors import Invalid
from cloutui.model.action_class import ActionClass
from cloutui.model.privilege import Privilege
from cloutui.records import saved
from cloutui.reports.registry import find_report


@register(name="view.save", needs=Privilege.ACCOUNT_EDIT, action_class=ActionClass.NOTE)
@dataclass(frozen=True, slots=True, kw_only=True)
class SaveView(Change):
    """Keep which columns of a report you see in the console, and in which order."""

    report: Annotated[str, about("The report that is shown.")]
    columns: Annotated[tuple[str, ...], about("Its columns, in order; none, for the usual ones.")] = ()

    def target(self, desk: Desk) -> Target:
        """One's own; noted where one lives."""
        return Target(kind="view", name=self.report, unit_ids=(desk.principal.unit_id,))

    def change(self, desk: Desk) -> Done:
        """Raises: NotFound for a report, Invalid for a column that there is not."""
        known = [column.name for column in find_report(self.report).columns]
        unknown = next((name for name in self.columns if name not in known), None)
        if unknown is not None:
            what = f"Report “{self.report}” has no column “{unknown}”."
            raise Invalid(what, hint=f"Columns: {', '.join(known)}.")
        names = tuple(dict.fromkeys(self.columns))
        before = saved.columns(desk.connection, desk.principal.name).get(self.report, ())
        saved.keep_columns(desk.connection, desk.principal.name, self.report, names)
        said = ", ".join(names) or "the usual ones"
        return Done(sentence=f"Columns of {self.report}: {said}.", before={"columns": before}, after={"columns": names})
