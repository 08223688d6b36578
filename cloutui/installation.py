"""One installation: its settings, records, secrets, archive and cache, opened together by the process that owns them.

Faces reach everything through a `Session`: reports in, actions out, for one principal. Blocking work runs in threads,
so a face's event loop never waits for a disk.
"""

from __future__ import annotations

import asyncio
import getpass
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cloutui.acting import Acting
from cloutui.errors import Invalid
from cloutui.home import Home, Ownership
from cloutui.model.open_session import OpenSessions
from cloutui.model.principal import Face, Principal
from cloutui.settings import Settings, read_settings, write_setting

if TYPE_CHECKING:
    from pathlib import Path

    from cloutui.actions.perform import Context, Outcome
    from cloutui.actions.proof import Proof
    from cloutui.collectors.asked import Asked
    from cloutui.collectors.collector import Collector
    from cloutui.collectors.sweep import Swept
    from cloutui.delivery.heading import Export, Heading
    from cloutui.model.filter.saved import SavedFilter
    from cloutui.model.privilege import Privilege
    from cloutui.model.question import Question
    from cloutui.model.table import Answer
    from cloutui.products.product import Identity, Product
    from cloutui.records.rows import ServerRecord, Verification
    from cloutui.records.sign_in import Door

log = logging.getLogger(__name__)

Progress = Callable[[str], None]
Told = Callable[[int, int], None]
"""Is told how much is done, and of how much. What it raises ends the work."""


def _silent(_line: str) -> None:
    """Progress that nobody watches."""


def _untold(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


class Installation:
    """Opened by `open`; `close` waits for what is being written."""

    def __init__(self, home: Home, settings: Settings, *, progress: Progress = _silent) -> None:
        """Raises: Busy, Broken, and what a broken secrets store explains."""
        from cloutui.cache.cache import open_cache
        from cloutui.records.checkpoints import Signer
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
            shared = RecordSource(self.records.reading, lambda: self.sessions)
            self.runner = Runner(self.cache.database, saved=self.records.saved_filters, records=shared)
        except BaseException:
            self._ownership.release()
            raise
        self._listeners: list[Callable[[], None]] = []
        self._collector: Collector | None = None
        self._starting: asyncio.TimerHandle | None = None

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

    @classmethod
    def open(cls, home: Home, *, progress: Progress = _silent) -> Installation:
        """Read the settings and open everything. Raises: Invalid for a bad configuration, Busy, Broken."""
        return cls(home, read_settings(home.config_file), progress=progress)

    def close(self) -> None:
        """Write what is left and let go of the files. Stop collecting first."""
        self.cache.close()
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
        from cloutui.records import access

        if principal.user_id is None:
            return {}
        with self.records.reading() as connection:
            return dict(access.user(connection, principal.user_id).preferences)

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
        async with self.product_of(server).converse() as conversation:
            return await conversation.identify()

    # Collecting.

    async def collect(self, servers: Sequence[ServerRecord], *, swept: Callable[[Swept], None]) -> None:
        """One sweep of all kinds from these servers."""
        collector = self._new_collector(swept)
        await asyncio.gather(*(collector.sweep_once(server) for server in servers))

    def start_collecting(self, *, swept: Callable[[Swept], None] = lambda _: None, after_s: float = 0) -> None:
        """Collect in the background of the running event loop until `stop_collecting`.

        `after_s`: let what is known be shown first, because loading the products' libraries takes the processor.
        """
        self._collector = self._new_collector(swept)
        self._starting = asyncio.get_running_loop().call_later(after_s, self._collector.follow_servers)

    async def stop_collecting(self) -> None:
        """End the background work."""
        if self._starting:
            self._starting.cancel()
        if self._collector:
            await self._collector.stop()
            self._collector = None

    async def ask_now(self, names: Collection[str], told: Told = _untold) -> Sequence[Asked]:
        """Have these servers asked out of turn, and say what came of each. Raises: Invalid, when nothing is collected.

        At most once a minute each; whoever waits may be cancelled, the sweeps go on.
        """
        if self._collector is None:
            raise Invalid("Nothing is collected here.", hint="Ask where the collector runs.")
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

    # Changes.

    @property
    def context(self) -> Context:
        """What actions work on here."""
        from cloutui.actions.perform import Context

        return Context(records=self.records, secrets=self.secrets, sessions=self.sessions)

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
            listener()

    def remember_secrets_backend(self) -> str | None:
        """Write the backend into the configuration when none was chosen. Returns a line that says so, once."""
        if self.settings.secrets.backend is not None:
            return None
        write_setting(self.home.config_file, "secrets", "backend", "sealed")
        return (
            f"Passwords go to the {self.secrets.describe()}; `secrets.backend` in {self.home.config_file} says so now."
        )


class Session(Acting):
    """One sign-in: reports and actions of one principal."""

    def __init__(self, installation: Installation, principal: Principal, *, ssh_host: str = "", **known: Any) -> None:
        """`ssh_host`: what the reader wrote behind `ssh` to come here; empty when this is the reader's own machine.

        What else is known of the reader is said in `Acting`.
        """
        super().__init__(installation, principal, **known)
        self.ssh_host = ssh_host

    @property
    def may_write_files(self) -> bool:
        """Whether the files here are the reader's own. Those of a host that others sign in to are not."""
        return not self.ssh_host

    def renew(self) -> Principal:
        """Who asks, as the records have it now: a role that was changed, a user who was locked. Raises: AccessEnded."""
        self.principal = self.installation.records.refreshed(self.principal)
        return self.principal

    async def ask(self, report: str, /, **asked: Any) -> Answer:
        """Run a report in a thread: the same as `run`. Raises: CloutuiError."""
        return await asyncio.to_thread(self.run, report, **asked)

    def run(
        self,
        report: str,
        /,
        *,
        unit: int | None = None,
        filter: str = "",  # noqa: A002 - what it is called everywhere
        sort: Sequence[str] = (),
        limit: int | None = None,
        offset: int = 0,
        **params: object,
    ) -> Answer:
        """Run a report with its parameters and wait; the rest as `Runner.run` has it. Raises: CloutuiError."""
        from dataclasses import replace

        answer = self.installation.runner.run(
            report, self.renew(), params, unit=unit, filter=filter, sort=sort, limit=limit, offset=offset
        )
        planned = self.installation.next_collection()
        as_of = {name: replace(state, next_at=planned.get(name)) for name, state in answer.as_of.items()}
        return replace(answer, as_of=as_of)

    async def values(self, question: Question, column: str, begun: str = "") -> Mapping[str, int]:
        """The commonest values of a column, of texts with `begun` in them, each with its rows. Raises: CloutuiError."""
        asked: dict[str, Any] = {"unit": question.unit, "filter": question.filter, "begun": begun}
        given = {name: value for name, value in question.parameters.items() if value is not None}
        runner, report = self.installation.runner, question.report
        return await asyncio.to_thread(lambda: runner.values(report, self.renew(), given, column, **asked))

    async def saved_filters(self, unit: int | None = None) -> Sequence[SavedFilter]:
        """What `@name` may stand for when one asks about a unit (None: one's own), by name."""
        return await asyncio.to_thread(lambda: self.installation.records.saved_filters(self.renew(), unit))

    async def saved_columns(self) -> Mapping[str, Sequence[str]]:
        """By report: the columns that one has chosen to see."""
        return await asyncio.to_thread(self.installation.records.saved_columns, self.principal.name)

    async def verify_activity(self) -> Verification:
        """Read the whole chain of the activity log again: about 10 µs an entry. Raises: NotAllowed."""
        from cloutui.model.privilege import Privilege

        (await asyncio.to_thread(self.renew)).require(Privilege.ACTIVITY_VIEW)
        return await asyncio.to_thread(self.installation.records.verify_activity)

    def may(self, needs: Privilege) -> bool:
        """Whether the principal has that privilege."""
        return self.principal.may(needs)

    async def ask_servers_now(self, told: Told = _untold, *, unit: int | None = None) -> Sequence[Asked]:
        """Have the servers asked that the reader sees in this unit. Raises: NotAllowed, NotFound, Invalid."""
        answer = await self.ask("servers", unit=unit)
        return await self.installation.ask_now({str(name) for name in answer.rows.column("server").to_pylist()}, told)

    async def export(
        self, question: Question, how: str, path: Path, *, force: bool = False, told: Told = _untold
    ) -> int:
        """Write the answer of now into a new file. Returns its rows. Raises: CloutuiError, and what `told` raises.

        Without `force` a file that is there stays as it is, and `Invalid` says so. Of what is not finished nothing is
        left. `told` is called from another thread.
        """
        from dataclasses import replace

        from cloutui.delivery.files import new_file
        from cloutui.delivery.formats import find_format

        def write() -> int:
            chosen, export = find_format(how), self._export(question)
            chosen.require_room(export.answer)
            total = export.answer.rows.num_rows
            told(0, total)
            export = replace(export, wrote=lambda rows: told(rows, total))
            with new_file(path, is_binary=chosen.is_binary, force=force) as out:
                chosen.write(export, out)
            return total

        return await asyncio.to_thread(write)

    async def copied(self, question: Question, how: str) -> str:
        """The answer as text: `tsv`, `json`, `command` for our command line, `dsmadmc`. Raises: CloutuiError.

        Nothing for `dsmadmc` where no command of a server says the same.
        """
        from cloutui.delivery import copy_as
        from cloutui.delivery.behind import lines_behind

        match how:
            case "command":
                return copy_as.command_line(self._heading(question), ssh_host=self.ssh_host)
            case "dsmadmc":
                return await asyncio.to_thread(lines_behind, question, self.run, self.installation.records.servers)
            case "json":
                return copy_as.json_text((await asyncio.to_thread(self._export, question)).answer)
        return copy_as.tsv((await asyncio.to_thread(self._export, question)).answer, has_heads=True)

    def file_name(self, question: Question, how: str) -> str:
        """Such as `jobs_Acme-ApS_2026-11-21.csv`. Raises: CloutuiError."""
        from cloutui.delivery.files import file_name
        from cloutui.delivery.formats import find_format

        heading = self._heading(question)
        assert heading.made_at is not None
        return file_name(question.report, heading.unit, heading.made_at.date(), find_format(how).extension)

    def _export(self, question: Question) -> Export:
        from cloutui.delivery.headed import answered
        from cloutui.delivery.heading import Export

        return Export(answer=answered(question, self.run), heading=self._heading(question))

    def _heading(self, question: Question) -> Heading:
        from cloutui.delivery.headed import heading_of

        return heading_of(question, self.principal, self.installation.records.tree())

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Be told when the cache has something new. Returns how to stop that."""
        return self.installation.subscribe(changed)

    async def close(self) -> None:
        """End the session. The installation goes on."""


class OwnSession(Session):
    """The one session of a process that opened the installation for itself: closing it closes everything."""

    def renew(self) -> Principal:
        """As any session's. Whoever makes the first user here is that user from then on."""
        if self.principal.is_local:
            self.principal = self.installation.principal(self.principal.face)
            return self.principal
        return super().renew()

    async def close(self) -> None:
        """Stop collecting, write what is left, and let go of the files."""
        await self.installation.stop_collecting()
        await asyncio.to_thread(self.installation.close)
