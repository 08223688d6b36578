"""Who may come in and what they may do, as the records say now."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, func, select

from cloutui.errors import NotFound
from cloutui.model.principal import Principal
from cloutui.model.unit_setting import TWO_FACTORS
from cloutui.records import dimensions, people, schema
from cloutui.records.access_tables import role, user_account, user_key
from cloutui.records.people import RoleRecord, UserRecord, role_record, strict_among, user_record


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


def refreshed(connection: Connection, principal: Principal, now: datetime) -> Principal:
    """The principal as the connection's snapshot has it: see `people.refreshed`. Raises: AccessEnded."""
    return people.refreshed(principal, lambda user_id: user(connection, user_id), lambda: has_users(connection), now)


def strict_units(connection: Connection) -> frozenset[int]:
    """The units whose users need a second factor, whatever their role asks for. Their days are those of UTC."""
    table = schema.unit_setting
    if not connection.execute(select(table.c.unit_id).where(table.c.key == TWO_FACTORS.name).limit(1)).first():
        return frozenset()
    tree, said = dimensions.read_tree(connection), dimensions.setting_rows(connection)
    return strict_among(tree, said, datetime.now(UTC).date())


_KEYS = (
    select(func.count())
    .where(user_key.c.user_id == user_account.c.user_id, user_key.c.removed_at.is_(None))
    .scalar_subquery()
)


def _users(connection: Connection, *wanted: ColumnElement[bool]) -> list[UserRecord]:
    strict = strict_units(connection)
    columns = [*user_account.columns, _KEYS.label("keys"), *(column.label(f"role_{column.name}") for column in role.c)]
    asked = select(*columns).join(role, role.c.role_id == user_account.c.role_id).where(*wanted)
    return [user_record(row, strict) for row in connection.execute(asked.order_by(user_account.c.name)).mappings()]
