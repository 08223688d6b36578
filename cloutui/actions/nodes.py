"""Nodes and the units they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from cloutui.actions.action import Change, Done, Target, about
from cloutui.actions.desk import Desk, NodeRef
from cloutui.actions.node_days import found_nodes
from cloutui.actions.registry import register
from cloutui.model.action_class import ActionClass
from cloutui.model.privilege import Privilege
from cloutui.model.reassignment import Reassigned, tally
from cloutui.model.unit_path import UnitRef
from cloutui.records import assignments
from cloutui.records.assignments import Move
from cloutui.records.rows import HowAssigned


@register(name="node.assign", needs=Privilege.NODE_EDIT, action_class=ActionClass.CHANGE)
@dataclass(frozen=True, slots=True, kw_only=True)
class AssignNode(Change):
    """Say by hand to which unit nodes belong, from the unit's present backup day on. Rules leave them alone then."""

    nodes: Annotated[tuple[NodeRef, ...], about("The nodes: SERVER/NODE or ids.")]
    unit: Annotated[UnitRef, about("The unit they belong to: a path or an id.")]

    def target(self, desk: Desk) -> Target:
        """The unit that gets them, and every unit that loses one."""
        unit = desk.unit(self.unit)
        nodes = found_nodes(desk, self.nodes)
        losing = sorted({node.unit_id for node in nodes} - {unit.unit_id})
        only = nodes[0] if len(nodes) == 1 else None
        return Target(
            kind="node",
            name=only.name if only else f"{len(nodes)} nodes",
            id=only.data_source_id if only else None,
            unit_ids=(unit.unit_id, *losing),
        )

    def change(self, desk: Desk) -> Done:
        """A node's history stays with the unit that owned it then; its first owner has it since the beginning."""
        unit = desk.unit(self.unit)
        nodes = found_nodes(desk, self.nodes)
        day = desk.clocks.today(unit.unit_id)
        moves = [Move(node.consumer_id, unit.unit_id, day, HowAssigned.HAND) for node in nodes]
        assignments.assign(desk.connection, moves)
        desk.tx.bump_version()
        path = desk.path(unit.unit_id)
        moving = [node for node in nodes if node.unit_id != unit.unit_id]
        moved = tally(Reassigned(node.name, desk.path(node.unit_id), path) for node in moving)
        who = f"{nodes[0].name} on {nodes[0].server} belongs" if len(nodes) == 1 else f"{len(nodes)} nodes belong"
        return Done(
            sentence=f"{who} to “{path}”, by hand.",
            before={"unit_ids": {str(node.data_source_id): node.unit_id for node in nodes}},
            after={"unit_id": unit.unit_id, "from_day": day.isoformat(), **moved.logged()},
        )
