"""How a server itself is.

Source: `STATUS`, `DB` and `LOG`, and how many `VOLUMES` and `SESSIONS` there are. The database is as full as the file
systems that hold it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

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
           $offset_s AS utc_offset_s,
           VOLUMES AS volumes,
           SESSIONS AS sessions,
           LICENSECOMPLIANCE AS licence
    FROM status LEFT JOIN database ON true LEFT JOIN recovery_log ON true LEFT JOIN volume_count ON true
         LEFT JOIN session_count ON true
    LIMIT 1
"""


QUESTIONS: Mapping[str, selects.Select] = {
    "status": selects.STATUS,
    "database": selects.DATABASE,
    "recovery_log": selects.RECOVERY_LOG,
    "volume_count": selects.VOLUME_COUNT,
    "session_count": selects.SESSION_COUNT,
}


async def observe(ask: Ask, clock: ServerClock, _window: Window) -> Observation:
    """One row, or none when the server does not even say its name."""
    answers = {name: await ask(select) for name, select in QUESTIONS.items()}
    tables = {name: answer.table for name, answer in answers.items()}
    return observed(SERVER, await asyncio.to_thread(parse, tables, clock=clock), list(answers.values()))


def parse(tables: Mapping[str, pa.Table], *, clock: ServerClock) -> pa.Table:
    """The first row of each of the answers to `QUESTIONS` as the kind's batch."""
    return shaped(SERVER, _SQL, tables, offset_s=clock.offset_s)
