"""The records of one installation: what the other rooms open, ask and write.

Usable from any thread. Readers see one snapshot and never wait; writers come one after the other. What every answer
waits for is told by a `Glance`; SQLAlchemy, and what works with it, is loaded for the first other question.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from cloutui.errors import AccessEnded
from cloutui.model.principal import Face, Principal, local_principal, new_session_id
from cloutui.records.glance import Glance
from cloutui.records.migrations import HEAD
from cloutui.records.people import refreshed
from cloutui.records.plain import PlainReader

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from cloutui.model.assignment_rule import AssignmentRule
    from cloutui.model.filter.saved import SavedFilter
    from cloutui.model.unit_tree import UnitTree
    from cloutui.records.checkpoints import Head, Signer, Witness
    from cloutui.records.rows import ActivityEntry, DataSourceFacts, Dimensions, ServerRecord, Verification
    from cloutui.records.transaction import Tx


def utc_now() -> datetime:
    """The clock of the records, unless another is given."""
    return datetime.now(UTC)


class Records:
    """Open records. Made by `Records.open`; closed by `close`, or as a context manager."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self.path = path
        self.clock = clock
        self._reader = PlainReader(path)
        self.glance = Glance(self._reader.rows)
        self._sql_engine: Engine | None = None
        self._loading, self._writer = threading.Lock(), threading.Lock()
        self._signer: Signer | None = None
        self._witness: Witness | None = None
        self._has_unsigned = False
        self.root_unit_id = 0
        """Of the unit at the top."""

    @classmethod
    def open(cls, path: Path, *, root_name: str = "Site", clock: Callable[[], datetime] = utc_now) -> Records:
        """Open the records, make them when there are none, and bring older ones up to date.

        Raises: Broken when the file is not readable as records; Busy when another process keeps it locked.
        """
        records = cls(path, clock)
        try:
            if records.glance.revision() != HEAD:
                records._bring_up_to_date(root_name)
            records.root_unit_id = records.glance.root_unit_id()
        except BaseException:
            records.close()
            raise
        return records

    def _bring_up_to_date(self, root_name: str) -> None:
        from cloutui.records import engine
        from cloutui.records.beginning import bring_up_to_date

        with engine.writing(self._engine, self.path) as connection:
            bring_up_to_date(connection, root_name, self.clock())

    def close(self) -> None:
        """Let go of the file."""
        self._reader.close()
        if self._sql_engine is not None:
            self._sql_engine.dispose()

    @property
    def _engine(self) -> Engine:
        with self._loading:
            if self._sql_engine is None:
                from cloutui.records.engine import open_engine

                self._sql_engine = open_engine(self.path)
            return self._sql_engine

    def load(self) -> None:
        """Load what the first question would wait for that is more than a glance."""
        from cloutui.records import access, activity, dimensions, discovery  # noqa: F401 - these, and what they load

        with self.reading():
            pass

    def __enter__(self) -> Records:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def reading(self) -> AbstractContextManager[Connection]:
        """A snapshot to ask. Raises: Broken."""
        from cloutui.records import engine

        return engine.reading(self._engine, self.path)

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        """The one writing transaction. Raises: Broken, Busy; UnloggedChange for a change without its line."""
        from cloutui.records import engine
        from cloutui.records.transaction import Tx

        tx: Tx | None = None
        with self._writer:
            try:
                with engine.writing(self._engine, self.path) as connection:
                    tx = Tx(connection, self.clock())
                    yield tx
                    tx.require_logged()
                    self._sign(tx)
            except BaseException:
                if tx is not None:
                    tx.rolled_back()
                raise
        tx.committed()

    def sign_with(self, signer: Signer, witness: Witness | None = None) -> None:
        """Sign heads of the activity log from now on, and tell them to the witness."""
        self._signer, self._witness = signer, witness

    def sign_what_is_left(self) -> None:
        """Sign what was written since the last checkpoint, however little. Raises: SecretsRefused, Busy, Broken."""
        if self._has_unsigned:
            from cloutui.records import engine
            from cloutui.records.transaction import Tx

            with self._writer, engine.writing(self._engine, self.path) as connection:
                tx = Tx(connection, self.clock())
                self._sign(tx, last_call=True)
            tx.committed()

    def _sign(self, tx: Tx, *, last_call: bool = False) -> None:
        head = self._signer.sign_if_due(tx.connection, tx.at, last_call=last_call) if self._signer else None
        self._has_unsigned = head is None and self._signer is not None and not last_call
        witness = self._witness
        if head is not None and witness is not None:
            tx.after_commit(lambda: witness(head))

    def version(self) -> int:
        """How often what the cache copies has changed."""
        return self.glance.version()

    def dimensions(self) -> Dimensions:
        """All that the cache copies, at one version."""
        from cloutui.records import dimensions

        with self.reading() as connection:
            return dimensions.read(connection)

    def appended(self, table: str, *, after: int) -> list[tuple[object, ...]]:
        """The lines of a table that is only ever added to, behind that number."""
        if self.glance.last_line(table) <= after:
            return []
        from cloutui.records.appended import APPENDED

        with self.reading() as connection:
            return list(APPENDED[table](connection, after))

    def frozen_files(self, *, after: int) -> list[tuple[int, date, str]]:
        """Files with anything that was frozen behind that number, in order: its last number, day and name of each."""
        if self.glance.last_line("frozen_day") <= after:
            return []
        from cloutui.records import history

        with self.reading() as connection:
            return history.files_behind(connection, after)

    def frozen_units(self, file: str) -> Mapping[int, str]:
        """Whose days are told by that file, as of now, with their names."""
        from cloutui.records import history

        with self.reading() as connection:
            return history.units_of(connection, file)

    def tree(self) -> UnitTree:
        """The business units."""
        from cloutui.records import dimensions

        with self.reading() as connection:
            return dimensions.read_tree(connection)

    def archived_units(self) -> frozenset[int]:
        """Ids of the units that are kept for their history alone."""
        from cloutui.records import dimensions

        with self.reading() as connection:
            return dimensions.archived_units(connection)

    def servers(self, *, removed: bool = False) -> list[ServerRecord]:
        """The backup servers by name; those that were removed too, when asked for."""
        from cloutui.records import servers

        with self.reading() as connection:
            return servers.read(connection, removed=removed)

    def server(self, name: str) -> ServerRecord:
        """The backup server of that name, in any case of letters. Raises: NotFound."""
        from cloutui.records import servers

        with self.reading() as connection:
            return servers.named(connection, name)

    def rules(self) -> list[AssignmentRule]:
        """The assignment rules, in the order in which they are tried."""
        from cloutui.records import rules

        with self.reading() as connection:
            return rules.read(connection)

    def setting(self, name: str) -> str:
        """The value of a setting of the installation. Raises: Invalid for a key that does not exist."""
        from cloutui.model.installation_setting import setting_named

        wanted, said = setting_named(name), self.glance.setting(name)
        return wanted.default if said is None else said

    def refreshed(self, principal: Principal) -> Principal:
        """The principal as it stands at this moment. Raises: AccessEnded."""
        glance = self.glance
        return refreshed(principal, glance.user, glance.has_users, self.clock())

    def principal_of_host(self, os_user: str, face: Face) -> Principal:
        """Who the operating system's user is here. Raises: AccessEnded once there are users and it is none of them."""
        if not self.glance.has_users():
            return local_principal(os_user, self.root_unit_id, face)
        user = self.glance.user_of_host(os_user)
        if user is None:
            raise AccessEnded(f"“{os_user}” of this host is no user here")
        return user.principal(face, new_session_id(), self.clock())

    def preferences_of(self, principal: Principal) -> Mapping[str, str]:
        """What they prefer for themselves, by the names of `model.preference`."""
        return {} if principal.user_id is None else dict(self.glance.user(principal.user_id).preferences)

    def saved_filters(self, principal: Principal, unit_id: int | None = None) -> list[SavedFilter]:
        """What `@name` stands for when somebody asks about a unit (None: their own), by name; outside of it nothing."""
        from cloutui.records import dimensions, saved

        with self.reading() as connection:
            tree, unit_id = dimensions.read_tree(connection), principal.unit_id if unit_id is None else unit_id
            if not tree.holds(principal.unit_id, unit_id):
                return []
            return saved.filters(connection, tree, unit_id, owner=principal.name)

    def saved_columns(self, owner: str) -> dict[str, tuple[str, ...]]:
        """By report: the columns that somebody chose to see, in their order."""
        return self.glance.saved_columns(owner)

    def register_data_sources(self, server_id: int, facts: Sequence[DataSourceFacts], at: datetime) -> int:
        """Take in what a server reports; how many data sources are new.

        Each new one gets a consumption unit and, where a rule matches, an owner. Changed facts are updated. Nothing is
        written when all is known, which is nearly always. Raises: NotFound for a server that is not there any more.
        """
        from cloutui.records import discovery

        with self.reading() as connection:
            if not discovery.difference(connection, server_id, facts):
                return 0
        # There it is looked at again: only now nobody else can write.
        with self.begin() as tx:
            return discovery.register(tx, server_id, facts, at, self.root_unit_id)

    def activity(
        self, limit: int = 100, *, before_seq: int | None = None, unit_ids: Collection[int] | None = None
    ) -> list[ActivityEntry]:
        """The log, newest first: a page before `before_seq`, of the given units only when any are given."""
        from cloutui.records import activity

        with self.reading() as connection:
            return list(activity.entries(connection, limit=limit, before_seq=before_seq, unit_ids=unit_ids))

    def verify_activity(self, heads: Iterable[Head] = ()) -> Verification:
        """Read the whole chain again, with its checkpoints when there is a signer, and heads that a witness kept."""
        from cloutui.records import activity
        from cloutui.records.checkpoints import verify_checkpoints, verify_witness

        with self.reading() as connection:
            found = activity.verify(connection)
            if found.is_ok and self._signer is not None:
                found = verify_checkpoints(connection, found, self._signer)
            return verify_witness(connection, found, heads) if found.is_ok else found
