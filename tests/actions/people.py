"""Users written straight into the records, for tests of what they may do."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from sqlalchemy import insert

from cloutui.actions.desk import Desk
from cloutui.actions.users import add_user, set_user
from cloutui.model.action_class import ActionClass
from cloutui.model.principal import system_principal
from cloutui.model.privilege import Privilege
from cloutui.records.access_tables import role
from cloutui.records.activity import ActivityLine
from cloutui.records.secrets import Secrets
from cloutui.records.transaction import Tx

_NUMBERS = count(1)


def enrolled_user(tx: Tx, unit_id: int, privileges: Iterable[Privilege], name: str = "") -> int:
    """Somebody on that unit with a role of exactly these privileges, who has set up all it asks for."""
    number = next(_NUMBERS)
    name = name or f"tenant{number}"
    made = tx.connection.execute(
        insert(role).values(
            unit_id=unit_id,
            name=f"role {number}",
            description="",
            privileges=sorted(privileges),
            is_inheritable=True,
            needs_second_factor=False,
            created_at=tx.at,
        )
    )
    assert made.inserted_primary_key is not None
    system = system_principal("test", unit_id)
    desk = Desk(tx, system, Secrets.open("memory", None))  # type: ignore[arg-type]  # memory needs no folder
    user_id = add_user(desk, name, unit_id, made.inserted_primary_key[0])
    set_user(desk, user_id, password_hash="none that fits")
    tx.append_activity(
        system,
        ActivityLine(
            action="user.test",
            action_class=ActionClass.NOTE,
            unit_id=unit_id,
            target_kind="user",
            target_id=user_id,
            target_name=name,
            sentence="Somebody for a test.",
        ),
    )
    return user_id
