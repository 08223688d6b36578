"""A small installation to act on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy, deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
from sqlalchemy import select

from cloutui.actions.action import Change
from cloutui.actions.perform import Context, Outcome, perform_change
from cloutui.actions.proof import Proof
from cloutui.actions.registry import build
from cloutui.model.principal import Principal, local_principal
from cloutui.model.privilege import Privilege
from cloutui.model.table import Answer
from cloutui.records import access, access_tables, daily_tables, schema
from cloutui.records.rows import DataSourceFacts
from cloutui.records.secrets import Secrets
from cloutui.records.store import Records
from tests.actions.people import changed_user, made_role, made_user
from tests.actions.rehearsal import rehearsed

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SSH = {"kind": "ssh", "host": "spa01.nordhavn.example", "user": "collector"}
KEPT = (
    schema.saved_filter,
    schema.saved_columns,
    daily_tables.comment,
    daily_tables.handling,
    daily_tables.sla_month,
    access_tables.role,
    access_tables.user_account,
    access_tables.user_key,
    access_tables.invitation,
    access_tables.recovery_code,
)


class OneAnswer:
    """Answers every report with the same row, as far as actions ask: the facts that they keep are not told here."""

    def run(self, name: str, principal: Principal, given: Mapping[str, object], *, unit: int) -> Answer:
        del name, principal, given
        good = dict.fromkeys(("okwarn", "warning", "missed"), 0) | {"ok": 979, "failed": 21, "good": 979, "jobs": 1000}
        graded = {"status_now": 7, "status": 2}
        row = {"unit_id": unit, "goal": 98.0, "counts": "scheduled jobs only", **good, **graded}
        return Answer(columns=(), rows=pa.Table.from_pylist([row]), total=1)


class Site:
    """Units by name: Nordhavn Backup (1) over Fjord Retail (over Acme ApS) and Skov Transport."""

    def __init__(self, folder: Path) -> None:
        self.now = NOON
        self.folder = folder
        self.records = Records.open(folder / "records.sqlite", root_name="Nordhavn Backup", clock=lambda: self.now)
        self.secrets = Secrets.open("memory", folder)
        self.context = Context(records=self.records, secrets=self.secrets, reports=OneAnswer)
        self._numbers = count(1)
        self.operator = local_principal("op", self.records.root_unit_id, "terminal")
        self.fjord = self.made("unit.create", name="Fjord Retail")
        self.acme = self.made("unit.create", name="Acme ApS", parent="Fjord Retail")
        self.skov = self.made("unit.create", name="Skov Transport")
        self.spa01 = self.made("server.add", name="SPA01", doors=[SSH], administrator="CLOUTUI", password="hunter2")
        self.spf01 = self.made("server.add", name="SPF01", doors=[SSH], administrator="CLOUTUI", unit="Fjord Retail")
        self.report("SPA01", "ACME-SQL01", "ACME-WEB04", "SKOV-DB01")
        self.report("SPF01", "FJORD-FS01")

    def __enter__(self) -> Site:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.records.close()

    @contextmanager
    def rehearsal(self) -> Iterator[Site]:
        """The same site for a while: whatever is done there is taken back."""
        with rehearsed(self.records) as records:
            site = copy(self)
            site.records, site.secrets = records, deepcopy(self.secrets)
            records.clock = lambda: site.now
            site.context = replace(self.context, records=records, secrets=site.secrets)
            yield site

    def do(
        self, name: str, params: dict[str, Any], *, by: Principal | None = None, proof: Proof | None = None
    ) -> Outcome:
        action = build(name, params)
        assert isinstance(action, Change)
        return perform_change(action, by or self.operator, proof or Proof(), self.context)

    def made(self, action: str, **params: Any) -> int:
        outcome = self.do(action, params)
        assert outcome.target.id is not None
        return outcome.target.id

    def report(self, server: str, *names: str, **differing: Any) -> None:
        told = [DataSourceFacts(kind="node", native_key=name, name=name, **differing) for name in names]
        self.records.register_data_sources(self.records.server(server).server_id, told, self.now)

    def user(
        self,
        unit_id: int,
        privileges: Iterable[Privilege] = tuple(Privilege),
        *,
        name: str | None = None,
        role: str | None = None,
        role_unit: int | None = None,
    ) -> Principal:
        """Somebody who signed in, lives on that unit, and has a role of these privileges."""
        with self.records.begin() as tx:
            number = next(self._numbers)
            role_id = made_role(tx, role_unit or unit_id, role or f"role {number}", privileges)
            user_id = made_user(tx, unit_id, role_id, name or f"tenant{number}")
            return access.user(tx.connection, user_id).principal("ssh", "s1", self.now)

    def role(self, unit_id: int, name: str, privileges: Iterable[Privilege]) -> None:
        """A role of that unit."""
        with self.records.begin() as tx:
            made_role(tx, unit_id, name, privileges)

    def set_user(self, user: Principal, **values: Any) -> None:
        """Change a user's row."""
        assert user.user_id is not None
        with self.records.begin() as tx:
            changed_user(tx, user.user_id, **values)

    def full_proof(self, typed_name: str | None = None) -> Proof:
        """Everything that any class of actions asks for."""
        return Proof(
            reason="ticket 4417",
            typed_name=typed_name,
            write_mode_until=self.now + timedelta(minutes=15),
            second_factor_at=self.now,
        )

    def owner(self, node: str) -> str:
        """The unit that has the node now: assigned, else its server's."""
        dimensions = self.records.dimensions()
        units = {unit.unit_id: unit.name for unit in dimensions.units}
        source = next(source for source in dimensions.data_sources if source.name == node)
        for row in dimensions.assignments:
            if row.consumer_id == source.consumer_id and row.valid_to is None:
                return units[row.unit_id]
        return units[next(s.unit_id for s in dimensions.servers if s.server_id == source.server_id)]

    def snapshot(self) -> tuple[object, ...]:
        """All that actions change, without the log."""
        dimensions = self.records.dimensions()
        with self.records.reading() as connection:
            saved = [connection.execute(select(table)).all() for table in KEPT]
        kept = (self.records.servers(removed=True), self.records.rules(), self.records.setting("theme"))
        return (dimensions, *kept, saved)
