"""Roles: named sets of privileges. Some are built in and grow with the product; people make others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cloutui.errors import Invalid
from cloutui.model.privilege import Privilege

_EVERYTHING = frozenset(Privilege)
_VIEWS = frozenset(privilege for privilege in Privilege if privilege.operation == "view")
_PEOPLE = frozenset(
    privilege for privilege in Privilege if privilege.resource in {"user", "role", "session", "activity"}
)
_OWN_ACCOUNT = frozenset({Privilege.ACCOUNT_EDIT})
_REPORTS = frozenset(
    {Privilege.UNIT_VIEW, Privilege.NODE_VIEW, Privilege.JOB_VIEW, Privilege.COMMENT_VIEW}
    | {Privilege.TAG_VIEW, Privilege.SLA_VIEW, Privilege.HISTORY_VIEW}
)
_HANDLING = frozenset({Privilege.COMMENT_CREATE, Privilege.COMMENT_EDIT, Privilege.PROBLEM_EDIT, Privilege.TAG_EDIT})

ENROLMENT = _OWN_ACCOUNT
"""All that somebody may who has not set up what their role asks for: set it up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltinRole:
    """A role that is there from the beginning. What it allows is in the code, so that it knows new privileges."""

    key: str
    """Stored: never changed."""
    name: str
    description: str
    privileges: frozenset[Privilege]
    needs_second_factor: bool = False


ADMINISTRATOR = BuiltinRole(
    key="administrator",
    name="Administrator",
    description="Everything, with two factors.",
    privileges=_EVERYTHING,
    needs_second_factor=True,
)
OPERATOR = BuiltinRole(
    key="operator",
    name="Operator",
    description="Runs the day: nodes, rules, units and servers. No users, no settings of the installation.",
    privileges=(_VIEWS - _PEOPLE)
    | _OWN_ACCOUNT
    | _HANDLING
    | {
        Privilege.SEVERITY_EDIT,
        Privilege.SLA_EDIT,
        Privilege.UNIT_CREATE,
        Privilege.UNIT_EDIT,
        Privilege.NODE_EDIT,
        Privilege.RULE_EDIT,
        Privilege.SERVER_EDIT,
        Privilege.ACTIVITY_VIEW,
    },
)
TENANT_ADMINISTRATOR = BuiltinRole(
    key="tenant-administrator",
    name="Tenant administrator",
    description="A customer's own administrator: its units, users and roles. No servers.",
    privileges=_PEOPLE
    | _OWN_ACCOUNT
    | _REPORTS
    | _HANDLING
    | {Privilege.UNIT_CREATE, Privilege.UNIT_EDIT, Privilege.NODE_EDIT, Privilege.SEVERITY_VIEW},
)
AUDITOR = BuiltinRole(
    key="auditor",
    name="Auditor",
    description="Sees everything, the activity log too, and changes nothing.",
    privileges=_VIEWS | _OWN_ACCOUNT,
)
READER = BuiltinRole(
    key="reader",
    name="Reader",
    description="Sees units, nodes and jobs, and changes nothing.",
    privileges=_OWN_ACCOUNT | _REPORTS,
)

BUILTIN_ROLES: Mapping[str, BuiltinRole] = {
    role.key: role for role in (ADMINISTRATOR, OPERATOR, TENANT_ADMINISTRATOR, AUDITOR, READER)
}


def privileges_named(names: Iterable[str]) -> frozenset[Privilege]:
    """Raises: Invalid for a privilege that does not exist."""
    from difflib import get_close_matches

    found = set()
    for name in names:
        try:
            found.add(Privilege(name))
        except ValueError:
            near = get_close_matches(name, [privilege.value for privilege in Privilege], n=1)
            hint = f"Did you mean “{near[0]}”?" if near else "`cloutui act --help` lists actions and their rights."
            raise Invalid(f"There is no right “{name}”.", hint=hint) from None
    return frozenset(found)


def known_privileges(names: Iterable[str]) -> frozenset[Privilege]:
    """Those that this release knows: a role made by a newer one keeps its other rights, and they allow nothing."""
    return frozenset(_BY_VALUE[name] for name in names if name in _BY_VALUE)


_BY_VALUE: Mapping[str, Privilege] = {privilege.value: privilege for privilege in Privilege}
