"""Where data is stored, and how full it is.

Source: `STGPOOLS`. A cloud pool says its size in columns of its own.
"""

from __future__ import annotations

import asyncio

import pyarrow as pa

from cloutui.products.observation import POOLS, Observation, Window
from cloutui.products.storage_protect import selects
from cloutui.products.storage_protect.asking import Ask, ServerClock, observed
from cloutui.products.storage_protect.shaping import shaped

_SQL = """
    SELECT STGPOOL_NAME AS pool,
           POOLTYPE AS pool_type,
           bytes_of(coalesce(EST_CAPACITY_MB, TOTAL_CLOUD_SPACE_MB)) AS capacity_bytes,
           coalesce(PCT_UTILIZED, 100 * USED_CLOUD_SPACE_MB / nullif(TOTAL_CLOUD_SPACE_MB, 0)) AS used_percent
    FROM pools
"""


async def observe(ask: Ask, _clock: ServerClock, _window: Window) -> Observation:
    """All pools."""
    answer = await ask(selects.POOLS)
    return observed(POOLS, await asyncio.to_thread(parse, answer.table), [answer])


def parse(pools: pa.Table) -> pa.Table:
    """Rows of `STGPOOLS` as the kind's batch."""
    return shaped(POOLS, _SQL, {"pools": pools})
