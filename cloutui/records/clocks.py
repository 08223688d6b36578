"""How units count their days, read once for many questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from cloutui.model.backup_day import backup_day
from cloutui.model.unit_setting import BACKUP_DAY_START, TIME_ZONE, SettingRow, seconds_of, value_on
from cloutui.model.unit_tree import UnitTree
from cloutui.records import dimensions


class UnitClocks:
    """The backup day of any unit, at one moment."""

    def __init__(self, tree: UnitTree, settings: Mapping[int, Sequence[SettingRow]], at: datetime) -> None:
        self._tree = tree
        self._settings = settings
        self._at = at
        self._days: dict[int, date] = {}

    @classmethod
    def read(cls, connection: Connection, tree: UnitTree, at: datetime) -> UnitClocks:
        """The clocks as the records have them."""
        return cls(tree, dimensions.setting_rows(connection), at)

    def today(self, unit_id: int) -> date:
        """The backup day that the unit lives in."""
        if unit_id not in self._days:
            ancestors = self._tree.ancestors(unit_id)
            # Settings change by the day, and a day needs the settings: the UTC date breaks the circle.
            utc_day = self._at.date()
            zone = str(value_on(utc_day, ancestors, TIME_ZONE, self._settings))
            start = seconds_of(str(value_on(utc_day, ancestors, BACKUP_DAY_START, self._settings)))
            self._days[unit_id] = backup_day(self._at, zone, start)
        return self._days[unit_id]
