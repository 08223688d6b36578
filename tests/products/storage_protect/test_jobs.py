"""Runs and sessions become jobs: which session belongs to which run, and what the server's words mean."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloutui.model.status import Status
from cloutui.products.observation import JOBS
from cloutui.products.storage_protect import jobs, selects
from tests.products.storage_protect.tables import AROUND, CLOCK, NOON, answered, at
from tests.rounds import rounds

Row = dict[str, object]


def an_event(**facts: object) -> Row:
    return {
        "DOMAIN_NAME": "PD_SQL",
        "SCHEDULE_NAME": "DAILY",
        "NODE_NAME": "ALPHA",
        "SCHEDULED_START": at("20 22:00"),
        "ACTUAL_START": at("20 22:05"),
        "COMPLETED": at("20 22:30"),
        "STATUS": "Completed",
        "RESULT": 0,
        "REASON": "All operations completed successfully.",
        **facts,
    }


def a_session(**facts: object) -> Row:
    return {
        "START_TIME": at("20 22:05"),
        "END_TIME": at("20 22:30"),
        "ACTIVITY": "BACKUP",
        "NUMBER": 1,
        "ENTITY": "ALPHA",
        "SCHEDULE_NAME": "DAILY",
        "EXAMINED": 100,
        "AFFECTED": 10,
        "FAILED": 1,
        "BYTES": 1000,
        "SUCCESSFUL": "YES",
        **facts,
    }


def made(
    events: list[Row],
    sessions: list[Row] | None = None,
    windows: list[Row] | None = None,
    acting: list[Row] | None = None,
) -> list[Row]:
    batch = jobs.parse(
        answered(selects.EVENTS, *events),
        answered(selects.SESSIONS, *(sessions or [])),
        answered(selects.ACTING, *(acting or [])),
        answered(selects.START_WINDOWS, *(windows or [])),
        clock=CLOCK,
        bounds=AROUND,
    )
    assert batch.schema == JOBS.schema
    return batch.to_pylist()


def test_a_run_with_its_sessions_is_one_job() -> None:
    (job,) = made([an_event()], [a_session(), a_session(NUMBER=2, EXAMINED=0, AFFECTED=None, FAILED=0, BYTES=5000)])
    assert job == {
        "job_key": '["PD_SQL","DAILY","ALPHA","2026-11-20 22:00:00.000000"]',
        "node": "ALPHA",
        "domain": "PD_SQL",
        "schedule": "DAILY",
        "activity": "BACKUP",
        "scheduled_local": at("20 22:00"),
        "started_local": at("20 22:05"),
        "ended_local": at("20 22:30"),
        "utc_offset_s": 3600,
        "status": int(Status.OK),
        "server_status": "Completed",
        "result": 0,
        "reason": "All operations completed successfully.",
        "bytes": 6000,
        "files": 10,
        "examined": 100,
        "failed": 1,
        "is_provisional": False,
        "is_ended": True,
        "made_for": None,
    }


def test_a_run_without_sessions_has_no_sums() -> None:
    (job,) = made([an_event(STATUS="Missed", ACTUAL_START=None, COMPLETED=None, RESULT=None)])
    assert [job[name] for name in ("bytes", "files", "examined", "failed", "activity")] == [None] * 5


def test_a_session_belongs_to_the_latest_run_that_had_started() -> None:
    hourly = [an_event(SCHEDULED_START=at(f"20 {hour}:00"), ACTUAL_START=at(f"20 {hour}:10")) for hour in (20, 21, 22)]
    starts = ["20 20:10:00", "20 20:59:59", "20 21:09:59", "20 21:10:00", "20 23:59:59"]
    sessions = [a_session(START_TIME=at(start), BYTES=10**place) for place, start in enumerate(starts)]
    sums = {job["scheduled_local"]: job["bytes"] for job in made(hourly, sessions)}
    assert sums == {at("20 20:00"): 111, at("20 21:00"): 1000, at("20 22:00"): 10000}


@pytest.mark.parametrize(
    "other",
    [
        {"ENTITY": "BETA"},
        {"SCHEDULE_NAME": "WEEKLY"},
        {"START_TIME": at("20 22:04:59")},
    ],
    ids=str,
)
def test_sessions_of_others_are_not_counted(other: Row) -> None:
    (job,) = made([an_event()], [a_session(**other)])
    assert job["bytes"] is None


def test_a_session_for_another_node_counts_to_the_one_that_has_the_run() -> None:
    events = [an_event(), an_event(NODE_NAME="AGENT", SCHEDULE_NAME="VMS")]
    sessions = [
        a_session(ENTITY="ALPHA (AGENT)", BYTES=1),
        a_session(ENTITY="VCENTER (AGENT)", SCHEDULE_NAME="VMS", BYTES=20),
    ]
    assert {job["node"]: job["bytes"] for job in made(events, sessions)} == {"ALPHA": 1, "AGENT": 20}


ACTED = {"START_TIME": at("20 22:05"), "ENTITY": "MOVER", "SCHEDULE_NAME": "VMS", "AS_ENTITY": "VCENTER"}


@pytest.mark.parametrize(
    ("sessions", "acting", "expected"),
    [
        ([{}], [], None),
        ([{}], [ACTED], ["VCENTER"]),
        (
            [{}],
            [ACTED, {**ACTED, "START_TIME": at("20 22:20")}, {**ACTED, "AS_ENTITY": "ANOTHER"}],
            ["ANOTHER", "VCENTER"],
        ),
        ([{"ENTITY": "VCENTER (MOVER)"}], [], ["VCENTER"]),
        ([{}], [{**ACTED, "ENTITY": "VCENTER (MOVER)"}], ["VCENTER"]),
        ([{}], [{**ACTED, "AS_ENTITY": "MOVER"}], None),
        ([{}], [{**ACTED, "AS_ENTITY": " "}], None),
        ([{}], [{**ACTED, "ENTITY": "OTHER"}], None),
        ([{}], [{**ACTED, "SCHEDULE_NAME": "OTHER"}], None),
        ([{}], [{**ACTED, "START_TIME": at("20 22:04")}], None),
    ],
    ids=str,
)
def test_a_run_tells_for_whom_else_it_was(sessions: list[Row], acting: list[Row], expected: list[str] | None) -> None:
    of_mover = {"ENTITY": "MOVER", "SCHEDULE_NAME": "VMS"}
    run = an_event(NODE_NAME="MOVER", SCHEDULE_NAME="VMS")
    (job,) = made([run], [a_session(**{**of_mover, **facts}) for facts in sessions], acting=acting)
    assert job["made_for"] == expected


def test_a_session_that_no_schedule_started_tells_for_whom_it_was() -> None:
    sessions = [a_session(ENTITY="MOVER", SCHEDULE_NAME=None, NUMBER=number) for number in (7, 8)]
    sessions[1]["START_TIME"] = at("20 23:00")
    found = made([], sessions, acting=[{**ACTED, "SCHEDULE_NAME": ""}])
    assert {job["started_local"]: job["made_for"] for job in found} == {
        at("20 22:05"): ["VCENTER"],
        at("20 23:00"): None,
    }


def test_a_run_for_whom_an_agent_worked_is_for_its_own_node() -> None:
    (job,) = made([an_event()], [a_session(ENTITY="ALPHA (AGENT)")])
    assert (job["node"], job["made_for"]) == ("ALPHA", None)


def test_a_session_that_no_schedule_started_is_a_job_of_its_own() -> None:
    sessions = [
        a_session(SCHEDULE_NAME=None, ACTIVITY="RESTORE", NUMBER=7, ENTITY="ALPHA (AGENT)"),
        a_session(SCHEDULE_NAME="  ", ACTIVITY="ARCHIVE", NUMBER=8, SUCCESSFUL="NO"),
    ]
    restore, archive = sorted(made([], sessions), key=lambda job: str(job["activity"]), reverse=True)
    assert restore["job_key"] == '["ALPHA","RESTORE","2026-11-20 22:05:00.000000","7"]'
    assert (restore["schedule"], restore["domain"], restore["scheduled_local"]) == (None, None, None)
    assert (restore["status"], restore["server_status"], restore["bytes"]) == (int(Status.OK), "YES", 1000)
    assert restore["is_ended"]
    assert archive["status"] == int(Status.ERROR)


@pytest.mark.parametrize("word", [None, "", "MAYBE"])
def test_an_outcome_that_is_not_known_is_a_warning_with_a_note(word: str | None) -> None:
    (job,) = made([], [a_session(SCHEDULE_NAME=None, SUCCESSFUL=word)])
    assert job["status"] == int(Status.WARNING)
    assert "Outcome not known here" in str(job["reason"])


@pytest.mark.parametrize(
    ("word", "result", "status", "is_provisional", "is_ended"),
    [
        ("Completed", 0, Status.OK, False, True),
        ("Completed", None, Status.OK, False, True),
        ("Completed", 4, Status.OKWARN, False, True),
        ("Completed", 8, Status.WARNING, False, True),
        ("Completed", 12, Status.ERROR, False, True),
        ("Completed", 1, Status.WARNING, False, True),
        ("Completed", -99, Status.WARNING, False, True),
        ("COMPLETED", 0, Status.OK, False, True),
        ("Failed", 12, Status.ERROR, False, True),
        ("Failed 12", 12, Status.ERROR, False, True),
        ("Failed - no restart", None, Status.ERROR, False, True),
        ("Missed", None, Status.MISSED, False, True),
        ("Started", None, Status.RUNNING, False, False),
        ("In Progress", None, Status.RUNNING, False, False),
        ("In Progres", None, Status.RUNNING, False, False),
        ("in  progress ", None, Status.RUNNING, False, False),
        ("Restarted", None, Status.RUNNING, False, False),
        ("Pending", None, Status.PENDING, True, False),
        ("Future", None, Status.PENDING, True, False),
        ("Uncertain", None, Status.UNKNOWN, True, False),
        ("Cancelled", None, Status.WARNING, False, False),
        ("Skipped", None, Status.IGNORED, False, False),
        ("Beendet", 0, Status.WARNING, False, False),
        (None, None, Status.WARNING, False, False),
    ],
)
def test_what_the_words_mean(
    word: str | None, result: int | None, status: Status, is_provisional: bool, is_ended: bool
) -> None:
    (job,) = made([an_event(STATUS=word, RESULT=result)])
    assert Status(job["status"]) is status  # type: ignore[call-overload]
    assert (job["is_provisional"], job["is_ended"]) == (is_provisional, is_ended)
    assert (job["server_status"], job["result"]) == (word, result)


def test_an_unknown_word_leaves_a_note_beside_the_servers_reason() -> None:
    (job,) = made([an_event(STATUS="Beendet", REASON="Alles gut.")])
    assert job["reason"] == "Alles gut. Status not known here: Beendet."


@pytest.mark.parametrize(
    ("window", "scheduled", "status"),
    [
        ((2, "HOURS"), "21 10:30", Status.RUNNING),
        ((2, "HOURS"), "21 09:59", Status.ERROR),
        ((90, "Minutes"), "21 10:31", Status.RUNNING),
        ((90, "Minutes"), "21 10:29", Status.ERROR),
        ((2, "DAYS"), "19 12:01", Status.RUNNING),
        ((2, "DAYS"), "19 11:59", Status.ERROR),
        ((None, "INDEFINITE"), "01 10:00", Status.RUNNING),
        (None, "20 12:01", Status.RUNNING),
        (None, "20 11:59", Status.ERROR),
        ((None, None), "20 11:59", Status.ERROR),
        ((1, "FORTNIGHTS"), "20 12:01", Status.RUNNING),
    ],
)
def test_a_severed_run_may_go_on_until_its_window_closes(
    window: tuple[int | None, str | None] | None, scheduled: str, status: Status
) -> None:
    windows: list[Row] = []
    if window:
        windows = [
            {"DOMAIN_NAME": "PD_SQL", "SCHEDULE_NAME": "DAILY", "DURATION": window[0], "DURUNITS": window[1]},
        ]
    (job,) = made([an_event(STATUS="Severed", RESULT=None, SCHEDULED_START=at(scheduled))], [], windows)
    assert Status(job["status"]) is status  # type: ignore[call-overload]
    assert not job["is_ended"]


def test_runs_after_the_window_end_the_ones_before_and_are_not_jobs() -> None:
    late = AROUND.until - timedelta(hours=1)
    events = [
        an_event(SCHEDULED_START=late, ACTUAL_START=late),
        an_event(SCHEDULED_START=AROUND.until, ACTUAL_START=AROUND.until),
    ]
    sessions = [a_session(START_TIME=late, BYTES=1), a_session(START_TIME=AROUND.until, BYTES=20)]
    (job,) = made(events, sessions)
    assert (job["scheduled_local"], job["bytes"]) == (late, 1)


def test_sums_that_no_number_holds_are_unknown() -> None:
    (job,) = made([an_event()], [a_session(BYTES=2**62), a_session(BYTES=2**62, NUMBER=2)])
    assert job["bytes"] is None
    assert job["files"] == 20


@pytest.mark.parametrize("name", ['say "hi"', "back\\slash", "ümlaut", "a,b", "[/]", "'"])
def test_a_key_is_json_that_says_the_names_back(name: str) -> None:
    (job,) = made([an_event(NODE_NAME=name)])
    assert json.loads(str(job["job_key"]))[2] == name


def test_keys_differ_where_jobs_do() -> None:
    events = [an_event(), an_event(NODE_NAME="BETA"), an_event(SCHEDULE_NAME="X"), an_event(SCHEDULED_START=NOON)]
    sessions = [a_session(SCHEDULE_NAME=None), a_session(SCHEDULE_NAME=None, NUMBER=2)]
    assert len({job["job_key"] for job in made(events, sessions)}) == 6


minutes = st.integers(0, 300).map(lambda minute: NOON - timedelta(minutes=minute))
runs = st.fixed_dictionaries(
    {
        "NODE_NAME": st.sampled_from(["ALPHA", "BETA"]),
        "SCHEDULE_NAME": st.sampled_from(["DAILY", "LOG"]),
        "SCHEDULED_START": minutes,
        "ACTUAL_START": st.none() | minutes,
    }
)
sessions_of_any = st.fixed_dictionaries(
    {
        "ENTITY": st.sampled_from(["ALPHA", "BETA", "ALPHA (BETA)", "GAMMA (BETA)", "GAMMA"]),
        "SCHEDULE_NAME": st.sampled_from(["DAILY", "LOG", None]),
        "START_TIME": minutes,
        "BYTES": st.none() | st.integers(0, 99),
    }
)


@given(
    st.lists(runs, max_size=6, unique_by=lambda run: (run["NODE_NAME"], run["SCHEDULE_NAME"], run["ACTUAL_START"])),
    st.lists(sessions_of_any, max_size=10),
)
@settings(max_examples=rounds(10, soak=30), deadline=None)
def test_the_sums_are_those_of_a_plain_reading_of_the_rule(events: list[Row], sessions: list[Row]) -> None:
    for number, event in enumerate(events):
        event["DOMAIN_NAME"] = f"D{number}"  # so that every run has a key of its own
    found = made([an_event(**event) for event in events], [a_session(**session) for session in sessions])
    sums = {str(job["domain"]): job["bytes"] for job in found if job["domain"]}
    assert sums == _plainly(events, sessions)
    assert sum(job["domain"] is None for job in found) == sum(s["SCHEDULE_NAME"] is None for s in sessions)


def _plainly(events: list[Row], sessions: list[Row]) -> dict[str, int | None]:
    sums: dict[str, int | None] = {str(event["DOMAIN_NAME"]): None for event in events}
    due = {(event["NODE_NAME"], event["SCHEDULE_NAME"]) for event in events}
    for session in sessions:
        target, _, agent = str(session["ENTITY"]).removesuffix(")").partition(" (")
        node = target if (target, session["SCHEDULE_NAME"]) in due else agent or target
        start = session["START_TIME"]
        assert isinstance(start, datetime)
        before = [
            event
            for event in events
            if (event["NODE_NAME"], event["SCHEDULE_NAME"]) == (node, session["SCHEDULE_NAME"])
            and isinstance(event["ACTUAL_START"], datetime)
            and event["ACTUAL_START"] <= start
        ]
        if before and session["BYTES"] is not None:
            run = str(max(before, key=lambda event: str(event["ACTUAL_START"]))["DOMAIN_NAME"])
            sums[run] = (sums[run] or 0) + int(str(session["BYTES"]))
    return sums


def test_no_rows_are_no_jobs() -> None:
    assert made([]) == []
    assert isinstance(JOBS.schema, pa.Schema)
