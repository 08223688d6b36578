"""Every other kind: from the server's columns and units to ours."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pytest

from cloutui.products.observation import FILESPACES, KINDS, LOG_LINES, NODES, OCCUPANCY, POOLS, SCHEDULES, SERVER
from cloutui.products.storage_protect import (
    filespaces,
    log_lines,
    nodes,
    occupancy,
    pools,
    schedules,
    selects,
    server_state,
)
from cloutui.products.storage_protect.conversation import offset_of
from cloutui.products.storage_protect.parser import Field
from cloutui.products.storage_protect.parser import parse as parse_answer
from cloutui.products.storage_protect.quoting import one_command
from cloutui.products.storage_protect.readers import READERS
from cloutui.products.storage_protect.selects import Select
from tests.products.storage_protect.tables import CLOCK, NOON, answered, at

MIB = 2**20


def test_every_kind_has_a_reader() -> None:
    assert set(READERS) == set(KINDS)


def test_a_node() -> None:
    batch = nodes.parse(
        answered(
            selects.NODES,
            {
                "NODE_NAME": "ALPHA",
                "NODETYPE": "CLIENT",
                "DOMAIN_NAME": "PD",
                "PLATFORM_NAME": "Linux x86-64",
                "LOCKED": "YES",
                "DECOMM_STATE": "PENDING",
                **{f"CLIENT_{part}": n for n, part in enumerate(("VERSION", "RELEASE", "LEVEL", "SUBLEVEL"), 8)},
                "REG_TIME": at("01 10:00"),
                "LASTACC_TIME": at("20 10:00"),
                "CONTACT": "desk@alpha.example",
            },
            {"NODE_NAME": "NEW", "LOCKED": "NO", "DECOMM_STATE": "NO"},
            {"NODE_NAME": "BARE"},
        ),
        CLOCK,
    )
    assert batch.schema == NODES.schema
    alpha, new, bare = batch.to_pylist()
    assert alpha == {
        "node": "ALPHA",
        "node_kind": "CLIENT",
        "domain": "PD",
        "platform": "Linux x86-64",
        "client_version": "8.9.10.11",
        "contact": "desk@alpha.example",
        "is_locked": True,
        "state": "PENDING",
        "registered_local": at("01 10:00"),
        "last_access_local": at("20 10:00"),
        "works_for": None,
        "utc_offset_s": 3600,
    }
    assert (new["is_locked"], new["state"], new["client_version"]) == (False, None, None)
    assert (bare["is_locked"], bare["state"]) == (None, None)


def test_occupancy_in_bytes() -> None:
    batch = occupancy.parse(
        answered(
            selects.OCCUPANCY,
            ("ALPHA", "DEDUP", "Bkup", 12, None, 0.5, 1_887_436_800.25),
            ("BETA", "TAPE", "Arch", None, 1e300, None, None),
        )
    )
    assert batch.schema == OCCUPANCY.schema
    alpha, beta = batch.to_pylist()
    assert (alpha["physical_bytes"], alpha["logical_bytes"]) == (None, MIB // 2)
    assert alpha["reporting_bytes"] == 1_887_436_800 * MIB + MIB // 4
    assert beta["physical_bytes"] is None, "no number holds it"


def test_a_file_space() -> None:
    batch = filespaces.parse(
        answered(selects.FILESPACES, ("ALPHA", "/srv, data", "EXT4", 100.0, 58.8, at("20 22:00"), at("20 22:30"))),
        CLOCK,
    )
    assert batch.schema == FILESPACES.schema
    assert batch.to_pylist()[0]["capacity_bytes"] == 100 * MIB
    assert batch.to_pylist()[0]["backup_end_local"] == at("20 22:30")


def test_pools() -> None:
    batch = pools.parse(
        answered(
            selects.POOLS,
            ("TAPE", "PRIMARY", 1000.0, 70.5, None, None),
            ("CLOUD", "PRIMARY", None, None, 200.0, 50.0),
            ("EMPTY", "PRIMARY", None, None, 0.0, 0.0),
        )
    )
    assert batch.schema == POOLS.schema
    shown = [(row["pool"], row["capacity_bytes"], row["used_percent"]) for row in batch.to_pylist()]
    assert shown == [("TAPE", 1000 * MIB, 70.5), ("CLOUD", 200 * MIB, 25.0), ("EMPTY", 0, None)]


STATUS_ROW = ("SPA01", "Linux/x86_64", 8, 1, 14, 100, 60, at("01 03:00"), "Valid")


def test_a_server() -> None:
    batch = server_state.parse(
        {
            "status": answered(selects.STATUS, STATUS_ROW),
            "database": answered(selects.DATABASE, (1000.0, 250.0, at("21 06:00"))),
            "recovery_log": answered(selects.RECOVERY_LOG, (100.0, 5.0)),
            "volume_count": answered(selects.VOLUME_COUNT, (41,)),
            "session_count": answered(selects.SESSION_COUNT, (7,)),
        },
        clock=CLOCK,
    )
    assert batch.schema == SERVER.schema
    assert batch.to_pylist() == [
        {
            "name": "SPA01",
            "version": "8.1.14.100",
            "platform": "Linux/x86_64",
            "event_retention_days": 60,
            "db_used_percent": 75.0,
            "log_used_percent": 5.0,
            "last_db_backup_local": at("21 06:00"),
            "restarted_local": at("01 03:00"),
            "utc_offset_s": 3600,
            "volumes": 41,
            "sessions": 7,
            "licence": "Valid",
        }
    ]


def test_a_server_that_leaves_things_out() -> None:
    nothing = {name: answered(select) for name, select in server_state.QUESTIONS.items()}
    told = {**nothing, "status": answered(selects.STATUS, STATUS_ROW)}
    (said,) = server_state.parse(told, clock=CLOCK).to_pylist()
    assert (said["name"], said["db_used_percent"], said["last_db_backup_local"]) == ("SPA01", None, None)
    assert server_state.parse(nothing, clock=CLOCK).num_rows == 0


def test_schedules_for_each_node() -> None:
    classic = {"DURATION": "2", "DURUNITS": "HOURS", "PERIOD": "1", "PERUNITS": "DAYS", "SCHED_STYLE": "CLASSIC"}
    batch = schedules.parse(
        answered(
            selects.SCHEDULES,
            {"DOMAIN_NAME": "PD", "SCHEDULE_NAME": "A", "ACTION": "INCREMENTAL", "DAYOFWEEK": "ANY", **classic},
            {"DOMAIN_NAME": "PD", "SCHEDULE_NAME": "B", "DAYOFWEEK": "WEEKDAY", **classic},
            {
                "DOMAIN_NAME": "PD",
                "SCHEDULE_NAME": "C",
                "SCHED_STYLE": "ENHANCED",
                "WEEKOFMONTH": "FIRST",
                "DAYOFWEEK": "SUNDAY",
            },
            {"DOMAIN_NAME": "PD", "SCHEDULE_NAME": "NOBODY"},
        ),
        answered(
            selects.ASSOCIATIONS,
            ("PD", "A", "N1"),
            ("PD", "A", "N2"),
            ("PD", "B", "N1"),
            ("PD", "C", "N1"),
            ("PD", "X", "N1"),
        ),
    )
    assert batch.schema == SCHEDULES.schema
    rows = {(row["schedule"], row["node"]): row for row in batch.to_pylist()}
    assert len(rows) == 5
    assert (rows["A", "N2"]["window"], rows["A", "N2"]["period"]) == ("2 HOURS", "1 DAYS")
    assert rows["B", "N1"]["period"] == "1 DAYS, WEEKDAY"
    assert rows["C", "N1"]["period"] == "FIRST, SUNDAY"
    assert rows["X", "N1"]["action"] is None


def test_log_lines_have_their_code() -> None:
    batch = log_lines.parse(
        answered(
            selects.LOG_LINES,
            (NOON, 4959, "E", "CLIENT", "ALPHA", "DAILY", 7, "ANE4959E Total number of objects failed: 14"),
            (NOON, 507, "W", "SERVER", None, None, None, "without a code in front"),
            (NOON, 4037, "E", "CLIENT", "ALPHA", None, None, "without a code in front"),
            (NOON, None, None, None, None, None, None, "nothing known"),
        ),
        CLOCK,
    )
    assert batch.schema == LOG_LINES.schema
    assert [row["message_code"] for row in batch.to_pylist()] == ["ANE4959E", "ANR0507W", "ANE4037E", "ANR"]


@pytest.mark.parametrize(
    ("number", "offset"),
    [(0, 0), (10000, 3600), (-50000, -18000), (53000, 19800), (-33000, -12600), (140000, 50400), (3045, 1845)],
)
def test_the_clocks_offset_is_hours_minutes_and_seconds(number: int, offset: int) -> None:
    assert offset_of(number) == timedelta(seconds=offset)


ALL = (*selects.EVERY, selects.CLOCK, selects.CATALOGUE, selects.NODE_COUNT)


@pytest.mark.parametrize("select", ALL, ids=lambda select: select.table)
def test_every_question_is_one_command(select: Select) -> None:
    statement = select.statement(frozenset(), since=NOON, until=NOON)
    assert one_command(statement) == statement
    assert len(statement) < 1200
    assert "*" not in statement.replace("COUNT(*)", "")


@pytest.mark.parametrize("select", ALL, ids=lambda select: select.table)
def test_no_question_begins_with_free_text(select: Select) -> None:
    assert select.columns[0].name not in {"MESSAGE", "REASON", "CONTACT", "FILESPACE_NAME", "DESCRIPTION"}


@pytest.mark.parametrize("table", ["EVENTS", "SUMMARY", "ACTLOG"])
def test_what_grows_is_asked_for_within_bounds(table: str) -> None:
    (select,) = (select for select in selects.EVERY if select.table == table)
    statement = select.statement(frozenset(), since=at("20 10:00"), until=NOON)
    assert ">='2026-11-20 10:00:00'" in statement
    assert "<'2026-11-21 12:00:00'" in statement


def test_what_an_older_server_lacks_is_not_asked_for() -> None:
    listed = {"NODE_NAME", "LOCKED"}
    assert selects.NODES.statement(listed) == "SELECT NODE_NAME,LOCKED FROM NODES"
    assert "SCHEDULED_START" in selects.EVENTS.statement({"STATUS"}, since=NOON, until=NOON), "it means nothing without"


def test_sums_are_asked_for_by_what_they_sum() -> None:
    assert "SUM(NUM_FILES)" in selects.OCCUPANCY.statement({"NUM_FILES", "NODE_NAME"})
    assert "SUM" not in selects.OCCUPANCY.statement({"NODE_NAME"})


def test_nothing_is_an_empty_batch_in_the_kinds_schema() -> None:
    empty = {select.table: answered(select) for select in selects.EVERY}
    made: dict[str, pa.Table] = {
        "nodes": nodes.parse(empty["NODES"], CLOCK),
        "occupancy": occupancy.parse(empty["OCCUPANCY"]),
        "filespaces": filespaces.parse(empty["FILESPACES"], CLOCK),
        "pools": pools.parse(empty["STGPOOLS"]),
        "schedules": schedules.parse(answered(selects.SCHEDULES), empty["ASSOCIATIONS"]),
        "log_lines": log_lines.parse(empty["ACTLOG"], CLOCK),
    }
    for name, batch in made.items():
        assert batch.schema == KINDS[name].schema
        assert batch.num_rows == 0


def test_a_german_clients_occupancy_is_read() -> None:
    fields = [Field(column.name, column.type) for column in selects.OCCUPANCY.columns]
    answer = 'ALPHA,DEDUP,Bkup,11.765.672,,"59,94","1.194.850,50"\n'.encode("latin-1")
    (row,) = occupancy.parse(parse_answer(answer, fields).table).to_pylist()
    assert (row["files"], row["logical_bytes"]) == (11_765_672, round(59.94 * MIB))
    assert row["reporting_bytes"] == round(1_194_850.5 * MIB)
