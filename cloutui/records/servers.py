"""Backup servers as stored."""

from __future__ import annotations

from sqlalchemy import Connection, select

from cloutui.errors import NotFound
from cloutui.records import schema
from cloutui.records.rows import ServerRecord


def read(connection: Connection, *, removed: bool = False) -> list[ServerRecord]:
    """All servers by name; those that were removed too, when asked for."""
    table = schema.server
    chosen = select(table).order_by(table.c.name, table.c.server_id)
    if not removed:
        chosen = chosen.where(table.c.removed_at.is_(None))
    return [ServerRecord(**row) for row in connection.execute(chosen).mappings()]


def named(connection: Connection, name: str) -> ServerRecord:
    """The server of that name, in any case of letters. Raises: NotFound."""
    for server in read(connection):
        if server.name.casefold() == name.casefold():
            return server
    raise NotFound("server", name)
