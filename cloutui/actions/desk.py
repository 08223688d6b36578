"""What an action works at: the open transaction, the secrets, and eyes that see the principal's scope only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import ColumnElement, and_, func, or_, select

from cloutui.errors import Conflict, Invalid, NotFound, SecretsRefused
from cloutui.model.open_session import OpenSessions
from cloutui.model.principal import Principal
from cloutui.model.secret import Secret
from cloutui.model.unit_path import UnitRef, find_unit, path_text
from cloutui.model.unit_tree import Place, UnitTree
from cloutui.records import dimensions, schema, servers
from cloutui.records.clocks import UnitClocks
from cloutui.records.rows import JsonMapping, ServerRecord
from cloutui.records.secrets import Secrets, fresh_name
from cloutui.records.transaction import Tx

if TYPE_CHECKING:
    from cloutui.model.table import Answer

NodeRef = int | str
"""The id of a data source, or `SERVER/NODE`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A data source within sight."""

    data_source_id: int
    consumer_id: int
    name: str
    server: str
    unit_id: int
    """Its owner now, or on the day that was asked for: the unit it is assigned to, else its server's."""


class Reports(Protocol):
    """What answers reports. See `reports.runner`."""

    def run(self, name: str, principal: Principal, given: Mapping[str, object], *, unit: int) -> Answer:
        """Raises: as the runner does."""
        ...


class Freezes(Protocol):
    """What keeps the report of a day as it is."""

    def freeze(self, tx: Tx, day: date, units: Collection[int]) -> JsonMapping:
        """Freeze a day of these units; what the activity line has to tell. Raises: Conflict."""
        ...


class Desk:
    """Made by `perform` for one action of one principal."""

    def __init__(
        self,
        tx: Tx,
        principal: Principal,
        secrets: Secrets,
        sessions: OpenSessions,
        *,
        reports: Callable[[], Reports] | None = None,
        history: Freezes | None = None,
        password_hash: str | None = None,
    ) -> None:
        """`reports` and `history`: for actions that keep what a report says. `password_hash`: for those that set it."""
        self.password_hash = password_hash
        self.sessions = sessions
        self.history = history
        self._reports = reports
        self.tx = tx
        self.principal = principal
        self._secrets = secrets
        self.connection = tx.connection

    @cached_property
    def tree(self) -> UnitTree:
        """All units, as they stood when it was first asked for."""
        return dimensions.read_tree(self.connection)

    @cached_property
    def clocks(self) -> UnitClocks:
        """How units count their days."""
        return UnitClocks.read(self.connection, self.tree, self.tx.at)

    def asked(self, report: str, unit_id: int, given: Mapping[str, object]) -> list[dict[str, Any]]:
        """The rows of a report on a unit that the principal sees, as the cache has it now."""
        from cloutui.reports.registry import find_report

        assert self._reports is not None, report
        reader = replace(self.principal, privileges=frozenset({find_report(report).needs}))
        return self._reports().run(report, reader, given, unit=unit_id).rows.to_pylist()

    def sees(self, unit_id: int) -> bool:
        """Whether the unit is in the principal's scope: its own unit and all below."""
        return self.tree.holds(self.principal.unit_id, unit_id)

    @cached_property
    def archived(self) -> frozenset[int]:
        """Ids of the units that are kept for their history alone, as they stood when it was first asked for."""
        return dimensions.archived_units(self.connection)

    def unit(self, ref: UnitRef) -> Place:
        """A unit that is in use. Raises: NotFound, Invalid; Conflict for an archived one."""
        found = self.unit_of_any_time(ref)
        if found.unit_id in self.archived:
            hint = f"Restore it first: `unit.restore archived={found.unit_id}`."
            raise Conflict(f"“{found.name}” is archived.", hint=hint)
        return found

    def unit_of_any_time(self, ref: UnitRef) -> Place:
        """A unit in use or an archived one; a path means the one in use. Raises: NotFound, Invalid."""
        return find_unit(self.tree, ref, within=self.principal.unit_id, archived=self.archived)

    def path(self, unit_id: int) -> str:
        """The unit's path as the principal sees it."""
        return path_text(self.tree, unit_id, within=self.principal.unit_id)

    def known_path(self, unit_id: int) -> str:
        """The same, and no word of a unit that the principal does not see."""
        return self.path(unit_id) if self.sees(unit_id) else "elsewhere"

    def server(self, name: str) -> ServerRecord:
        """Raises: NotFound."""
        server = servers.named(self.connection, name)
        if not self.sees(server.unit_id):
            raise NotFound("server", name)
        return server

    def node(self, ref: NodeRef, on: date | None = None) -> Node:
        """As it is owned now, or on a day. Raises: NotFound; Invalid when the name fits several."""
        found = [node for node in self._candidates(ref, on) if self.sees(node.unit_id)]
        if not found:
            raise NotFound("node", str(ref))
        if len(found) > 1:
            ids = ", ".join(str(node.data_source_id) for node in found)
            raise Invalid(f"“{ref}” fits {len(found)} data sources.", hint=f"Name it by its id, one of {ids}.")
        return found[0]

    def keep_secret(self, of: str, secret: Secret) -> str:
        """Keep a secret under a new name, which the records are to hold. Taken back when they do not."""
        name = fresh_name(of)
        self.tx.after_rollback(lambda: self._forget(name))
        self._secrets.set(name, secret.reveal())
        return name

    def forget_secret(self, name: str | None) -> None:
        """Delete a secret once the records no longer name it."""
        if name is not None:
            self.tx.after_commit(lambda: self._forget(name))

    def _forget(self, name: str) -> None:
        # A secret that no record names any more is litter, and no reason to call a finished change failed.
        with suppress(SecretsRefused):
            self._secrets.delete(name)

    def _candidates(self, ref: NodeRef, on: date | None) -> list[Node]:
        """Nodes meant by the reference, in sight or not."""
        source = schema.data_source
        server_name, _, name = str(ref).partition("/")
        server_id = self._server_ids.get(server_name.casefold()) if name else None
        if server_id is not None:
            on_server = source.c.server_id == server_id
            # As told, and in the capitals that servers like: both have an index. Only then any case of letters.
            for key in (name, name.upper()):
                if found := self._nodes(on, on_server, source.c.native_key == key):
                    return found
            if found := [node for node in self._nodes(on, on_server) if node.name.casefold() == name.casefold()]:
                return found
        return self._nodes(on, source.c.data_source_id == int(ref)) if str(ref).isdecimal() else []

    @cached_property
    def _server_ids(self) -> dict[str, int]:
        return {server.name.casefold(): server.server_id for server in servers.read(self.connection)}

    def _nodes(self, on: date | None, *wanted: ColumnElement[bool]) -> list[Node]:
        source, server, consumer = schema.data_source, schema.server, schema.consumer
        assignment = schema.assignment
        begins, ends = assignment.c.valid_from, assignment.c.valid_to
        holds = (
            ends.is_(None) if on is None else and_(or_(begins.is_(None), begins <= on), or_(ends.is_(None), ends > on))
        )
        joined = (
            source.join(server, server.c.server_id == source.c.server_id)
            .join(consumer, consumer.c.data_source_id == source.c.data_source_id)
            .outerjoin(
                assignment,
                and_(assignment.c.consumer_id == consumer.c.consumer_id, holds),
            )
        )
        columns = (
            source.c.data_source_id,
            consumer.c.consumer_id,
            source.c.name,
            server.c.name.label("server"),
            func.coalesce(assignment.c.unit_id, server.c.unit_id).label("unit_id"),
        )
        rows = self.connection.execute(select(*columns).select_from(joined).where(*wanted)).mappings()
        return [Node(**row) for row in rows]
