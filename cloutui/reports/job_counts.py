"""How many jobs of some days stand how: what the bar of the overview shows."""

from __future__ import annotations

from collections.abc import Mapping

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register
from cloutui.reports.span import DaySpan, bound_days


def _bind(parameters: DaySpan, context: Mapping[str, object]) -> Mapping[str, object]:
    return bound_days(parameters, context, usual=1)


JOB_COUNTS = register(
    Report(
        name="job-counts",
        needs=Privilege.JOB_VIEW,
        summary="How many jobs of some days have which status, the worst first.",
        params=DaySpan,
        bind=_bind,
        columns=(Column(name="status", kind=Kind.STATUS), Column(name="jobs", kind=Kind.COUNT)),
        sql="""
            SELECT status, count(*) AS jobs FROM scoped_job WHERE day BETWEEN $first AND $last
            GROUP BY status ORDER BY status DESC
        """,
    )
)
