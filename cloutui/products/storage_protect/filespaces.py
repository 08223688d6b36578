"""What each node has stored under a name of its own: drives, mounts, databases, virtual machines.

Source: `FILESPACES`. Its capacity is taken as MB, like all sizes there. File spaces of applications ("API:...") never
say when a backup began or ended.
"""

from __future__ import annotations

import asyncio

import pyarrow as pa

from cloutui.products.observation import FILESPACES, Observation, Window
from cloutui.products.storage_protect import selects
from cloutui.products.storage_protect.asking import Ask, ServerClock, observed
from cloutui.products.storage_protect.shaping import shaped

_SQL = """
    SELECT NODE_NAME AS node,
           FILESPACE_NAME AS filespace,
           FILESPACE_TYPE AS filespace_type,
           bytes_of(CAPACITY) AS capacity_bytes,
           PCT_UTIL AS used_percent,
           BACKUP_START AS backup_start_local,
           BACKUP_END AS backup_end_local,
           $offset_s AS utc_offset_s
    FROM filespaces
"""


async def observe(ask: Ask, clock: ServerClock, _window: Window) -> Observation:
    """All file spaces."""
    answer = await ask(selects.FILESPACES)
    return observed(FILESPACES, await asyncio.to_thread(parse, answer.table, clock), [answer])


def parse(filespaces: pa.Table, clock: ServerClock) -> pa.Table:
    """Rows of `FILESPACES` as the kind's batch."""
    return shaped(FILESPACES, _SQL, {"filespaces": filespaces}, offset_s=clock.offset_s)
