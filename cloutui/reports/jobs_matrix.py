"""The jobs matrix: nodes by days, each cell the worst status of that node's jobs on that day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register
from cloutui.reports.span import DaySpan, bound_days

if TYPE_CHECKING:
    import pyarrow as pa

_USUAL_DAYS = 21


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixParameters(DaySpan):
    """Which days."""

    until: date | None = field(default=None, metadata={"help": "The same as the last day."})


def _bind(parameters: MatrixParameters, context: Mapping[str, object]) -> Mapping[str, object]:
    span = DaySpan(first=parameters.first, last=parameters.last or parameters.until, days=parameters.days)
    return bound_days(span, context, usual=_USUAL_DAYS)


def _with_days(rows: pa.Table, values: Mapping[str, object]) -> tuple[pa.Table, Sequence[str]]:
    first, last = values["first"], values["last"]
    assert isinstance(first, date)
    assert isinstance(last, date)
    return rows, [str(first + timedelta(days=n)) for n in range((last - first).days + 1)]


JOBS_MATRIX = register(
    Report(
        name="jobs-matrix",
        needs=Privilege.JOB_VIEW,
        summary="Nodes by days: the worst status of each node's day.",
        params=MatrixParameters,
        bind=_bind,
        shape=_with_days,
        columns=(
            Column(name="node_id", kind=Kind.COUNT, priority=9),
            Column(name="server", kind=Kind.TEXT, priority=5),
            Column(name="unit", kind=Kind.TEXT, priority=4),
            Column(name="node", kind=Kind.TEXT),
            Column(name="days", kind=Kind.STATUSES),
            Column(name="bad", kind=Kind.COUNT, priority=2),
            Column(name="run", kind=Kind.COUNT, priority=3),
        ),
        # A server that does not answer makes what was still to come unknown (6): not pending (3), running (4) or empty.
        # Worst first: bad days weigh more the younger they are. `run`: bad days without a break up to the last one.
        sql="""
            WITH reach AS (
                SELECT server_id, name, CASE WHEN code <> '' AND failing_since > coalesce(collected_at, failing_since
                    - INTERVAL 1 SECOND) THEN coalesce(collected_at::DATE, $first) END AS silent_from
                FROM scoped_server
            ),
            cell AS (
                SELECT d.node_id, d.server_id, d.day, arg_max(d.unit_id, d.worst) AS unit_id, max(
                    CASE WHEN d.worst IN (3, 4) AND d.day >= r.silent_from AND d.day <= $today THEN 6 ELSE d.worst END
                ) AS worst
                FROM scoped_node_day AS d JOIN reach AS r ON r.server_id = d.server_id
                WHERE d.day BETWEEN $first AND $last
                GROUP BY d.node_id, d.server_id, d.day
            ),
            row_ AS (
                SELECT node_id, server_id, arg_max(unit_id, day) AS unit_id, count(*) FILTER (worst >= 8) AS bad,
                       coalesce(max(day) FILTER (worst IN (2, 5, 6, 7)), DATE '1900-01-01') AS last_good,
                       sum(CASE WHEN worst >= 8 THEN 1.0 WHEN worst = 7 THEN 0.3 WHEN worst = 5 THEN 0.05 ELSE 0 END
                           * pow(0.97, $last - day)) AS weight
                FROM cell GROUP BY node_id, server_id
            ),
            day_ AS (SELECT unnest(generate_series($first::DATE, $last::DATE, INTERVAL 1 DAY))::DATE AS day)
            SELECT row_.node_id, r.name AS server, u.name AS unit, n.node,
                   list(coalesce(cell.worst, CASE WHEN day_.day > r.silent_from AND day_.day <= $today THEN 6 ELSE 0
                       END)::UTINYINT ORDER BY day_.day) AS days,
                   row_.bad,
                   count(*) FILTER (cell.worst >= 8 AND cell.day > row_.last_good) AS run
            FROM row_
            CROSS JOIN day_
            LEFT JOIN cell ON cell.node_id = row_.node_id AND cell.day = day_.day
            JOIN reach AS r ON r.server_id = row_.server_id
            JOIN scoped_unit AS u ON u.unit_id = row_.unit_id
            JOIN scoped_node_name AS n ON n.node_id = row_.node_id
            GROUP BY row_.node_id, r.name, u.name, n.node, row_.bad, row_.weight
            ORDER BY row_.weight DESC, n.node, r.name
        """,
    )
)
