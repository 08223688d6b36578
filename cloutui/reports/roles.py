"""The roles that users of a unit may have, and what each of them allows."""

from __future__ import annotations

from dataclasses import dataclass, field

from cloutui.model.privilege import Privilege
from cloutui.model.table import Column, Kind
from cloutui.reports.registry import Report, register

ROLES = register(
    Report(
        name="roles",
        needs=Privilege.ROLE_VIEW,
        summary="Roles with the users in sight who have them, and their rights.",
        columns=(
            Column(name="name", kind=Kind.TEXT, title="role"),
            Column(name="unit", kind=Kind.TEXT, priority=3),
            Column(name="builtin", kind=Kind.TEXT, title="built in", priority=4),
            Column(name="users", kind=Kind.COUNT, priority=2),
            Column(name="second_factor", kind=Kind.TEXT, title="2FA", priority=3),
            Column(name="inheritable", kind=Kind.TEXT, title="handed down", priority=4),
            Column(name="rights", kind=Kind.TEXT, priority=6),
            Column(name="description", kind=Kind.TEXT, priority=5),
            Column(name="role_id", kind=Kind.COUNT, priority=9),
        ),
        sql="""
            WITH held AS (SELECT role_id, count(*) AS users FROM scoped_holder GROUP BY role_id)
            SELECT r.name, r.unit, CASE WHEN r.is_builtin THEN 'yes' ELSE 'no' END AS builtin,
                   coalesce(held.users, 0) AS users,
                   CASE WHEN r.needs_second_factor THEN 'needed' ELSE 'free' END AS second_factor,
                   CASE WHEN r.is_inheritable THEN 'yes' ELSE 'no' END AS inheritable,
                   replace(r.rights, ' ', ', ') AS rights, r.description, r.role_id
            FROM scoped_role AS r LEFT JOIN held ON held.role_id = r.role_id
            ORDER BY r.name, r.role_id
        """,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichRole:
    """Which role."""

    role: str | None = field(default=None, metadata={"help": "Only the roles of this name."})
    role_id: int | None = field(default=None, metadata={"help": "Only this one, as the report `roles` numbers it."})


OPERATIONS = tuple(dict.fromkeys(privilege.operation for privilege in Privilege))
"""`view`, `create`, ...: the columns of the matrix of rights."""

_RIGHTS = ", ".join(
    f"({place}, '{privilege.resource}', '{privilege.operation}')" for place, privilege in enumerate(Privilege)
)
_CELLS = ", ".join(
    f"max(CASE WHEN p.operation = '{operation}' THEN"
    " CASE WHEN list_contains(string_split(r.rights, ' '), p.resource || '.' || p.operation)"
    f" THEN 'yes' ELSE 'no' END END) AS \"{operation}\""
    for operation in OPERATIONS
)

ROLE_RIGHTS = register(
    Report(
        name="role-rights",
        needs=Privilege.ROLE_VIEW,
        summary="What roles allow: a row for each resource, a column for each operation.",
        params=WhichRole,
        columns=(
            Column(name="role", kind=Kind.TEXT),
            Column(name="resource", kind=Kind.TEXT),
            *(Column(name=operation, kind=Kind.TEXT) for operation in OPERATIONS),
            Column(name="role_id", kind=Kind.COUNT, priority=9),
        ),
        # Nothing where there is no such right at all.
        sql=f"""
            SELECT r.name AS role, p.resource, {_CELLS}, r.role_id
            FROM scoped_role AS r CROSS JOIN (VALUES {_RIGHTS}) AS p(place, resource, operation)
            WHERE ($role IS NULL OR lower(r.name) = lower($role)) AND ($role_id IS NULL OR r.role_id = $role_id)
            GROUP BY r.name, r.role_id, p.resource
            ORDER BY r.name, r.role_id, min(p.place)
        """,
    )
)
