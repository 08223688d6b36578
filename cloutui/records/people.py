"""Users and roles as the records have them, without anything that lets one in. Values alone: nothing is read here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from cloutui.errors import AccessEnded
from cloutui.model.principal import Face, Principal
from cloutui.model.privilege import Privilege
from cloutui.model.role import BUILTIN_ROLES, ENROLMENT, known_privileges
from cloutui.model.standing import Standing
from cloutui.model.unit_setting import TWO_FACTORS, SettingRow, value_on
from cloutui.model.unit_tree import UnitTree


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRecord:
    """A role as it is now."""

    role_id: int
    unit_id: int
    """Where it was made."""
    name: str
    description: str
    builtin: str | None
    privileges: frozenset[Privilege]
    is_inheritable: bool
    """Whether users of units below may have it."""
    needs_second_factor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRecord:
    """A user, without anything that lets one in."""

    user_id: int
    unit_id: int
    role: RoleRecord
    """As it holds for this user: it needs a second factor also where the user's unit asks for one."""
    name: str
    full_name: str
    email: str
    os_user: str | None
    created_at: datetime
    archived_at: datetime | None
    locked_at: datetime | None
    lock_reason: str
    expires_at: datetime | None
    has_password: bool
    has_second_factor: bool
    keys: int
    preferences: Mapping[str, Any]
    last_sign_in_at: datetime | None
    last_sign_in_from: str
    failed_since: int
    codes_locked_until: datetime | None

    @property
    def is_enrolled(self) -> bool:
        """Whether they have what their role asks for."""
        has_first = self.has_password or self.keys > 0 or self.os_user is not None
        return has_first and (self.has_second_factor or not self.role.needs_second_factor)

    def standing(self, now: datetime) -> Standing:
        """How they stand at that moment."""
        if self.archived_at is not None:
            return Standing.REMOVED
        if self.locked_at is not None:
            return Standing.LOCKED
        if self.expires_at is not None and self.expires_at <= now:
            return Standing.EXPIRED
        return Standing.ACTIVE if self.is_enrolled else Standing.INVITED

    def principal(self, face: Face, session_id: str, now: datetime) -> Principal:
        """Raises: AccessEnded."""
        standing = self.standing(now)
        if not standing.may_enter:
            raise AccessEnded(standing.value)
        return Principal(
            user_id=self.user_id,
            name=self.name,
            role=self.role.name,
            unit_id=self.unit_id,
            privileges=self.role.privileges if standing is Standing.ACTIVE else ENROLMENT,
            face=face,
            session_id=session_id,
            is_set_up=standing is Standing.ACTIVE,
        )


def refreshed(
    principal: Principal, user: Callable[[int], UserRecord], has_users: Callable[[], bool], now: datetime
) -> Principal:
    """The principal as the records have it at this moment: a role may have changed since the sign-in, or ended.

    Raises: AccessEnded for who is locked, expired or removed, and for the local principal once there are users.
    """
    if principal.user_id is not None:
        present = user(principal.user_id).principal(principal.face, principal.session_id, now)
        return replace(present, is_read_only=principal.is_read_only)
    if principal.is_local and has_users():
        raise AccessEnded("not signed in")
    return principal


USER_FIELDS = (
    *("user_id", "unit_id", "name", "full_name", "email", "os_user", "created_at", "archived_at", "locked_at"),
    *("lock_reason", "expires_at", "preferences", "last_sign_in_at", "last_sign_in_from", "failed_since"),
    "codes_locked_until",
)
"""What a user's record takes of the table as it stands there."""

ROLE_FIELDS = (
    *("role_id", "unit_id", "name", "description", "builtin", "privileges", "is_inheritable", "needs_second_factor"),
)


def user_record(row: Mapping[Any, Any], strict: Collection[int]) -> UserRecord:
    """From a row of users with their `keys` and, as `role_...`, their role. In `strict` units it needs two factors."""
    own = role_record({name: row[f"role_{name}"] for name in ROLE_FIELDS})
    return UserRecord(
        role=replace(own, needs_second_factor=own.needs_second_factor or row["unit_id"] in strict),
        has_password=row["password_hash"] is not None,
        has_second_factor=row["totp_secret"] is not None,
        keys=row["keys"],
        **{name: row[name] for name in USER_FIELDS},
    )


def role_record(row: Mapping[Any, Any]) -> RoleRecord:
    """From a row of the table."""
    builtin = BUILTIN_ROLES.get(row["builtin"] or "")
    return RoleRecord(
        role_id=row["role_id"],
        unit_id=row["unit_id"],
        name=row["name"],
        description=row["description"],
        builtin=row["builtin"],
        privileges=builtin.privileges if builtin else known_privileges(row["privileges"]),
        is_inheritable=row["is_inheritable"],
        needs_second_factor=row["needs_second_factor"],
    )


def strict_among(tree: UnitTree, said: Mapping[int, Sequence[SettingRow]], today: date) -> frozenset[int]:
    """The units whose users need a second factor, by the settings of all units."""
    return frozenset(
        place.unit_id for place in tree if value_on(today, tree.ancestors(place.unit_id), TWO_FACTORS, said)
    )
