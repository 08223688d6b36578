"""Who may come in: roles, users, keys, invitations, recovery codes; and the checkpoints of the activity log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Tables of their own."""
    _roles()
    _users()
    _keys()
    _codes()
    op.create_index("ix_activity_at", "activity", ["at"])
    op.create_table(
        "activity_checkpoint",
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("public_key", sa.String(64), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_activity_checkpoint"),
    )


def _roles() -> None:
    op.create_table(
        "role",
        sa.Column("role_id", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("builtin", sa.String(40)),
        sa.Column("privileges", sa.JSON, nullable=False),
        sa.Column("is_inheritable", sa.Boolean, nullable=False),
        sa.Column("needs_second_factor", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("archived_at", sa.String(27)),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.unit_id"], name="fk_role_unit_id"),
        sa.PrimaryKeyConstraint("role_id", name="pk_role"),
        sqlite_autoincrement=True,
    )
    present = sa.text("archived_at IS NULL")
    op.create_index("uq_role_unit_id_name", "role", ["unit_id", "name"], unique=True, sqlite_where=present)


def _users() -> None:
    op.create_table(
        "user_account",
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.Integer, nullable=False),
        sa.Column("role_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("full_name", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("os_user", sa.Text),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("archived_at", sa.String(27)),
        sa.Column("locked_at", sa.String(27)),
        sa.Column("lock_reason", sa.Text, nullable=False),
        sa.Column("expires_at", sa.String(27)),
        sa.Column("password_hash", sa.Text),
        sa.Column("password_set_at", sa.String(27)),
        sa.Column("totp_secret", sa.Text),
        sa.Column("totp_step", sa.Integer, nullable=False),
        sa.Column("failed_codes", sa.Integer, nullable=False),
        sa.Column("codes_locked_until", sa.String(27)),
        sa.Column("preferences", sa.JSON, nullable=False),
        sa.Column("last_sign_in_at", sa.String(27)),
        sa.Column("last_sign_in_from", sa.Text, nullable=False),
        sa.Column("failed_since", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.unit_id"], name="fk_user_account_unit_id"),
        sa.ForeignKeyConstraint(["role_id"], ["role.role_id"], name="fk_user_account_role_id"),
        sa.PrimaryKeyConstraint("user_id", name="pk_user_account"),
        sqlite_autoincrement=True,
    )
    present = sa.text("archived_at IS NULL")
    op.create_index("uq_user_account_name", "user_account", ["name"], unique=True, sqlite_where=present)
    op.create_index("uq_user_account_os_user", "user_account", ["os_user"], unique=True, sqlite_where=present)
    op.create_index("ix_user_account_unit_id", "user_account", ["unit_id"])


def _keys() -> None:
    op.create_table(
        "user_key",
        sa.Column("user_key_id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("added_at", sa.String(27), nullable=False),
        sa.Column("last_used_at", sa.String(27)),
        sa.Column("removed_at", sa.String(27)),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.user_id"], name="fk_user_key_user_id"),
        sa.PrimaryKeyConstraint("user_key_id", name="pk_user_key"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_user_key_user_id_fingerprint",
        "user_key",
        ["user_id", "fingerprint"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
    )


def _codes() -> None:
    op.create_table(
        "invitation",
        sa.Column("invitation_id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("made_at", sa.String(27), nullable=False),
        sa.Column("expires_at", sa.String(27), nullable=False),
        sa.Column("ended_at", sa.String(27)),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.user_id"], name="fk_invitation_user_id"),
        sa.PrimaryKeyConstraint("invitation_id", name="pk_invitation"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_invitation_user_id", "invitation", ["user_id"])
    op.create_table(
        "recovery_code",
        sa.Column("recovery_code_id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("made_at", sa.String(27), nullable=False),
        sa.Column("used_at", sa.String(27)),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.user_id"], name="fk_recovery_code_user_id"),
        sa.PrimaryKeyConstraint("recovery_code_id", name="pk_recovery_code"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_recovery_code_user_id", "recovery_code", ["user_id"])
