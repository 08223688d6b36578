"""From what `dsmadmc` prints to a node's status, reason and rule: of every kind of rule a hit and a near miss.

One fleet under one set of rules, all in force at once: a node that is told of here differs from a healthy one in what
its rule looks at, and in nothing else. The clock stands still.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy import insert

from cloutui.model.severity import KINDS as RULE_KINDS
from cloutui.model.severity import STORAGE_PROTECT, checked_value, stored_value
from cloutui.model.status import Status
from cloutui.products.observation import (
    JOBS,
    LOG_LINES,
    NODES,
    OCCUPANCY,
    SCHEDULES,
    Observation,
    ObservationKind,
    Window,
)
from cloutui.products.storage_protect import selects
from cloutui.products.storage_protect.asking import Answer, Bounds, ServerClock
from cloutui.products.storage_protect.parser import Field, parse
from cloutui.products.storage_protect.readers import READERS
from cloutui.products.storage_protect.selects import Select
from cloutui.records.daily_tables import severity_rule
from tests.products.storage_protect.writing import answer
from tests.world import NOON, ROOT, World

UNIT = "Fjord Retail"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A node as its server tells of it: healthy, unless it is said otherwise. Moments are of November, in UTC."""

    said: str = "Completed"
    result: str = "0"
    started: str = "22 01:00:00"
    ended: str = "22 01:20:00"
    before: str = "21 22:00:00"
    """The end of the job before, which is one of the day before."""
    is_due: bool = True
    """Whether it has a job on the day."""
    has_schedule: bool = True
    last_seen: str = "22 09:00:00"
    locked: str = "NO"
    muted_days: tuple[int, ...] = ()
    """Days of November on which somebody had muted it."""
    failed_files: str = "0"
    held_mb: tuple[str, str] = ("1000.00", "1000.00")
    """The day before, and on the day."""
    logged: tuple[str, str] = ("", "")
    """When, and the line."""
    server: str = "SPA01"


class Case(NamedTuple):
    """A node, and what the report is to say of it."""

    kind: str
    differing: Mapping[str, Any]
    expected: tuple[Status, str, str, str]
    """Its status, the reason, the rule and where that stands."""


RULES = (
    ("top", "", "status:missed", "warning"),
    ("top", "", "result:8", "error"),
    ("top", "", "message:ANE4987", "okwarn"),
    ("top", "", "text:Disk FULL", "error"),
    ("top", "", "no-activity", "error 3d"),
    ("unit", "", "growth", "warning 10%"),
    ("LIMIT-1", "", "limit", "error 90% of 1000MiB"),
    ("LIMIT-2", "", "limit", "error 90% of 1000MiB"),
    ("unit", "", "duration", "warning 4h"),
    ("top", "", "failed-files", "error 1"),
    ("top", STORAGE_PROTECT, "failed-files", "warning 100"),
    ("top", "", "no-schedule", "warning"),
    ("top", "", "locked", "ignored"),
    ("top", "", "server-silent", "error 2h"),
)
"""Where it stands, of which product, key and value. At risk is what holds by itself: Storage Protect's 24 hours."""

FINE = (Status.OK, "OK", "status:ok", "site")
FAILED = {"said": "Failed", "result": "12"}
AS_FAILED = (Status.ERROR, "Failed 12", "status:error", "site")
IN_USE = "ANE4987E Error processing '/srv/mail.pst': the object is in use by another process."
NOT_FOUND = "ANE4988E Error processing '/srv/mail.pst': the object is not there."
FULL, IS_FULL = 'ANE1228E Sending "D:", failed: disk full', "ANE1228E Sending failed: the disk is full"

FLEET = (
    Case("status", {"said": "Missed"}, (Status.WARNING, "Missed", "status:missed", ROOT)),
    Case("status", FAILED, AS_FAILED),
    Case("result", {"result": "8"}, (Status.ERROR, "Warning 8", "result:8", ROOT)),
    Case("result", {"result": "4"}, (Status.OKWARN, "OK+warn", "status:okwarn", "site")),
    # A line counts to a job up to five minutes after its end.
    Case(
        "message",
        {**FAILED, "logged": ("22 01:25:00", IN_USE)},
        (Status.OKWARN, "Message ANE4987", "message:ANE4987", ROOT),
    ),
    Case("message", {**FAILED, "logged": ("22 01:25:01", IN_USE)}, AS_FAILED),
    Case("message", {**FAILED, "logged": ("22 01:25:00", NOT_FOUND)}, AS_FAILED),
    Case("text", {"logged": ("22 01:10:00", FULL)}, (Status.ERROR, "Text Disk FULL", "text:Disk FULL", ROOT)),
    Case("text", {"logged": ("22 01:10:00", IS_FULL)}, FINE),
    Case("at-risk", {"is_due": False, "before": "21 11:59:59"}, (Status.WARNING, "At risk", "at-risk", "site")),
    Case("at-risk", {"is_due": False, "before": "21 12:00:00"}, (Status.NONE, "", "", "")),
    Case("no-activity", {"last_seen": "19 11:59:59"}, (Status.ERROR, "No activity", "no-activity", ROOT)),
    Case("no-activity", {"last_seen": "19 12:00:00"}, FINE),
    Case("growth", {"held_mb": ("1000.00", "1100.01")}, (Status.WARNING, "Growth", "growth", UNIT)),
    Case("growth", {"held_mb": ("1000.00", "1100.00")}, FINE),
    Case("limit", {"held_mb": ("900.01", "900.01")}, (Status.ERROR, "Limit 90%", "limit", "node")),
    Case("limit", {"held_mb": ("900.00", "900.00")}, FINE),
    Case("duration", {"ended": "22 05:00:01"}, (Status.WARNING, "Duration", "duration", UNIT)),
    Case("duration", {"ended": "22 05:00:00"}, FINE),
    Case("failed-files", {"failed_files": "101"}, (Status.WARNING, "Failed files", "failed-files", ROOT)),
    Case("failed-files", {"failed_files": "100"}, FINE),
    Case("muted", {**FAILED, "muted_days": (22, 23)}, (Status.IGNORED, "Muted", "muted", "site")),
    Case("muted", {**FAILED, "muted_days": (21, 23)}, AS_FAILED),
    Case("no-schedule", {"has_schedule": False}, (Status.WARNING, "No schedule", "no-schedule", ROOT)),
    Case("no-schedule", {}, FINE),
    Case("locked", {**FAILED, "locked": "YES"}, (Status.IGNORED, "Locked", "locked", ROOT)),
    Case("locked", {**FAILED, "locked": "NO"}, AS_FAILED),
    Case("server-silent", {"server": "SPB01"}, (Status.ERROR, "No answer", "server-silent", ROOT)),
    Case("server-silent", {}, FINE),
)
HEARD_AT = {"SPA01": NOON - timedelta(hours=2), "SPB01": NOON - timedelta(hours=2, seconds=1)}
"""When each server answered last: all nodes of the first miss by a second what those of the other meet."""


def names() -> list[str]:
    """Each node after its kind, the hit first: `GROWTH-1`, `GROWTH-2`."""
    seen: defaultdict[str, int] = defaultdict(int)
    found = []
    for case in FLEET:
        seen[case.kind] += 1
        found.append(f"{case.kind.upper()}-{seen[case.kind]}")
    return found


def printed(moment: str) -> str:
    """As servers print moments."""
    return f"2026-11-{moment}.000000"


@dataclass
class Tables:
    """What a server has, by question."""

    rows: defaultdict[Select, list[list[str | None]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, select: Select, **values: str) -> None:
        assert set(values) <= {column.name for column in select.columns}, values
        self.rows[select].append([values.get(column.name) for column in select.columns])

    async def __call__(self, select: Select, bounds: Bounds | None = None) -> Answer:
        """The bytes as they come, through the parser."""
        assert bounds is None or select.where, "only what grows is asked for within bounds"
        told = answer(self.rows[select])
        parsed = parse(told, [Field(column.name, column.type) for column in select.columns])
        assert (parsed.bad_rows, parsed.table.num_rows) == (0, len(self.rows[select])), told
        return Answer(table=parsed.table)


def put(tables: Tables, node: str, facts: Facts) -> None:
    """A node into all tables."""
    registered, seen = printed("01 10:00:00"), printed(facts.last_seen)
    tables.add(selects.NODES, NODE_NAME=node, LOCKED=facts.locked, REG_TIME=registered, LASTACC_TIME=seen)
    tables.add(selects.OCCUPANCY, NODE_NAME=node, STGPOOL_NAME="DEDUP", TYPE="Bkup", REPORTING_MB=facts.held_mb[1])
    run = {"DOMAIN_NAME": "PD", "SCHEDULE_NAME": "DAILY", "NODE_NAME": node}
    if facts.has_schedule:
        tables.add(selects.ASSOCIATIONS, **run)
    begun = {"SCHEDULED_START": printed("21 10:00:00"), "ACTUAL_START": printed("21 11:00:00")}
    tables.add(selects.EVENTS, **run, **begun, COMPLETED=printed(facts.before), STATUS="Completed", RESULT="0")
    if facts.is_due:
        moments = {"ACTUAL_START": printed(facts.started), "COMPLETED": printed(facts.ended), "RESULT": facts.result}
        ran = {} if facts.said == "Missed" else moments
        tables.add(selects.EVENTS, **run, SCHEDULED_START=printed("22 00:55:00"), STATUS=facts.said, **ran)
        session = {"START_TIME": printed(facts.started), "ENTITY": node, "SCHEDULE_NAME": "DAILY"}
        tables.add(selects.SESSIONS, **session, ACTIVITY="BACKUP", FAILED=facts.failed_files)
    when, text = facts.logged
    if when:
        said = {"DATE_TIME": printed(when), "MSGNO": text[3:7], "SEVERITY": "E", "ORIGINATOR": "CLIENT"}
        tables.add(selects.LOG_LINES, **said, NODENAME=node, SCHEDNAME="DAILY", MESSAGE=text)


def collect(world: World, server_id: int, tables: Tables, at: datetime, *kinds: ObservationKind) -> None:
    """As a sweep does it: each kind asked for, read and stored."""
    clock = ServerClock(local=at.replace(tzinfo=None), offset=timedelta(0))
    window = Window(since=at - timedelta(days=3), until=at)

    async def told(kind: ObservationKind) -> Observation:
        return await READERS[kind.name](tables, clock, window)

    for kind in kinds:
        world.cache.store(server_id, asyncio.run(told(kind)), at)


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("fleet"))
    build(world)
    yield world
    world.close()


def build(world: World) -> None:
    unit = world.unit(UNIT)
    told = {node: Facts(**case.differing) for node, case in zip(names(), FLEET, strict=True)}
    for server, heard_at in HEARD_AT.items():
        server_id, tables, day_before = world.server(server), Tables(), Tables()
        own = {node: facts for node, facts in told.items() if facts.server == server}
        world.nodes(server_id, *own)
        for node, facts in own.items():
            put(tables, node, facts)
            put(day_before, node, replace(facts, held_mb=(facts.held_mb[0],) * 2))
        collect(world, server_id, tables, heard_at, JOBS, NODES, SCHEDULES)
        if server == "SPA01":
            collect(world, server_id, day_before, heard_at - timedelta(days=1), OCCUPANCY)
            collect(world, server_id, tables, heard_at, OCCUPANCY, LOG_LINES)
        world.swept(server_id, heard_at)
    world.assign_all([(node, unit, None, None) for node in told])
    ids = {source.native_key: source.data_source_id for source in world.records.dimensions().data_sources}
    for node, facts in told.items():
        for day in facts.muted_days:
            world.handled(ids[node], unit, "muted", day=NOON.date().replace(day=day))
    rules = []
    for place, product, key, value in RULES:
        where = {"unit_id": world.records.root_unit_id if place == "top" else unit, "data_source_id": ids.get(place)}
        said = {"product": product, "key": key, "value": stored_value(checked_value(key, value))}
        rules.append({**where, **said, "set_at": NOON, "set_by": "op"})
    world._change(insert(severity_rule), rules)


@pytest.fixture(scope="module")
def daily(fleet: World) -> dict[str, tuple[object, ...]]:
    rows = fleet.run("daily", now=NOON, day=NOON.date()).rows.to_pylist()
    return {row["node"]: (Status(row["status"]), row["reason"], row["rule"], row["source"]) for row in rows}


@pytest.mark.parametrize(("node", "case"), zip(names(), FLEET, strict=True), ids=names())
def test_a_node_stands_as_its_rule_says(daily: dict[str, tuple[object, ...]], node: str, case: Case) -> None:
    assert daily[node] == case.expected


def test_every_kind_of_rule_is_met_once_and_missed_by_a_little() -> None:
    for kind in RULE_KINDS:
        met, *missed = (case.expected[2] for case in FLEET if case.kind == kind)
        assert met.partition(":")[0] == kind
        assert missed, kind
        assert met not in missed, kind
