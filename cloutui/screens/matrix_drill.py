"""What enter on a cell of the matrix opens: finer columns first, then what the row stands for, at last the day."""

from __future__ import annotations

from collections.abc import Mapping

from textual.message import Message

from cloutui.model.filter.rendering import render_value
from cloutui.model.link import Link
from cloutui.model.step import Step
from cloutui.screens.desk import Desk
from cloutui.screens.matrix_facts import JOBS, NODES, SERVERS, UNITS, Facts, RowKind
from cloutui.screens.matrix_peek import Pointed
from cloutui.screens.subject import Subject
from cloutui.screens.view import CellOpened, LinkOpened
from cloutui.widgets.matrix import Matrix


def opened(desk: Desk, cell: Pointed, name: str, query: Mapping[str, str]) -> Message:
    """`query`: that of the link to the matrix as it is."""
    day = cell.last.isoformat()
    if cell.rows.step is not Step.DAY:
        return _matrix(desk.unit, {**query, "day": day, "step": cell.rows.step.finer.value})
    if cell.kind is UNITS:
        has_units = any(unit.parent_id == cell.key for unit in desk.forest.units)
        return _matrix(cell.key, {**query, "day": day, "rows": (UNITS if has_units else NODES).word})
    if cell.kind is SERVERS:
        only = f"server={render_value(cell.fact['server'])}"
        return _matrix(desk.unit, {**query, "day": day, "rows": NODES.word, "filter": only})
    if cell.kind is JOBS:
        schedule = cell.fact["schedule"]
        which = f"schedule={render_value(schedule)}" if schedule else "-schedule:*"
        only = f"node={render_value(cell.fact['node'])} server={render_value(cell.fact['server'])} {which}"
        return LinkOpened(Link(unit=desk.unit, screen="jobs", query={"day": day, "filter": only}))
    # Not needed for the first paint, so loaded here.
    from cloutui.screens.jobs import Cell

    fact = cell.fact
    return CellOpened(
        Cell(node_id=fact["node_id"], node=name, unit=fact["unit"], server=fact["server"], day=cell.first)
    )


def subject_of(cell: Pointed, name: str) -> Subject:
    """What a row stands for, on the day of the cell."""
    fact = cell.fact
    if cell.kind is UNITS:
        return Subject(name=name, unit_id=cell.key)
    if cell.kind is SERVERS:
        return Subject(name=fact["server"], server=fact["server"])
    node = fact["node"] if cell.kind is JOBS else name
    day = cell.last if cell.rows.step is Step.DAY else None
    return Subject(name=node, node_id=fact["node_id"], node=node, server=fact["server"], day=day)


def marked_days(facts: Facts, kind: RowKind, matrix: Matrix) -> list[Subject]:
    """The day under the cursor of each node that is marked; none where columns are longer, or rows no nodes."""
    day = matrix.day
    if kind is not NODES or matrix.rows.step is not Step.DAY or day is None:
        return []
    known = [facts[node] for node in matrix.marks if node in facts]
    return [
        Subject(name=fact["node"], node_id=fact["node_id"], node=fact["node"], server=fact["server"], day=day)
        for fact in known
    ]


def _matrix(unit: int | None, query: Mapping[str, str]) -> LinkOpened:
    return LinkOpened(Link(unit=unit, screen="matrix", query=query))
