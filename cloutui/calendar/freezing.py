"""Days close: the report of each unit's nodes is kept as it was, in a file that is never changed, and its hash logged.

A node that is frozen on a day stays with the unit that it was frozen with, wherever it is moved to later. What comes
after the day has closed makes a new revision (`late`). Days without any facts are never frozen: nothing is invented.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from cloutui.calendar.day_rows import AskDay, day_rows
from cloutui.calendar.days import DayClock, closed_days
from cloutui.calendar.late import among, frozen_rows, late_facts, late_rows
from cloutui.errors import Broken, Conflict
from cloutui.model.formats import plural
from cloutui.model.installation_setting import CLOSE_AFTER_HOURS, FIRST_DAYS
from cloutui.model.principal import system_principal
from cloutui.model.privilege import Privilege
from cloutui.records import history
from cloutui.records.frozen_rows import LIVE, only
from cloutui.records.history import FREEZE, FrozenDay
from cloutui.records.rows import JsonMapping

if TYPE_CHECKING:
    import pyarrow as pa

    from cloutui.cache.database import Database
    from cloutui.records.frozen_files import FrozenFiles
    from cloutui.records.store import Records
    from cloutui.records.transaction import Tx
    from cloutui.reports.runner import Runner

log = logging.getLogger(__name__)

LOOKS_BACK_DAYS = 35
"""Servers remember 10 to 30 days: what comes later than that does not come from them."""

_BETWEEN_LOOKS = timedelta(hours=1)

_CLOCKS = """
SELECT time_zone, day_start_s, list(unit_id) FROM unit_clock
WHERE valid_from <= $day AND valid_to > $day GROUP BY ALL
"""


def freezer_of(records: Records, database: Database, files: FrozenFiles, runner: Runner) -> Freezer:
    """One that freezes what the report `daily` says to whoever sees everything."""
    everybody = replace(
        system_principal("calendar", records.root_unit_id),
        privileges=frozenset({Privilege.JOB_VIEW, Privilege.COMMENT_VIEW, Privilege.TAG_VIEW}),
    )

    def ask(day: date) -> pa.Table:
        return runner.run("daily", everybody, {"day": day, "revision": LIVE}).rows

    return Freezer(records, database, files, ask)


class Freezer:
    """Freezes days of one installation, as a duty of the clock or by hand."""

    def __init__(self, records: Records, database: Database, files: FrozenFiles, ask: AskDay) -> None:
        self._records = records
        self._database = database
        self._files = files
        self._ask = ask
        self._seen: dict[date, frozenset[int]] = {}
        """By day: the units that were looked at once it was closed for them."""
        self._looked_back_at: datetime | None = None
        self._one_at_a_time = Lock()

    def close_days(self, now: datetime) -> bool:
        """Freeze what has closed and is not frozen yet; whether anything was. Raises: CloutuiError, OSError."""
        did = False
        with self._one_at_a_time:
            due = self._closed(now, int(self._records.setting(FIRST_DAYS.name)))
            for day, units in due.items():
                waiting = units - self._seen.get(day, frozenset())
                if waiting and self._has_facts(day):
                    did |= _if_whole(day, partial(self._close, day, waiting))
                self._seen[day] = units
            self._seen = {day: units for day, units in self._seen.items() if day in due}
        return did

    def look_back(self, now: datetime) -> bool:
        """Once an hour: make revisions of what came late; whether anything did. Raises: CloutuiError, OSError."""
        if self._looked_back_at is not None and now - self._looked_back_at < _BETWEEN_LOOKS:
            return False
        with self._one_at_a_time:
            did = [_if_whole(day, partial(self._revise, day)) for day in self._closed(now, LOOKS_BACK_DAYS)]
            self._looked_back_at = now
            # Units that had nothing to freeze when it was looked at may have something by now.
            self._seen = {day: units - self._left_out(day) for day, units in self._seen.items()}
        return any(did)

    def freeze(self, tx: Tx, day: date, units: Collection[int]) -> JsonMapping:
        """Freeze a day of these units by hand, in the caller's transaction; what its activity line has to tell.

        Raises: Conflict when there is nothing to freeze; CloutuiError, OSError.
        """
        days = self._kept(tx, day, units, self._rows(day))
        if not days:
            hint = "A day is frozen once; what comes late makes a revision by itself."
            raise Conflict(f"Nothing of {day.isoformat()} is left to freeze there.", hint=hint)
        return history.told_of(days)

    def _closed(self, now: datetime, days: int) -> Mapping[date, frozenset[int]]:
        grace = timedelta(hours=int(self._records.setting(CLOSE_AFTER_HOURS.name)))
        with self._database.reader() as snapshot:
            found = snapshot.execute(_CLOCKS, {"day": now.date()}).fetchall()
        clocks = [DayClock(zone, start, frozenset(units)) for zone, start, units in found]
        return closed_days(clocks, now, grace, days)

    def _has_facts(self, day: date) -> bool:
        with self._database.reader() as snapshot:
            found = snapshot.execute("SELECT 1 FROM unit_day WHERE day = $day LIMIT 1", {"day": day}).fetchone()
        return found is not None

    def _left_out(self, day: date) -> set[int]:
        """Units with facts of that day and nothing frozen of it."""
        asked = "SELECT DISTINCT unit_id FROM unit_day WHERE day = $day"
        with self._database.reader() as snapshot:
            found = {unit_id for (unit_id,) in snapshot.execute(asked, {"day": day}).fetchall()}
        return found - self._frozen_units(day)

    def _frozen_units(self, day: date) -> set[int]:
        with self._records.reading() as connection:
            return history.units_on(connection, day)

    def _rows(self, day: date) -> pa.Table:
        return day_rows(day, self._ask, self._database, self._records.tree())

    def _close(self, day: date, units: Collection[int]) -> bool:
        if self._frozen_units(day).issuperset(units):
            return False
        rows = self._rows(day)
        with self._records.begin() as tx:
            if days := self._kept(tx, day, units, rows):
                self._tell(tx, days, f"Froze {day.isoformat()} of {plural(len(days), 'unit')}")
        return bool(days)

    def _revise(self, day: date) -> bool:
        with self._records.reading() as connection:
            frozen = history.newest(history.on_day(connection, day))
        late = late_facts(day, self._database, self._files, frozen) if frozen else ()
        rows = late_rows(self._rows(day), late, self._files, frozen) if late else None
        if rows is None:
            return False
        with self._records.begin() as tx:
            days = self._written(tx, day, rows, {unit_id: each.revision + 1 for unit_id, each in frozen.items()})
            came = f"as facts of {plural(len(late), 'node')} came late"
            self._tell(tx, days, f"Froze {day.isoformat()} of {plural(len(days), 'unit')} again, {came}")
        return True

    def _kept(self, tx: Tx, day: date, units: Collection[int], rows: pa.Table) -> list[FrozenDay]:
        """Write those of the units' rows that are not frozen yet."""
        before = history.on_day(tx.connection, day)
        taken = frozen_rows(self._files, before, ("unit_id", "node_id"))
        rows = only(rows, "unit_id", set(units) - {each.unit_id for each in before})
        return self._written(tx, day, only(rows, "node_id", among(taken, "node_id"), is_other=True), {})

    def _written(self, tx: Tx, day: date, rows: pa.Table, revisions: Mapping[int, int]) -> list[FrozenDay]:
        """First the file, then the records: a file that no record names is litter, and no harm."""
        if not rows.num_rows:
            return []
        known = set(self._files.names())
        rows = history.stamped(rows, day, tx.at, revisions)
        file = self._files.write(rows)
        if file not in known:
            tx.after_rollback(lambda: self._files.remove(file))
        days = history.described(rows, file, day, tx.at, revisions)
        history.keep(tx, days)
        return days

    def _tell(self, tx: Tx, days: list[FrozenDay], what: str) -> None:
        after, root = history.told_of(days), self._records.root_unit_id
        sentence = f"{what}: {plural(sum(each.rows for each in days), 'row')} in {days[0].file[:12]}."
        line = history.line(FREEZE, root, days[0].day.isoformat(), sentence, after)
        tx.append_activity(system_principal("calendar", root), line)


def _if_whole(day: date, do: Callable[[], bool]) -> bool:
    """Whether anything was done. A day whose file is lost or was changed waits, and keeps no other day from closing."""
    try:
        return do()
    except Broken as error:
        log.error("%s stays as it is: %s %s", day.isoformat(), error, error.hint)
        return False
