"""What the forms of the set-up mean: from what was typed to what is asked of an installation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cloutui.first_run import Candidate
from cloutui.screens.setup_forms import candidate_of, day_preview, local_time_zone, server_fields
from cloutui.widgets.form_state import FormState

SECRET = "hunter2-the-password"


def filled(values: dict[str, str], *, is_known: bool = False) -> FormState:
    state = FormState(server_fields(is_known=is_known), values)
    state.edits["password"].put(SECRET)
    return state


def test_a_client_on_another_host_is_reached_as_the_form_says(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.touch()
    values = {"host": "tsm.example", "port": "2222", "user": "collector", "key": str(key), "administrator": "CLOUTUI"}
    state = filled(values)
    assert state.submit()
    assert candidate_of(state).action(update=False) == {
        "name": "tsm.example",
        "product": "storage-protect",
        "administrator": "CLOUTUI",
        "password": SECRET,
        "doors": [{"kind": "ssh", "host": "tsm.example", "port": 2222, "user": "collector", "key": str(key)}],
    }


def test_a_client_on_this_host_needs_no_ssh() -> None:
    state = filled({"place": "local", "stanza": "SPA01", "administrator": "CLOUTUI", "name": "SPA01"})
    assert state.submit()
    assert candidate_of(state).door == {"kind": "local", "server": "SPA01"}


def test_a_key_file_that_is_not_there_is_told_on_the_form() -> None:
    state = filled({"host": "tsm.example", "user": "collector", "administrator": "CLOUTUI", "key": "/nowhere/key"})
    assert not state.submit()
    assert state.errors == {"key": "no such file here"}


def test_a_server_that_is_corrected_keeps_its_password_unless_another_is_given() -> None:
    state = FormState(server_fields(is_known=True), {"place": "local", "administrator": "CLOUTUI"})
    assert state.submit()
    assert "password" not in candidate_of(state).action(update=True)


def test_no_password_of_a_candidate_can_be_read_by_chance() -> None:
    state = filled({"place": "ssh", "sign_in": "password", "host": "tsm.example", "user": "collector"})
    state.edits["door_password"].put(SECRET)
    candidate = candidate_of(state)
    assert isinstance(candidate, Candidate)
    assert SECRET not in repr(candidate)
    assert SECRET not in json.dumps([dict(door) for door in candidate.doors])
    assert candidate.action(update=False)["doors"][0]["password"] == SECRET, "the action alone is given it"


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("00:00", ["counts for the day on which it is due"]),
        ("18:00", ["Monday at 17:30 counts for Sunday", "Monday at 18:30 counts for Monday", "Europe/Oslo"]),
        ("00:10", ["Monday at 00:00 counts for Sunday", "Monday at 00:40 counts for Monday", "Europe/Oslo"]),
        ("23:50", ["Monday at 23:20 counts for Sunday", "Monday at 23:59 counts for Monday", "Europe/Oslo"]),
        ("25:00", []),
    ],
)
def test_a_day_that_begins_then_is_told_by_two_jobs(start: str, said: list[str]) -> None:
    lines = day_preview(start, "Europe/Oslo")
    assert len(lines) == len(said)
    assert all(part in line for part, line in zip(said, lines, strict=True)), lines


@pytest.mark.parametrize(
    ("environ", "linked", "zone"),
    [
        ({"TZ": ":Europe/Oslo"}, "/usr/share/zoneinfo/Asia/Tokyo", "Europe/Oslo"),
        ({}, "/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo"),
        ({"TZ": "nonsense"}, "/nowhere", "UTC"),
        ({}, "/usr/share/zoneinfo/Etc/UTC", "UTC"),
    ],
)
def test_the_zone_of_this_host_is_proposed(tmp_path: Path, environ: dict[str, str], linked: str, zone: str) -> None:
    link = tmp_path / "localtime"
    link.symlink_to(linked)
    assert local_time_zone(environ, link) == zone
