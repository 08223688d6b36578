"""The users of a unit and all below it: who they are, how they stand, and when they were last here."""

from __future__ import annotations

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register

STANDING_STATUS = (
    "(CASE standing WHEN 'locked' THEN 9 WHEN 'expired' THEN 7 WHEN 'invited' THEN 3 ELSE 2 END)::UTINYINT"
)
"""How somebody stands, as the one vocabulary of statuses has it."""

USERS = register(
    Report(
        name="users",
        needs=Privilege.USER_VIEW,
        summary="Users with unit, role, standing, factors and last sign-in.",
        columns=(
            Column(name="status", kind=Kind.STATUS, priority=3),
            Column(name="name", kind=Kind.TEXT, title="user"),
            Column(name="full_name", kind=Kind.TEXT, priority=5),
            Column(name="unit", kind=Kind.TEXT, priority=3),
            Column(name="role", kind=Kind.TEXT, priority=2),
            Column(name="standing", kind=Kind.TEXT, priority=2),
            Column(name="second_factor", kind=Kind.TEXT, title="2FA", priority=3),
            Column(name="keys", kind=Kind.COUNT, priority=4),
            Column(name="last_sign_in", kind=Kind.AGE, title="last seen", priority=2),
            Column(name="from", kind=Kind.TEXT, priority=6),
            Column(name="expires", kind=Kind.TIME, priority=6),
            Column(name="sessions", kind=Kind.COUNT, priority=4),
            Column(name="password", kind=Kind.TEXT, priority=8),
            Column(name="failed", kind=Kind.COUNT, title="failed tries", priority=7),
            Column(name="email", kind=Kind.TEXT, priority=8),
            Column(name="os_user", kind=Kind.TEXT, priority=9),
            Column(name="locked", kind=Kind.TIME, priority=8),
            Column(name="lock_reason", kind=Kind.TEXT, priority=8),
            Column(name="created", kind=Kind.TIME, priority=8),
            Column(name="user_id", kind=Kind.COUNT, priority=9),
            Column(name="unit_id", kind=Kind.COUNT, priority=9),
        ),
        sql=f"""
            WITH open AS (SELECT user_id, count(*) AS sessions FROM scoped_session GROUP BY user_id)
            SELECT {STANDING_STATUS} AS status, u.name, u.full_name, u.unit, u.role, u.standing, u.second_factor,
                   u.keys, u.last_sign_in_at AS last_sign_in, u.last_sign_in_from AS "from", u.expires_at AS expires,
                   coalesce(open.sessions, 0) AS sessions,
                   CASE WHEN u.has_password THEN 'set' ELSE 'none' END AS password,
                   u.failed_since AS failed, u.email, u.os_user, u.locked_at AS locked, u.lock_reason,
                   u.created_at AS created, u.user_id, u.unit_id
            FROM scoped_user AS u LEFT JOIN open ON open.user_id = u.user_id
            ORDER BY u.name
        """,
    )
)
