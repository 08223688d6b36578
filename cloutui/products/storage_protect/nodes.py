"""Who backs up to a server.

Source: `NODES`, of every type, where QUERY NODE would show clients alone. How the names in PROXY_TARGET are divided
is unverified: only that there are any is made use of.
"""

from __future__ import annotations

import asyncio

import pyarrow as pa

from cloutui.products.observation import NODES, Observation, Window
from cloutui.products.storage_protect import selects
from cloutui.products.storage_protect.asking import Ask, ServerClock, observed
from cloutui.products.storage_protect.shaping import shaped

_SQL = """
    SELECT NODE_NAME AS node,
           NODETYPE AS node_kind,
           DOMAIN_NAME AS domain,
           PLATFORM_NAME AS platform,
           nullif(concat_ws('.', CLIENT_VERSION, CLIENT_RELEASE, CLIENT_LEVEL, CLIENT_SUBLEVEL), '') AS client_version,
           CONTACT AS contact,
           upper(LOCKED) = 'YES' AS is_locked,
           CASE WHEN upper(DECOMM_STATE) <> 'NO' THEN DECOMM_STATE END AS state,
           REG_TIME AS registered_local,
           LASTACC_TIME AS last_access_local,
           $offset_s AS utc_offset_s,
           nullif(trim(PROXY_TARGET), '') AS works_for
    FROM nodes
"""


async def observe(ask: Ask, clock: ServerClock, _window: Window) -> Observation:
    """All nodes."""
    answer = await ask(selects.NODES)
    return observed(NODES, await asyncio.to_thread(parse, answer.table, clock), [answer])


def parse(nodes: pa.Table, clock: ServerClock) -> pa.Table:
    """Rows of `NODES` as the kind's batch."""
    return shaped(NODES, _SQL, {"nodes": nodes}, offset_s=clock.offset_s)
