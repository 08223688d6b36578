"""The tables of the records.

Moments are stored as UTC text of fixed width, so that they sort, read the same in every database, and hash the same
for ever. Ids of things people name are never given twice (`sqlite_autoincrement`): the archive holds them too.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Date,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def moment_text(at: datetime) -> str:
    """An aware moment as it is stored: `2026-11-21T14:52:03.000000Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime, stored as text."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Into the database. A moment without a zone is a mistake of ours."""
        if value is None:
            return None
        assert value.tzinfo is not None
        return moment_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Out of the database."""
        return None if value is None else datetime.fromisoformat(value)


def _id(name: str) -> Column[int]:
    return Column(name, Integer, primary_key=True)


def _unit() -> Column[int]:
    return Column("unit_id", Integer, ForeignKey("unit.unit_id"), nullable=False)


state = Table(
    "state",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Integer, nullable=False),
)

unit = Table(
    "unit",
    metadata,
    _id("unit_id"),
    Column("parent_id", Integer, ForeignKey("unit.unit_id")),
    Column("name", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("archived_at", Moment),
    sqlite_autoincrement=True,
)
Index("uq_unit_parent_id_name", unit.c.parent_id, unit.c.name, unique=True, sqlite_where=unit.c.archived_at.is_(None))

unit_setting = Table(
    "unit_setting",
    metadata,
    _id("unit_setting_id"),
    _unit(),
    Column("key", String(60), nullable=False),
    Column("value", JSON(none_as_null=True)),  # null: inherits again
    Column("valid_from", Date),  # null: since the beginning
)
Index(
    "uq_unit_setting_first",
    unit_setting.c.unit_id,
    unit_setting.c.key,
    unique=True,
    sqlite_where=unit_setting.c.valid_from.is_(None),
)
Index(
    "uq_unit_setting_day",
    unit_setting.c.unit_id,
    unit_setting.c.key,
    unit_setting.c.valid_from,
    unique=True,
)

server = Table(
    "server",
    metadata,
    _id("server_id"),
    Column("name", Text, nullable=False),
    Column("product", String(40), nullable=False),
    _unit(),
    Column("time_zone", String(60)),
    Column("doors", JSON, nullable=False),
    Column("administrator", Text, nullable=False),
    Column("secret", Text),
    Column("added_at", Moment, nullable=False),
    Column("removed_at", Moment),
    sqlite_autoincrement=True,
)
Index("uq_server_name", server.c.name, unique=True, sqlite_where=server.c.removed_at.is_(None))

data_source = Table(
    "data_source",
    metadata,
    _id("data_source_id"),
    Column("server_id", Integer, ForeignKey("server.server_id"), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("native_key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("domain", Text),
    Column("contact", Text),
    Column("first_seen_at", Moment, nullable=False),
    UniqueConstraint("server_id", "kind", "native_key"),
    sqlite_autoincrement=True,
)

data_source_alias = Table(
    "data_source_alias",
    metadata,
    Column("server_id", Integer, ForeignKey("server.server_id"), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("native_key", Text, primary_key=True),
    Column("data_source_id", Integer, ForeignKey("data_source.data_source_id"), nullable=False),
)

consumer = Table(
    "consumer",
    metadata,
    _id("consumer_id"),
    Column("data_source_id", Integer, ForeignKey("data_source.data_source_id"), unique=True),
    Column("name", Text, nullable=False),
    sqlite_autoincrement=True,
)

assignment_rule = Table(
    "assignment_rule",
    metadata,
    _id("rule_id"),
    Column("position", Integer, nullable=False),
    _unit(),
    Column("server_id", Integer, ForeignKey("server.server_id")),
    Column("domain", Text),
    Column("name", Text),
    Column("contact", Text),
    sqlite_autoincrement=True,
)

assignment = Table(
    "assignment",
    metadata,
    _id("assignment_id"),
    Column("consumer_id", Integer, ForeignKey("consumer.consumer_id"), nullable=False),
    _unit(),
    Column("valid_from", Date),  # null: since the beginning
    Column("valid_to", Date),  # null: still
    Column("made_on", Date, nullable=False),  # the day from which on it was meant
    Column("how", String(10), nullable=False),
    Column("rule_id", Integer),  # no foreign key: history names rules that are gone
    sqlite_autoincrement=True,
)
# Together with `assignments.py` these keep periods from overlapping: one beginning, one open end, one start a day.
Index("uq_assignment_first", assignment.c.consumer_id, unique=True, sqlite_where=assignment.c.valid_from.is_(None))
Index("uq_assignment_open", assignment.c.consumer_id, unique=True, sqlite_where=assignment.c.valid_to.is_(None))
Index("uq_assignment_day", assignment.c.consumer_id, assignment.c.valid_from, unique=True)
Index("ix_assignment_unit_id", assignment.c.unit_id)

setting = Table(
    "setting",
    metadata,
    Column("key", String(60), primary_key=True),
    Column("value", JSON, nullable=False),
)

activity = Table(
    "activity",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(27), nullable=False),  # text as hashed
    Column("user_id", Integer),
    Column("actor", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("actor_unit_id", Integer, nullable=False),
    Column("face", String(20), nullable=False),
    Column("session_id", String(40), nullable=False),
    Column("action", String(60), nullable=False),
    Column("action_class", Integer, nullable=False),
    Column("unit_id", Integer, nullable=False),
    Column("target_kind", String(40), nullable=False),
    Column("target_id", Integer),
    Column("target_name", Text, nullable=False),
    Column("params", Text, nullable=False),  # canonical JSON, as hashed
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("intent_seq", Integer),
    Column("hash", String(64), nullable=False),
)
Index("ix_activity_unit_id", activity.c.unit_id, activity.c.seq)
Index("ix_activity_at", activity.c.at)

activity_head = Table(
    "activity_head",
    metadata,
    Column("chain", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)

saved_filter = Table(
    "saved_filter",
    metadata,
    _id("saved_filter_id"),
    Column("owner", Text, nullable=False),  # who saved it last, by name
    Column("unit_id", Integer, ForeignKey("unit.unit_id")),  # null: the owner's alone
    Column("name", String(40), nullable=False),  # in small letters
    Column("text", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("saved_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)
Index(
    "uq_saved_filter_owner",
    saved_filter.c.owner,
    saved_filter.c.name,
    unique=True,
    sqlite_where=saved_filter.c.unit_id.is_(None),
)
Index(
    "uq_saved_filter_unit",
    saved_filter.c.unit_id,
    saved_filter.c.name,
    unique=True,
    sqlite_where=saved_filter.c.unit_id.is_not(None),
)

saved_columns = Table(
    "saved_columns",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("report", String(60), primary_key=True),
    Column("columns", JSON, nullable=False),
)

DIMENSIONS = "dimensions"
"""The row of `state` that counts changes to what the cache copies."""
