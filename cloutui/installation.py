"""One installation: its settings, records, secrets, archive and cache, opened together by the process that owns them.

Faces reach everything through a `Session`: reports in, actions out, for one principal. Blocking work runs in threads,
so a face's event loop never waits for a disk.
"""

from __future__ import annotations

import asyncio
import getpass
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cloutui.errors import CloutuiError, Invalid
from cloutui.home import Home, Ownership
from cloutui.model.open_session import OpenSessions
from cloutui.model.principal import Face, Principal
from cloutui.session import Session, Told, untold
from cloutui.settings import Settings, read_settings, write_setting

if TYPE_CHECKING:
    from pathlib import Path

    from cloutui.actions.perform import Context, Outcome
    from cloutui.actions.proof import Proof
    from cloutui.calendar.clock import Clock
    from cloutui.calendar.freezing import Freezer
    from cloutui.collectors.asked import Asked
    from cloutui.collectors.collector import Collector
    from cloutui.collectors.sweep import Swept
    from cloutui.products.product import Identity, Product
    from cloutui.records.history_check import HistoryCheck
    from cloutui.records.rows import ServerRecord, Verification
    from cloutui.records.sign_in import Door

log = logging.getLogger(__name__)

Progress = Callable[[str], None]


_FIRST_SWEEPS_S = 120.0
"""What servers have to tell since we were away comes first: a day that closes without it would be made twice."""


def _log_failure(task: asyncio.Task[None]) -> None:
    """Else nobody hears of it: nobody waits for the task."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("nothing is collected: it could not begin", exc_info=error)


def _silent(_line: str) -> None:
    """Progress that nobody watches."""


class Installation:
    """Opened by `open`; `close` waits for what is being written."""

    def __init__(self, home: Home, settings: Settings, *, progress: Progress = _silent) -> None:
        """Raises: Busy, Broken, and what a broken secrets store explains."""
        from cloutui.cache.cache import open_cache
        from cloutui.records.checkpoints import Signer
        from cloutui.records.frozen_files import FrozenFiles
        from cloutui.records.secrets import Secrets
        from cloutui.records.store import Records
        from cloutui.records.witness import witness_named
        from cloutui.reports.record_relations import RecordSource
        from cloutui.reports.runner import Runner

        self.home = home
        self.settings = settings
        home.prepare()
        self._ownership = Ownership(home)
        self.sessions = OpenSessions()
        """Those that are open now: each face that opens some says so."""
        try:
            self.records = Records.open(home.records_file)
            backend = settings.secrets.backend or "sealed"
            self.secrets = Secrets.open(backend, home.data_dir)
            if backend != "memory":  # its keys are gone with the process: nobody could tell later who signed
                self.records.sign_with(Signer(self.secrets), witness_named(settings.activity.witness))
            self.cache = open_cache(home.data_dir, self.records, progress=progress)
            self.history = FrozenFiles(home.history)
            shared = RecordSource(self.records, lambda: self.sessions, self.history)
            self.runner = Runner(self.cache.database, saved=self.records.saved_filters, records=shared)
        except BaseException:
            self._ownership.release()
            raise
        self._listeners: list[Callable[[], None]] = []
        self._collector: Collector | None = None
        self._starting: asyncio.Task[None] | None = None

    @staticmethod
    def rebuild_cache(home: Home, *, progress: Progress = _silent) -> None:
        """Make the cache again from the archive and the records. Nobody may have them open. Raises: Busy."""
        from cloutui.cache.rebuild import rebuild
        from cloutui.records.store import Records

        home.prepare()
        ownership = Ownership(home)
        try:
            with Records.open(home.records_file) as records:
                rebuild(home.data_dir, records, progress=progress)
        finally:
            ownership.release()

    @staticmethod
    def proofread(home: Home, witness: Path | None = None) -> tuple[Verification, int]:
        """Read the activity log again, beside whoever has the files open; and how many heads the witness kept.

        Raises: Invalid, also for a witness that kept none; Broken, SecretsRefused.
        """
        from cloutui.records.checkpoints import heads_in
        from cloutui.records.proofreading import proofread

        heads = []
        if witness is not None:
            heads = list(heads_in(witness.read_text(encoding="utf-8", errors="replace").splitlines()))
            if not heads:
                raise Invalid(f"{witness} holds no head of an activity log.", hint="Name the witness's file.")
        backend = read_settings(home.config_file).secrets.backend or "sealed"
        return proofread(home.records_file, backend, home.data_dir, heads), len(heads)

    @staticmethod
    def check_history(home: Home, *, told: Callable[[int, int], None] = lambda _done, _total: None) -> HistoryCheck:
        """Read every frozen report again, beside whoever has the files open. Raises: Broken, SecretsRefused."""
        from cloutui.records.frozen_files import FrozenFiles
        from cloutui.records.history_check import check
        from cloutui.records.proofreading import reading

        with reading(home.records_file) as connection:
            return check(connection, FrozenFiles(home.history), told=told)

    @classmethod
    def open(cls, home: Home, *, progress: Progress = _silent) -> Installation:
        """Read the settings and open everything. Raises: Invalid for a bad configuration, Busy, Broken."""
        return cls(home, read_settings(home.config_file), progress=progress)

    def close(self) -> None:
        """Write what is left and let go of the files. Stop collecting first."""
        self.cache.close()
        try:
            self.records.sign_what_is_left()
        except CloutuiError as error:
            log.warning("the last lines of the activity log were not signed: %s", error.what)
        self.records.close()
        self._ownership.release()

    def principal(self, face: Face) -> Principal:
        """Who works here: this host's user, until `cloutui init` with every privilege. Raises: AccessEnded."""
        return self.records.principal_of_host(getpass.getuser(), face)

    def session(self, principal: Principal, *, ssh_host: str = "") -> Session:
        """What a face works with. `ssh_host`: see `Session`."""
        return Session(self, principal, ssh_host=ssh_host)

    @property
    def has_users(self) -> bool:
        """Whether `cloutui init` has been here."""
        from cloutui.records import access

        with self.records.reading() as connection:
            return access.has_users(connection)

    @property
    def door(self) -> Door:
        """What faces with a sign-in show to who knocks."""
        from cloutui.records.sign_in import Door

        return Door(self.records, self.secrets)

    def preferences_of(self, principal: Principal) -> Mapping[str, str]:
        """What they prefer for themselves, by the names of `model.preference`."""
        return self.records.preferences_of(principal)

    # Servers.

    def product_of(self, server: ServerRecord) -> Product:
        """The product behind a server, by its first door. Raises: Invalid when a door makes no sense."""
        from cloutui.products.catalogue import make_product

        return make_product(
            server,
            secret=self.secrets.get,
            known_hosts=self.home.known_hosts,
            answer_timeout_s=self.settings.collect.answer_timeout_s,
        )

    async def probe(self, server: ServerRecord) -> Identity:
        """Sign in and ask a server who it is. Raises: ProductError."""
        product = await asyncio.to_thread(self.product_of, server)  # loads its libraries, and may ask a keyring
        async with product.converse() as conversation:
            return await conversation.identify()

    # Collecting.

    async def collect(self, servers: Sequence[ServerRecord], *, swept: Callable[[Swept], None]) -> None:
        """One sweep of all kinds from these servers."""
        collector = self._new_collector(swept)
        await asyncio.gather(*(collector.sweep_once(server) for server in servers))

    def take_past(
        self,
        query_at: Callable[[str, datetime, str], Sequence[Sequence[object]]],
        moments: Sequence[datetime],
        *,
        kept: Callable[[], None],
    ) -> None:
        """Keep how the servers stood before they were first asked. Takes a thread of its own.

        `query_at` answers a SELECT as the server of a name stood at an aware moment. `kept` is called, on that thread,
        when some of it can be shown. Raises: ValueError when that past is known.
        """
        from cloutui.collectors.past import take_past
        from cloutui.collectors.sweep import Sweeper

        take_past(Sweeper(self.cache, self.records), self.records.servers(), query_at, moments, kept)

    def start_collecting(self, *, swept: Callable[[Swept], None] = lambda _: None, after_s: float = 0) -> None:
        """Collect in the background of the running event loop until `stop_collecting`.

        `after_s`: let what is known be shown first, because loading the products' libraries takes the processor.
        """
        self._starting = asyncio.create_task(self._begin(swept, after_s), name="collecting")
        self._starting.add_done_callback(_log_failure)

    async def _begin(self, swept: Callable[[Swept], None], after_s: float) -> None:
        await asyncio.sleep(after_s)
        await asyncio.to_thread(self.records.load)  # so that who presses a key does not wait for it
        self._collector = self._new_collector(swept)
        self._collector.follow_servers()
        self.clock.start(after_s=_FIRST_SWEEPS_S)

    async def stop_collecting(self) -> None:
        """End the background work."""
        if self._starting:
            self._starting.cancel()
            self._starting = None
        if self._collector:
            await self._collector.stop()
            self._collector = None
            await self.clock.stop()

    async def ask_now(self, names: Collection[str], told: Told = untold) -> Sequence[Asked]:
        """Have these servers asked out of turn, and say what came of each. Raises: Invalid, when nothing is collected.

        At most once a minute each; whoever waits may be cancelled, the sweeps go on.
        """
        if self._starting is None:
            raise Invalid("Nothing is collected here.", hint="Ask where the collector runs.")
        await asyncio.shield(self._starting)
        assert self._collector is not None
        servers = [server for server in await asyncio.to_thread(self.records.servers) if server.name in names]
        return await self._collector.ask_all_now(servers, told)

    def _new_collector(self, swept: Callable[[Swept], None]) -> Collector:
        from cloutui.collectors.collector import Collector
        from cloutui.collectors.sweep import Sweeper

        return Collector(
            Sweeper(self.cache, self.records, stored=self.announce_change),
            self.settings.collect,
            servers=self.records.servers,
            product_of=self.product_of,
            swept=swept,
        )

    # By the clock.

    @cached_property
    def clock(self) -> Clock:
        """What is done by the clock wherever it is collected: days close, late facts are looked for, old files go."""
        from cloutui.calendar.clock import Clock
        from cloutui.calendar.keeping import Keeper
        from cloutui.calendar.months import Months

        freezer, keeper = self.freezer, Keeper(self.records, self.history)
        months = Months(self.records, self.runner)
        closing = (freezer.close_days, freezer.look_back, months.close_months, keeper.drop_old)
        duties = (*closing, self._follow_records, self._sign_log)
        return Clock(duties, done=self.announce_change)

    def _follow_records(self, _now: datetime) -> bool:
        """What was closed and dropped, for the reports of many days."""
        return self.cache.copy_dimensions()

    def _sign_log(self, _now: datetime) -> bool:
        """The last lines of the activity log, however few: nobody may bend them while nothing else happens."""
        self.records.sign_what_is_left()
        return False

    @cached_property
    def freezer(self) -> Freezer:
        """What freezes days here."""
        from cloutui.calendar.freezing import freezer_of

        return freezer_of(self.records, self.cache.database, self.history, self.runner)

    # Changes.

    @property
    def context(self) -> Context:
        """What actions work on here."""
        from cloutui.actions.perform import Context

        return Context(
            records=self.records,
            secrets=self.secrets,
            sessions=self.sessions,
            reports=lambda: self.runner,
            history=self.freezer,
        )

    async def perform(
        self, name: str, given: Mapping[str, Any], principal: Principal, proof: Proof | None = None
    ) -> Outcome:
        """Do an action. It is acknowledged only when the cache has copied what it changed. Raises: CloutuiError."""
        from cloutui.actions.perform import perform
        from cloutui.actions.proof import Proof
        from cloutui.actions.registry import build

        outcome = await perform(build(name, given), principal, proof or Proof(), self.context)
        # Whether this call copied it or a sweep that came first: what there is to ask and to show may have changed.
        await asyncio.to_thread(self.cache.copy_dimensions)
        self._follow()
        return outcome

    def find_unit(self, path: str, principal: Principal) -> int:
        """The unit of that path, within what the principal sees. Raises: NotFound, with the nearest names."""
        from cloutui.model.unit_path import find_unit

        records = self.records
        found = find_unit(records.tree(), path, within=principal.unit_id, archived=records.archived_units())
        return found.unit_id

    async def accept_host_key(self, server: ServerRecord, fingerprint: str) -> None:
        """Trust the SSH host of a server from now on, if it shows this fingerprint."""
        from cloutui.products.catalogue import accept_host_key

        await accept_host_key(server, fingerprint, self.home.known_hosts)

    def _follow(self) -> None:
        """After a change of the records: servers may have come or gone, and answers changed."""
        if self._collector:
            self._collector.follow_servers()
        self.announce_change()

    def next_collection(self) -> Mapping[str, Any]:
        """By server name: when it will be asked again."""
        return self._collector.next_at if self._collector else {}

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Be told, on the event loop, when the cache has something new. Returns how to stop that."""
        self._listeners.append(changed)
        return lambda: self._listeners.remove(changed)

    def announce_change(self) -> None:
        """Tell everybody who subscribed. Call on the event loop."""
        for listener in list(self._listeners):
            try:
                listener()
            except Exception:
                # Who tells is the calendar, a sweep or a done action: none of them fails by a face that does.
                log.exception("a face could not be told of what is new")

    def remember_secrets_backend(self) -> str | None:
        """Write the backend into the configuration when none was chosen. Returns a line that says so, once."""
        if self.settings.secrets.backend is not None:
            return None
        write_setting(self.home.config_file, "secrets", "backend", "sealed")
        return (
            f"Passwords go to the {self.secrets.describe()}; `secrets.backend` in {self.home.config_file} says so now."
        )
