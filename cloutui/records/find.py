"""What is found in the records by a part of a text: users, and words in comments."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, or_, select

from cloutui.records.access_tables import user_account
from cloutui.records.daily_tables import comment
from cloutui.records.relation import Relation, Row, Wanted, among, typed

MOST_COMMENTS = 200
"""The newest: of more, one looks for something else."""


def _users(connection: Connection, wanted: Wanted) -> Iterator[Row]:
    """All that may be meant: the question looks at their names once more."""
    if "user" in wanted.values["kinds"]:
        user = user_account.c
        present = (user.archived_at.is_(None), among(user.unit_id, wanted.units))
        for row in connection.execute(select(user.user_id, user.unit_id, user.name, user.full_name).where(*present)):
            if any(wanted.values["sought"] in name.lower() for name in (row.name, row.full_name)):
                yield tuple(row)


def _comments(connection: Connection, wanted: Wanted) -> Iterator[Row]:
    """The newest first. SQLite knows the capitals of the English alphabet alone, so others are asked for as well."""
    if "comment" not in wanted.values["kinds"]:
        return
    table, sought = comment.c, str(wanted.values["sought"])
    spellings = {sought, sought.upper(), sought.capitalize()}
    columns = (table.comment_id, table.unit_id, table.data_source_id, table.day, table.text, table.author)
    asked = (
        select(*columns)
        .where(table.removed_at.is_(None), among(table.unit_id, wanted.units))
        .where(or_(*(table.text.icontains(each, autoescape=True) for each in spellings)))
        .order_by(table.comment_id.desc())
        .limit(MOST_COMMENTS)
    )
    yield from (tuple(row) for row in connection.execute(asked))


FOUND_USERS = Relation(columns=typed("user_id", "unit_id", "name", "full_name"), read=_users)
FOUND_COMMENTS = Relation(columns=typed("comment_id", "unit_id", "node_id", "day", "text", "author"), read=_comments)
