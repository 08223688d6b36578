"""How a server itself is.

Source: `STATUS`, `DB` and `LOG`. The database is as full as the file systems that hold it.
"""

from __future__ import annotations

import asyncio

import pyarrow as pa

from cloutui.products.observation import SERVER, Observation, Window
from cloutui.products.storage_protect import selects
from cloutui.products.storage_protect.asking import Ask, ServerClock, observed
from cloutui.products.storage_protect.shaping import shaped

_SQL = """
    SELECT status.SERVER_NAME AS name,
           nullif(concat_ws('.', VERSION, RELEASE, LEVEL, SUBLEVEL), '') AS version,
           PLATFORM AS platform,
           EVENTRETENTION AS event_retention_days,
           100 * (TOT_FILE_SYSTEM_MB - FREE_SPACE_MB) / nullif(TOT_FILE_SYSTEM_MB, 0) AS db_used_percent,
           100 * USED_SPACE_MB / nullif(TOTAL_SPACE_MB, 0) AS log_used_percent,
           LAST_BACKUP_DATE AS last_db_backup_local,
           RESTART_DATE AS restarted_local,
           $offset_s AS utc_offset_s
    FROM status LEFT JOIN database ON true LEFT JOIN recovery_log ON true
    LIMIT 1
"""


async def observe(ask: Ask, clock: ServerClock, _window: Window) -> Observation:
    """One row, or none when the server does not even say its name."""
    answers = [await ask(select) for select in (selects.STATUS, selects.DATABASE, selects.RECOVERY_LOG)]
    return observed(SERVER, await asyncio.to_thread(parse, *(answer.table for answer in answers), clock=clock), answers)


def parse(status: pa.Table, database: pa.Table, recovery_log: pa.Table, *, clock: ServerClock) -> pa.Table:
    """The first row of each as the kind's batch."""
    tables = {"status": status, "database": database, "recovery_log": recovery_log}
    return shaped(SERVER, _SQL, tables, offset_s=clock.offset_s)
