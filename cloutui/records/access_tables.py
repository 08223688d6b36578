"""The tables of who may come in (roles, users, keys, invitations, recovery codes), and of the log's checkpoints.

Nothing here lets anybody in who reads it: passwords and codes are hashes, and the secret of the second factor is kept
by `Secrets` under a name.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from cloutui.records.schema import Moment, metadata


def _unit() -> Column[int]:
    return Column("unit_id", Integer, ForeignKey("unit.unit_id"), nullable=False)


def _user() -> Column[int]:
    return Column("user_id", Integer, ForeignKey("user_account.user_id"), nullable=False)


role = Table(
    "role",
    metadata,
    Column("role_id", Integer, primary_key=True),
    _unit(),  # where it was made
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("builtin", String(40)),  # key of a built-in role, whose privileges are in the code
    Column("privileges", JSON, nullable=False),
    Column("is_inheritable", Boolean, nullable=False),
    Column("needs_second_factor", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("archived_at", Moment),
    sqlite_autoincrement=True,
)
Index("uq_role_unit_id_name", role.c.unit_id, role.c.name, unique=True, sqlite_where=role.c.archived_at.is_(None))

user_account = Table(  # `user` is a word of SQL
    "user_account",
    metadata,
    Column("user_id", Integer, primary_key=True),
    _unit(),
    Column("role_id", Integer, ForeignKey("role.role_id"), nullable=False),
    Column("name", String(64), nullable=False),  # small letters
    Column("full_name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("os_user", Text),  # of this host: comes in without a sign-in of ours
    Column("created_at", Moment, nullable=False),
    Column("archived_at", Moment),
    Column("locked_at", Moment),
    Column("lock_reason", Text, nullable=False),
    Column("expires_at", Moment),
    Column("password_hash", Text),
    Column("password_set_at", Moment),
    Column("totp_secret", Text),  # the name under which `Secrets` holds it
    Column("totp_step", Integer, nullable=False),  # of the last code that was taken: none is taken twice
    Column("failed_codes", Integer, nullable=False),  # in a row, after a right first factor
    Column("codes_locked_until", Moment),
    Column("preferences", JSON, nullable=False),
    Column("last_sign_in_at", Moment),
    Column("last_sign_in_from", Text, nullable=False),
    Column("failed_since", Integer, nullable=False),  # tries that failed since the last sign-in
    sqlite_autoincrement=True,
)
Index("uq_user_account_name", user_account.c.name, unique=True, sqlite_where=user_account.c.archived_at.is_(None))
Index("uq_user_account_os_user", user_account.c.os_user, unique=True, sqlite_where=user_account.c.archived_at.is_(None))
Index("ix_user_account_unit_id", user_account.c.unit_id)

user_key = Table(
    "user_key",
    metadata,
    Column("user_key_id", Integer, primary_key=True),
    _user(),
    Column("public_key", Text, nullable=False),  # `ssh-ed25519 AAAA...`, without a comment
    Column("fingerprint", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("last_used_at", Moment),
    Column("removed_at", Moment),
    sqlite_autoincrement=True,
)
Index(
    "uq_user_key_user_id_fingerprint",
    user_key.c.user_id,
    user_key.c.fingerprint,
    unique=True,
    sqlite_where=user_key.c.removed_at.is_(None),
)

invitation = Table(
    "invitation",
    metadata,
    Column("invitation_id", Integer, primary_key=True),
    _user(),
    Column("code_hash", String(64), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("ended_at", Moment),  # used, or replaced by a newer one
    sqlite_autoincrement=True,
)
Index("ix_invitation_user_id", invitation.c.user_id)

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("recovery_code_id", Integer, primary_key=True),
    _user(),
    Column("code_hash", String(64), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("used_at", Moment),
    sqlite_autoincrement=True,
)
Index("ix_recovery_code_user_id", recovery_code.c.user_id)

activity_checkpoint = Table(
    "activity_checkpoint",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of the entry whose hash is signed
    Column("hash", String(64), nullable=False),
    Column("at", String(27), nullable=False),
    Column("public_key", String(64), nullable=False),
    Column("signature", String(128), nullable=False),
)
