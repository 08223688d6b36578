"""Tables that are only ever added to, read from a number on: so that the cache follows them without reading all.

A line that was written stays as it is; of several about one thing the newest holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sqlalchemy import Connection, select

from cloutui.model.sla import MONTH_FIGURES
from cloutui.records.daily_tables import handling, sla_month

Line = tuple[object, ...]


def _sla_months(connection: Connection, after: int) -> Iterator[Line]:
    number, *others = (sla_month.c[name] for name in ("sla_month_id", "unit_id", "month", "revision", "frozen_at"))
    asked = select(number, *others, sla_month.c.figures).where(number > after).order_by(number)
    for *told, figures in connection.execute(asked):
        yield (*told, *(figures[name] for name in MONTH_FIGURES))


def _handling(connection: Connection, after: int) -> Iterator[Line]:
    number, *others = (handling.c[name] for name in ("handling_id", "data_source_id", "day", "job_key", "state"))
    return (tuple(line) for line in connection.execute(select(number, *others).where(number > after).order_by(number)))


APPENDED: Mapping[str, Callable[[Connection, int], Iterator[Line]]] = {
    "sla_month": _sla_months,
    "handling": _handling,
}
"""By the name of the table, in the records and in the cache: its lines behind a number, the oldest first.

The number comes first in each, and then the columns as the cache has them.
"""
