"""One sign-in: reports and actions of one principal, who may do at each moment what the records say then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cloutui.acting import Acting

if TYPE_CHECKING:
    from pathlib import Path

    from cloutui.collectors.asked import Asked
    from cloutui.delivery.heading import Export, Heading
    from cloutui.installation import Installation
    from cloutui.model.filter.saved import SavedFilter
    from cloutui.model.principal import Principal
    from cloutui.model.privilege import Privilege
    from cloutui.model.question import Question
    from cloutui.model.table import Answer
    from cloutui.records.history_check import HistoryCheck
    from cloutui.records.rows import Verification

Told = Callable[[int, int], None]
"""Is told how much is done, and of how much. What it raises ends the work."""


def untold(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


class Session(Acting):
    """One sign-in: reports and actions of one principal."""

    def __init__(self, installation: Installation, principal: Principal, *, ssh_host: str = "", **known: Any) -> None:
        """`ssh_host`: what the reader wrote behind `ssh` to come here; empty when this is the reader's own machine.

        What else is known of the reader is said in `Acting`.
        """
        super().__init__(installation, principal, **known)
        self.ssh_host = ssh_host

    @property
    def guests(self) -> int:
        """Consoles and commands of others that would end with this session."""
        return 0

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

    async def preferences(self) -> Mapping[str, str]:
        """What one prefers for oneself, by the key of `model.preference`; nothing without an account."""
        return await asyncio.to_thread(self.installation.preferences_of, self.principal)

    async def verify_activity(self) -> Verification:
        """Read the whole chain of the activity log again: about 10 µs an entry. Raises: NotAllowed."""
        from cloutui.model.privilege import Privilege

        (await asyncio.to_thread(self.renew)).require(Privilege.ACTIVITY_VIEW)
        return await asyncio.to_thread(self.installation.records.verify_activity)

    async def verify_history(self, told: Told = untold) -> HistoryCheck:
        """Read every frozen report of the installation again, and compare. Raises: NotAllowed, Invalid."""
        from cloutui.errors import Invalid
        from cloutui.model.privilege import Privilege

        principal, installation = await asyncio.to_thread(self.renew), self.installation
        principal.require(Privilege.HISTORY_VIEW)
        if principal.unit_id != installation.records.root_unit_id:
            hint = "Ask an administrator at the top to verify it."
            raise Invalid("The history is one for the whole installation.", hint=hint)
        return await asyncio.to_thread(lambda: installation.check_history(installation.home, told=told))

    def may(self, needs: Privilege) -> bool:
        """Whether the principal has that privilege; where nothing is changed, of those that change other things none.

        That of one's own account shows the account, too.
        """
        from cloutui.model.privilege import Privilege

        changes = needs.operation != "view" and needs is not Privilege.ACCOUNT_EDIT
        return self.principal.may(needs) and not (changes and self.principal.is_read_only)

    async def ask_servers_now(self, told: Told = untold, *, unit: int | None = None) -> Sequence[Asked]:
        """Have the servers asked that the reader sees in this unit. Raises: NotAllowed, NotFound, Invalid."""
        answer = await self.ask("servers", unit=unit)
        return await self.installation.ask_now({str(name) for name in answer.rows.column("server").to_pylist()}, told)

    async def export(
        self, question: Question, how: str, path: Path, *, force: bool = False, told: Told = untold
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
        return await asyncio.to_thread(self._copied, question, how)

    def _copied(self, question: Question, how: str) -> str:
        from cloutui.delivery import copy_as
        from cloutui.delivery.behind import lines_behind

        match how:
            case "command":
                return copy_as.command_line(self._heading(question), ssh_host=self.ssh_host)
            case "dsmadmc":
                return lines_behind(question, self.run, self.installation.records.servers)
            case "json":
                return copy_as.json_text(self._export(question).answer)
        return copy_as.tsv(self._export(question).answer, has_heads=True)

    def file_name(self, question: Question, how: str) -> str:
        """Such as `jobs_Acme-ApS_2026-11-21.csv`. Raises: CloutuiError."""
        from cloutui.delivery.files import file_name
        from cloutui.delivery.formats import find_format

        heading = self._heading(question)
        assert heading.made_at is not None
        return file_name(question.report, heading.unit, heading.made_at.date(), find_format(how).extension)

    def _export(self, question: Question) -> Export:
        from cloutui.delivery.headed import answered, as_it_was
        from cloutui.delivery.heading import Export
        from cloutui.records.access import preference

        with self.installation.records.reading() as connection:
            has_semicolons = preference(connection, self.principal.user_id, "csv") == "semicolon"
        answer = answered(question, self.run)
        heading = as_it_was(self._heading(question), answer)
        return Export(answer=answer, heading=heading, csv="semicolon" if has_semicolons else "comma")

    def _heading(self, question: Question) -> Heading:
        from cloutui.delivery.headed import heading_of

        return heading_of(question, self.principal, self.installation.records.tree())

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Be told when the cache has something new. Returns how to stop that."""
        return self.installation.subscribe(changed)

    async def close(self) -> None:
        """End the session. The installation goes on."""


class HostSession(Session):
    """A session of a user of this host, who comes in as who the host says."""

    def renew(self) -> Principal:
        """As any session's. Whoever makes the first user here is that user from then on, if the host's user is."""
        from dataclasses import replace

        before = self.principal
        if not before.is_local:
            return super().renew()
        found = self.installation.records.principal_of_host(before.name, before.face)
        self.principal = replace(found, session_id=before.session_id, is_read_only=before.is_read_only)
        return self.principal


class OwnSession(HostSession):
    """The one session of a process that opened the installation for itself: closing it closes everything."""

    async def close(self) -> None:
        """Stop collecting, write what is left, and let go of the files."""
        await self.installation.stop_collecting()
        await asyncio.to_thread(self.installation.close)
