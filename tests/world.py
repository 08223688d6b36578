"""Builders of small worlds: records with a tree and servers, and observations as a product would give them."""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, RLock
from typing import Any

import pyarrow as pa
from sqlalchemy import insert, update

from cloutui.cache import sweeps
from cloutui.cache.cache import Cache, open_cache
from cloutui.cache.sweeps import SweepOutcome
from cloutui.calendar.freezing import Freezer, freezer_of
from cloutui.model.action_class import ActionClass
from cloutui.model.open_session import OpenSession
from cloutui.model.principal import Principal, local_principal, system_principal
from cloutui.model.privilege import Privilege
from cloutui.model.sla import MONTH_FIGURES
from cloutui.model.status import Status
from cloutui.model.table import Answer
from cloutui.products.observation import JOBS, LOG_LINES, NODES, Observation, ObservationKind
from cloutui.records import access_tables, daily_tables, history, schema
from cloutui.records.activity import ActivityLine
from cloutui.records.daily_tables import tag, tagging
from cloutui.records.frozen_files import FrozenFiles
from cloutui.records.rows import DataSourceFacts
from cloutui.records.store import Records
from cloutui.records.transaction import Tx
from cloutui.reports.record_relations import RecordSource
from cloutui.reports.runner import Runner

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

PROVISIONAL = {"Future", "Pending", "Uncertain"}
ENDED = {"Completed", "Failed", "Missed"}
STATUSES = {
    "Completed": Status.OK,
    "Failed": Status.ERROR,
    "Missed": Status.MISSED,
    "Started": Status.RUNNING,
    "Future": Status.PENDING,
    "Pending": Status.PENDING,
    "Uncertain": Status.UNKNOWN,
}


ROOT = "Nordhavn Backup"


@cache
def _new_files() -> dict[str, bytes]:
    """The files of an installation that was opened once and closed. Made once a process: migrations take a while."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        with Records.open(home / "records.sqlite", root_name=ROOT) as records:
            open_cache(home, records).close()
        return {path.name: path.read_bytes() for path in home.iterdir() if path.is_file()}


def furnish(home: Path) -> None:
    """Put new records and an empty cache into a folder that has none."""
    if not (home / "records.sqlite").exists():
        for name, content in _new_files().items():
            (home / name).write_bytes(content)


class World:
    """Records and a cache in a folder, written to directly: for tests of what lies below the actions."""

    def __init__(self, home: Path) -> None:
        self.home = home
        furnish(home)
        self.records = Records.open(home / "records.sqlite", root_name=ROOT)
        self._behind = Event()
        self.cache = self._opened()
        self.history = FrozenFiles(home / "history")
        self._runner: tuple[tuple[Cache, datetime], Runner] | None = None
        self.me: int | None = None
        """The user who asks, if it is one."""
        self.sessions: list[OpenSession] = []

    def reopen(self) -> None:
        self.cache.close()
        self.cache = self._opened()

    def _opened(self) -> Cache:
        """The cache. It follows the records when it is asked or written to, not change by change: that takes long."""
        self._behind.clear()
        cache = open_cache(self.home, self.records)
        read, write, following = cache.database.reader, cache.database.write, RLock()

        def followed() -> None:
            with following:
                if self._behind.is_set():
                    self._behind.clear()
                    cache.copy_dimensions()

        def reader(**options: Any) -> Any:
            followed()
            return read(**options)

        def written(work: Callable[[Any], Any]) -> Any:
            followed()
            return write(work)

        cache.database.reader, cache.database.write = reader, written  # type: ignore[method-assign]
        return cache

    def close(self) -> None:
        self.cache.close()
        self.records.close()

    def unit(self, name: str, parent: int | None = None) -> int:
        parent = parent or self.records.root_unit_id
        return self._insert(schema.unit, name=name, parent_id=parent, created_at=NOON)

    def server(self, name: str = "SPA01", unit: int | None = None, time_zone: str | None = None) -> int:
        return self._insert(
            schema.server,
            name=name,
            product="storage-protect",
            unit_id=unit or self.records.root_unit_id,
            time_zone=time_zone,
            doors=[],
            administrator="CLOUTUI",
            added_at=NOON,
        )

    def change_server(self, name: str, **values: Any) -> None:
        self._change(update(schema.server).where(schema.server.c.name == name).values(**values))

    def move_unit(self, unit: int, parent: int) -> None:
        self._change(update(schema.unit).where(schema.unit.c.unit_id == unit).values(parent_id=parent))

    def nodes(self, server_id: int, *names: str) -> None:
        facts = [DataSourceFacts(kind="node", native_key=name, name=name) for name in names]
        self.records.register_data_sources(server_id, facts, NOON)
        self._behind.set()

    def assign(self, node: str, unit: int, valid_from: date | None = None, valid_to: date | None = None) -> None:
        self.assign_all([(node, unit, valid_from, valid_to)])

    def assign_all(self, periods: Sequence[tuple[str, int, date | None, date | None]]) -> None:
        consumers = {row.native_key: row.consumer_id for row in self.records.dimensions().data_sources}
        rows = [
            {
                "consumer_id": consumers[node],
                "unit_id": unit,
                "valid_from": valid_from,
                "valid_to": valid_to,
                "how": "hand",
                "made_on": NOON.date(),
            }
            for node, unit, valid_from, valid_to in periods
        ]
        self._change(insert(schema.assignment), rows)

    def unit_setting(self, unit: int, key: str, value: object, valid_from: date | None = None) -> None:
        self._insert(schema.unit_setting, unit_id=unit, key=key, value=value, valid_from=valid_from)

    def role(self, name: str = "Reader", unit: int | None = None, **differing: Any) -> int:
        told: dict[str, Any] = {"description": "", "builtin": None, "privileges": ["unit.view"], "created_at": NOON}
        told |= {"is_inheritable": True, "needs_second_factor": False, **differing}
        return self._insert_alone(access_tables.role, unit_id=unit or self.records.root_unit_id, name=name, **told)

    def user(self, name: str, unit: int | None = None, role: int | None = None, **differing: Any) -> int:
        """Somebody with a password, of a role of their own when none is given."""
        told: dict[str, Any] = {"full_name": "", "email": "", "lock_reason": "", "last_sign_in_from": ""}
        told |= {"preferences": {}, "created_at": NOON, "password_hash": f"hash of {name}"}
        told |= {"totp_step": 0, "failed_codes": 0, "failed_since": 0, **differing}
        unit = unit or self.records.root_unit_id
        role = role or self.role(f"role of {name}", unit)
        return self._insert_alone(access_tables.user_account, unit_id=unit, role_id=role, name=name, **told)

    def key(self, user: int, fingerprint: str = "SHA256:abc", **differing: Any) -> int:
        told = {"public_key": "ssh-ed25519 AAAA", "comment": "laptop", "added_at": NOON, **differing}
        return self._insert_alone(access_tables.user_key, user_id=user, fingerprint=fingerprint, **told)

    def rule(self, unit: int, position: int = 1, **conditions: Any) -> int:
        return self._insert_alone(schema.assignment_rule, unit_id=unit, position=position, **conditions)

    def tag(self, text: str, unit: int, *, inheritable: bool = True) -> int:
        return self._insert(tag, text=text, unit_id=unit, is_inheritable=inheritable, created_at=NOON)

    def put(self, tag_id: int, *, unit: int | None = None, node: str | None = None) -> None:
        """A tag on a unit, or on a node."""
        ids = {source.native_key: source.data_source_id for source in self.records.dimensions().data_sources}
        self._change(insert(tagging).values(tag_id=tag_id, unit_id=unit, data_source_id=ids[node] if node else None))

    def session(self, user: int, unit: int, name: str) -> None:
        known: dict[str, Any] = {"session_id": f"s-{name}", "since": NOON, "came_from": "10.2.9.4", "face": "ssh"}
        shown: dict[str, Any] = {"idle_s": 4.0, "columns": 120, "rows": 36}
        self.sessions.append(OpenSession(user_id=user, user=name, unit_id=unit, **known, **shown))

    def told(self, unit: int, sentence: str = "Something was done.", *, at: datetime = NOON, **differing: Any) -> int:
        """A line of the activity log, of that moment."""
        line: dict[str, Any] = {"action": "test.do", "action_class": ActionClass.NOTE, "unit_id": unit}
        line |= {"target_kind": "test", "target_id": None, "target_name": "it", "sentence": sentence, **differing}
        actor = line.pop("actor", "op")
        with self.records.begin() as tx:
            tx.at = at
            return tx.append_activity(local_principal(actor, unit, "terminal"), ActivityLine(**line))

    def comment(self, node_id: int, unit: int, text: str = "Rebooted.", **differing: Any) -> int:
        told: dict[str, Any] = {"type": "note", "author": "op", "written_at": NOON, "day": NOON.date(), **differing}
        return self._insert_alone(daily_tables.comment, data_source_id=node_id, unit_id=unit, text=text, **told)

    def handled(self, node_id: int, unit: int, state: str = "acknowledged", **differing: Any) -> int:
        told: dict[str, Any] = {"actor": "op", "at": NOON, "day": NOON.date(), **differing}
        return self._insert_alone(daily_tables.handling, data_source_id=node_id, unit_id=unit, state=state, **told)

    def closed_month(self, unit: int, month: date, *, revision: int = 1, **differing: Any) -> None:
        """A month that was closed, with a job of each outcome unless told otherwise."""
        figures = dict.fromkeys(MONTH_FIGURES, 1) | {"goal": 980, "good": 2, "counts": "all jobs", **differing}
        told: dict[str, Any] = {"month": month, "revision": revision, "frozen_at": NOON, "figures": figures}
        self._insert_alone(daily_tables.sla_month, unit_id=unit, **told)
        self._behind.set()

    def freezer(self, now: datetime = NOON) -> Freezer:
        """What freezes days here, at that moment."""
        self.records.clock = lambda: now
        return freezer_of(self.records, self.cache.database, self.history, self.runner(now=lambda: now))

    def freeze(self, day: date, *, now: datetime = NOON) -> None:
        """A day of every unit, by hand."""
        units = [unit.unit_id for unit in self.records.dimensions().units]
        freezer = self.freezer(now)  # it sets the clock, which the transaction reads when it begins
        with self.records.begin() as tx:
            after = freezer.freeze(tx, day, units)
            root = self.records.root_unit_id
            tx.append_activity(
                system_principal("test", root), history.line(history.FREEZE, root, day.isoformat(), "Froze.", after)
            )
        self._behind.set()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.cache.database.reader() as reader:
            return reader.execute(sql).fetchall()

    def principal(self, unit: int | None = None, *privileges: Privilege) -> Principal:
        """Somebody who sees `unit` and all below, with these privileges or all."""
        everything = replace(local_principal("op", unit or self.records.root_unit_id, "terminal"), user_id=self.me)
        return replace(everything, privileges=frozenset(privileges)) if privileges else everything

    def run(self, report: str, unit: int | None = None, *, now: datetime = NOON, **given: object) -> Answer:
        """A report as somebody whose scope is `unit`."""
        if self._runner is None or self._runner[0] != (self.cache, now):
            self._runner = (self.cache, now), self.runner(now=lambda: now)
        return self._runner[1].run(report, self.principal(unit), given)

    def runner(self, **differing: Any) -> Runner:
        """What answers reports from these records and this cache."""
        return Runner(
            self.cache.database,
            records=RecordSource(self.records, lambda: self.sessions, self.history),
            **differing,
        )

    def swept(self, server_id: int, at: datetime = NOON, **differing: Any) -> None:
        """An outcome, of the events pace unless told otherwise."""
        outcome = SweepOutcome(server_id=server_id, tried_at=at, **{"pace": "events", **differing})
        self.cache.database.write(lambda con: sweeps.record(con, outcome))

    def _insert(self, table: Any, **values: Any) -> int:
        return int(self._change(insert(table).values(**values)).inserted_primary_key[0])

    def _insert_alone(self, table: Any, **values: Any) -> int:
        """Into a table that the cache does not copy."""
        with self.records.begin() as tx:
            made = tx.connection.execute(insert(table).values(**values))
            self._log(tx)
        return int(made.inserted_primary_key[0])

    def _change(self, statement: Any, rows: Sequence[dict[str, Any]] | None = None) -> Any:
        with self.records.begin() as tx:
            done = tx.connection.execute(statement, rows)
            tx.bump_version()
            self._log(tx)
        self._behind.set()
        return done

    def _log(self, tx: Tx) -> None:
        line = ActivityLine(
            action="test.build",
            action_class=ActionClass.NOTE,
            unit_id=self.records.root_unit_id,
            target_kind="test",
            target_id=None,
            target_name="",
            sentence="A test built its world.",
        )
        tx.append_activity(system_principal("test", self.records.root_unit_id), line)


def a_job(
    node: str = "ACME-SQL01",
    scheduled: datetime | None = datetime(2026, 11, 21, 1, 0),
    said: str = "Completed",
    *,
    schedule: str = "DAILY",
    offset_s: int = 0,
    result: int | None = None,
    stored_bytes: int | None = None,
    made_for: Sequence[str] | None = None,
) -> dict[str, Any]:
    """One job as `JOBS` has it; times are the server's own."""
    ran = said in {"Completed", "Failed", "Started"}
    started = scheduled + timedelta(minutes=4) if ran and scheduled else None
    ended = started + timedelta(minutes=18) if started and said in ENDED else None
    return {
        "job_key": f"{schedule}|{node}|{scheduled}",
        "node": node,
        "domain": "PD_SQL",
        "schedule": schedule,
        "activity": None,
        "scheduled_local": scheduled,
        "started_local": started,
        "ended_local": ended,
        "utc_offset_s": offset_s,
        "status": int(STATUSES[said]),
        "server_status": said,
        "result": result if result is not None else (0 if said == "Completed" else None),
        "reason": None,
        "bytes": stored_bytes,
        "files": None,
        "examined": None,
        "failed": None,
        "is_provisional": said in PROVISIONAL,
        "is_ended": said in ENDED,
        "made_for": None if made_for is None else list(made_for),
    }


def a_node(node: str = "ACME-SQL01", **differing: Any) -> dict[str, Any]:
    """One node as `NODES` has it."""
    row = dict.fromkeys(NODES.schema.names)
    return {**row, "node": node, "domain": "PD_SQL", "is_locked": False, "utc_offset_s": 0, **differing}


def a_row(kind: ObservationKind, **known: Any) -> dict[str, Any]:
    """One row of any kind; what is not given is null."""
    assert set(known) <= set(kind.schema.names), known
    return {**dict.fromkeys(kind.schema.names), **known}


def a_line(message: str = "ANE4987E file in use", node: str = "ACME-SQL01", **differing: Any) -> dict[str, Any]:
    """One log line as `LOG_LINES` has it."""
    row = {
        "logged_local": datetime(2026, 11, 21, 1, 10),
        "utc_offset_s": 0,
        "message_code": "ANE4987E",
        "severity": "E",
        "message": message,
        "node": node,
        "schedule": "DAILY",
        "session": 7,
    }
    return {**row, **differing}


def observed(kind: ObservationKind, rows: Sequence[dict[str, Any]], **differing: Any) -> Observation:
    """An observation of these rows."""
    return Observation(kind=kind, batch=pa.Table.from_pylist(list(rows), schema=kind.schema), **differing)


def jobs(*rows: dict[str, Any]) -> Observation:
    return observed(JOBS, rows)


def nodes(*rows: dict[str, Any], **differing: Any) -> Observation:
    return observed(NODES, rows, **differing)


def lines(*rows: dict[str, Any]) -> Observation:
    return observed(LOG_LINES, rows)
