"""What broke the promise to a unit: its nodes by how many of their jobs did, the most costly first."""

from __future__ import annotations

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register
from cloutui.reports.sla import FIGURES, JOBS, OUTCOMES
from cloutui.reports.sla_counts import SUMMED, SlaSpan, bind_period, counts, outcomes

SLA_CAUSES = register(
    Report(
        name="sla-causes",
        needs=Privilege.SLA_VIEW,
        summary="What broke the promise: nodes by how many of their jobs were not good, the most costly first.",
        params=SlaSpan,
        bind=bind_period,
        columns=(
            Column(name="node", kind=Kind.TEXT),
            Column(name="unit", kind=Kind.TEXT, priority=2),
            Column(name="server", kind=Kind.TEXT, priority=4),
            Column(name="cost", kind=Kind.COUNT),
            Column(name="share", kind=Kind.PERCENT, priority=2),
            *(column for column in OUTCOMES if column.name != "ok"),
            Column(name="last_bad", kind=Kind.DAY, title="last", priority=3),
            Column(name="node_id", kind=Kind.COUNT, priority=9),
            Column(name="unit_id", kind=Kind.COUNT, priority=9),
        ),
        # Days of nothing but good jobs are not read: nine of ten.
        sql=f"""
            WITH {counts("d.day BETWEEN $first AND $judged", "$judged")},
            bad_day AS (
                SELECT * FROM node_count WHERE n_okwarn + n_warning + n_missed + n_error > 0
                UNION ALL
                FROM other
            ),
            node AS (
                SELECT d.unit_id, d.node_id, {SUMMED},
                       max(d.day) FILTER (d.n_warning + d.n_missed + d.n_error > 0) AS last_bad
                FROM bad_day AS d GROUP BY d.unit_id, d.node_id
            ),
            judged AS (
                SELECT d.unit_id, d.node_id, d.last_bad, {outcomes()}
                FROM node AS d
                JOIN scoped_unit_sla AS l
                  ON l.unit_id = d.unit_id AND l.valid_from <= $judged AND l.valid_to > $judged
            ),
            costly AS (SELECT *, {JOBS} - good AS cost FROM judged WHERE {JOBS} > good)
            SELECT n.node, u.name AS unit, s.name AS server, c.cost, 100.0 * c.cost / sum(c.cost) OVER () AS share,
                   {", ".join(f"c.{name}" for name in FIGURES if name not in {"ok", "good"})}, c.last_bad, c.node_id,
                   c.unit_id
            FROM costly AS c
            JOIN scoped_unit AS u ON u.unit_id = c.unit_id
            JOIN (
                SELECT node_id, any_value(node) AS node, any_value(server_id) AS server_id
                FROM scoped_owner GROUP BY node_id
            ) AS n ON n.node_id = c.node_id
            JOIN scoped_server AS s ON s.server_id = n.server_id
            ORDER BY c.cost DESC, c.last_bad DESC, n.node, c.node_id, c.unit_id
        """,
    )
)
