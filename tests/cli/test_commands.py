"""What the commands do that need no backup server: actions, servers in the records, the cache, and the doctor."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from cloutui.actions.registry import all_actions
from cloutui.cli.program import DONE, FAILED, WRONG_USAGE
from tests.cli.running import Ran, cloutui

PASSWORD = "correct-horse-battery"


def units(home: Path) -> list[str]:
    told = cloutui("report", "units", "--format", "ndjson", home=home)
    return [json.loads(line)["name"] for line in told.out.splitlines()]


def test_act_without_a_name_lists_every_action() -> None:
    told = cloutui("act")
    assert told.status == DONE
    assert [line.split()[0] for line in told.out.splitlines()] == [action.spec.name for action in all_actions()]


@pytest.mark.parametrize("name", [action.spec.name for action in all_actions()])
def test_act_with_a_name_alone_tells_what_the_action_takes(home: Path, name: str) -> None:
    spec = next(action.spec for action in all_actions() if action.spec.name == name)
    told = cloutui("act", name, home=home)
    if any(parameter.required for parameter in spec.parameters):
        assert told.status == DONE
        assert all(f"  {parameter.name} " in told.out for parameter in spec.parameters)
        assert spec.summary in told.out


def test_an_action_is_done_and_says_what_it_did(home: Path) -> None:
    told = cloutui("act", "unit.create", "name=Fjord Retail", home=home)
    assert (told.status, told.err) == (DONE, "")
    assert told.out == "Made the unit “Fjord Retail” below “Nordhavn Backup”.\n"
    assert cloutui("act", "unit.create", "name=Acme=ApS", "parent=Fjord Retail", home=home).status == DONE
    assert units(home) == ["Nordhavn Backup", "Fjord Retail", "Acme=ApS"]


def test_an_action_that_the_records_refuse_changes_nothing(home: Path) -> None:
    cloutui("act", "unit.create", "name=Acme ApS", home=home)
    told = cloutui("act", "unit.create", "name=acme aps", home=home)
    assert (told.status, told.out) == (FAILED, "")
    assert len(told.err.splitlines()) == 1
    assert units(home) == ["Nordhavn Backup", "Acme ApS"]


def test_a_service_action_asks_for_a_reason_and_a_destroying_one_for_the_name(home: Path) -> None:
    cloutui("act", "unit.create", "name=Acme ApS", home=home)
    cloutui("act", "unit.create", "name=Bolt Logistik", home=home)
    move = ["act", "unit.move", "unit=Acme ApS", "parent=Bolt Logistik"]
    assert "--reason" in cloutui("act", "--help").out
    told = [cloutui(*move, home=home), cloutui(*move, "--reason", "bought", home=home)]
    assert DONE in [one.status for one in told]
    assert units(home) == ["Nordhavn Backup", "Bolt Logistik", "Acme ApS"]
    assert add(home, "SPA01").status == DONE
    refused = cloutui("act", "server.remove", "name=SPA01", home=home)
    assert refused.status == FAILED
    assert "SPA01" in cloutui("server", "list", home=home).out
    assert cloutui("act", "server.remove", "name=SPA01", "--confirm", "SPA01", home=home).status == DONE
    assert "SPA01" not in cloutui("server", "list", home=home).out


def add(home: Path, name: str, *options: str, stdin: str = f"{PASSWORD}\n") -> Ran:
    return cloutui(
        "server", "add", name, "--administrator", "ADMIN", "--password-file", "-", *options, home=home, stdin=stdin
    )


def test_a_server_is_added_with_its_password_from_standard_input(home: Path) -> None:
    told = add(home, "SPA01")
    assert (told.status, told.out) == (DONE, "Added the server SPA01.\n")
    assert "secrets.backend" in told.err, "where passwords go is said once"
    assert add(home, "SPA02").err == ""
    listed = cloutui("server", "list", home=home)
    assert listed.out.count("SPA0") == 2


def test_a_password_stands_in_no_file_and_in_no_words_of_ours(home: Path) -> None:
    told = add(home, "SPA01")
    again = add(home, "SPA01")
    assert again.status == FAILED
    for written in (told.out, told.err, again.out, again.err):
        assert PASSWORD not in written
    for path in home.rglob("*"):
        if path.is_file():
            assert PASSWORD.encode() not in path.read_bytes(), path


def test_a_password_can_come_from_a_file(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\r\n")
    arguments = ["server", "add", "SPA01", "--administrator", "ADMIN", "--password-file", str(file)]
    assert cloutui(*arguments, home=home).status == DONE


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", None])
def test_a_password_file_without_a_password_is_refused(home: Path, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)
    told = cloutui("server", "add", "S", "--administrator", "A", "--password-file", str(file), home=home)
    assert told.status == FAILED
    (line,) = told.err.splitlines()
    assert str(file) in line


def test_servers_are_added_from_a_list(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "fleet.yaml"
    entry = {"administrator": "ADMIN", "password": PASSWORD, "doors": [{"kind": "local"}], "faults": "for people"}
    file.write_text(yaml.safe_dump([{"name": name, **entry} for name in ("SPA01", "SPA02")]))
    told = cloutui("server", "add", "--from", str(file), home=home)
    assert told.out.splitlines() == ["Added the server SPA01.", "Added the server SPA02."]


@pytest.mark.parametrize("text", ["{}", "- 5", "- {doors: []}", "a: [", "\x00"])
def test_a_list_that_is_none_is_explained(home: Path, tmp_path: Path, text: str) -> None:
    file = tmp_path / "fleet.yaml"
    file.write_text(text)
    told = cloutui("server", "add", "--from", str(file), home=home)
    assert told.status == FAILED
    (line,) = told.err.splitlines()
    assert str(file) in line


def test_a_server_is_removed_only_by_its_name(home: Path) -> None:
    add(home, "SPA01")
    for confirm in ((), ("--confirm", "SPA02")):
        assert cloutui("server", "remove", "SPA01", *confirm, home=home).status == FAILED
    told = cloutui("server", "remove", "SPA01", "--confirm", "SPA01", home=home)
    assert (told.status, told.out) == (DONE, "Removed the server SPA01; what it reported stays.\n")


def test_a_server_that_cannot_be_reached_fails_the_test_and_the_sweep_in_words(home: Path) -> None:
    add(home, "SPA01", "--host", "127.0.0.1", "--port", "1", "--user", "nobody")
    tested = cloutui("server", "test", home=home)
    assert tested.status == FAILED
    assert tested.out.startswith("× SPA01: ")
    swept = cloutui("collect", home=home)
    assert swept.status == FAILED
    assert "1/1  SPA01: 0 rows, 0 new or changed" in swept.out
    assert "product-" in swept.out
    assert "1 with a problem." in swept.out
    doctor = cloutui("doctor", home=home)
    assert doctor.status == FAILED
    assert "× SPA01: " in doctor.out
    for told in (tested, swept, doctor):
        assert "Traceback" not in told.out + told.err


def test_the_doctor_of_an_empty_home_finds_nothing_wrong(tmp_path: Path) -> None:
    told = cloutui("doctor", home=tmp_path / "new")
    assert (told.status, told.err) == (DONE, "")
    assert "× " not in told.out
    assert "no server yet" in told.out
    assert "chain whole" in told.out


def test_the_doctor_sees_a_bad_configuration_and_a_home_in_use(home: Path) -> None:
    (home / "config.yaml").write_text("colect: {}")
    told = cloutui("doctor", home=home)
    assert told.status == FAILED
    assert "× " in told.out
    assert "“colect”" in told.out


def test_the_cache_is_counted_and_made_again(home: Path) -> None:
    counted = cloutui("cache", "stats", home=home)
    assert counted.status == DONE
    assert "job_event" in counted.out
    assert "archive 0.0 MiB in 0 files" in counted.out
    (home / "cache.duckdb").unlink()
    made = cloutui("cache", "rebuild", home=home)
    assert made.status == DONE
    assert made.out.startswith("The cache was made again in ")
    assert (home / "cache.duckdb").exists()


def test_a_report_covers_the_unit_that_was_named(home: Path) -> None:
    cloutui("act", "unit.create", "name=Fjord Retail", home=home)
    cloutui("act", "unit.create", "name=Acme ApS", "parent=Fjord Retail", home=home)
    told = cloutui("report", "units", "--unit", "fjord retail/acme aps", "--format", "csv", home=home)
    assert [line.split(",")[2] for line in told.out.splitlines()] == ["name", "Acme ApS"]


def test_a_report_that_is_for_screens_only_is_not_offered_but_answers(home: Path) -> None:
    assert "node-day" not in cloutui("report", "--help").out
    told = cloutui("report", "node-day", "--node-id", "1", "--day", "2026-11-21", home=home)
    assert told.status in {DONE, WRONG_USAGE, FAILED}
    assert "a mistake of ours" not in told.err


@pytest.mark.parametrize("arguments", ["act", "report units --format ndjson", "--help", "cache stats"])
def test_output_into_a_closed_pipe_is_no_failure(home: Path, arguments: str) -> None:
    program = f"{sys.executable} -m cloutui --home {home} {arguments}"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {program} | true"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (DONE, "")
