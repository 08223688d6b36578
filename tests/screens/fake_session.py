"""A session that answers from a made-up fleet: 30 units, 600 nodes, 45 days, the same for the same seed."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from threading import Event
from typing import Any

import duckdb
import pyarrow as pa

from cloutui.actions.action import Target
from cloutui.actions.perform import Outcome
from cloutui.actions.plan import Plan
from cloutui.collectors.asked import Asked
from cloutui.delivery import copy_as
from cloutui.delivery.files import file_name, new_file
from cloutui.delivery.formats import find_format
from cloutui.delivery.heading import Export, Heading
from cloutui.delivery.part import marked_part
from cloutui.errors import CloutuiError, Invalid, NotFound
from cloutui.model.filter.grammar import parse
from cloutui.model.filter.saved import SavedFilter, resolve
from cloutui.model.filter.values import Clock
from cloutui.model.privilege import Privilege
from cloutui.model.question import Question
from cloutui.model.secret import Secret
from cloutui.model.status import Status
from cloutui.model.table import Answer, Column, Freshness, Kind
from cloutui.model.write_mode import WriteMode, begin
from cloutui.records.rows import Verification
from cloutui.reports.filter_sql import condition
from cloutui.reports.registry import find_report
from cloutui.screens.session import Told
from tests.stillness import held

NOW = datetime(2026, 11, 22, 13, 52, tzinfo=UTC)
TODAY = NOW.date()

TREE: Mapping[str, Sequence[str]] = {
    "Nordhavn Backup": ("Fjord Retail", "Havn Energi", "Kommune Syd", "Lager 9", "Mol Industri", "Øresund Health"),
    "Fjord Retail": ("Acme ApS", "Bolt Logistik", "Cirkel Kaffe", "Dyrehave Foder"),
    "Havn Energi": ("Net & Trafo", "Vindpark Vest", "Vindpark Øst", "Solmark"),
    "Kommune Syd": ("Skole Nord", "Skole Syd", "Bibliotek", "Journal", "Borgerservice"),
    "Mol Industri": ("Støbegods", "Værktøj"),
    "Øresund Health": ("Klinik Amager", "Klinik Valby", "Laboratorium", "Radiologi"),
    "Acme ApS": ("Acme Web", "Acme Lab"),
    "Bolt Logistik": ("Bolt Nord", "Bolt Syd"),
}
SERVERS = ("SPA01", "SPA02", "SPB01", "SPB02", "SPC01", "SPC02")
_KINDS = ("SQL", "FILE", "WEB", "DC", "ERP", "VM", "EXCH", "LX")
_SHARES = {Status.OK: 955, Status.OKWARN: 15, Status.WARNING: 12, Status.ERROR: 10, Status.MISSED: 8}


@dataclass(frozen=True, slots=True)
class FakeNode:
    node_id: int
    name: str
    unit_id: int
    server: str
    statuses: bytes
    """One a day, the last is today's."""


@dataclass(slots=True)
class Fleet:
    """What is true in the made-up world. Tests change it, and tell the session."""

    units: list[tuple[int, int | None, str]]
    """Id, parent, name, in tree order."""
    nodes: list[FakeNode]
    days: int
    freshness: dict[str, Freshness]
    message: str = "ANE4959E Total number of objects failed: 3"
    log: Sequence[tuple[str, str, str]] = (
        ("ANE4952I", "I", "Total number of objects inspected: 41,234"),
        ("ANE4987E", "E", "Error processing '/srv/data/orders.mdf': the object is in use by another process"),
        ("ANE4959I", "I", "Total number of objects failed: 3"),
        ("ANR2579E", "E", "Schedule DAILY_SQL in domain PD_SQL failed (return code 12)"),
    )
    schedule: str = "DAILY_SQL"

    def below(self, unit: int | None) -> set[int]:
        """The unit and all its descendants."""
        if unit is None:
            return {unit_id for unit_id, _, _ in self.units}
        found = {unit}
        for unit_id, parent_id, _ in self.units:
            if parent_id in found:
                found.add(unit_id)
        return found


def fleet(*, nodes: int = 600, days: int = 45, seed: int = 7, silent: Sequence[str] = ("SPB02",)) -> Fleet:
    dice = random.Random(seed)
    units = _units()
    leaves = [unit_id for unit_id, _, name in units if name not in TREE]
    made = []
    for number in range(nodes):
        unit_id = leaves[number % len(leaves)]
        unit = next(name for at, _, name in units if at == unit_id)
        prefix = unit.upper().replace(" ", "").replace("&", "")[:8]
        server = SERVERS[number % len(SERVERS)]
        name = f"{prefix}-{dice.choice(_KINDS)}{number:03}"
        made.append(FakeNode(1000 + number, name, unit_id, server, _history(dice, days, server in silent)))
    return Fleet(units, made, days, {server: _freshness(server, server in silent) for server in SERVERS})


def _units() -> list[tuple[int, int | None, str]]:
    units: list[tuple[int, int | None, str]] = []

    def add(name: str, parent: int | None) -> None:
        units.append((unit_id := len(units) + 1, parent, name))
        for child in sorted(TREE.get(name, ())):
            add(child, unit_id)

    add("Nordhavn Backup", None)
    return units


def _history(dice: random.Random, days: int, is_silent: bool) -> bytes:
    history = dice.choices(list(_SHARES), list(_SHARES.values()), k=days)
    if dice.random() < 0.03:
        since = dice.randrange(2, 6)
        history[-since:] = dice.choices((Status.ERROR, Status.MISSED), (3, 1), k=since)
    if dice.random() < 0.04:
        history[: days // 2] = [Status.NONE] * (days // 2)
    if dice.random() < 0.02:
        history[10:12] = [Status.IGNORED] * 2
    if history[-1] is Status.OK and dice.random() < 0.12:
        history[-1] = dice.choice((Status.RUNNING, Status.PENDING))
    if is_silent and history[-1] in {Status.OK, Status.RUNNING, Status.PENDING}:
        history[-1] = Status.UNKNOWN
    return bytes(history)


def _freshness(server: str, is_silent: bool) -> Freshness:
    if is_silent:
        return Freshness(
            server=server,
            collected_at=NOW - timedelta(minutes=44),
            problem="Connection refused by 10.2.0.14:1500 (ANS1017E)",
            hint=f"Check the route to 10.2.0.14, then run `cloutui server test {server}`.",
            failing_since=NOW - timedelta(minutes=41),
            next_at=NOW + timedelta(minutes=3),
        )
    return Freshness(server=server, collected_at=NOW - timedelta(minutes=3), next_at=NOW + timedelta(minutes=3))


PATIENCE_S = 10


def unheard(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


def _open_gate() -> Event:
    gate = Event()
    gate.set()
    return gate


@dataclass(slots=True)
class FakeSession:
    """Answers from a fleet. `failing` maps a report to the error it raises, `delay_s` makes it slow."""

    fleet: Fleet
    delay_s: float = 0.0
    failing: dict[str, CloutuiError] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    listeners: list[Callable[[], None]] = field(default_factory=list)
    is_closed: bool = False
    denied: set[Privilege] = field(default_factory=set)
    may_write_files: bool = True
    guests: int = 0
    dsmadmc: str = ""
    gate: Event = field(default_factory=_open_gate)
    """Long work stands still before it while it is closed."""
    saved: list[SavedFilter] = field(default_factory=list)
    columns: dict[str, Sequence[str]] = field(default_factory=dict)
    acted: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    proofs: list[tuple[str | None, str | None]] = field(default_factory=list)
    """The name that was typed and the code, for each act."""
    shown: Mapping[str, Secret] = field(default_factory=dict)
    write_mode: WriteMode | None = None
    reads_only: bool = False
    codes_asked: bool = False
    ended: list[str] = field(default_factory=list)
    now: datetime = NOW
    verified: Verification = field(default_factory=lambda: Verification(entries=3, head="ab" * 32))

    def may(self, needs: Privilege) -> bool:
        return needs not in self.denied

    async def ask(self, report: str, /, *, unit: int | None = None, **params: object) -> Answer:
        self.asked.append((report, {"unit": unit, **params}))
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        if report in self.failing:
            raise self.failing[report]
        answers: dict[str, Callable[..., Answer]] = {
            "units": self._units,
            "jobs-matrix": self._matrix,
            "node-day": self._node_day,
            "job-log": self._job_log,
        }
        text, limit = str(params.pop("filter", "")), params.pop("limit", None)
        answer = answers[report](unit, **params) if report in answers else nothing_of(report)
        return replace(page_of(filtered(answer, text, self.saved), limit), as_of=self.fleet.freshness)

    async def act(
        self, action: str, given: Mapping[str, Any], *, typed_name: str | None = None, code: Secret | None = None
    ) -> Outcome:
        if action in self.failing:
            raise self.failing[action]
        self.proofs.append((typed_name, None if code is None else code.reveal()))
        self.acted.append((action, given))
        said = f"{action}: {', '.join(f'{name} {value}' for name, value in given.items())}."
        target = Target(kind="test", name=action, unit_ids=(1,))
        return Outcome(sentence=said, target=target, before={}, after={}, activity_seq=1, shown=self.shown)

    async def plan(self, action: str, given: Mapping[str, Any]) -> Plan:
        if action in self.failing:
            raise self.failing[action]
        target = Target(kind="test", name=str(next(iter(given.values()), action)), unit_ids=(1,))
        return Plan(
            target=target,
            units=["Nordhavn Backup"],
            sentence=f"Did {action}.",
            before={"name": "old"},
            after={"name": "new"},
        )

    @property
    def may_write(self) -> bool:
        return not self.reads_only

    @property
    def is_read_only(self) -> bool:
        return False

    async def begin_write(
        self, reason: str, minutes: int | str, code: Secret | None = None, *, unit: int | None = None
    ) -> Outcome:
        if self.codes_asked and (code is None or code.reveal() != "123456"):
            raise Invalid("The code is wrong, or was given before.", hint="Wait for the next one.")
        self.codes_asked = False  # one was shown a moment ago
        self.write_mode = begin(reason, int(minutes), self.now, customer=unit)
        target = Target(kind="session", name="op", unit_ids=(1,))
        return Outcome(sentence="Began write mode.", target=target, before={}, after={}, activity_seq=1)

    async def end_write(self, why: str = "") -> None:
        self.write_mode = None
        self.ended.append(why)

    async def turn_to(self, unit: int) -> bool:
        if self.write_mode is None or self.write_mode.allows(unit):
            return False
        await self.end_write("another customer was turned to")
        return True

    def touch(self) -> None:
        if self.write_mode is not None:
            self.write_mode = self.write_mode.touched(self.now)

    async def asks_for_code(self, *, to_destroy: bool = False) -> bool:
        return self.codes_asked

    async def values(self, question: Question, column: str, begun: str = "") -> Mapping[str, int]:
        """Counted in the answer of this session."""
        asked = {"unit": question.unit, "filter": question.filter, **question.parameters}
        answer = await FakeSession(self.fleet, saved=self.saved).ask(question.report, **asked)
        if column not in answer.rows.column_names:
            raise NotFound("field", column)
        found = Counter(answer.rows.column(column).to_pylist())
        words = {Status(value).key if isinstance(value, int) else str(value): n for value, n in found.items()}
        return {word: n for word, n in words.items() if begun.lower() in word.lower()}

    async def saved_filters(self, unit: int | None = None) -> Sequence[SavedFilter]:
        scope = self.fleet.units[0][0] if unit is None else unit
        return [saved for saved in self.saved if saved.unit_id is None or scope in self.fleet.below(saved.unit_id)]

    async def saved_columns(self) -> Mapping[str, Sequence[str]]:
        return self.columns

    async def preferences(self) -> Mapping[str, str]:
        return {}

    async def verify_activity(self) -> Verification:
        if "verify" in self.failing:
            raise self.failing["verify"]
        return self.verified

    async def ask_servers_now(self, told: Told = unheard, *, unit: int | None = None) -> Sequence[Asked]:
        """Every server has two changes, the silent ones their problem. Two are asked before the gate."""
        self.asked.append(("ask now", {"unit": unit}))
        told(2, len(SERVERS))
        while not self.gate.is_set():  # noqa: ASYNC110 - the same gate as for threads
            await asyncio.sleep(0.05)
        told(len(SERVERS), len(SERVERS))
        return [
            Asked(server=name, problem=known.problem, changed=0 if known.problem else 2)
            for name, known in self.fleet.freshness.items()
        ]

    async def export(
        self, question: Question, how: str, path: Path, *, force: bool = False, told: Told = unheard
    ) -> int:
        """As the installation does it, from the answer of this session. The gate is met when all is written."""
        answer = await self.ask(question.report, unit=question.unit, filter=question.filter, **question.parameters)
        if question.marked is not None:
            answer = marked_part(answer, question.marked)
        chosen, rows = find_format(how), answer.rows.num_rows

        def wrote(done: int) -> None:
            told(done, rows)
            with held(self.gate):
                self.gate.wait(PATIENCE_S)
            told(done, rows)

        def write() -> None:
            heading = Heading(report=question.report, unit="Nordhavn Backup", filter=question.filter)
            with new_file(path, is_binary=chosen.is_binary, force=force) as out:
                chosen.write(Export(answer=answer, heading=heading, wrote=wrote), out)

        told(0, rows)
        await asyncio.to_thread(write)
        return rows

    async def copied(self, question: Question, how: str) -> str:
        if how == "command":
            parameters = {name: value for name, value in question.parameters.items() if value is not None}
            heading = Heading(report=question.report, unit="Nordhavn", parameters=parameters, filter=question.filter)
            return copy_as.command_line(heading)
        if how == "dsmadmc":
            return self.dsmadmc
        answer = await self.ask(question.report, unit=question.unit, filter=question.filter, **question.parameters)
        return copy_as.json_text(answer) if how == "json" else copy_as.tsv(answer, has_heads=True)

    def file_name(self, question: Question, how: str) -> str:
        return file_name(question.report, "Nordhavn Backup", TODAY, how)

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        self.listeners.append(changed)
        return lambda: self.listeners.remove(changed)

    def tell(self) -> None:
        """The cache has new facts."""
        for listener in self.listeners:
            listener()

    async def close(self) -> None:
        self.is_closed = True

    def _units(self, unit: int | None) -> Answer:
        own: dict[int, list[FakeNode]] = {}
        for node in self.fleet.nodes:
            own.setdefault(node.unit_id, []).append(node)
        rows = []
        for unit_id, parent_id, name in self.fleet.units:
            nodes = [node for below in self.fleet.below(unit_id) for node in own.get(below, ())]
            latest = [_stand(node) for node in nodes]
            rows.append(
                {
                    "unit_id": unit_id,
                    "parent_id": parent_id,
                    "name": name,
                    "status": max(latest, default=Status.NONE),
                    "problems": sum(status >= Status.WARNING for status in latest),
                    "nodes": len(nodes),
                }
            )
        return _answer(rows, ("unit_id", "parent_id", "name", "status", "problems", "nodes"))

    def _matrix(self, unit: int | None, *, days: int = 21, until: str | None = None) -> Answer:
        last = date.fromisoformat(until) if until else TODAY
        shown = [last - timedelta(days=back) for back in reversed(range(days))]
        names = {unit_id: name for unit_id, _, name in self.fleet.units}
        below = self.fleet.below(unit)
        rows = []
        for node in self.fleet.nodes:
            if node.unit_id not in below:
                continue
            statuses = bytes(self._status(node, day) for day in shown)
            bad = [status >= Status.MISSED for status in statuses]
            run = len(bad) - 1 - max((at for at, is_bad in enumerate(bad) if not is_bad), default=-1)
            rows.append(
                {
                    "node_id": node.node_id,
                    "node": node.name,
                    "unit": names[node.unit_id],
                    "server": node.server,
                    "days": list(statuses),
                    "bad": sum(bad),
                    "run": run,
                }
            )
        rows.sort(key=lambda row: (-row["run"], -row["bad"], row["node"]))  # type: ignore[operator]
        answer = _answer(rows, ("node_id", "node", "unit", "server", "days", "bad", "run"))
        return replace(answer, days=[day.isoformat() for day in shown])

    def _status(self, node: FakeNode, day: date) -> Status:
        back = (TODAY - day).days
        return Status(node.statuses[-1 - back]) if 0 <= back < len(node.statuses) else Status.NONE

    def _node_day(self, unit: int | None, *, node_id: int, day: str) -> Answer:
        node = next((node for node in self.fleet.nodes if node.node_id == node_id), None)
        if node is None:
            raise NotFound("node", str(node_id))
        that = date.fromisoformat(day)
        status = self._status(node, that)
        rows = [] if status is Status.NONE else [self._job(node, that, status)]
        if rows and node_id % 3 == 0:
            rows.append(self._job(node, that, Status.OK, hour=3, schedule=None))
        return _answer(rows, _JOB_COLUMNS)

    def _job(
        self, node: FakeNode, day: date, status: Status, *, hour: int = 1, schedule: str | None = ""
    ) -> dict[str, Any]:
        due = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        ran = status not in {Status.MISSED, Status.PENDING, Status.UNKNOWN, Status.NONE, Status.IGNORED}
        ended = ran and status is not Status.RUNNING
        schedule = self.fleet.schedule if schedule == "" else schedule
        words = {Status.ERROR: "Failed", Status.MISSED: "Missed", Status.RUNNING: "Started", Status.PENDING: "Future"}
        return {
            "job_key": f'["PD_SQL","{schedule}","{node.name}","{due:%Y-%m-%d %H:%M:%S}"]',
            "server": node.server,
            "unit": next(name for unit_id, _, name in self.fleet.units if unit_id == node.unit_id),
            "node": node.name,
            "schedule": schedule,
            "scheduled_start": due if schedule is not None else None,
            "start": due + timedelta(minutes=4, seconds=7) if ran else None,
            "end": due + timedelta(minutes=22, seconds=14) if ended else None,
            "status": status,
            "server_status": words.get(status, "Completed"),
            "result": {Status.ERROR: 12, Status.WARNING: 8, Status.OKWARN: 4}.get(status, 0) if ended else None,
            "bytes": 4_529_984_118 if ended else None,
            "files": 412 if ended else None,
            "examined": 41_234 if ended else None,
            "failed": (3 if status.is_problem else 0) if ended else None,
            "message": self.fleet.message if ended and status is not Status.OK else None,
        }

    def _job_log(self, unit: int | None, *, server: str, job_key: str, day: date | None = None) -> Answer:
        started = NOW - timedelta(hours=12)
        rows = [
            {"logged": started + timedelta(minutes=place), "code": code, "severity": severity, "message": message}
            for place, (code, severity, message) in enumerate(self.fleet.log)
        ]
        return _answer(rows, ("logged", "code", "severity", "message"))


_KINDS_OF = {"status": Kind.STATUS, "days": Kind.STATUSES, "node_id": Kind.COUNT, "bad": Kind.COUNT, "run": Kind.COUNT}
_JOB_COLUMNS = (
    *("job_key", "server", "unit", "node", "schedule", "scheduled_start", "start", "end", "status", "server_status"),
    *("result", "bytes", "files", "examined", "failed", "message"),
)


def _stand(node: FakeNode) -> Status:
    """How a node stands: today's status, or yesterday's where today's has not come to an end."""
    today, yesterday = Status(node.statuses[-1]), Status(node.statuses[-2])
    return yesterday if today in {Status.PENDING, Status.RUNNING} else today


def nothing_of(report: str) -> Answer:
    """A report without rows, for screens that the test is not about."""
    columns = find_report(report).columns
    types = {Kind.TEXT: pa.string(), Kind.TIME: pa.timestamp("us"), Kind.DAY: pa.date32()}
    rows = pa.table({column.name: pa.array([], types.get(column.kind, pa.int64())) for column in columns})
    return Answer(columns=columns, rows=rows, total=0)


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    """One for all tests: it takes longer to open than most tests take."""
    return duckdb.connect(config={"threads": 1})


def filtered(answer: Answer, text: str, saved: Sequence[SavedFilter] = ()) -> Answer:
    """As the cache does it."""
    wanted = resolve(parse(text), {each.name: each.text for each in saved})
    columns = [column for column in answer.columns if column.kind is not Kind.STATUSES]
    found = condition(wanted.condition, columns, Clock(now=NOW, today=TODAY, zone=UTC))
    if wanted.condition is None:
        return answer
    connection = _engine()
    connection.register("report", answer.rows)
    if "tags" in answer.rows.column_names:
        each = "unnest(string_split(tags, ', ')) AS tag"
        connection.execute(f"CREATE OR REPLACE TABLE scoped_node_tag AS SELECT node_id, {each} FROM report")
    sql = f"SELECT * FROM report WHERE {found.text}"
    rows = connection.execute(sql, dict(found.values)).to_arrow_table().cast(answer.rows.schema)
    connection.unregister("report")
    return replace(answer, rows=rows, total=rows.num_rows, hidden=answer.total - rows.num_rows)


def page_of(answer: Answer, limit: object) -> Answer:
    """The first rows, and how many there are in all."""
    return replace(answer, rows=answer.rows.slice(0, limit)) if isinstance(limit, int) else answer


def _answer(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Answer:
    arrays = {name: _array(name, [row[name] for row in rows]) for name in names}
    columns = [Column(name=name, kind=_KINDS_OF.get(name, Kind.TEXT)) for name in names]
    return Answer(columns=columns, rows=pa.table(arrays), total=len(rows))


def _array(name: str, values: list[Any]) -> pa.Array:
    if name == "days":
        return pa.array(values, pa.list_(pa.uint8()))
    if name in {"scheduled_start", "start", "end", "logged"}:
        return pa.array(values, pa.timestamp("us", "UTC"))
    return pa.array(values)


def opener(session: FakeSession, *said: str) -> Callable[[Callable[[str], None]], Any]:
    """An `OpenSession` that tells these lines of progress."""

    async def open_session(progress: Callable[[str], None]) -> FakeSession:
        for line in said:
            progress(line)
        return session

    return open_session
