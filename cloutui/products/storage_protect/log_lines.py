"""What clients complained about, and what became of schedules.

Source: `ACTLOG`. A client's messages are logged there as ANE..., the server's as ANR...; the code stands in front of
the text, and is built from the number where it does not.
"""

from __future__ import annotations

import asyncio

import pyarrow as pa

from cloutui.products.observation import LOG_LINES, Observation, Window
from cloutui.products.storage_protect import selects
from cloutui.products.storage_protect.asking import Ask, ServerClock, observed
from cloutui.products.storage_protect.shaping import shaped

_SQL = """
    SELECT DATE_TIME AS logged_local,
           $offset_s AS utc_offset_s,
           coalesce(
               nullif(regexp_extract(MESSAGE, '^AN[RSE][0-9]{4}[A-Z]'), ''),
               concat(CASE ORIGINATOR WHEN 'CLIENT' THEN 'ANE' ELSE 'ANR' END, printf('%04d', MSGNO), SEVERITY)
           ) AS message_code,
           SEVERITY AS severity,
           MESSAGE AS message,
           NODENAME AS node,
           SCHEDNAME AS schedule,
           SESSION AS session
    FROM lines
"""


async def observe(ask: Ask, clock: ServerClock, window: Window) -> Observation:
    """The lines of a window that explain jobs."""
    answer = await ask(selects.LOG_LINES, clock.bounds(window))
    return observed(LOG_LINES, await asyncio.to_thread(parse, answer.table, clock), [answer])


def parse(lines: pa.Table, clock: ServerClock) -> pa.Table:
    """Rows of `ACTLOG` as the kind's batch."""
    return shaped(LOG_LINES, _SQL, {"lines": lines}, offset_s=clock.offset_s)
