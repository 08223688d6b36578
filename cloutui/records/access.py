"""Who may come in and what they may do, as the records say now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from cloutui.errors import AccessEnded, NotFound
from cloutui.model.principal import Face, Principal
from cloutui.model.privilege import Privilege
from cloutui.model.role import BUILTIN_ROLES, ENROLMENT, known_privileges
from cloutui.model.standing import Standing
from cloutui.model.unit_setting import TWO_FACTORS, value_on
from cloutui.records import dimensions, schema
from cloutui.records.access_tables import role, user_account, user_key


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
        )


def has_users(connection: Connection) -> bool:
    """Whether `cloutui init` has been here: from then on nobody is without a name."""
    return connection.execute(select(func.count()).select_from(user_account)).scalar_one() > 0


def roles(connection: Connection) -> list[RoleRecord]:
    """Present roles, by name."""
    rows = connection.execute(select(role).where(role.c.archived_at.is_(None)).order_by(role.c.name, role.c.role_id))
    return [role_record(row) for row in rows.mappings()]


def users(connection: Connection, *which: ColumnElement[bool], removed: bool = False) -> list[UserRecord]:
    """All users, or those that conditions on `user_account` let through, by name."""
    return _users(connection, *which, *(() if removed else (user_account.c.archived_at.is_(None),)))


def user(connection: Connection, user_id: int) -> UserRecord:
    """Also one that was removed. Raises: NotFound."""
    found = _users(connection, user_account.c.user_id == user_id)
    if not found:
        raise NotFound("user", str(user_id))
    return found[0]


def user_named(connection: Connection, name: str) -> UserRecord | None:
    """The present user of that name, in any case of letters."""
    present = user_account.c.archived_at.is_(None)
    return next(iter(_users(connection, present, user_account.c.name == name.casefold())), None)


def preference(connection: Connection, user_id: int | None, name: str) -> str:
    """What a user prefers; nothing where they have said nothing, and of nobody."""
    found = [] if user_id is None else _users(connection, user_account.c.user_id == user_id)
    return str(found[0].preferences.get(name) or "") if found else ""


def user_of_host(connection: Connection, os_user: str) -> UserRecord | None:
    """The present user that the operating system's user is."""
    present = user_account.c.archived_at.is_(None)
    return next(iter(_users(connection, present, user_account.c.os_user == os_user)), None)


def refreshed(connection: Connection, principal: Principal, now: datetime) -> Principal:
    """The principal as the records have it at this moment: a role may have changed since the sign-in, or ended.

    Raises: AccessEnded for who is locked, expired or removed, and for the local principal once there are users.
    """
    if principal.user_id is not None:
        present = user(connection, principal.user_id).principal(principal.face, principal.session_id, now)
        return replace(present, is_read_only=principal.is_read_only)
    if principal.is_local and has_users(connection):
        raise AccessEnded("not signed in")
    return principal


def strict_units(connection: Connection) -> frozenset[int]:
    """The units whose users need a second factor, whatever their role asks for. Their days are those of UTC."""
    table = schema.unit_setting
    if not connection.execute(select(table.c.unit_id).where(table.c.key == TWO_FACTORS.name).limit(1)).first():
        return frozenset()
    tree, said = dimensions.read_tree(connection), dimensions.setting_rows(connection)
    today = datetime.now(UTC).date()
    return frozenset(
        place.unit_id for place in tree if value_on(today, tree.ancestors(place.unit_id), TWO_FACTORS, said)
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


_KEYS = (
    select(func.count())
    .where(user_key.c.user_id == user_account.c.user_id, user_key.c.removed_at.is_(None))
    .scalar_subquery()
)
_TAKEN = ("user_id", "unit_id", "name", "full_name", "email", "os_user", "created_at", "archived_at", "locked_at")
_ALSO = ("lock_reason", "expires_at", "preferences", "last_sign_in_at", "last_sign_in_from", "failed_since")


def _users(connection: Connection, *wanted: ColumnElement[bool]) -> list[UserRecord]:
    strict = strict_units(connection)
    columns = [*user_account.columns, _KEYS.label("keys"), *(column.label(f"role_{column.name}") for column in role.c)]
    asked = select(*columns).join(role, role.c.role_id == user_account.c.role_id).where(*wanted)
    return [_user_record(row, strict) for row in connection.execute(asked.order_by(user_account.c.name)).mappings()]


def _user_record(row: Mapping[Any, Any], strict: Collection[int]) -> UserRecord:
    taken: Sequence[str] = (*_TAKEN, *_ALSO, "keys", "codes_locked_until")
    own = role_record({column.name: row[f"role_{column.name}"] for column in role.c})
    return UserRecord(
        role=replace(own, needs_second_factor=own.needs_second_factor or row["unit_id"] in strict),
        has_password=row["password_hash"] is not None,
        has_second_factor=row["totp_secret"] is not None,
        **{name: row[name] for name in taken},
    )
