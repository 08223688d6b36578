"""What was said of a closed day since it was closed: beside the report as it is kept, and no part of it."""

from __future__ import annotations

from collections.abc import Mapping

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.daily import DailyParameters
from cloutui.reports.handled import DAY_HANDLING
from cloutui.reports.registry import Report, register


def _bind(parameters: DailyParameters, context: Mapping[str, object]) -> Mapping[str, object]:
    return {"day": parameters.day or context["today"], "revision": parameters.revision}


DAILY_SINCE = register(
    Report(
        name="daily-since",
        needs=Privilege.JOB_VIEW,
        summary="What was said of the problems of a closed day since it was closed.",
        params=DailyParameters,
        bind=_bind,
        columns=(
            Column(name="node", kind=Kind.TEXT),
            Column(name="unit", kind=Kind.TEXT, priority=3),
            Column(name="since", kind=Kind.TEXT, title="since then"),
            Column(name="handled", kind=Kind.TEXT, title="ack", priority=4),
            Column(name="comments", kind=Kind.COUNT, title="said", priority=4),
            Column(name="comment", kind=Kind.TEXT, priority=2),
            Column(name="unit_id", kind=Kind.COUNT, priority=9),
            Column(name="node_id", kind=Kind.COUNT, priority=9),
        ),
        # How it is handled is compared, and not its moment: so what was said while the day closed is told too.
        sql=f"""
            WITH said AS (
                SELECT c.node_id, c.unit_id, count(*) AS comments,
                       arg_max(c.author || ': ' || c.text, c.written_at) AS comment
                FROM scoped_comment AS c
                JOIN scoped_frozen_row AS f ON f.node_id = c.node_id AND f.unit_id = c.unit_id
                WHERE c.written_at > f.frozen_at AND coalesce(c.day, c.written_at::DATE) BETWEEN $day - 13 AND $day
                GROUP BY c.node_id, c.unit_id
            ),
            compared AS (
                SELECT f.status, f.node, f.unit, f.unit_id, f.node_id, coalesce(h.handled, '') AS handled,
                       coalesce(h.handled, '') <> coalesce(f.handled, '') AS is_other,
                       coalesce(s.comments, 0) AS comments, coalesce(s.comment, '') AS comment
                FROM scoped_frozen_row AS f
                LEFT JOIN ({DAY_HANDLING}) AS h ON h.node_id = f.node_id AND h.day = $day
                LEFT JOIN said AS s ON s.node_id = f.node_id AND s.unit_id = f.unit_id
            )
            SELECT node, unit,
                   concat_ws(', ', if(is_other, if(handled = '', 'opened again', handled), NULL),
                             if(comments > 0, comments || if(comments = 1, ' comment', ' comments'), NULL)) AS since,
                   handled, comments, comment, unit_id, node_id
            FROM compared WHERE is_other OR comments > 0
            ORDER BY status DESC, node, node_id
        """,
    )
)
