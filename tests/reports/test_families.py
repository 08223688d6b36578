"""The other reports: what their rows say."""
# ruff: noqa: DTZ001 - a server's times have no zone

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any

import pytest

from cloutui.cache import database
from cloutui.cache.database import TooSlow
from cloutui.errors import Invalid, NotFound
from cloutui.model.status import Status
from cloutui.model.table import Kind
from cloutui.products.observation import OCCUPANCY, SCHEDULES, SERVER
from cloutui.reports.registry import Report, all_reports, find_report
from cloutui.reports.runner import Runner
from tests.world import NOON, World, a_job, a_line, a_node, a_row, jobs, lines, nodes, observed

DAY = {"first": date(2026, 11, 21), "last": date(2026, 11, 21)}


@pytest.fixture
def acme(world: World) -> int:
    """One server with one node that belongs to a unit. Returns the server's id."""
    unit = world.unit("Acme ApS")
    server = world.server()
    world.nodes(server, "ACME-SQL01")
    world.assign("ACME-SQL01", unit)
    return server


def rows(world: World, report: str, **given: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.run(report, **given).rows.to_pylist()
    return found


@pytest.fixture(scope="module")
def with_a_job(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A node and a job of it. Only looked at, so it is made once."""
    made = World(tmp_path_factory.mktemp("with-a-job"))
    server = made.server()
    made.nodes(server, "ACME-SQL01")
    made.cache.store(server, jobs(a_job()), NOON)
    yield made
    made.close()


@pytest.mark.parametrize("report", list(all_reports()), ids=attrgetter("name"))
def test_a_report_gives_the_columns_that_it_promises(with_a_job: World, report: Report) -> None:
    asked = {"node_id": 1, "day": DAY["first"], "server": "SPA01", "job_key": "x", "seq": 1, "key": "growth"}
    asked |= {"text": "acme", "tag_id": 1, "nodes": [1]}
    needed = {field.name for field in fields(report.params) if field.default is MISSING}
    answer = with_a_job.run(report.name, **{name: asked[name] for name in needed})
    assert answer.columns == report.columns
    assert answer.rows.column_names == [column.name for column in report.columns]
    assert len({column.name for column in report.columns}) == len(report.columns)
    assert report.summary.endswith(".")


def test_a_job_as_the_server_told_it(world: World, acme: int) -> None:
    world.cache.store(acme, jobs(a_job(result=0, stored_bytes=5_000_000_000)), NOON)
    assert rows(world, "jobs", **DAY) == [
        {
            "server": "SPA01",
            "unit": "Acme ApS",
            "node": "ACME-SQL01",
            "schedule": "DAILY",
            "scheduled_start": datetime(2026, 11, 21, 1, 0),
            "start": datetime(2026, 11, 21, 1, 4),
            "end": datetime(2026, 11, 21, 1, 22),
            "status": int(Status.OK),
            "server_status": "Completed",
            "result": 0,
            "bytes": 5_000_000_000,
            "files": None,
            "examined": None,
            "failed": None,
            "message": None,
            "day": date(2026, 11, 21),
            "node_id": 1,
            "job_key": "DAILY|ACME-SQL01|2026-11-21 01:00:00",
        }
    ]


def test_jobs_can_be_asked_of_one_node_one_server_and_some_days(world: World, acme: int) -> None:
    other = world.server("SPA02")
    world.nodes(other, "KS-FILE03")
    for day in (20, 21):
        world.cache.store(acme, jobs(a_job(scheduled=datetime(2026, 11, day, 1))), NOON)
        world.cache.store(other, jobs(a_job("KS-FILE03", datetime(2026, 11, day, 2))), NOON)
    span = {"first": "2026-11-20", "last": "2026-11-21"}
    assert [row["node"] for row in rows(world, "jobs", **span)] == ["ACME-SQL01", "KS-FILE03"] * 2
    assert [row["node"] for row in rows(world, "jobs", **span, node="KS-FILE03")] == ["KS-FILE03"] * 2
    assert [row["server"] for row in rows(world, "jobs", **span, server="SPA01")] == ["SPA01"] * 2
    assert len(rows(world, "jobs", **DAY)) == 2
    assert rows(world, "jobs", **span, node="'; DROP TABLE unit; --") == []


def at(hour: int, minute: int) -> datetime:
    return datetime(2026, 11, 21, hour, minute)


def test_the_message_of_a_bad_job_is_its_first_error_in_the_log(world: World, acme: int) -> None:
    world.cache.store(acme, jobs(a_job(said="Failed"), a_job(schedule="WEEKLY", scheduled=at(8, 0))), NOON)
    told = [
        a_line("before it began", logged_local=at(0, 50)),
        a_line("information", logged_local=at(1, 5), severity="I"),
        a_line("another schedule", logged_local=at(1, 6), schedule="WEEKLY"),
        a_line("another node", logged_local=at(1, 6), node="KS-FILE03"),
        a_line("the first error", logged_local=at(1, 7)),
        a_line("the second error", logged_local=at(1, 8)),
        a_line("while the good one ran", logged_local=at(8, 10), schedule=None),
    ]
    world.cache.store(acme, lines(*told), NOON)
    assert [row["message"] for row in rows(world, "jobs", **DAY)] == ["the first error", None]
    node = rows(world, "node-day", node_id=1, day=DAY["first"])
    assert [row["message"] for row in node] == ["the first error", None]


def test_without_a_line_in_the_log_the_servers_reason_is_the_message(world: World, acme: int) -> None:
    world.cache.store(acme, jobs({**a_job(said="Missed"), "reason": "window closed"}), NOON)
    assert rows(world, "jobs", **DAY)[0]["message"] == "window closed"


def test_a_nodes_day_has_its_jobs_the_worst_first(world: World, acme: int) -> None:
    told = [
        a_job(),
        a_job(said="Failed", scheduled=at(5, 0)),
        a_job(said="Failed", scheduled=at(3, 0)),
        a_job(scheduled=datetime(2026, 11, 20, 1)),
    ]
    world.cache.store(acme, jobs(*told), NOON)
    found = rows(world, "node-day", node_id=1, day="2026-11-21")
    assert [(row["status"], row["scheduled_start"].hour) for row in found] == [(9, 3), (9, 5), (2, 1)]
    assert rows(world, "node-day", node_id=2, day="2026-11-21") == []


def test_the_log_of_a_job_is_what_was_written_while_it_ran(world: World, acme: int) -> None:
    world.cache.store(acme, jobs(a_job(said="Failed")), NOON)
    told = {
        "ANE1E long before": at(0, 30),
        "ANE2E as it began": at(1, 4),
        "ANE3E while it ran": at(1, 20),
        "ANE4E as it ended": at(1, 26),
        "ANE5E long after": at(2, 0),
    }
    world.cache.store(
        acme,
        lines(*(a_line(text, logged_local=moment, message_code=text.split()[0]) for text, moment in told.items())),
        NOON,
    )
    key = world.rows("SELECT job_key FROM job_event")[0][0]
    found = rows(world, "job-log", server="SPA01", job_key=key)
    # The code has its own column, and is not said twice.
    assert [(row["code"], row["message"]) for row in found] == [
        ("ANE2E", "as it began"),
        ("ANE3E", "while it ran"),
        ("ANE4E", "as it ended"),
    ]
    assert rows(world, "job-log", server="SPA02", job_key=key) == []
    (day,) = world.rows("SELECT day FROM job_event")[0]
    assert rows(world, "job-log", server="SPA01", job_key=key, day=day) == found
    assert rows(world, "job-log", server="SPA01", job_key=key, day=day - timedelta(days=9)) == []


def test_a_node_with_what_it_is_what_it_holds_and_when_it_last_succeeded(world: World, acme: int) -> None:
    told = a_node(platform="Linux x86-64", client_version="8.1.20.0")
    world.cache.store(acme, nodes(told, a_node("KS-FILE03", is_locked=True), a_node("OLD", state="DECOM")), NOON)
    world.nodes(acme, "KS-FILE03", "OLD")
    held = [
        a_row(OCCUPANCY, node="ACME-SQL01", pool=pool, type="Bkup", files=7, reporting_bytes=2**40)
        for pool in ("A", "B")
    ]
    world.cache.store(acme, observed(OCCUPANCY, held), NOON)
    planned = a_row(SCHEDULES, node="ACME-SQL01", domain="PD_SQL", schedule="DAILY")
    world.cache.store(acme, observed(SCHEDULES, [planned]), NOON)
    earlier = datetime(2026, 11, 20, 1)
    world.cache.store(acme, jobs(a_job(scheduled=earlier), a_job(said="Failed")), NOON)
    found = {row["node"]: row for row in rows(world, "nodes")}
    assert found["ACME-SQL01"] == {
        "status": int(Status.ERROR),
        "node": "ACME-SQL01",
        "unit": "Acme ApS",
        "server": "SPA01",
        "domain": "PD_SQL",
        "platform": "Linux x86-64",
        "client_version": "8.1.20.0",
        "stored": 2 * 2**40,
        "files": 14,
        "last_ok": earlier + timedelta(minutes=22),
        "schedules": 1,
        "state": "Active",
        "tags": None,
        "contact": None,
        "registered": None,
        "last_access": None,
        "node_id": 1,
    }
    assert (found["KS-FILE03"]["state"], found["OLD"]["state"]) == ("Locked", "Decommissioning")
    assert (found["OLD"]["stored"], found["OLD"]["last_ok"], found["OLD"]["status"]) == (None, None, 0)


def test_a_server_with_how_full_it_is_and_how_fresh_our_facts_are(world: World, acme: int) -> None:
    state = a_row(SERVER, name="SPA01", version="8.1.20.0", platform="AIX", db_used_percent=81.5, log_used_percent=2.0)
    world.cache.store(acme, observed(SERVER, [state]), NOON)
    world.cache.store(acme, nodes(a_node()), NOON)
    world.swept(acme)
    world.server("SPA02")
    new, answering = rows(world, "servers")
    assert (new["server"], new["status"], new["collected"]) == ("SPA02", int(Status.PENDING), None)
    assert answering == {
        "status": int(Status.OK),
        "server": "SPA01",
        "product": "storage-protect",
        "version": "8.1.20.0",
        "platform": "AIX",
        "unit": "Nordhavn Backup",
        "nodes": 1,
        "stored": None,
        "db": 81.5,
        "log": 2.0,
        "pool": None,
        "pool_used": None,
        "volumes": None,
        "sessions": None,
        "licence": None,
        "db_backup": None,
        "restarted": None,
        "collected": NOON.replace(tzinfo=None),
        "problem": "",
        "hint": "",
        "code": None,
    }


def test_a_silent_servers_figures_are_not_shown_as_todays(world: World, acme: int) -> None:
    world.cache.store(acme, observed(SERVER, [a_row(SERVER, name="SPA01", db_used_percent=81.5)]), NOON)
    world.swept(acme)
    later = NOON + timedelta(hours=1)
    world.swept(acme, later, code="product-unreachable", problem="SPA01 did not answer", hint="Look.", has_data=False)
    (row,) = rows(world, "servers")
    assert (row["status"], row["db"], row["collected"]) == (int(Status.UNKNOWN), None, NOON.replace(tzinfo=None))
    assert (row["problem"], row["hint"]) == ("SPA01 did not answer", "Look.")
    assert [row[name] for name in ("nodes", "stored", "log", "pool", "pool_used", "db_backup")] == [None] * 6


def test_a_server_that_garbles_is_a_warning_with_its_figures(world: World, acme: int) -> None:
    world.cache.store(acme, observed(SERVER, [a_row(SERVER, name="SPA01", db_used_percent=81.5)]), NOON)
    world.swept(acme, code="product-garbled", problem="jobs: 1 unreadable row", hint="Wait.")
    (row,) = rows(world, "servers")
    assert (row["status"], row["db"], row["problem"]) == (int(Status.WARNING), 81.5, "jobs: 1 unreadable row")


def test_units_roll_up_over_every_level(world: World) -> None:
    group = world.unit("Fjord Retail")
    company = world.unit("Acme ApS", group)
    branch = world.unit("Acme Odense", company)
    other = world.unit("Bolt Logistik")
    server = world.server()
    said = {
        "N1": (branch, "Failed"),
        "N2": (branch, "Completed"),
        "N3": (company, "Missed"),
        "N4": (other, "Completed"),
    }
    world.nodes(server, *said, "N5")
    world.assign_all([(node, unit, None, None) for node, (unit, _) in said.items()])
    world.cache.store(server, nodes(*(a_node(node) for node in [*said, "N5"])), NOON)
    world.cache.store(server, jobs(*(a_job(node, said=word) for node, (_, word) in said.items())), NOON)
    found = {row["name"]: (row["status"], row["problems"], row["nodes"]) for row in rows(world, "units")}
    assert found == {
        "Nordhavn Backup": (9, 2, 5),
        "Bolt Logistik": (2, 0, 1),
        "Fjord Retail": (9, 2, 3),
        "Acme ApS": (9, 2, 3),
        "Acme Odense": (9, 1, 2),
    }
    tree = rows(world, "units")
    parents = {
        row["name"]: next((up["name"] for up in tree if up["unit_id"] == row["parent_id"]), None) for row in tree
    }
    assert parents == {
        "Nordhavn Backup": None,
        "Bolt Logistik": "Nordhavn Backup",
        "Fjord Retail": "Nordhavn Backup",
        "Acme ApS": "Fjord Retail",
        "Acme Odense": "Acme ApS",
    }
    below = world.run("units", company).rows.to_pylist()
    assert [(row["name"], row["parent_id"]) for row in below] == [("Acme ApS", None), ("Acme Odense", company)]


def test_a_unit_stands_as_its_nodes_last_ended_day_not_as_tonights_pending_job(world: World, acme: int) -> None:
    world.cache.store(acme, nodes(a_node()), NOON)
    tonight = datetime(2026, 11, 22, 22)
    world.cache.store(acme, jobs(a_job(said="Completed"), a_job(said="Future", scheduled=tonight)), NOON)
    assert {row["name"]: row["status"] for row in rows(world, "units")}["Acme ApS"] == int(Status.OK)


@pytest.mark.parametrize(
    ("report", "given", "what", "hint"),
    [
        ("jobs", {"nod": "x"}, "Report “jobs” has no parameter “nod”.", "Did you mean “node”?"),
        ("units", {"day": "x"}, "Report “units” has no parameter “day”.", "It takes: nothing."),
        ("jobs", {"zzz": "x"}, "Report “jobs” has no parameter “zzz”.", "It takes: first, last, days, node, server."),
        ("jobs", {"first": "21.11.2026"}, "Report “jobs”: “21.11.2026” is no day.", "Days are written 2026-11-21."),
        ("jobs", {"first": "2026-02-30"}, "Report “jobs”: “2026-02-30” is no day.", "Days are written 2026-11-21."),
        ("weeks", {"node_id": "abc"}, "Report “weeks”: “abc” is no whole number.", "Give one for node_id."),
        ("sla-months", {"months": 0}, "Report “sla-months”: “0” is less than months can be.", "Give 1, or more."),
        ("sla-months", {"months": 999}, "Report “sla-months”: “999” is more than months can be.", "Give 120, or less."),
        ("trends", {"step": "dayy"}, "Report “trends”: ", "Did you mean “day”? It can be: day, week, month."),
        ("tags", {"show": "x"}, "Report “tags”: ", "It can be: all, own, assigned, available."),
        ("node-day", {"node_id": 1}, "Report “node-day”: ", "It takes: node_id, day."),
    ],
)
def test_a_wrong_parameter_is_refused_with_the_nearest_or_with_how_to_write_it(
    world: World, report: str, given: dict[str, object], what: str, hint: str
) -> None:
    with pytest.raises(Invalid) as refused:
        world.run(report, **given)
    assert refused.value.what.startswith(what)
    assert refused.value.hint == hint


def test_an_unknown_report_is_not_found_and_the_nearest_is_named() -> None:
    with pytest.raises(NotFound) as refused:
        find_report("job-matrix")
    assert refused.value.hint == "Did you mean “jobs-matrix”?"
    with pytest.raises(NotFound) as refused:
        find_report("zzz")
    assert "jobs-matrix" in refused.value.hint
    assert "node-day" not in refused.value.hint, "for screens only"


def test_a_report_that_takes_too_long_is_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database.Database.reader.__wrapped__, "__kwdefaults__", {"limit_s": 0.05})
    report = find_report("units")
    endless = "SELECT count(*) AS n FROM range(100_000_000_000) AS a(x), range(1000) AS b(y) WHERE x % 7 = y % 3"
    monkeypatch.setattr("cloutui.reports.runner.find_report", lambda _: _with_sql(report, endless))
    with pytest.raises(TooSlow):
        Runner(world.cache.database).run("units", world.principal(), {})


def _with_sql(report: Report, sql: str) -> Report:
    from dataclasses import replace

    return replace(report, sql=sql)


def test_every_answer_says_how_fresh_each_server_is(world: World, acme: int) -> None:
    world.swept(acme)
    world.server("SPA02")
    for report in ("jobs", "jobs-matrix", "units", "nodes", "servers"):
        as_of = world.run(report).as_of
        assert (as_of["SPA01"].collected_at, as_of["SPA02"].collected_at) == (NOON, None)
        assert not as_of["SPA01"].is_silent


def test_moments_of_an_answer_are_utc_and_statuses_are_numbers(world: World, acme: int) -> None:
    world.cache.store(acme, jobs(a_job(offset_s=3600)), NOON)
    answer = world.run("jobs", **DAY)
    assert answer.rows.column("scheduled_start").to_pylist() == [datetime(2026, 11, 21, 0, 0)]
    for column in answer.columns:
        if column.kind is Kind.STATUS:
            assert [Status(value) for value in answer.rows.column(column.name).to_pylist()]
