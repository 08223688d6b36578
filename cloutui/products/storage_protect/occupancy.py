"""Space each node holds in each storage pool.

Source: `OCCUPANCY`, summed by the server per node, pool and type. MB (2**20) there, bytes here. For container pools
the physical size is not meaningful; the reporting size is the data before deduplication.
"""

from __future__ import annotations

import asyncio

import pyarrow as pa

from cloutui.products.observation import OCCUPANCY, Observation, Window
from cloutui.products.storage_protect import selects
from cloutui.products.storage_protect.asking import Ask, ServerClock, observed
from cloutui.products.storage_protect.shaping import shaped

_SQL = """
    SELECT NODE_NAME AS node,
           STGPOOL_NAME AS pool,
           TYPE AS type,
           NUM_FILES AS files,
           bytes_of(PHYSICAL_MB) AS physical_bytes,
           bytes_of(LOGICAL_MB) AS logical_bytes,
           bytes_of(REPORTING_MB) AS reporting_bytes
    FROM occupancy
"""


async def observe(ask: Ask, _clock: ServerClock, _window: Window) -> Observation:
    """All there is. Space that belongs to no node any more is left out."""
    answer = await ask(selects.OCCUPANCY)
    return observed(OCCUPANCY, await asyncio.to_thread(parse, answer.table), [answer])


def parse(occupancy: pa.Table) -> pa.Table:
    """Sums of `OCCUPANCY` as the kind's batch."""
    return shaped(OCCUPANCY, _SQL, {"occupancy": occupancy})
