"""The console line by line: what a screen reader is told."""

from __future__ import annotations

import atexit
import io
import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

import pytest

from cloutui.cli.plain import PlainConsole
from cloutui.cli.program import run
from cloutui.home import Home
from cloutui.installation import Installation
from tests.world import World, a_job, a_line, a_node, jobs, lines, nodes

HOSTILE = "EVIL\x1b[2J\x1b]0;owned\x07[red]"


def noon_before(days: int) -> datetime:
    return (datetime.now(UTC) - timedelta(days=days)).replace(hour=1, minute=0, second=0, microsecond=0, tzinfo=None)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    copytree(_prepared(datetime.now(UTC).date()), tmp_path, dirs_exist_ok=True)
    return Home.at(tmp_path)


@cache
def _prepared(_today: date) -> Path:
    """Made once, unless midnight comes between two tests."""
    folder = TemporaryDirectory()
    atexit.register(folder.cleanup)
    world = World(Path(folder.name))
    server = world.server()
    names = ("ACME-SQL01", "KS-FILE03", HOSTILE)
    world.nodes(server, *names)
    unit = world.unit("Acme ApS")
    world.assign("ACME-SQL01", unit)
    now = datetime.now(UTC)
    world.cache.store(server, nodes(*(a_node(name) for name in names)), now)
    failed = a_job(scheduled=noon_before(1), said="Failed", result=12)
    world.cache.store(
        server,
        jobs(
            failed,
            a_job("KS-FILE03", noon_before(1)),
            a_job("KS-FILE03", noon_before(2), "Missed"),
            a_job(HOSTILE, noon_before(1), "Missed"),
        ),
        now,
    )
    world.cache.store(server, lines(a_line(logged_local=noon_before(1) + timedelta(minutes=10))), now)
    world.close()
    return world.home


def heard(home: Home, *words: str) -> str:
    installation = Installation.open(home)
    try:
        out = io.StringIO()
        session = installation.session(installation.principal("terminal"))
        PlainConsole(installation, session, io.StringIO("\n".join(words) + "\n"), out).run()
        return out.getvalue()
    finally:
        installation.close()


def test_a_matrix_is_read_as_its_exceptions(home: Home) -> None:
    said = heard(home)
    assert "Matrix, Nordhavn Backup, 21 days. 3 rows." in said
    day = noon_before(1).day
    assert f"ACME-SQL01, Acme ApS: 1 bad of 21 days: failed {day}." in said
    assert f"KS-FILE03, Nordhavn Backup: 1 bad of 21 days: missed {noon_before(2).day}." in said


def test_a_number_opens_the_row_and_then_its_log(home: Home) -> None:
    said = heard(home, "matrix name:ACME-SQL01", "1", "1")
    assert "Day, Nordhavn Backup" in said
    assert "Failed" in said
    assert "ANE4987E" in said.partition("Log, ")[2]
    said = heard(home, "attention name:ACME-SQL01", "1", "1")
    assert "1. ACME-SQL01, DAILY" in said, "whose job it is, and not under which key it is kept"
    assert "ANE4987E" in said.partition("Log, ")[2]


def test_a_rows_problem_is_taken_care_of_and_commented_by_its_number(home: Home) -> None:
    bad = f"{noon_before(1):%Y-%m-%d}"
    said = heard(home, "attention", "ack 1", "comment 1 Disk E: is full.", f"day {bad}", "filter node:ACME-SQL01")
    assert "ACME-SQL01: Failed" in said.partition("Attention, ")[2].partition("2. ")[0]
    assert f"Acknowledged ACME-SQL01 on {bad}." in said
    assert f"Note on ACME-SQL01 on {bad}: Disk E: is full." in said
    assert re.search(r"ack acknowledged .*comment .*Disk E: is full", said.rpartition("1. ACME-SQL01")[2])
    said = heard(home, "matrix name:ACME-SQL01", "ack 1")
    assert "is acknowledged already" in said, "of a row of the matrix the last bad day is meant"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("ack", "Say the number of a row."),
        ("ack x", "There is no row x here."),
        ("comment 99 hello", "There is no row 99 here."),
        ("comment 1", "A comment needs"),
        ("day tomorrow", "Days are written 2026-11-21."),
    ],
)
def test_what_cannot_be_meant_is_said_and_changes_nothing(home: Home, line: str, answer: str) -> None:
    said = heard(home, "attention", line, "day")
    assert answer in said.partition("attention> ")[2].partition("attention> ")[0]
    assert not re.search(r"\b(ack|comment) ", said.rpartition("Daily, ")[2])


def test_a_unit_narrows_everything(home: Home) -> None:
    said = heard(home, "unit Acme ApS", "nodes").partition("Matrix, Acme ApS")[2]
    assert "ACME-SQL01" in said
    assert "KS-FILE03" not in said


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("matrx", "No word matrx. Did you mean matrix?"),
        ("99", "There is no row 99 here."),
        ("more", "That is all."),
        ("unit Nowhere", "No unit “Nowhere” here, or not yours."),
        ("filter colour:red", "colour"),
        ("stale", "All servers answered"),
        ("help", "A number opens that row."),
        ("attention", "ACME-SQL01: Failed. what Failed 12"),
        ("daily", "Daily, Nordhavn Backup. 3 rows."),
        ("sla", "Nordhavn Backup: "),
        (":help", "A number opens that row."),
    ],
)
def test_a_word_is_answered(home: Home, word: str, answer: str) -> None:
    assert answer in heard(home, word)


def test_nothing_a_server_said_steers_the_terminal(home: Home) -> None:
    said = heard(home, "nodes", "servers", "jobs", "units", "matrix", "1", "2", "3")
    assert "EVIL" in said
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", said)


def test_the_console_speaks_plainly_where_there_is_no_terminal(home: Home) -> None:
    out, err = io.StringIO(), io.StringIO()
    status = run(["--home", str(home.data_dir)], stdin=io.StringIO("nodes\nquit\n"), stdout=out, stderr=err)
    assert (status, err.getvalue()) == (0, "")
    assert "Nodes, Nordhavn Backup. 3 rows." in out.getvalue()
