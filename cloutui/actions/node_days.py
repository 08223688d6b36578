"""What people say something about: nodes, their days, or a job of one, each with the unit that owned it then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cloutui.actions.action import Target
from cloutui.actions.desk import Desk, Node, NodeRef
from cloutui.errors import Invalid
from cloutui.records.comments import Place

MOST = 2_000
"""Nodes at once: more than anybody has looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeDays:
    """Nodes as they were owned on a day; without one, as they are owned now."""

    nodes: Sequence[Node]
    day: date | None
    job_key: str | None

    @property
    def target(self) -> Target:
        """The nodes, and every unit that owned one."""
        only = self.nodes[0] if len(self.nodes) == 1 else None
        return Target(
            kind="node",
            name=only.name if only else f"{len(self.nodes)} nodes",
            id=only.data_source_id if only else None,
            unit_ids=tuple(dict.fromkeys(node.unit_id for node in self.nodes)),
        )

    def places(self, nodes: Sequence[Node] | None = None) -> list[Place]:
        """Of all nodes, or of some of them."""
        return [
            Place(data_source_id=node.data_source_id, unit_id=node.unit_id, day=self.day, job_key=self.job_key)
            for node in (self.nodes if nodes is None else nodes)
        ]

    def words(self, nodes: Sequence[Node] | None = None) -> str:
        """`ACME-SQL01 on 2026-11-21`, `14 nodes`."""
        nodes = self.nodes if nodes is None else nodes
        who = nodes[0].name if len(nodes) == 1 else f"{len(nodes)} nodes"
        if self.job_key is not None:
            who = f"a job of {who}"
        return who if self.day is None else f"{who} on {self.day.isoformat()}"


def found_nodes(desk: Desk, nodes: Sequence[NodeRef], day: date | None = None) -> list[Node]:
    """Each node once, in the order given, as owned on the day or now. Raises: NotFound; Invalid for none, or many."""
    if not nodes:
        raise Invalid("No node was named.", hint="Name at least one: SERVER/NODE.")
    if len(nodes) > MOST:
        raise Invalid(f"{len(nodes):,} nodes are too many.", hint=f"Name {MOST:,} at most.")
    return list({node.data_source_id: node for node in (desk.node(ref, day) for ref in nodes)}.values())


def node_days(
    desk: Desk, nodes: Sequence[NodeRef], day: date | None, job_key: str | None, *, may_come: bool = False
) -> NodeDays:
    """Each node once, in the order given. Raises: NotFound; Invalid, also for a day to come unless one may be."""
    found = found_nodes(desk, nodes, day)
    if job_key is not None and (day is None or len(found) > 1):
        raise Invalid("A job is one of one node, on one day.", hint="Say the “day” of the job, and name its node.")
    for node in found:
        if not may_come and day is not None and day > desk.clocks.today(node.unit_id):
            raise Invalid(f"{day.isoformat()} has not come yet.", hint="Name a day up to today.")
    return NodeDays(nodes=found, day=day, job_key=job_key)
