"""Nodes by their names, as somebody types them."""

from __future__ import annotations

from cloutui.errors import Invalid, NotFound
from cloutui.model.filter.rendering import render_value
from cloutui.screens.desk import Desk

_MOST_NAMED = 4
_LOOKED_AT_DAYS = 60


async def find_node(desk: Desk, text: str) -> int:
    """The id of the node of the scope that has this name, or the only one that holds it.

    Raises: NotFound, Invalid when more than one is meant.
    """
    if desk.session is None:
        raise NotFound("node", text)
    asked: dict[str, object] = {"days": _LOOKED_AT_DAYS, "filter": f"node:{render_value(text)}"}
    answer = await desk.session.ask("jobs-matrix", unit=desk.scope, **asked)
    found = answer.rows.select(["node_id", "node"]).to_pylist()
    exact = [row for row in found if row["node"].casefold() == text.casefold()] or found
    if not exact:
        raise NotFound("node", text)
    if len(exact) > 1:
        named = ", ".join(row["node"] for row in exact[:_MOST_NAMED])
        raise Invalid(f"“{text}” fits {len(exact)} nodes.", hint=f"Write more of one: {named}, …")
    return int(exact[0]["node_id"])
