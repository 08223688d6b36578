"""The first records: units, servers, data sources, assignments, settings and the activity log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Everything, from nothing."""
    _state()
    _units()
    _servers()
    _data_sources()
    _assignments()
    _activity()


def _state() -> None:
    op.create_table(
        "state",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_state"),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("value", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_setting"),
    )


def _units() -> None:
    op.create_table(
        "unit",
        sa.Column("unit_id", sa.Integer, nullable=False),
        sa.Column("parent_id", sa.Integer),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("archived_at", sa.String(27)),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.unit_id"], name="fk_unit_parent_id"),
        sa.PrimaryKeyConstraint("unit_id", name="pk_unit"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_unit_parent_id_name",
        "unit",
        ["parent_id", "name"],
        unique=True,
        sqlite_where=sa.text("archived_at IS NULL"),
    )
    op.create_table(
        "unit_setting",
        sa.Column("unit_setting_id", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("value", sa.JSON),
        sa.Column("valid_from", sa.Date),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.unit_id"], name="fk_unit_setting_unit_id"),
        sa.PrimaryKeyConstraint("unit_setting_id", name="pk_unit_setting"),
    )
    op.create_index("uq_unit_setting_day", "unit_setting", ["unit_id", "key", "valid_from"], unique=True)
    op.create_index(
        "uq_unit_setting_first",
        "unit_setting",
        ["unit_id", "key"],
        unique=True,
        sqlite_where=sa.text("valid_from IS NULL"),
    )


def _servers() -> None:
    op.create_table(
        "server",
        sa.Column("server_id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("product", sa.String(40), nullable=False),
        sa.Column("unit_id", sa.Integer, nullable=False),
        sa.Column("time_zone", sa.String(60)),
        sa.Column("doors", sa.JSON, nullable=False),
        sa.Column("administrator", sa.Text, nullable=False),
        sa.Column("secret", sa.Text),
        sa.Column("added_at", sa.String(27), nullable=False),
        sa.Column("removed_at", sa.String(27)),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.unit_id"], name="fk_server_unit_id"),
        sa.PrimaryKeyConstraint("server_id", name="pk_server"),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_server_name", "server", ["name"], unique=True, sqlite_where=sa.text("removed_at IS NULL"))


def _data_sources() -> None:
    op.create_table(
        "data_source",
        sa.Column("data_source_id", sa.Integer, nullable=False),
        sa.Column("server_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("native_key", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("domain", sa.Text),
        sa.Column("contact", sa.Text),
        sa.Column("first_seen_at", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(["server_id"], ["server.server_id"], name="fk_data_source_server_id"),
        sa.PrimaryKeyConstraint("data_source_id", name="pk_data_source"),
        sa.UniqueConstraint("server_id", "kind", "native_key", name="uq_data_source_server_id_kind_native_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "data_source_alias",
        sa.Column("server_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("native_key", sa.Text, nullable=False),
        sa.Column("data_source_id", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["data_source_id"], ["data_source.data_source_id"], name="fk_data_source_alias_data_source_id"
        ),
        sa.ForeignKeyConstraint(["server_id"], ["server.server_id"], name="fk_data_source_alias_server_id"),
        sa.PrimaryKeyConstraint("server_id", "kind", "native_key", name="pk_data_source_alias"),
    )
    op.create_table(
        "consumer",
        sa.Column("consumer_id", sa.Integer, nullable=False),
        sa.Column("data_source_id", sa.Integer),
        sa.Column("name", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["data_source_id"], ["data_source.data_source_id"], name="fk_consumer_data_source_id"),
        sa.PrimaryKeyConstraint("consumer_id", name="pk_consumer"),
        sa.UniqueConstraint("data_source_id", name="uq_consumer_data_source_id"),
        sqlite_autoincrement=True,
    )


def _assignments() -> None:
    op.create_table(
        "assignment_rule",
        sa.Column("rule_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.Integer, nullable=False),
        sa.Column("server_id", sa.Integer),
        sa.Column("domain", sa.Text),
        sa.Column("name", sa.Text),
        sa.Column("contact", sa.Text),
        sa.ForeignKeyConstraint(["server_id"], ["server.server_id"], name="fk_assignment_rule_server_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.unit_id"], name="fk_assignment_rule_unit_id"),
        sa.PrimaryKeyConstraint("rule_id", name="pk_assignment_rule"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "assignment",
        sa.Column("assignment_id", sa.Integer, nullable=False),
        sa.Column("consumer_id", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.Integer, nullable=False),
        sa.Column("valid_from", sa.Date),
        sa.Column("valid_to", sa.Date),
        sa.Column("made_on", sa.Date, nullable=False),
        sa.Column("how", sa.String(10), nullable=False),
        sa.Column("rule_id", sa.Integer),
        sa.ForeignKeyConstraint(["consumer_id"], ["consumer.consumer_id"], name="fk_assignment_consumer_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.unit_id"], name="fk_assignment_unit_id"),
        sa.PrimaryKeyConstraint("assignment_id", name="pk_assignment"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_assignment_unit_id", "assignment", ["unit_id"])
    op.create_index("uq_assignment_day", "assignment", ["consumer_id", "valid_from"], unique=True)
    op.create_index(
        "uq_assignment_first", "assignment", ["consumer_id"], unique=True, sqlite_where=sa.text("valid_from IS NULL")
    )
    op.create_index(
        "uq_assignment_open", "assignment", ["consumer_id"], unique=True, sqlite_where=sa.text("valid_to IS NULL")
    )


def _activity() -> None:
    op.create_table(
        "activity",
        sa.Column("seq", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("user_id", sa.Integer),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("actor_unit_id", sa.Integer, nullable=False),
        sa.Column("face", sa.String(20), nullable=False),
        sa.Column("session_id", sa.String(40), nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("action_class", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.Integer, nullable=False),
        sa.Column("target_kind", sa.String(40), nullable=False),
        sa.Column("target_id", sa.Integer),
        sa.Column("target_name", sa.Text, nullable=False),
        sa.Column("params", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("intent_seq", sa.Integer),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_activity"),
    )
    op.create_index("ix_activity_unit_id", "activity", ["unit_id", "seq"])
    op.create_table(
        "activity_head",
        sa.Column("chain", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name="pk_activity_head"),
    )
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER activity_no_{verb.lower()} BEFORE {verb} ON activity "
            "BEGIN SELECT RAISE(ABORT, 'the activity log is append-only'); END"
        )
