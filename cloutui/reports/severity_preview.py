"""What a change of one severity rule would do to today's report: the nodes that would stand otherwise."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from cloutui.model.privilege import Privilege
from cloutui.model.severity import checked_key, checked_value
from cloutui.model.status import Status
from cloutui.model.table import Column, Kind
from cloutui.reports.day_facts import bind_day, column, figures_of
from cloutui.reports.grading import ALL_KINDS, KINDS_IN_FORCE, grading, reason
from cloutui.reports.registry import Report, Suited, register

_CHANGED = "changed:"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityPreviewParameters:
    """A rule of the unit that is asked for, or of one node of it."""

    key: str = field(metadata={"help": "The rule: growth, status:missed, message:ANE4959, ..."})
    value: str = field(default="", metadata={"help": "What it would say: warning 24h, off. Nothing: it is taken back."})
    product: str = field(default="", metadata={"help": "Of this product alone; of every product when absent."})
    node_id: int | None = field(default=None, metadata={"help": "Of this node alone."})
    day: date | None = field(default=None, metadata={"help": "Of this day's report; today's when absent."})


def _bind(parameters: SeverityPreviewParameters, context: Mapping[str, object]) -> Mapping[str, object]:
    """Raises: Invalid."""
    key = checked_key(parameters.key)
    if parameters.value:
        checked_value(key, parameters.value)
    asked = {"key": key, "value": parameters.value, "product": parameters.product, "node_id": parameters.node_id}
    kind, _, argument = key.partition(":")
    jobs = {
        "status": next((status for status in Status if kind == "status" and status.key == argument), None),
        "result": int(argument) if kind == "result" else None,
    }
    return {**bind_day(parameters.day, context["today"]), **asked, **jobs}


_RULES = """
(SELECT key, grade, bound FROM scoped_severity UNION ALL SELECT $key, grade, bound FROM scoped_severity_after)
"""
"""As they are, and the one that would be."""

_ASKED = f"""
{KINDS_IN_FORCE}
UNION ALL SELECT split_part($key, ':', 1) FROM scoped_severity_after WHERE grade IS NOT NULL
UNION ALL SELECT '{_CHANGED}' || split_part($key, ':', 1)
"""

_LOOKED_AT = "node_id BETWEEN coalesce($node_id, 0) AND coalesce($node_id, 2147483647)"
_WITH_SUCH_JOBS = f"""
    with_such_jobs AS MATERIALIZED (
        SELECT DISTINCT node_id FROM scoped_bare_job
        WHERE day = $day AND (status = $status OR result = $result) AND {_LOOKED_AT}
    ),
"""


def _touched(kinds: Collection[str], changed: str) -> str:
    """The facts about which a rule of the kind `changed` can say anything, before or after: a condition."""
    if changed not in figures_of(ALL_KINDS):
        return "true"
    if changed not in kinds:  # it is off, and would be
        return "false"
    return f"{column(changed)} > (SELECT min(bound) FROM {_RULES} WHERE key = $key AND grade IS NOT NULL)"


@cache
def _preview(words: frozenset[str]) -> Report:
    """The report where rules of these kinds are in force; and which kind would change, in a word of its own."""
    kinds = words & ALL_KINDS
    changed = "".join(word.removeprefix(_CHANGED) for word in words - kinds)
    is_of_jobs = changed in ("status", "result")
    of = "node_id IN (FROM with_such_jobs)" if is_of_jobs else _LOOKED_AT
    return Report(
        name="severity-preview",
        needs=Privilege.SEVERITY_VIEW,
        summary="Which nodes of today's report would stand otherwise if a severity rule were changed.",
        params=SeverityPreviewParameters,
        bind=_bind,
        suited=Suited(asked=_ASKED, to=_preview),
        columns=(
            Column(name="node", kind=Kind.TEXT),
            Column(name="unit", kind=Kind.TEXT, priority=2),
            Column(name="status_now", kind=Kind.STATUS, title="is"),
            Column(name="reason_now", kind=Kind.TEXT, title="because", priority=3),
            Column(name="status", kind=Kind.STATUS, title="would be"),
            Column(name="reason", kind=Kind.TEXT, title="because of", priority=3),
            Column(name="server", kind=Kind.TEXT, priority=4),
            Column(name="node_id", kind=Kind.COUNT, priority=9),
        ),
        sql=f"""
            WITH {_WITH_SUCH_JOBS if is_of_jobs else ""}
            {grading(kinds, of=of, planned_of=_touched(kinds, changed))},
            now AS (SELECT *, {reason(kinds)} AS reason FROM graded AS g),
            planned AS (SELECT *, {reason(kinds)} AS reason FROM planned_graded AS g)
            SELECT g.node, g.unit, g.status AS status_now, g.reason AS reason_now, w.status, w.reason, g.server,
                   g.node_id
            FROM now AS g JOIN planned AS w ON w.node_id = g.node_id
            WHERE g.status <> w.status OR (g.status >= 5 AND g.reason <> w.reason)
            ORDER BY greatest(g.status, w.status) DESC, g.status DESC, g.node, g.server
        """,
    )


SEVERITY_PREVIEW = register(_preview(ALL_KINDS))
