"""One's own account, in one row. Whoever may come in at all may ask this: it tells of nobody else."""

from __future__ import annotations

from cloutui.model.preference import PREFERENCES
from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register

_PREFERRED = ", ".join(f"preferences::JSON ->> '{name}' AS prefers_{name}" for name in PREFERENCES)

MY_ACCOUNT = register(
    Report(
        name="my-account",
        needs=Privilege.ACCOUNT_EDIT,
        summary="One's own account: what lets one in, what is still to be set up, and what one prefers.",
        columns=(
            Column(name="name", kind=Kind.TEXT, title="user"),
            Column(name="full_name", kind=Kind.TEXT, priority=3),
            Column(name="email", kind=Kind.TEXT, priority=5),
            Column(name="unit", kind=Kind.TEXT, priority=3),
            Column(name="role", kind=Kind.TEXT, priority=2),
            Column(name="standing", kind=Kind.TEXT, priority=2),
            Column(name="password", kind=Kind.TEXT, priority=2),
            Column(name="password_set", kind=Kind.AGE, title="password since", priority=6),
            Column(name="keys", kind=Kind.COUNT, priority=2),
            Column(name="os_user", kind=Kind.TEXT, priority=7),
            Column(name="second_factor", kind=Kind.TEXT, title="2FA", priority=2),
            Column(name="recovery_codes", kind=Kind.COUNT, title="recovery codes left", priority=4),
            Column(name="last_sign_in", kind=Kind.TIME, title="last sign-in", priority=3),
            Column(name="from", kind=Kind.TEXT, priority=4),
            Column(name="failed", kind=Kind.COUNT, title="failed tries", priority=4),
            Column(name="expires", kind=Kind.TIME, priority=6),
            *(Column(name=f"prefers_{name}", kind=Kind.TEXT, priority=8) for name in PREFERENCES),
        ),
        sql=f"""
            SELECT name, full_name, email, unit, role, standing,
                   CASE WHEN has_password THEN 'set' ELSE 'none' END AS password, password_set_at AS password_set,
                   keys, os_user, second_factor, recovery_codes, last_sign_in_at AS last_sign_in,
                   last_sign_in_from AS "from", failed_since AS failed, expires_at AS expires, {_PREFERRED}
            FROM scoped_self
        """,
    )
)
