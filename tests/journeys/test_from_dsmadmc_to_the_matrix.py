"""The main job as a user does it: add servers, collect, and read what the servers themselves say."""

from __future__ import annotations

import csv
import io
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.journeys.conftest import Fleet, cloutui
from tests.rounds import rounds

WORST_FIRST = (
    "error", "missed", "warning", "unknown", "okwarn", "running", "pending", "ok", "ignored", "none",
)  # fmt: skip

EVENTS = (
    "SELECT NODE_NAME,SCHEDULE_NAME,SCHEDULED_START,ACTUAL_START,COMPLETED,STATUS,RESULT FROM EVENTS "
    "WHERE SCHEDULED_START>='{first} 00:00:00' AND SCHEDULED_START<'{after} 00:00:00' AND NODE_NAME IS NOT NULL"
)
SESSIONS = (
    "SELECT ENTITY,SCHEDULE_NAME,START_TIME,BYTES,AFFECTED FROM SUMMARY WHERE START_TIME>='{first} 00:00:00' "
    "AND START_TIME<'{after} 12:00:00' AND ACTIVITY IN ('BACKUP','ARCHIVE','RESTORE','RETRIEVE') "
    "AND SCHEDULE_NAME IS NOT NULL"
)

Row = tuple[str, ...]

NODES = rounds(60, soak=200)
"""On two servers."""


@pytest.fixture(scope="module")
def fleet(start_fleet: Callable[..., Fleet]) -> Fleet:
    return start_fleet("--servers", "2", "--nodes", str(NODES), "--days", "30", "--seed", "7")


@pytest.fixture(scope="module")
def home(fleet: Fleet, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = str(tmp_path_factory.mktemp("home"))
    cloutui("--home", folder, "server", "add", "--from", str(fleet.directory / "fleet.yaml"))
    collected = cloutui("--home", folder, "collect")
    assert "2/2" in collected.stdout
    return folder


@pytest.fixture(scope="module")
def days() -> tuple[date, date]:
    """Three weeks that have ended. What was planned for the evening of yesterday may run until this morning."""
    last = datetime.now(UTC).date() - timedelta(days=2)
    return last - timedelta(days=20), last


def asked(fleet: Fleet, select: str, first: date, last: date) -> Iterator[Row]:
    for server in fleet.servers:
        text = select.format(first=first, after=last + timedelta(days=1))
        answer = fleet.dsmadmc(server, text, "-dataonly=yes", "-comma")
        assert answer.returncode == 0, answer.stdout
        assert answer.stderr == ""
        for row in csv.reader(io.StringIO(answer.stdout)):
            yield (server["name"], *row)


def reported(home: str, first: date, last: date) -> list[dict[str, str]]:
    answer = cloutui("--home", home, "report", "jobs", "--from", str(first), "--to", str(last), "--format", "csv")
    return list(csv.DictReader(io.StringIO(answer.stdout)))


@pytest.fixture(scope="module")
def told(home: str, days: tuple[date, date]) -> list[dict[str, str]]:
    """The jobs of those days, as they were collected at first."""
    return reported(home, *days)


def second(moment: str) -> str:
    """`2026-11-21 01:04:00.000000` and `2026-11-21 01:04:00Z` are the same second."""
    return moment[:19]


def test_jobs_equal_what_the_servers_say_row_for_row(
    fleet: Fleet, told: list[dict[str, str]], days: tuple[date, date]
) -> None:
    said = sorted(
        (server, node, schedule, second(scheduled), second(start), second(end), status, result)
        for server, node, schedule, scheduled, start, end, status, result in asked(fleet, EVENTS, *days)
    )
    ours = sorted(
        (
            row["server"],
            row["node"],
            row["schedule"],
            second(row["scheduled_start"]),
            second(row["start"]),
            second(row["end"]),
            row["server_status"],
            row["result"],
        )
        for row in told
        if row["schedule"]
    )
    assert len(said) > 20 * NODES
    assert {"Completed", "Failed", "Missed"} <= {row[6] for row in said}
    assert ours == said


def test_bytes_and_files_equal_the_sums_of_the_sessions(
    fleet: Fleet, told: list[dict[str, str]], days: tuple[date, date]
) -> None:
    sessions: defaultdict[Row, list[tuple[str, int, int]]] = defaultdict(list)
    for server, entity, schedule, start, stored, affected in asked(fleet, SESSIONS, *days):
        node = entity.partition(" (")[0]
        sessions[server, node, schedule].append((second(start), int(stored or 0), int(affected or 0)))
    compared = 0
    for row in told:
        if not row["schedule"] or not row["end"] or not row["bytes"]:
            continue
        own = [
            (stored, affected)
            for start, stored, affected in sessions[row["server"], row["node"], row["schedule"]]
            if second(row["start"]) <= start <= second(row["end"])
        ]
        compared += 1
        assert int(row["bytes"]) == sum(stored for stored, _ in own), row
        assert int(row["files"]) == sum(affected for _, affected in own), row
    assert compared > 17 * NODES


def test_the_matrix_shows_the_worst_of_each_nodes_day(
    home: str, told: list[dict[str, str]], days: tuple[date, date]
) -> None:
    first, last = days
    worst: dict[tuple[str, str, str], str] = {}
    for row in told:
        cell = (row["server"], row["node"], (row["scheduled_start"] or row["start"])[:10])
        worst[cell] = min(row["status"], worst.get(cell, "none"), key=WORST_FIRST.index)
    answer = cloutui(
        "--home", home, "report", "jobs-matrix", "--from", str(first), "--to", str(last), "--format", "csv"
    )
    matrix = list(csv.DictReader(io.StringIO(answer.stdout)))
    shown = {
        (row["server"], row["node"], day): status
        for row in matrix
        for day, status in row.items()
        if day[:2] == "20" and status != "none"
    }
    assert shown == worst


def test_rebuilding_the_cache_leaves_the_same_answers(
    home: str, told: list[dict[str, str]], days: tuple[date, date]
) -> None:
    cloutui("--home", home, "cache", "rebuild")
    assert reported(home, *days) == told


def test_collecting_again_finds_nothing_new_in_days_that_have_ended(
    home: str, told: list[dict[str, str]], days: tuple[date, date]
) -> None:
    cloutui("--home", home, "collect")
    assert reported(home, *days) == told


@pytest.mark.parametrize("fault", ["down", "truncated", "hang"][: rounds(1, soak=3)])
def test_a_fault_on_one_server_leaves_the_other_alone_and_heals_by_itself(
    fleet: Fleet, home: str, tmp_path: Path, fault: str
) -> None:
    own = str(tmp_path / "own")
    shutil.copytree(home, own)
    (tmp_path / "own" / "config.yaml").write_text("collect: {answer_timeout_s: 10}\nsecrets: {backend: sealed}\n")
    before = {row["server"]: row for row in servers(own)}
    fleet.fault("SPA01", fault)
    try:
        collected = cloutui("--home", own, "collect", check=False)
    finally:
        fleet.fault("SPA01", "none")
    assert collected.returncode == 1
    listed = {row["server"]: row for row in servers(own)}
    assert (listed["SPA02"]["status"], listed["SPA02"]["problem"]) == (before["SPA02"]["status"], "")
    assert int(listed["SPA02"]["nodes"]) == NODES // 2
    assert listed["SPA02"]["collected"] > before["SPA02"]["collected"], "it was asked, and it told"
    assert listed["SPA01"]["status"] in {"unknown", "warning"}
    assert listed["SPA01"]["problem"]
    assert listed["SPA01"]["hint"]
    cloutui("--home", own, "collect")
    healed = {row["server"]: row["status"] for row in servers(own)}
    assert healed == {name: row["status"] for name, row in before.items()}


def servers(home: str) -> list[dict[str, str]]:
    answer = cloutui("--home", home, "report", "servers", "--format", "csv")
    return list(csv.DictReader(io.StringIO(answer.stdout)))
