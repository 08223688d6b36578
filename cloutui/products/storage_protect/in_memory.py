"""Questions that something in this process answers, instead of a server behind a door.

For stand-ins that can be asked without a terminal in between: what they say is read by the modules that read a real
server's answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa

from cloutui.products.observation import Observation, ObservationKind, Window
from cloutui.products.storage_protect.asking import Answer, Bounds, ServerClock
from cloutui.products.storage_protect.readers import READERS
from cloutui.products.storage_protect.selects import Select
from cloutui.products.storage_protect.values import typed

Query = Callable[[str], Sequence[Sequence[object]]]
"""Answers a SELECT with its rows; values print as `dsmadmc` prints them."""


async def observed_in_memory(
    query: Query, kind: ObservationKind, *, at: datetime, time_zone: str, window: Window | None = None
) -> Observation:
    """What a server that answers `query` tells of one kind. `at`: aware, the moment that its clock shows."""
    local = at.astimezone(ZoneInfo(time_zone))
    offset = local.utcoffset()
    assert offset is not None

    async def ask(select: Select, bounds: Bounds | None = None) -> Answer:
        moments = {"since": bounds.since, "until": bounds.until} if bounds else {}
        rows = query(select.statement(frozenset(), **moments))
        return Answer(table=_table(select, rows))

    clock = ServerClock(local=local.replace(tzinfo=None), offset=offset)
    return await READERS[kind.name](ask, clock, window or Window(since=at.astimezone(UTC), until=at.astimezone(UTC)))


def _table(select: Select, rows: Sequence[Sequence[object]]) -> pa.Table:
    columns = {
        column.name: typed(
            pa.array([None if row[place] is None else str(row[place]) for row in rows], pa.string()), column.type
        )
        for place, column in enumerate(select.columns)
    }
    return pa.table(columns)
