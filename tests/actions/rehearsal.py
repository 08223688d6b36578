"""Records for a while: what is done is seen by what is done next, and all of it is taken back at the end.

A site takes a tenth of a second to build and a thousandth to rehearse on. Only what is about the disk itself, or about
two who write at once, needs a site of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from sqlalchemy import Connection

from cloutui.records.glance import Glance
from cloutui.records.store import Records
from cloutui.records.transaction import Tx


class Rehearsal(Records):
    """The same records inside one transaction that is never committed; each of their own is a savepoint in it."""

    def __init__(self, records: Records, connection: Connection) -> None:
        vars(self).update(vars(records))
        self._connection = connection
        self.glance = Glance(lambda sql, values: [tuple(row) for row in connection.exec_driver_sql(sql, tuple(values))])

    def reading(self) -> AbstractContextManager[Connection]:
        return nullcontext(self._connection)

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        tx: Tx | None = None
        try:
            with self._connection.begin_nested():
                tx = Tx(self._connection, self.clock())
                yield tx
                tx.require_logged()
        except BaseException:
            if tx is not None:
                tx.rolled_back()
            raise
        tx.committed()


class _TakenBack(Exception):
    """Ends the transaction, so that nothing of it stays."""


@contextmanager
def rehearsed(records: Records) -> Iterator[Rehearsal]:
    try:
        with records.begin() as tx:
            yield Rehearsal(records, tx.connection)
            raise _TakenBack
    except _TakenBack:
        pass
