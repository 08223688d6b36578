"""What is to be backed up when: one row for each node that a client schedule is associated with.

Source: `CLIENT_SCHEDULES` and `ASSOCIATIONS`. A classic schedule repeats after a period; an enhanced one names days.
"""

from __future__ import annotations

import asyncio

import pyarrow as pa

from cloutui.products.observation import SCHEDULES, Observation, Window
from cloutui.products.storage_protect import selects
from cloutui.products.storage_protect.asking import Ask, ServerClock, observed
from cloutui.products.storage_protect.shaping import shaped

_SQL = """
    SELECT a.DOMAIN_NAME AS domain,
           a.SCHEDULE_NAME AS schedule,
           a.NODE_NAME AS node,
           ACTION AS action,
           STARTTIME AS start_time,
           nullif(concat_ws(' ', DURATION, DURUNITS), '') AS "window",
           nullif(concat_ws(', ',
               CASE WHEN upper(SCHED_STYLE) = 'ENHANCED'
                    THEN nullif(concat_ws(', ', ENH_MONTH, DAYOFMONTH, WEEKOFMONTH), '')
                    ELSE nullif(concat_ws(' ', PERIOD, PERUNITS), '') END,
               CASE WHEN upper(DAYOFWEEK) <> 'ANY' THEN DAYOFWEEK END
           ), '') AS period
    FROM associations AS a LEFT JOIN schedules AS s
      ON s.DOMAIN_NAME = a.DOMAIN_NAME AND s.SCHEDULE_NAME = a.SCHEDULE_NAME
"""


async def observe(ask: Ask, _clock: ServerClock, _window: Window) -> Observation:
    """All associations."""
    schedules = await ask(selects.SCHEDULES)
    associations = await ask(selects.ASSOCIATIONS)
    return observed(
        SCHEDULES, await asyncio.to_thread(parse, schedules.table, associations.table), [schedules, associations]
    )


def parse(schedules: pa.Table, associations: pa.Table) -> pa.Table:
    """Associations with what their schedules say; null where the schedule is not known."""
    return shaped(SCHEDULES, _SQL, {"schedules": schedules, "associations": associations})
