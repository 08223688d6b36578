"""Months that were closed: what each unit had promised, and what became of it. Nothing is changed here, only added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select

from cloutui.model.sla import MONTH_FIGURES
from cloutui.records.daily_tables import sla_month


class ClosedMonth(NamedTuple):
    """What is kept of one month of one unit. Of several revisions the newest holds."""

    unit_id: int
    month: date
    revision: int
    figures: Mapping[str, Any]


def figures_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a row of the report `sla`."""
    return {name: round(row["goal"] * 10) if name == "goal" else row[name] for name in MONTH_FIGURES}


def closed(connection: Connection, unit_id: int, month: date) -> ClosedMonth | None:
    """The newest revision of that month."""
    table = sla_month.c
    asked = select(*(table[name] for name in ClosedMonth._fields)).where(table.unit_id == unit_id, table.month == month)
    row = connection.execute(asked.order_by(table.revision.desc()).limit(1)).first()
    return ClosedMonth._make(row) if row else None


def closed_units(connection: Connection, month: date) -> int:
    """Of how many units that month was closed."""
    asked = select(func.count(func.distinct(sla_month.c.unit_id))).where(sla_month.c.month == month)
    return int(connection.execute(asked).scalar_one())


def keep(connection: Connection, months: Iterable[ClosedMonth], at: datetime) -> None:
    """Add these."""
    rows = [{**month._asdict(), "frozen_at": at} for month in months]
    if rows:
        connection.execute(insert(sla_month), rows)
