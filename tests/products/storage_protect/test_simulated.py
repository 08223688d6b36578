"""The whole way from a question to a batch, through real SSH and a real terminal, and everything that can go wrong."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cloutui.errors import Garbled, NotOffered, ProductError, SignInRefused, Unreachable
from cloutui.products.observation import JOBS, KINDS, NODES, OCCUPANCY, Observation, ObservationKind, Window
from tests.products.storage_protect.conftest import BRISK, NOW, SERVER, Site

WINDOW = Window(since=NOW - timedelta(days=5), until=NOW)
DOORS = ("ssh", "local")


async def observed(site: Site, *kinds: ObservationKind, door: str = "ssh") -> list[Observation]:
    async with site.product(door).converse() as conversation:
        return [observation async for observation in conversation.observe(kinds, WINDOW)]


@pytest.mark.parametrize("door", DOORS)
async def test_a_server_says_who_it_is(site: Site, door: str) -> None:
    async with site.product(door).converse() as conversation:
        identity = await conversation.identify()
    assert identity.name == SERVER
    assert identity.version == ".".join(map(str, site.server.version))
    assert identity.platform == site.server.platform
    assert identity.nodes == 40
    assert identity.clock_utc_offset == timedelta(hours=-5)
    assert identity.server_time == NOW


@pytest.mark.parametrize("door", DOORS)
async def test_one_login_gives_every_kind(site: Site, door: str) -> None:
    found = await observed(site, *KINDS.values(), door=door)
    assert [observation.kind for observation in found] == list(KINDS.values())
    for observation in found:
        assert observation.batch.schema == observation.kind.schema
        assert observation.batch.num_rows, f"no {observation.kind.name}: an empty batch proves nothing"
        assert (observation.bad_rows, observation.is_complete, observation.problem) == (0, True, "")
        keys = observation.batch.select(list(observation.kind.key)).group_by(list(observation.kind.key)).aggregate([])
        assert keys.num_rows == observation.batch.num_rows, "a key names one row"


async def test_jobs_are_what_the_server_says_row_for_row(site: Site) -> None:
    (jobs,) = await observed(site, JOBS)
    since, until = (moment - timedelta(hours=5) for moment in (WINDOW.since, WINDOW.until))
    events = site.server.query(
        "SELECT NODE_NAME, SCHEDULE_NAME, SCHEDULED_START, ACTUAL_START, COMPLETED, STATUS, RESULT FROM EVENTS "
        f"WHERE SCHEDULED_START>='{since:%Y-%m-%d %H:%M:%S}' AND SCHEDULED_START<'{until:%Y-%m-%d %H:%M:%S}' "
        "AND NODE_NAME IS NOT NULL"
    )
    said = {tuple(row) for row in events.rows}
    columns = ("node", "schedule", "scheduled_local", "started_local", "ended_local", "server_status", "result")
    ours = {tuple(job[name] for name in columns) for job in jobs.batch.to_pylist() if job["schedule"]}
    assert len(said) > 100
    assert said <= ours
    start = WINDOW.since.replace(tzinfo=None) - timedelta(hours=6)
    assert all(start <= row[2] < start + timedelta(days=5, hours=2) for row in ours - said), "only the wider bounds"


async def test_bytes_and_files_are_the_sums_of_the_sessions(site: Site) -> None:
    (jobs,) = await observed(site, JOBS)
    sessions = site.server.query(
        "SELECT ENTITY, SCHEDULE_NAME, START_TIME, BYTES, AFFECTED FROM SUMMARY "
        "WHERE ACTIVITY IN ('BACKUP','ARCHIVE','RESTORE','RETRIEVE')"
    ).rows
    of_run = defaultdict(list)
    for entity, schedule, start, size, files in sessions:
        of_run[str(entity).partition(" (")[0], schedule].append((start, size, files))
    compared = 0
    for job in jobs.batch.to_pylist():
        if job["schedule"] and job["started_local"] and job["ended_local"]:
            mine = [
                (size, files)
                for start, size, files in of_run[job["node"], job["schedule"]]
                if job["started_local"] <= start <= job["ended_local"]
            ]
            compared += bool(mine)
            sums = tuple(sum(column) for column in zip(*mine, strict=True)) if mine else (None, None)
            assert (job["bytes"], job["files"]) == sums, job["job_key"]
    assert compared > 100


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("fault", ["crlf", "locale", "password-expiring"])
async def test_a_strange_client_changes_no_row(site: Site, door: str, fault: str) -> None:
    kinds = (NODES, OCCUPANCY, KINDS["filespaces"], KINDS["log_lines"])
    healthy = await observed(site, *kinds, door=door)
    await site.turn(fault)
    found = await observed(site, *kinds, door=door)
    for ours, theirs in zip(found, healthy, strict=True):
        assert (ours.bad_rows, ours.is_complete, ours.problem) == (0, True, "")
        rows = sorted(map(repr, theirs.batch.to_pylist()))
        ours_rows = sorted(map(repr, ours.batch.to_pylist()))
        if theirs.kind.name != "log_lines":
            assert ours_rows == rows
    notes = [note for observation in found for note in observation.notes]
    assert [note[:8] for note in notes] == (["ANS8004W"] if fault == "password-expiring" else [])


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("fault", "refusal", "code"),
    [
        ("down", Unreachable, "ANS1017E"),
        ("session-limit", Unreachable, "ANS8055E"),
        ("wrong-password", SignInRefused, "ANS1051I"),
        ("locked", SignInRefused, "ANS8056E"),
    ],
)
async def test_a_server_that_does_not_let_us_in_tells_why(
    site: Site, door: str, fault: str, refusal: type[ProductError], code: str
) -> None:
    await site.turn(fault)
    with pytest.raises(refusal, match=code) as raised:
        await observed(site, NODES, door=door)
    assert SERVER in str(raised.value)
    assert raised.value.hint
    await site.turn("none")
    assert (await observed(site, NODES, door=door))[0].batch.num_rows == 40


async def test_a_closed_ssh_port_is_unreachable(site: Site) -> None:
    await site.turn("ssh-down")
    with pytest.raises(Unreachable, match="Connection refused"):
        await observed(site, NODES)


@pytest.mark.parametrize("door", DOORS)
async def test_a_wrong_password_is_tried_once(site: Site, door: str) -> None:
    tried = []

    def password() -> str:
        tried.append("wrong")
        return "wrong"

    with pytest.raises(SignInRefused, match="ANS1051I"):
        async with site.product(door, password=password).converse():
            pass
    assert tried == ["wrong"]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("fault", "reason"), [("hang", "silent for 2 s"), ("truncated", "the connection was cut")])
async def test_an_answer_that_breaks_off_keeps_what_was_read(site: Site, door: str, fault: str, reason: str) -> None:
    (healthy,) = await observed(site, NODES, door=door)
    async with site.product(door, patience=replace(BRISK, silence_s=2)).converse() as conversation:
        await site.turn(fault)
        answers = conversation.observe((NODES, OCCUPANCY), WINDOW)
        nodes = await anext(answers)
        with pytest.raises(Garbled, match=reason):
            await anext(answers)
    assert not nodes.is_complete
    assert reason in nodes.problem
    assert nodes.bad_rows == 1, "the row that was cut"
    assert 10 < nodes.batch.num_rows < 30
    assert set(nodes.batch["node"].to_pylist()) < set(healthy.batch["node"].to_pylist())


async def test_jobs_that_break_off_are_not_complete(site: Site) -> None:
    async with site.product().converse() as conversation:
        await site.turn("truncated")
        async for observation in conversation.observe((JOBS,), WINDOW):
            assert not observation.is_complete
            assert observation.batch.num_rows
            assert observation.problem.count("broke off") == 1


async def test_a_slow_server_is_waited_for(site: Site) -> None:
    async with site.product().converse() as conversation:
        await site.turn("slow")
        (nodes,) = [found async for found in conversation.observe((KINDS["pools"],), WINDOW)]
    assert nodes.is_complete
    assert nodes.batch.num_rows


async def test_a_refused_question_is_a_problem_and_the_others_go_on(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cloutui.products.storage_protect import selects

    monkeypatch.setattr(selects, "OCCUPANCY", selects.Select(table="NOSUCH", columns=selects.OCCUPANCY.columns))
    occupancy, nodes = await observed(site, OCCUPANCY, NODES)
    assert (occupancy.batch.num_rows, occupancy.is_complete, occupancy.bad_rows) == (0, False, 0)
    assert "ANR2940E" in occupancy.problem
    assert "(return code 28)" in occupancy.problem
    assert nodes.is_complete
    assert nodes.batch.num_rows == 40


async def test_an_empty_answer_is_complete(site: Site) -> None:
    long_ago = Window(since=datetime(2020, 1, 1, tzinfo=UTC), until=datetime(2020, 1, 2, tzinfo=UTC))
    async with site.product().converse() as conversation:
        (jobs,) = [found async for found in conversation.observe((JOBS,), long_ago)]
    assert (jobs.batch.num_rows, jobs.is_complete, jobs.problem) == (0, True, "")


async def test_a_kind_that_is_not_ours_is_not_offered(site: Site) -> None:
    other = ObservationKind(name="weather", key=(), columns=(), is_listing=True)
    with pytest.raises(NotOffered, match="weather"):
        await observed(site, other)


async def test_what_a_program_reads_with_the_csv_module_is_what_we_read(site: Site) -> None:
    (nodes,) = await observed(site, NODES)
    async with site.product().converse() as conversation:
        reply = await conversation._terminal.ask("SELECT NODE_NAME,CONTACT FROM NODES")
    read = {(row[0], row[1] or None) for row in csv.reader(io.StringIO(reply.body.decode()))}
    assert read == {(row["node"], row["contact"]) for row in nodes.batch.to_pylist()}
