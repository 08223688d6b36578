"""The sessions that are open now."""

from __future__ import annotations

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register

SESSIONS = register(
    Report(
        name="sessions",
        needs=Privilege.SESSION_VIEW,
        summary="Open sessions: whose, since when, from where, how idle.",
        columns=(
            Column(name="user", kind=Kind.TEXT),
            Column(name="unit", kind=Kind.TEXT, priority=4),
            Column(name="since", kind=Kind.AGE),
            Column(name="from", kind=Kind.TEXT, priority=2),
            Column(name="face", kind=Kind.TEXT, priority=3),
            Column(name="idle", kind=Kind.DURATION, priority=2),
            Column(name="size", kind=Kind.TEXT, priority=5),
            Column(name="write_mode", kind=Kind.TEXT, title="write mode", priority=3),
            Column(name="session", kind=Kind.TEXT, priority=9),
            Column(name="user_id", kind=Kind.COUNT, priority=9),
        ),
        sql="""
            SELECT "user", unit, since, came_from AS "from", face, idle_s::BIGINT AS idle,
                   columns || 'x' || rows AS size, CASE WHEN is_writing THEN 'on' ELSE 'off' END AS write_mode,
                   session_id AS session, user_id
            FROM scoped_session ORDER BY since, session_id
        """,
    )
)
