"""Users in real records, with keys, passwords and apps that work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import asyncssh
import pyotp
from sqlalchemy import insert, update

from cloutui.model import one_time_codes
from cloutui.model.privilege import Privilege
from cloutui.model.secret import Secret
from cloutui.records import passwords
from cloutui.records.access_tables import invitation, recovery_code, role, user_key
from cloutui.records.secrets import Secrets
from cloutui.records.store import Records
from tests.actions.people import changed_user, made_role, made_user, tell

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "four words are better"
_HASHED = passwords.hashed(Secret(PASSWORD))

READER = (Privilege.JOB_VIEW, Privilege.UNIT_VIEW, Privilege.NODE_VIEW, Privilege.SERVER_VIEW, Privilege.ACCOUNT_EDIT)


def add_user(
    records: Records,
    secrets: Secrets,
    name: str,
    *,
    unit_id: int | None = None,
    key: asyncssh.SSHKey | None = None,
    app: bool = True,
    needs_code: bool = True,
    privileges: tuple[Privilege, ...] = READER,
) -> int:
    """Somebody with a password; with a key and an app where it says so."""
    unit_id = unit_id or records.root_unit_id
    with records.begin() as tx:
        role_id = made_role(tx, records.root_unit_id, f"Role of {name}", privileges)
        needed = update(role).where(role.c.role_id == role_id).values(needs_second_factor=needs_code)
        tx.connection.execute(needed)
        user_id = made_user(tx, unit_id, role_id, name)
        changed_user(tx, user_id, password_hash=_HASHED, totp_secret=f"totp/{name}" if app else None)
        if key is not None:
            public = key.export_public_key("openssh").decode().strip()
            values = {"public_key": public, "fingerprint": key.get_fingerprint(), "comment": "", "added_at": tx.at}
            tx.connection.execute(insert(user_key).values(user_id=user_id, **values))
    if app:
        secrets.set(f"totp/{name}", SEED)
    return user_id


def change(records: Records, user_id: int, **values: object) -> None:
    with records.begin() as tx:
        changed_user(tx, user_id, **values)


def app_code(*, steps: int = 0, now: datetime | None = None) -> str:
    return pyotp.TOTP(SEED).at((now or datetime.now(UTC)) + timedelta(seconds=30 * steps))


def give_recovery_code(records: Records, user_id: int) -> str:
    code = one_time_codes.new_code()
    with records.begin() as tx:
        values = {"user_id": user_id, "code_hash": one_time_codes.code_hash(code), "made_at": tx.at}
        tx.connection.execute(insert(recovery_code).values(**values))
        tell(tx, 1)
    return code


def invite(records: Records, user_id: int) -> str:
    """They have nothing but this."""
    code = one_time_codes.new_code()
    with records.begin() as tx:
        times = {"made_at": tx.at, "expires_at": tx.at + timedelta(days=3)}
        values = {"user_id": user_id, "code_hash": one_time_codes.code_hash(code), **times}
        tx.connection.execute(insert(invitation).values(**values))
        changed_user(tx, user_id, password_hash=None, totp_secret=None)
    return code
