"""Which module reads which kind. A new kind is one line here, and its own module."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from cloutui.products.observation import Observation, Window
from cloutui.products.storage_protect import (
    filespaces,
    jobs,
    log_lines,
    nodes,
    occupancy,
    pools,
    schedules,
    server_state,
)
from cloutui.products.storage_protect.asking import Ask, ServerClock

Reader = Callable[[Ask, ServerClock, Window], Awaitable[Observation]]

READERS: Mapping[str, Reader] = {
    "jobs": jobs.observe,
    "nodes": nodes.observe,
    "occupancy": occupancy.observe,
    "filespaces": filespaces.observe,
    "schedules": schedules.observe,
    "pools": pools.observe,
    "server": server_state.observe,
    "log_lines": log_lines.observe,
}
