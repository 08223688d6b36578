"""The whole content of a cache, to be compared."""

from __future__ import annotations

from cloutui.cache.schema import LISTINGS, listing_table
from tests.world import World

FACTS = (
    *("job_event", "node_day", "made_for", "unit_day", "node_last"),
    *("stored_change", "stored_day", "stored_last", "unit_stored"),
    *("pool_day", "log_line", *(listing_table(kind) for kind in LISTINGS)),
)
DIMENSIONS = ("unit", "unit_clock", "server", "data_source", "data_source_key", "owner", "server_unit")


def everything(world: World) -> dict[str, list[str]]:
    """Every table of facts and dimensions, row by row."""
    return {table: sorted(map(repr, world.rows(f"SELECT * FROM {table}"))) for table in FACTS + DIMENSIONS}
