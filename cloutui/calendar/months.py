"""Months close: once one is over everywhere, what every unit had promised and what became of it is kept as it was.

One month closes for all units at once. A unit is shown with all below it, and these may live in other time zones: so
a month is over when it is in the last of them, and the hours have gone by that late facts are waited for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from cloutui.model.action_class import ActionClass
from cloutui.model.formats import plural
from cloutui.model.installation_setting import CLOSE_AFTER_HOURS
from cloutui.model.principal import Principal, system_principal
from cloutui.model.privilege import Privilege
from cloutui.model.step import Step
from cloutui.records import dimensions, sla
from cloutui.records.activity import ActivityLine
from cloutui.records.clocks import UnitClocks
from cloutui.records.sla import ClosedMonth

if TYPE_CHECKING:
    from cloutui.records.store import Records
    from cloutui.reports.runner import Runner

LOOKS_BACK = 120
"""Months: of an installation that was there before months were closed, ten years of them are."""


class Months:
    """Closes the months of one installation, as a duty of the clock."""

    def __init__(self, records: Records, runner: Runner) -> None:
        self._records = records
        self._runner = runner
        self._looked: date | None = None
        """The last month that is over, once all up to it have been closed: until the next one ends nothing is due."""

    @property
    def _everybody(self) -> Principal:
        actor = system_principal("calendar", self._records.root_unit_id)
        return replace(actor, privileges=frozenset({Privilege.SLA_VIEW}))

    def close_months(self, now: datetime) -> bool:
        """Close what is over and was not closed yet; whether anything was. Raises: CloutuiError."""
        last = self._last_that_is_over(now)
        if last == self._looked:
            return False
        due = [month for month in self._open_months() if month <= last]
        for month in due:
            self._close(month)
        self._looked = last
        return bool(due)

    def _last_that_is_over(self, now: datetime) -> date:
        """Its first day."""
        grace = timedelta(hours=int(self._records.setting(CLOSE_AFTER_HOURS.name)))
        with self._records.reading() as connection:
            tree = dimensions.read_tree(connection)
            clocks = UnitClocks.read(connection, tree, now - grace)
            unused = dimensions.archived_units(connection)
            today = min(clocks.today(place.unit_id) for place in tree if place.unit_id not in unused)
        return Step.MONTH.moved(today, -1)

    def _open_months(self) -> list[date]:
        """Those with jobs that were never closed, the oldest first."""
        back = {"months": LOOKS_BACK}
        rows = self._runner.run("sla-months", self._everybody, back).rows.to_pylist()
        return sorted(row["month"] for row in rows if row["revision"] == 0)

    def _close(self, month: date) -> None:
        asked = {"first": month, "last": Step.MONTH.last_of(month)}
        rows = self._runner.run("sla", self._everybody, asked).rows.to_pylist()
        kept = [ClosedMonth(row["unit_id"], month, 1, sla.figures_of(row)) for row in rows if row["jobs"]]
        with self._records.begin() as tx:
            if sla.closed_units(tx.connection, month):
                return  # somebody else was quicker
            sla.keep(tx.connection, kept, tx.at)
            tx.append_activity(self._everybody, _line(self._records.root_unit_id, month, kept))


def _line(root: int, month: date, kept: Sequence[ClosedMonth]) -> ActivityLine:
    return ActivityLine(
        action="sla.close",
        action_class=ActionClass.NOTE,
        unit_id=root,
        target_kind="month",
        target_id=None,
        target_name=f"{month:%Y-%m}",
        sentence=f"{month:%B %Y} was closed for {plural(len(kept), 'unit')}: what was promised, and what was kept.",
        after={"units": len(kept), "sha256": digest(kept)},
    )


def digest(kept: Sequence[ClosedMonth]) -> str:
    """The SHA-256 of what is kept, so that the activity log can prove it: JSON lines, by unit."""
    told = sorted((month.unit_id, month.month.isoformat(), dict(month.figures)) for month in kept)
    return hashlib.sha256("\n".join(json.dumps(each, sort_keys=True) for each in told).encode()).hexdigest()
