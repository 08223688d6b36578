"""The parameter of every report about one node."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class OneNode:
    """Which node."""

    node_id: int = field(metadata={"help": "The node's id, as the report `nodes` gives it."})
