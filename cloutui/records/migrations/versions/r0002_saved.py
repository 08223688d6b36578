"""What people keep of the console: filters under names, and the columns they want of a report."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Two tables of their own."""
    op.create_table(
        "saved_filter",
        sa.Column("saved_filter_id", sa.Integer, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("unit_id", sa.Integer),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("saved_at", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.unit_id"], name="fk_saved_filter_unit_id"),
        sa.PrimaryKeyConstraint("saved_filter_id", name="pk_saved_filter"),
        sqlite_autoincrement=True,
    )
    private, of_a_unit = sa.text("unit_id IS NULL"), sa.text("unit_id IS NOT NULL")
    op.create_index("uq_saved_filter_owner", "saved_filter", ["owner", "name"], unique=True, sqlite_where=private)
    op.create_index("uq_saved_filter_unit", "saved_filter", ["unit_id", "name"], unique=True, sqlite_where=of_a_unit)
    op.create_table(
        "saved_columns",
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("report", sa.String(60), nullable=False),
        sa.Column("columns", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("owner", "report", name="pk_saved_columns"),
    )
