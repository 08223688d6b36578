"""What people say of the reports (severity rules, comments, handling, tags), and what was frozen of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Tables of their own."""
    _severity_rules()
    _comments()
    _handling()
    _tags()
    _frozen()


def _to(table: str, target: str) -> sa.ForeignKeyConstraint:
    column = f"{target}_id"
    return sa.ForeignKeyConstraint([column], [f"{target}.{column}"], name=f"fk_{table}_{column}")


def _severity_rules() -> None:
    op.create_table(
        "severity_rule",
        sa.Column("severity_rule_id", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.Integer, nullable=False),
        sa.Column("data_source_id", sa.Integer),
        sa.Column("product", sa.String(40), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("value", sa.JSON, nullable=False),
        sa.Column("set_at", sa.String(27), nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        _to("severity_rule", "unit"),
        _to("severity_rule", "data_source"),
        sa.PrimaryKeyConstraint("severity_rule_id", name="pk_severity_rule"),
        sqlite_autoincrement=True,
    )
    of_unit, of_node = sa.text("data_source_id IS NULL"), sa.text("data_source_id IS NOT NULL")
    said = ["product", "key"]
    op.create_index("uq_severity_rule_unit", "severity_rule", ["unit_id", *said], unique=True, sqlite_where=of_unit)
    op.create_index(
        "uq_severity_rule_node", "severity_rule", ["data_source_id", *said], unique=True, sqlite_where=of_node
    )


def _comments() -> None:
    op.create_table(
        "comment",
        sa.Column("comment_id", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.Integer, nullable=False),
        sa.Column("data_source_id", sa.Integer, nullable=False),
        sa.Column("day", sa.Date),
        sa.Column("job_key", sa.Text),
        sa.Column("type", sa.String(20), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("author_id", sa.Integer),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("written_at", sa.String(27), nullable=False),
        sa.Column("edited_at", sa.String(27)),
        sa.Column("removed_at", sa.String(27)),
        _to("comment", "unit"),
        _to("comment", "data_source"),
        sa.PrimaryKeyConstraint("comment_id", name="pk_comment"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_comment_day", "comment", ["day", "unit_id"])
    op.create_index("ix_comment_data_source_id", "comment", ["data_source_id", "day"])


def _handling() -> None:
    op.create_table(
        "handling",
        sa.Column("handling_id", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.Integer, nullable=False),
        sa.Column("data_source_id", sa.Integer, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("job_key", sa.Text),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("actor_id", sa.Integer),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        _to("handling", "unit"),
        _to("handling", "data_source"),
        sa.PrimaryKeyConstraint("handling_id", name="pk_handling"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_handling_day", "handling", ["day", "unit_id"])
    op.create_index("ix_handling_data_source_id", "handling", ["data_source_id", "day"])


def _tags() -> None:
    op.create_table(
        "tag",
        sa.Column("tag_id", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.Integer, nullable=False),
        sa.Column("text", sa.String(60), nullable=False),
        sa.Column("is_inheritable", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("removed_at", sa.String(27)),
        _to("tag", "unit"),
        sa.PrimaryKeyConstraint("tag_id", name="pk_tag"),
        sqlite_autoincrement=True,
    )
    present = sa.text("removed_at IS NULL")
    op.create_index("uq_tag_unit_id_text", "tag", ["unit_id", "text"], unique=True, sqlite_where=present)
    op.create_table(
        "tagging",
        sa.Column("tagging_id", sa.Integer, nullable=False),
        sa.Column("tag_id", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.Integer),
        sa.Column("data_source_id", sa.Integer),
        _to("tagging", "tag"),
        _to("tagging", "unit"),
        _to("tagging", "data_source"),
        sa.PrimaryKeyConstraint("tagging_id", name="pk_tagging"),
    )
    op.create_index("ix_tagging_tag_id", "tagging", ["tag_id"])
    op.create_index("uq_tagging_unit", "tagging", ["unit_id", "tag_id"], unique=True)
    op.create_index("uq_tagging_node", "tagging", ["data_source_id", "tag_id"], unique=True)


def _frozen() -> None:
    op.create_table(
        "frozen_day",
        sa.Column("frozen_day_id", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.Integer, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("frozen_at", sa.String(27), nullable=False),
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("worst", sa.Integer, nullable=False),
        sa.Column("superseded_at", sa.String(27)),
        sa.Column("dropped_at", sa.String(27)),
        _to("frozen_day", "unit"),
        sa.PrimaryKeyConstraint("frozen_day_id", name="pk_frozen_day"),
        sa.UniqueConstraint("unit_id", "day", "revision", name="uq_frozen_day_unit_id_day_revision"),
    )
    by_day = ["day", "unit_id", "revision", "rows", "worst", "frozen_at", "superseded_at", "dropped_at"]
    op.create_index("ix_frozen_day_day", "frozen_day", by_day)
    op.create_table(
        "sla_month",
        sa.Column("sla_month_id", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.Integer, nullable=False),
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("frozen_at", sa.String(27), nullable=False),
        sa.Column("figures", sa.JSON, nullable=False),
        _to("sla_month", "unit"),
        sa.PrimaryKeyConstraint("sla_month_id", name="pk_sla_month"),
        sa.UniqueConstraint("unit_id", "month", "revision", name="uq_sla_month_unit_id_month_revision"),
    )
