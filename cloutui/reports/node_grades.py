"""One node's day: every severity rule that has something to say about it, the one that decided first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from cloutui.model.privilege import Privilege
from cloutui.model.severity import KINDS, shown_figure
from cloutui.model.table import Column, Freshness, Kind
from cloutui.reports.day_facts import bind_day, column, figures_of
from cloutui.reports.grading import (
    ALL_KINDS,
    JOB_KEY,
    JOB_WORDS,
    KINDS_IN_FORCE,
    LOGGED_WORDS,
    SOURCE,
    deciding_rule,
    grading,
)
from cloutui.reports.one_node import OneNode
from cloutui.reports.registry import Report, Suited, register

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeGradesParameters(OneNode):
    """Which node and day."""

    day: date | None = field(default=None, metadata={"help": "The day, as 2026-11-21; today when absent."})


def _bind(parameters: NodeGradesParameters, context: Mapping[str, object]) -> Mapping[str, object]:
    return {**bind_day(parameters.day, context["today"]), "node_id": parameters.node_id}


def _written_out(
    rows: pa.Table, _values: Mapping[str, object], _as_of: Mapping[str, Freshness]
) -> tuple[pa.Table, Sequence[str]]:
    """With the figure that was found as people write it."""
    import pyarrow as pa

    pairs = zip(rows.column("rule").to_pylist(), rows.column("found").to_pylist(), strict=True)
    found = pa.array([shown_figure(str(rule), value) for rule, value in pairs], pa.string())
    return rows.set_column(rows.column_names.index("found"), "found", found), ()


def _of_figures(kinds: Collection[str]) -> str:
    """A hit of each kind that has one, in the order in which kinds are told."""
    return "".join(
        f""" UNION ALL
            SELECT {place}, '{kind}', '{KINDS[kind].title}', {column(kind)}_hit, one.{column(kind)}, profile_id
            FROM one WHERE {column(kind)}_hit IS NOT NULL"""
        for place, kind in enumerate(figures_of(kinds), start=2)
    )


@cache
def _node_grades(kinds: frozenset[str]) -> Report:
    """The report where rules of these kinds are in force."""
    return Report(
        name="node-grades",
        needs=Privilege.JOB_VIEW,
        summary="Which severity rules say something about one node's day, and where they stand.",
        params=NodeGradesParameters,
        bind=_bind,
        shape=_written_out,
        made=frozenset({"found"}),
        suited=Suited(asked=KINDS_IN_FORCE, to=_node_grades),
        columns=(
            Column(name="status", kind=Kind.STATUS),
            Column(name="reason", kind=Kind.TEXT),
            Column(name="rule", kind=Kind.TEXT),
            Column(name="value", kind=Kind.TEXT, title="says"),
            Column(name="found", kind=Kind.TEXT),
            Column(name="source", kind=Kind.TEXT, title="rule of"),
            Column(name="product", kind=Kind.TEXT, priority=8),
            Column(name="decided", kind=Kind.TEXT, priority=8),
            Column(name="unit_id", kind=Kind.COUNT, priority=9),
        ),
        sql=f"""
            WITH {grading(kinds, of="node_id = $node_id")},
            one AS MATERIALIZED (SELECT g.*, {deciding_rule(kinds)} AS decided FROM graded AS g),
            told AS (
                SELECT 0 AS place, {JOB_KEY} AS rule, {JOB_WORDS} AS reason, g.job_grade AS status,
                       NULL::DOUBLE AS value, g.profile_id
                FROM one AS g WHERE g.job_grade IS NOT NULL
                UNION ALL
                SELECT 1, g.logged_key, {LOGGED_WORDS}, g.logged_grade, NULL, g.profile_id
                FROM one AS g WHERE g.logged_grade IS NOT NULL
                {_of_figures(kinds)}
            )
            SELECT t.status::UTINYINT AS status, t.reason, t.rule, r.value_text AS value,
                   t.value AS found, {SOURCE} AS source, r.product,
                   if(t.rule = one.decided, 'yes', '') AS decided, if({SOURCE} IN ('above', 'site'), NULL, r.unit_id)
                       AS unit_id
            FROM told AS t
            CROSS JOIN one
            JOIN rule AS r ON r.profile_id = t.profile_id AND r.key = t.rule
            ORDER BY t.rule = one.decided DESC, t.status DESC, t.place
        """,
    )


NODE_GRADES = register(_node_grades(ALL_KINDS))
