"""One writing transaction: a change and the line that tells of it, both or neither."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, update

from cloutui.model.principal import Principal
from cloutui.records import activity, schema
from cloutui.records.activity import ActivityLine


class UnloggedChange(Exception):
    """A mistake of ours: a transaction changed records and wrote no activity line. It was rolled back."""


class Tx:
    """An open transaction of the one writer."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self.connection = connection
        self.at = at
        """The moment of everything that this transaction records."""
        self._lines = 0
        self._changes_before = _total_changes(connection)
        self._after_commit: list[Callable[[], None]] = []
        self._after_rollback: list[Callable[[], None]] = []

    def append_activity(self, principal: Principal, line: ActivityLine) -> int:
        """Write a line; its number."""
        self._lines += 1
        return activity.append(self.connection, principal, line, self.at)

    def bump_version(self) -> None:
        """Say that something changed which the cache copies."""
        table = schema.state
        self.connection.execute(update(table).where(table.c.name == schema.DIMENSIONS).values(value=table.c.value + 1))

    def after_commit(self, do: Callable[[], None]) -> None:
        """Do something outside the records once they are safe."""
        self._after_commit.append(do)

    def after_rollback(self, undo: Callable[[], None]) -> None:
        """Take back something done outside the records, when they did not take the change."""
        self._after_rollback.append(undo)

    def require_logged(self) -> None:
        """Raises: UnloggedChange."""
        if not self._lines and _total_changes(self.connection) != self._changes_before:
            raise UnloggedChange

    def committed(self) -> None:
        """Called once, when the change is on disk."""
        for do in self._after_commit:
            do()

    def rolled_back(self) -> None:
        """Called once, when nothing was changed."""
        for undo in self._after_rollback:
            undo()


def _total_changes(connection: Connection) -> int:
    """Rows changed through this connection since it was opened, as SQLite counts them."""
    driver = connection.connection.driver_connection
    assert driver is not None
    return int(driver.total_changes)
