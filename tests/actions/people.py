"""Roles and users written straight into the records, for tests of what they may do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, select, update

from cloutui.model.action_class import ActionClass
from cloutui.model.principal import system_principal
from cloutui.model.privilege import Privilege
from cloutui.records.access_tables import role, user_account
from cloutui.records.activity import ActivityLine
from cloutui.records.transaction import Tx


def made_role(tx: Tx, unit_id: int, name: str, privileges: Iterable[Privilege]) -> int:
    """The role of that unit and name, made with exactly these privileges when there is none."""
    wanted = (role.c.unit_id == unit_id, role.c.name == name)
    role_id = tx.connection.execute(select(role.c.role_id).where(*wanted)).scalar_one_or_none()
    if role_id is not None:
        return role_id
    made = tx.connection.execute(
        insert(role).values(
            unit_id=unit_id,
            name=name,
            description="",
            privileges=sorted(privileges),
            is_inheritable=True,
            needs_second_factor=False,
            created_at=tx.at,
        )
    )
    tell(tx, unit_id)
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def made_user(tx: Tx, unit_id: int, role_id: int, name: str, **differing: Any) -> int:
    """Somebody on that unit who has set up all that the role asks for."""
    values: dict[str, Any] = {
        "full_name": "",
        "email": "",
        "created_at": tx.at,
        "lock_reason": "",
        "password_hash": "none that fits",
        "totp_step": 0,
        "failed_codes": 0,
        "preferences": {},
        "last_sign_in_from": "",
        "failed_since": 0,
        **differing,
    }
    made = tx.connection.execute(insert(user_account).values(unit_id=unit_id, role_id=role_id, name=name, **values))
    tell(tx, unit_id)
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def changed_user(tx: Tx, user_id: int, **values: Any) -> None:
    """Any column of a user."""
    tx.connection.execute(update(user_account).where(user_account.c.user_id == user_id).values(**values))
    tell(tx, 1)


def tell(tx: Tx, unit_id: int) -> None:
    """The line without which nothing is changed."""
    line = ActivityLine(
        action="test.prepare",
        action_class=ActionClass.NOTE,
        unit_id=unit_id,
        target_kind="test",
        target_id=None,
        target_name="test",
        sentence="Prepared for a test.",
    )
    tx.append_activity(system_principal("test", unit_id), line)
