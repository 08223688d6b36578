"""The severity rules in force for a unit, and where each comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cloutui.model.privilege import Privilege
from cloutui.model.severity import KINDS
from cloutui.model.table import Column, Kind
from cloutui.reports.grading import SOURCE
from cloutui.reports.registry import Report, register


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityRulesParameters:
    """Of the unit that is asked for, or of one node of it."""

    node_id: int | None = field(default=None, metadata={"help": "What is in force for this node."})


def _bind(parameters: SeverityRulesParameters, _context: Mapping[str, object]) -> Mapping[str, object]:
    return {"node_id": parameters.node_id}


_HELP = " ".join(f"WHEN '{kind.name}' THEN '{kind.help.replace(chr(39), chr(39) * 2)}'" for kind in KINDS.values())
_KINDS = ", ".join(f"'{name}'" for name in KINDS)

SEVERITY_RULES = register(
    Report(
        name="severity-rules",
        needs=Privilege.SEVERITY_VIEW,
        summary="What counts as a warning in a unit or for a node: the rules in force, and where each stands.",
        params=SeverityRulesParameters,
        bind=_bind,
        columns=(
            Column(name="key", kind=Kind.TEXT, title="rule"),
            Column(name="product", kind=Kind.TEXT, priority=3),
            Column(name="value", kind=Kind.TEXT, title="says"),
            Column(name="source", kind=Kind.TEXT, title="set on", priority=2),
            Column(name="own", kind=Kind.TEXT, priority=5),
            Column(name="grade", kind=Kind.STATUS, priority=4),
            Column(name="limit_text", kind=Kind.TEXT, title="limit", priority=6),
            Column(name="help", kind=Kind.TEXT, priority=7),
            Column(name="kind", kind=Kind.TEXT, priority=8),
            Column(name="unit_id", kind=Kind.COUNT, priority=9),
        ),
        # `own`: said by the unit, or by the node, that is asked about, and so to be taken back there.
        sql=f"""
            WITH asked AS (
                SELECT DISTINCT coalesce(own.profile_id, p.profile_id) AS profile_id
                FROM scoped_severity_profile AS p
                LEFT JOIN scoped_owner AS o
                  ON o.node_id = $node_id AND o.valid_from <= $today AND o.valid_to > $today
                LEFT JOIN scoped_server AS s ON s.server_id = o.server_id
                LEFT JOIN scoped_severity_profile AS own
                  ON own.data_source_id = o.node_id AND own.unit_id = o.unit_id AND own.product = p.product
                WHERE p.data_source_id IS NULL
                  AND if($node_id IS NULL, p.unit_id = $scope_unit, p.unit_id = o.unit_id AND p.product = s.product)
            ),
            found AS (
                SELECT DISTINCT r.* EXCLUDE (profile_id, bound, share), split_part(r.key, ':', 1) AS kind
                FROM scoped_severity AS r JOIN asked ON asked.profile_id = r.profile_id
            )
            SELECT r.key, r.product, r.value_text AS value, {SOURCE} AS source,
                   if(if($node_id IS NULL, r.unit_id = $scope_unit, r.data_source_id = $node_id), 'yes', '') AS own,
                   coalesce(r.grade, 0)::UTINYINT AS grade, r.limit_text, CASE r.kind {_HELP} END AS help, r.kind,
                   if(r.unit IS NULL, NULL, r.unit_id) AS unit_id
            FROM found AS r
            ORDER BY list_position([{_KINDS}], r.kind), r.kind = 'status', grade DESC, r.key, r.product
        """,
    )
)
