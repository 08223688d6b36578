"""Which days are frozen: how each stood, when that was said, and the hash by which it can be shown to be unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register
from cloutui.reports.span import DaySpan, bound_days

USUAL_DAYS = 31


def _bind(span: DaySpan, context: Mapping[str, object]) -> Mapping[str, object]:
    return bound_days(span, context, usual=USUAL_DAYS)


HISTORY = register(
    Report(
        name="history",
        needs=Privilege.HISTORY_VIEW,
        summary="The days whose report is frozen, and how each stood.",
        params=DaySpan,
        bind=_bind,
        columns=(
            Column(name="day", kind=Kind.DAY),
            Column(name="status", kind=Kind.STATUS, title="worst"),
            Column(name="units", kind=Kind.COUNT),
            Column(name="nodes", kind=Kind.COUNT),
            Column(name="late", kind=Kind.COUNT, priority=2),
            Column(name="frozen", kind=Kind.TIME, priority=2),
            Column(name="kept", kind=Kind.TEXT, priority=3),
        ),
        # Late: units whose day was frozen again because facts came late.
        sql="""
            SELECT day, worst::UTINYINT AS status, units, nodes, late, frozen_at AS frozen,
                   if(is_kept, 'yes', 'dropped') AS kept
            FROM scoped_history_day ORDER BY day DESC
        """,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryDayParameters:
    """Which day."""

    day: date = field(metadata={"help": "The day, as 2026-11-21."})


HISTORY_DAY = register(
    Report(
        name="history-day",
        needs=Privilege.HISTORY_VIEW,
        summary="What is frozen of one day: each unit, each revision, with the hash of its rows.",
        params=HistoryDayParameters,
        columns=(
            Column(name="status", kind=Kind.STATUS, title="worst"),
            Column(name="unit", kind=Kind.TEXT),
            Column(name="revision", kind=Kind.COUNT),
            Column(name="nodes", kind=Kind.COUNT),
            Column(name="frozen", kind=Kind.TIME, priority=2),
            Column(name="hash", kind=Kind.TEXT, priority=3),
            Column(name="file", kind=Kind.TEXT, priority=4),
            Column(name="state", kind=Kind.TEXT, priority=2),
            Column(name="unit_id", kind=Kind.COUNT, priority=9),
        ),
        sql="""
            SELECT worst::UTINYINT AS status, unit, revision, nodes, frozen_at AS frozen, content AS hash, file,
                   CASE WHEN dropped_at IS NOT NULL THEN 'dropped' WHEN superseded_at IS NOT NULL THEN 'superseded'
                        ELSE 'in force' END AS state,
                   unit_id
            FROM scoped_history_unit ORDER BY unit, unit_id, revision DESC
        """,
    )
)
