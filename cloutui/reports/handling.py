"""Who said how problems are handled, and when: every word of it, also what was taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register
from cloutui.reports.span import DaySpan, bound_days

_USUAL_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingParameters(DaySpan):
    """Of which days, and of which node."""

    node_id: int | None = field(default=None, metadata={"help": "This node alone, by its id in the report `nodes`."})


def _bind(parameters: HandlingParameters, context: Mapping[str, object]) -> Mapping[str, object]:
    return {**bound_days(parameters, context, usual=_USUAL_DAYS), "node_id": parameters.node_id}


HANDLING_HISTORY = register(
    Report(
        name="handling-history",
        needs=Privilege.JOB_VIEW,
        summary="Who acknowledged, resolved or ignored which problem, and when, the newest first.",
        params=HandlingParameters,
        bind=_bind,
        columns=(
            Column(name="at", kind=Kind.TIME),
            Column(name="actor", kind=Kind.TEXT),
            Column(name="state", kind=Kind.TEXT),
            Column(name="node", kind=Kind.TEXT),
            Column(name="unit", kind=Kind.TEXT, priority=3),
            Column(name="day", kind=Kind.DAY),
            Column(name="job_key", kind=Kind.TEXT, priority=6),
            Column(name="unit_id", kind=Kind.COUNT, priority=9),
            Column(name="node_id", kind=Kind.COUNT, priority=9),
        ),
        sql="""
            SELECT "at", actor, state, node, unit, day, job_key, unit_id, node_id
            FROM scoped_handling_line
            WHERE day BETWEEN $first AND $last AND ($node_id IS NULL OR node_id = $node_id)
            ORDER BY "at" DESC, handling_id DESC
        """,
    )
)
