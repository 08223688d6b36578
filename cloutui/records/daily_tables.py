"""The tables of what people say of the reports: severity rules, comments, handling, tags; and what was frozen of them.

Comments and handling stand on what a server told of: a data source, one of its days, or one of its jobs by the key that
the server gave it. So they still fit when the cache is made again.
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from cloutui.records.schema import Moment, metadata


def _unit(*, nullable: bool = False) -> Column[int]:
    return Column("unit_id", Integer, ForeignKey("unit.unit_id"), nullable=nullable)


def _data_source(*, nullable: bool = False) -> Column[int]:
    return Column("data_source_id", Integer, ForeignKey("data_source.data_source_id"), nullable=nullable)


severity_rule = Table(
    "severity_rule",
    metadata,
    Column("severity_rule_id", Integer, primary_key=True),
    _unit(),  # who said it; of a node's own rule, the unit that owned the node then
    _data_source(nullable=True),  # null: of the unit and all below it
    Column("product", String(40), nullable=False),  # empty: of every product
    Column("key", String(120), nullable=False),
    Column("value", JSON, nullable=False),
    Column("set_at", Moment, nullable=False),
    Column("set_by", Text, nullable=False),
    sqlite_autoincrement=True,
)
Index(
    "uq_severity_rule_unit",
    severity_rule.c.unit_id,
    severity_rule.c.product,
    severity_rule.c.key,
    unique=True,
    sqlite_where=severity_rule.c.data_source_id.is_(None),
)
Index(
    "uq_severity_rule_node",
    severity_rule.c.data_source_id,
    severity_rule.c.product,
    severity_rule.c.key,
    unique=True,
    sqlite_where=severity_rule.c.data_source_id.is_not(None),
)

comment = Table(
    "comment",
    metadata,
    Column("comment_id", Integer, primary_key=True),
    _unit(),  # who owned the node on that day
    _data_source(),
    Column("day", Date),  # null: on the node itself
    Column("job_key", Text),  # on one job of the day
    Column("type", String(20), nullable=False),  # note, ticket, cause, fixed
    Column("text", Text, nullable=False),
    Column("author_id", Integer),
    Column("author", Text, nullable=False),
    Column("written_at", Moment, nullable=False),
    Column("edited_at", Moment),
    Column("removed_at", Moment),
    sqlite_autoincrement=True,
)
Index("ix_comment_day", comment.c.day, comment.c.unit_id)
Index("ix_comment_data_source_id", comment.c.data_source_id, comment.c.day)

handling = Table(  # nothing is changed here: the newest line of a day or job says how it stands
    "handling",
    metadata,
    Column("handling_id", Integer, primary_key=True),
    _unit(),
    _data_source(),
    Column("day", Date, nullable=False),
    Column("job_key", Text),  # null: of the node's whole day
    Column("state", String(20), nullable=False),  # a word of `model.handling`
    Column("actor_id", Integer),
    Column("actor", Text, nullable=False),
    Column("at", Moment, nullable=False),
    sqlite_autoincrement=True,
)
Index("ix_handling_day", handling.c.day, handling.c.unit_id)
Index("ix_handling_data_source_id", handling.c.data_source_id, handling.c.day)

tag = Table(
    "tag",
    metadata,
    Column("tag_id", Integer, primary_key=True),
    _unit(),  # its owner
    Column("text", String(60), nullable=False),  # in small letters
    Column("is_inheritable", Boolean, nullable=False),  # units below the owner may use it
    Column("created_at", Moment, nullable=False),
    Column("removed_at", Moment),
    sqlite_autoincrement=True,
)
Index("uq_tag_unit_id_text", tag.c.unit_id, tag.c.text, unique=True, sqlite_where=tag.c.removed_at.is_(None))

tagging = Table(
    "tagging",
    metadata,
    Column("tagging_id", Integer, primary_key=True),
    Column("tag_id", Integer, ForeignKey("tag.tag_id"), nullable=False),
    _unit(nullable=True),  # the unit that has it, with all nodes below it
    _data_source(nullable=True),  # or the node
)
Index("ix_tagging_tag_id", tagging.c.tag_id)
Index("uq_tagging_unit", tagging.c.unit_id, tagging.c.tag_id, unique=True)
Index("uq_tagging_node", tagging.c.data_source_id, tagging.c.tag_id, unique=True)

frozen_day = Table(
    "frozen_day",
    metadata,
    Column("frozen_day_id", Integer, primary_key=True),
    _unit(),
    Column("day", Date, nullable=False),
    Column("revision", Integer, nullable=False),  # 1, and one more for facts that came late
    Column("frozen_at", Moment, nullable=False),
    Column("file", String(64), nullable=False),  # the SHA-256 of the file that holds it, and its name
    Column("content", String(64), nullable=False),  # the SHA-256 of this unit's rows in it
    Column("rows", Integer, nullable=False),
    Column("worst", Integer, nullable=False),
    Column("superseded_at", Moment),  # there is a later revision
    Column("dropped_at", Moment),  # its file was kept as long as it was to be
    UniqueConstraint("unit_id", "day", "revision"),
)
# All that is asked of many days is in it: the table itself is not read.
_BY_DAY = ("day", "unit_id", "revision", "rows", "worst", "frozen_at", "superseded_at", "dropped_at")
Index("ix_frozen_day_day", *(frozen_day.c[name] for name in _BY_DAY))

sla_month = Table(
    "sla_month",
    metadata,
    Column("sla_month_id", Integer, primary_key=True),
    _unit(),
    Column("month", Date, nullable=False),  # its first day
    Column("revision", Integer, nullable=False),
    Column("frozen_at", Moment, nullable=False),
    Column("figures", JSON, nullable=False),  # the goal and what counted, then; and the jobs by outcome
    UniqueConstraint("unit_id", "month", "revision"),
)
