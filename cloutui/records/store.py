"""The records of one installation: what the other rooms open, ask and write.

Usable from any thread. Readers see one snapshot and never wait; writers come one after the other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from sqlalchemy import Connection, Engine, insert, select

from cloutui.errors import AccessEnded, NotFound
from cloutui.model.action_class import ActionClass
from cloutui.model.assignment_rule import AssignmentRule
from cloutui.model.filter.saved import SavedFilter
from cloutui.model.installation_setting import setting_named
from cloutui.model.principal import Face, Principal, local_principal, new_session_id, system_principal
from cloutui.model.unit_tree import UnitTree
from cloutui.records import access, activity, dimensions, discovery, engine, migrations, rules, saved, schema, servers
from cloutui.records.activity import ActivityLine
from cloutui.records.appended import APPENDED
from cloutui.records.checkpoints import Head, Signer, Witness, verify_checkpoints, verify_witness
from cloutui.records.clocks import UnitClocks
from cloutui.records.rows import ActivityEntry, DataSourceFacts, Dimensions, ServerRecord, Verification
from cloutui.records.transaction import Tx


def utc_now() -> datetime:
    """The clock of the records, unless another is given."""
    return datetime.now(UTC)


class Records:
    """Open records. Made by `Records.open`; closed by `close`, or as a context manager."""

    def __init__(self, path: Path, sql_engine: Engine, clock: Callable[[], datetime]) -> None:
        self.path = path
        self.clock = clock
        self._engine = sql_engine
        self._writer = threading.Lock()
        self._signer: Signer | None = None
        self._witness: Witness | None = None
        self._has_unsigned = False
        with self.reading() as connection:
            unit = schema.unit
            self.root_unit_id: int = connection.execute(
                select(unit.c.unit_id).where(unit.c.parent_id.is_(None))
            ).scalar_one()

    @classmethod
    def open(cls, path: Path, *, root_name: str = "Site", clock: Callable[[], datetime] = utc_now) -> Records:
        """Open the records, make them when there are none, and bring older ones up to date.

        Raises: Broken when the file is not readable as records; Busy when another process keeps it locked.
        """
        sql_engine = engine.open_engine(path)
        try:
            with engine.reading(sql_engine, path) as connection:
                is_current = migrations.is_current(connection)
            if not is_current:
                with engine.writing(sql_engine, path) as connection:
                    _bring_up_to_date(connection, root_name, clock())
            return cls(path, sql_engine, clock)
        except BaseException:
            sql_engine.dispose()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def __enter__(self) -> Records:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def reading(self) -> AbstractContextManager[Connection]:
        """A snapshot to ask. Raises: Broken."""
        return engine.reading(self._engine, self.path)

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        """The one writing transaction. Raises: Broken, Busy; UnloggedChange for a change without its line."""
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
            with self._writer, engine.writing(self._engine, self.path) as connection:
                tx = Tx(connection, self.clock())
                self._sign(tx, last_call=True)
            tx.committed()

    def _sign(self, tx: Tx, *, last_call: bool = False) -> None:
        head = self._signer.sign_if_due(tx.connection, tx.at, last_call=last_call) if self._signer else None
        self._has_unsigned = head is None and self._signer is not None
        witness = self._witness
        if head is not None and witness is not None:
            tx.after_commit(lambda: witness(head))

    def version(self) -> int:
        """How often what the cache copies has changed."""
        with self.reading() as connection:
            return dimensions.version(connection)

    def dimensions(self) -> Dimensions:
        """All that the cache copies, at one version."""
        with self.reading() as connection:
            return dimensions.read(connection)

    def appended(self, table: str, *, after: int) -> list[tuple[object, ...]]:
        """The lines of a table that is only ever added to, behind that number."""
        with self.reading() as connection:
            return list(APPENDED[table](connection, after))

    def tree(self) -> UnitTree:
        """The business units."""
        with self.reading() as connection:
            return dimensions.read_tree(connection)

    def archived_units(self) -> frozenset[int]:
        """Ids of the units that are kept for their history alone."""
        with self.reading() as connection:
            return dimensions.archived_units(connection)

    def servers(self, *, removed: bool = False) -> list[ServerRecord]:
        """The backup servers by name; those that were removed too, when asked for."""
        with self.reading() as connection:
            return servers.read(connection, removed=removed)

    def server(self, name: str) -> ServerRecord:
        """The backup server of that name, in any case of letters. Raises: NotFound."""
        with self.reading() as connection:
            return servers.named(connection, name)

    def rules(self) -> list[AssignmentRule]:
        """The assignment rules, in the order in which they are tried."""
        with self.reading() as connection:
            return rules.read(connection)

    def setting(self, name: str) -> str:
        """The value of a setting of the installation. Raises: Invalid for a key that does not exist."""
        wanted = setting_named(name)
        with self.reading() as connection:
            table = schema.setting
            value = connection.execute(select(table.c.value).where(table.c.key == name)).scalar_one_or_none()
        return wanted.default if value is None else str(value)

    def refreshed(self, principal: Principal) -> Principal:
        """The principal as it stands at this moment. Raises: AccessEnded."""
        with self.reading() as connection:
            return access.refreshed(connection, principal, self.clock())

    def principal_of_host(self, os_user: str, face: Face) -> Principal:
        """Who the operating system's user is here. Raises: AccessEnded once there are users and it is none of them."""
        with self.reading() as connection:
            if not access.has_users(connection):
                return local_principal(os_user, self.root_unit_id, face)
            user = access.user_of_host(connection, os_user)
        if user is None:
            raise AccessEnded(f"“{os_user}” of this host is no user here")
        return user.principal(face, new_session_id(), self.clock())

    def saved_filters(self, principal: Principal, unit_id: int | None = None) -> list[SavedFilter]:
        """What `@name` stands for when somebody asks about a unit (None: their own), by name; outside of it nothing."""
        with self.reading() as connection:
            tree, unit_id = dimensions.read_tree(connection), principal.unit_id if unit_id is None else unit_id
            if not tree.holds(principal.unit_id, unit_id):
                return []
            return saved.filters(connection, tree, unit_id, owner=principal.name)

    def saved_columns(self, owner: str) -> dict[str, tuple[str, ...]]:
        """By report: the columns that somebody chose to see, in their order."""
        with self.reading() as connection:
            return saved.columns(connection, owner)

    def register_data_sources(self, server_id: int, facts: Sequence[DataSourceFacts], at: datetime) -> int:
        """Take in what a server reports; how many data sources are new.

        Each new one gets a consumption unit and, where a rule matches, an owner. Changed facts are updated. Nothing is
        written when all is known, which is nearly always. Raises: NotFound for a server that is not there any more.
        """
        with self.reading() as connection:
            if not discovery.difference(connection, server_id, facts):
                return 0
        with self.begin() as tx:
            server = _present_server(tx.connection, server_id)
            # Again, now that nobody else can write.
            found = discovery.difference(tx.connection, server_id, facts)
            if not found:
                return 0
            clocks = UnitClocks.read(tx.connection, dimensions.read_tree(tx.connection), at)
            assigned = discovery.store(tx.connection, server_id, found, at, clocks)
            tx.bump_version()
            tx.append_activity(
                system_principal("collector", self.root_unit_id), _discovery_line(server, found, assigned)
            )
            return len(found.new)

    def activity(
        self, limit: int = 100, *, before_seq: int | None = None, unit_ids: Collection[int] | None = None
    ) -> list[ActivityEntry]:
        """The log, newest first: a page before `before_seq`, of the given units only when any are given."""
        with self.reading() as connection:
            return list(activity.entries(connection, limit=limit, before_seq=before_seq, unit_ids=unit_ids))

    def verify_activity(self, heads: Iterable[Head] = ()) -> Verification:
        """Read the whole chain again, with its checkpoints when there is a signer, and heads that a witness kept."""
        with self.reading() as connection:
            found = activity.verify(connection)
            if found.is_ok and self._signer is not None:
                found = verify_checkpoints(connection, found, self._signer)
            return verify_witness(connection, found, heads) if found.is_ok else found


def _bring_up_to_date(connection: Connection, root_name: str, at: datetime) -> None:
    # Another process may have done it while this one waited for the lock.
    if migrations.is_current(connection):
        return
    is_new = migrations.revision_of(connection) is None
    migrations.upgrade(connection)
    if not is_new:
        return
    connection.execute(insert(schema.state).values(name=schema.DIMENSIONS, value=1))
    made = connection.execute(insert(schema.unit).values(name=root_name, created_at=at))
    assert made.inserted_primary_key is not None
    root_unit_id = int(made.inserted_primary_key[0])
    activity.begin_chain(connection)
    line = ActivityLine(
        action="records.create",
        action_class=ActionClass.CHANGE,
        unit_id=root_unit_id,
        target_kind="unit",
        target_id=root_unit_id,
        target_name=root_name,
        sentence=f"The records were made, with the unit “{root_name}” at the top.",
    )
    activity.append(connection, system_principal("cloutui", root_unit_id), line, at)


def _present_server(connection: Connection, server_id: int) -> ServerRecord:
    for server in servers.read(connection):
        if server.server_id == server_id:
            return server
    raise NotFound("server", str(server_id))


def _discovery_line(server: ServerRecord, found: discovery.Difference, assigned: int) -> ActivityLine:
    parts = []
    if found.new:
        parts.append(f"{len(found.new)} new data sources, {assigned} assigned by rule")
    if found.changed:
        parts.append(f"{len(found.changed)} changed")
    return ActivityLine(
        action="data-source.discover",
        action_class=ActionClass.NOTE,
        unit_id=server.unit_id,
        target_kind="server",
        target_id=server.server_id,
        target_name=server.name,
        sentence=f"{server.name} reports {', '.join(parts)}.",
        after={"new": len(found.new), "assigned": assigned, "changed": len(found.changed)},
    )
