"""`-CONSOLEMODE` and `-MOUNTMODE`: the server's messages as they come, until somebody interrupts.

Which messages mount mode chooses is unverified; here it is those that speak of a mount.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from cloutui.simulator.answer import Rows
from cloutui.simulator.dsmadmc.host import Host, Server
from cloutui.simulator.dsmadmc.screen import Screen

PAUSE_S = 1.0


async def watch(host: Host, server: Server, screen: Screen, *, only_mounts: bool) -> None:
    """Show what is logged from now on. Never returns; the end of the connection ends it."""
    sql = "SELECT MESSAGE FROM ACTLOG WHERE DATE_TIME >= $since AND DATE_TIME < $until ORDER BY DATE_TIME"
    if only_mounts:
        sql = sql.replace(" ORDER", " AND UPPER(MESSAGE) LIKE '%MOUNT%' ORDER")
    loop = asyncio.get_running_loop()
    since = server.now()
    while True:
        await asyncio.sleep(PAUSE_S)
        until = server.now()
        rows = await loop.run_in_executor(host.pool, _between(server, sql, since, until))
        await screen.answer([str(message) for (message,) in rows.rows])
        since = until


def _between(server: Server, sql: str, since: datetime, until: datetime) -> Callable[[], Rows]:
    return lambda: server.query(sql, since=since, until=until)
