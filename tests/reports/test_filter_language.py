"""The filter language as it is specified, clause by clause, each against the rows of a report; and saved filters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from cloutui.errors import CloutuiError, NotFound
from cloutui.model.filter.problem import BadFilter
from cloutui.model.filter.saved import SavedFilter
from cloutui.model.principal import Principal
from cloutui.model.privilege import Privilege
from cloutui.model.status import Status
from cloutui.reports.runner import Runner
from tests.world import NOON, World, a_job, a_node, jobs, nodes

Row = dict[str, Any]

NODES = {
    "ACME-SQL01": {"platform": "WinNT", "domain": "PD_SQL", "is_locked": False},
    "ACME-SQL02": {"platform": "WinNT", "domain": "PD_SQL", "is_locked": True},
    "ACME-LX01": {"platform": "Linux x86-64", "client_version": "8.1.27.0", "domain": "PD_LX", "is_locked": False},
    "Acme big one": {"platform": "AIX", "domain": "PD_LX", "is_locked": False},
}
RUNS = {
    "ACME-SQL01": ("Failed", 12, 0, "ANE4959E Total number of objects failed: 3"),
    "ACME-SQL02": ("Completed", 0, 20 * 10**9, "All fine"),
    "ACME-LX01": ("Missed", None, None, ""),
    "Acme big one": ("Completed", 4, 5 * 2**30, "ANE4987E in use"),
}
SAVED = {
    "bad": "status:failed|missed",
    "sqlbad": "@bad name:*sql*01",
    "sized": "bytes>1KiB sort:-bytes last:3d",
    "loop": "@pool",
    "pool": "-@loop",
}


class Town:
    """One unit with four nodes that ran for six days, beside another one."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.acme, self.bolt = world.unit("Acme ApS"), world.unit("Bolt Logistik")
        server = world.server("SPA01", self.acme)
        world.nodes(server, *NODES)
        world.cache.store(server, nodes(*(a_node(name, **facts) for name, facts in NODES.items())), NOON)
        made = []
        for name, (said, result, stored, message) in RUNS.items():
            for day in range(17, 23):
                at = datetime(2026, 11, day, 1)  # noqa: DTZ001 - the server's time
                ran = a_job(name, at, said, result=result, stored_bytes=stored)
                graded = {"status": int(Status.OKWARN)} if result == 4 else {}
                made.append({**ran, **graded, "reason": message or None})
        world.cache.store(server, jobs(*made), NOON)
        world.swept(server)
        self.asked_saved: list[tuple[str, int]] = []
        self.runner = Runner(world.cache.database, now=lambda: NOON, saved=self.saved)

    def saved(self, principal: Principal, unit: int) -> list[SavedFilter]:
        self.asked_saved.append((principal.name, unit))
        return [SavedFilter(name=name, text=text, owner="op", unit_id=unit, version=1) for name, text in SAVED.items()]

    def rows(self, report: str, text: str = "", **asked: Any) -> list[Row]:
        given = {"first": "2026-11-17", "last": "2026-11-22"} if report == "jobs" else {}
        answer = self.runner.run(report, self.world.principal(self.acme), given, filter=text, **asked)
        found: list[Row] = answer.rows.to_pylist()
        return found


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    world = World(tmp_path_factory.mktemp("language"))
    yield Town(world)
    world.close()


def ran_ok(row: Row) -> bool:
    return row["node"] in {"ACME-SQL02", "Acme big one"}


def size(row: Row) -> int:
    return row["bytes"] if row["bytes"] is not None else -1


NOW = NOON.replace(tzinfo=None)

CLAUSES: list[tuple[str, str, Callable[[Row], bool]]] = [
    # Terms: a blank is AND, OR binds weaker, brackets group, - leaves out.
    ("jobs", "status:failed node:sql", lambda row: row["node"] == "ACME-SQL01"),
    ("jobs", "node:sql AND status:failed", lambda row: row["node"] == "ACME-SQL01"),
    ("jobs", "node:lx OR node:sql status:failed", lambda row: row["node"] in {"ACME-LX01", "ACME-SQL01"}),
    ("jobs", "(node:lx OR node:sql) status:failed", lambda row: row["node"] == "ACME-SQL01"),
    ("jobs", "-node:sql", lambda row: "SQL" not in row["node"]),
    ("jobs", "-(node:lx OR node:sql)", lambda row: row["node"] == "Acme big one"),
    # Words, quoted words, patterns, names.
    ("jobs", "sql01", lambda row: row["node"] == "ACME-SQL01"),
    ("jobs", '"big one"', lambda row: row["node"] == "Acme big one"),
    ("jobs", "/ANE49(59|60)/", lambda row: row["node"] == "ACME-SQL01"),
    ("jobs", "/sql0[12]$/", lambda row: "SQL" in row["node"]),
    ("jobs", "@bad", lambda row: not ran_ok(row)),
    ("jobs", "-@bad", ran_ok),
    ("jobs", "@sqlbad", lambda row: row["node"] == "ACME-SQL01"),
    # Signs.
    ("jobs", "node:acme-sql01", lambda row: row["node"] == "ACME-SQL01"),
    ("jobs", "node=acme-sql", lambda row: False),
    ("jobs", "node=acme-sql01", lambda row: row["node"] == "ACME-SQL01"),
    ("jobs", "node!=acme-sql01", lambda row: row["node"] != "ACME-SQL01"),
    ("jobs", "bytes>0", lambda row: size(row) > 0),
    ("jobs", "bytes>=0", lambda row: size(row) >= 0),
    ("jobs", "bytes<20GB", lambda row: 0 <= size(row) < 20 * 10**9),
    ("jobs", "bytes<=20GB", lambda row: 0 <= size(row) <= 20 * 10**9),
    ("jobs", "status:failed|missed", lambda row: not ran_ok(row)),
    # Values: wildcards, sizes of both kinds, numbers, spans, dates, ranges.
    ("jobs", "node:*sql?1", lambda row: row["node"] == "ACME-SQL01"),
    ("jobs", "bytes:5GiB", lambda row: size(row) == 5 * 2**30),
    ("jobs", "bytes:5G", lambda row: size(row) == 5 * 2**30),
    ("jobs", "bytes>5.4GB", lambda row: size(row) > 5_400_000_000),
    ("jobs", "bytes:5GiB..20GB", lambda row: size(row) > 0),
    ("jobs", "bytes:..5GiB", lambda row: 0 <= size(row) <= 5 * 2**30),
    ("jobs", "rc:4..", lambda row: row["result"] in {4, 12}),
    ("jobs", "status:warning..", lambda row: row["status"] >= Status.WARNING),
    ("jobs", "status:okwarn", lambda row: row["node"] == "Acme big one"),
    ("jobs", "age<1d12h", lambda row: NOW - row["scheduled_start"].replace(tzinfo=None) < timedelta(hours=36)),
    ("jobs", "age>4d 4h", lambda row: False),
    ("jobs", "day:today", lambda row: row["day"] == date(2026, 11, 22)),
    ("jobs", "day:2026-11-18..2026-11-19", lambda row: row["day"].day in {18, 19}),
    ("jobs", "day:2026-11-21..", lambda row: row["day"].day >= 21),
    # Other words for a column.
    ("jobs", "name:lx", lambda row: row["node"] == "ACME-LX01"),
    ("jobs", "msg:ANE4959", lambda row: row["node"] == "ACME-SQL01"),
    ("jobs", "job:*", lambda row: True),
    ("jobs", "started<2026-11-18", lambda row: row["start"] is not None and row["start"].day < 18),
    ("jobs", "rc=12", lambda row: row["result"] == 12),
    ("nodes", "os:linux client:8", lambda row: row["node"] == "ACME-LX01"),
    ("nodes", "domain:pd_sql", lambda row: "SQL" in row["node"]),
    ("nodes", "locked:yes", lambda row: row["node"] == "ACME-SQL02"),
    ("nodes", "locked:no name:sql", lambda row: row["node"] == "ACME-SQL01"),
    ("nodes", "locked!=yes name:sql", lambda row: row["node"] == "ACME-SQL01"),
    # Days.
    ("jobs", "last:2d", lambda row: row["day"].day >= 21),
    ("jobs", "msg:ANE4959 last:1d", lambda row: row["node"] == "ACME-SQL01" and row["day"].day == 22),
    ("jobs", "@sized", lambda row: size(row) > 1024 and row["day"].day >= 20),
    ("jobs", "@sized last:1d", lambda row: size(row) > 1024 and row["day"].day == 22),
]


@pytest.mark.parametrize(("report", "text", "holds"), CLAUSES, ids=[text for _, text, _ in CLAUSES])
def test_a_clause_lets_through_what_it_says(town: Town, report: str, text: str, holds: Callable[[Row], bool]) -> None:
    everything = town.rows(report)
    expected = [str(row) for row in everything if holds(row)]
    assert len(expected) < len(everything) or text == "job:*"
    assert sorted(map(str, town.rows(report, text))) == sorted(expected)


def test_an_order_may_stand_in_a_filter_of_several_columns_and_in_a_saved_one(town: Town) -> None:
    found = [(row["bytes"], row["day"]) for row in town.rows("jobs", "bytes>0 sort:-bytes|day")]
    assert found == sorted(found, key=lambda row: (-row[0], row[1]))
    sizes = [row["bytes"] for row in town.rows("jobs", "@sized")]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) > 1


WRONG = [
    ("nodes", "statsu:failed", "status"),
    ("nodes", "status:faield", "failed"),
    ("nodes", "locked:yse", "yes"),
    ("jobs", "sort:-byets", "bytes"),
    ("jobs", "@bda", "@bad"),
]


@pytest.mark.parametrize(("report", "text", "nearest"), WRONG)
def test_a_wrong_word_is_answered_with_the_nearest(town: Town, report: str, text: str, nearest: str) -> None:
    with pytest.raises(BadFilter) as refused:
        town.rows(report, text)
    assert refused.value.nearest == nearest
    assert f"Did you mean “{nearest}”?" in refused.value.hint
    assert text[slice(*refused.value.at)].lstrip("-") in text


def test_a_circle_of_names_is_refused_wherever_one_enters_it(town: Town) -> None:
    for text in ("@loop", "node:sql (-@pool OR x)"):
        with pytest.raises(BadFilter, match="names itself"):
            town.rows("nodes", text)


# Who is asked for what is saved.


def test_what_is_saved_is_asked_for_the_principal_and_the_unit_and_only_when_a_name_is_there(town: Town) -> None:
    town.asked_saved.clear()
    town.rows("nodes", "node:sql")
    assert town.asked_saved == []
    town.rows("nodes", "-@bad")
    assert town.asked_saved == [("op", town.acme)]


def test_outside_of_ones_unit_nobody_learns_what_is_saved_there(town: Town) -> None:
    town.asked_saved.clear()
    with pytest.raises(NotFound):
        town.rows("nodes", "@nothing", unit=town.bolt)
    assert town.asked_saved == []


# Values, as they are offered.


def values(town: Town, report: str, column: str, **asked: Any) -> Mapping[str, int]:
    given = {"first": "2026-11-17", "last": "2026-11-22"} if report == "jobs" else {}
    return town.runner.values(report, town.world.principal(town.acme), given, column, **asked)


def test_values_come_with_their_rows_the_commonest_first(town: Town) -> None:
    assert values(town, "nodes", "domain") == {"PD_LX": 2, "PD_SQL": 2}
    assert list(values(town, "nodes", "platform")) == ["WinNT", "AIX", "Linux x86-64"]
    assert values(town, "jobs", "status") == {"ok": 6, "okwarn": 6, "error": 6, "missed": 6}
    assert values(town, "jobs", "name") == dict.fromkeys(NODES, 6)


def test_values_follow_what_stands_before_and_what_is_begun(town: Town) -> None:
    assert values(town, "nodes", "domain", filter="name:sql") == {"PD_SQL": 2}
    assert values(town, "jobs", "status", filter="@bad last:1d") == {"error": 1, "missed": 1}
    assert values(town, "nodes", "node", begun="sql0") == {"ACME-SQL01": 1, "ACME-SQL02": 1}
    assert values(town, "nodes", "node", begun="%' OR TRUE --") == {}


def test_values_stay_within_the_scope_and_the_rights(town: Town) -> None:
    runner, world = town.runner, town.world
    assert runner.values("nodes", world.principal(town.bolt), {}, "domain") == {}
    with pytest.raises(NotFound):
        runner.values("nodes", world.principal(town.bolt), {}, "domain", unit=town.acme)
    with pytest.raises(CloutuiError, match=r"node\.view"):
        runner.values("nodes", world.principal(town.acme, Privilege.UNIT_VIEW), {}, "domain")


@pytest.mark.parametrize("column", ["nothing", "stored", "last_ok"])
def test_only_texts_and_statuses_are_counted(town: Town, column: str) -> None:
    with pytest.raises(BadFilter):
        values(town, "nodes", column)
