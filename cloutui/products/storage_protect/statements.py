"""The questions that are asked for a kind, as a person would type them: to see what a server itself says.

They name every column, also those that an older server lacks: such a server refuses them, and a column has to be taken
out. Bounds are in the server's own time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from cloutui.products.storage_protect import selects
from cloutui.products.storage_protect.quoting import As, argument, one_command
from cloutui.products.storage_protect.selects import Select
from cloutui.products.storage_protect.server_state import QUESTIONS

_ASKED: Mapping[str, tuple[tuple[Select, str], ...]] = {
    "nodes": ((selects.NODES, "NODE_NAME"),),
    "jobs": ((selects.EVENTS, "NODE_NAME"), (selects.SESSIONS, "ENTITY"), (selects.ACTING, "ENTITY")),
    "filespaces": ((selects.FILESPACES, "NODE_NAME"),),
    "occupancy": ((selects.OCCUPANCY, "NODE_NAME"),),
    "schedules": ((selects.SCHEDULES, ""), (selects.ASSOCIATIONS, "NODE_NAME")),
    "pools": ((selects.POOLS, ""),),
    "server": tuple((select, "") for select in QUESTIONS.values()),
}
"""By kind: what is asked, and which of its columns names the node."""


def statements(
    kind: str, *, node: str | None = None, since: datetime | None = None, until: datetime | None = None
) -> Iterator[str]:
    """The SELECTs of a kind, of one node or of all. A kind that grows with time needs both bounds.

    Raises: Invalid, for a name that cannot stand in a command; KeyError, for a kind without questions of its own.
    """
    moments = {"since": since, "until": until}
    bounds = {name: moment for name, moment in moments.items() if moment is not None}
    for select, node_column in _ASKED[kind]:
        asked = _of_node(select, node_column, node) if node is not None and node_column else select
        yield one_command(asked.statement(frozenset(), **bounds))


def _of_node(select: Select, column: str, node: str) -> Select:
    literal = argument(node, As.LITERAL, what="node")
    only = f"{column}={literal}".replace("{", "{{").replace("}", "}}")
    return replace(select, where=f"{select.where} AND {only}" if select.where else only)
