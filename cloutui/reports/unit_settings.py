"""The settings of one business unit: what is in force today, since when, and where it comes from."""

from __future__ import annotations

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register

UNIT_SETTINGS = register(
    Report(
        name="unit-settings",
        needs=Privilege.UNIT_VIEW,
        summary="Settings of the unit that are in force, its own and inherited.",
        columns=(
            Column(name="key", kind=Kind.TEXT),
            Column(name="value", kind=Kind.TEXT),
            Column(name="source", kind=Kind.TEXT, priority=2),
            Column(name="set_on", kind=Kind.TEXT, title="set on", priority=3),
            Column(name="from", kind=Kind.DAY, priority=4),
            Column(name="inheritance", kind=Kind.TEXT, priority=6),
            Column(name="help", kind=Kind.TEXT, priority=5),
        ),
        sql="""
            SELECT key, value, source, set_on, valid_from AS "from", inheritance, help
            FROM scoped_unit_setting ORDER BY place
        """,
    )
)
