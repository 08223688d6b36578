"""The program as a whole: exit statuses, help, and errors that are one line with the next step."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cloutui import __version__
from cloutui.cli.invocation import Invocation
from cloutui.cli.program import _COMMANDS, DONE, FAILED, WRONG_USAGE
from cloutui.home import Home, Ownership
from tests.cli.running import cloutui


def test_version_and_help_are_written_to_the_stream_that_was_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert cloutui("--version").out == f"cloutui, version {__version__}\n"
    told = cloutui("--help")
    assert told.status == DONE
    assert all(name in told.out for name in _COMMANDS)
    assert told.out == cloutui("-h").out
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("command", sorted(_COMMANDS))
def test_every_command_has_help(command: str) -> None:
    told = cloutui(command, "--help")
    assert (told.status, told.err) == (DONE, "")
    assert told.out.startswith(f"Usage: cloutui {command} ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["collcet"], "no command “collcet”. Did you mean `collect`?"),
        (["zzz"], "no command “zzz”. See `cloutui --help`."),
        (["--zzz"], "No such option '--zzz'."),
        (["report", "jobs", "--zzz"], "No such option '--zzz'."),
        (["report", "jobs", "--format", "zzz"], "'zzz' is not one of"),
        (["--glyphs", "zzz"], "'zzz' is not one of"),
        (["cache", "zzz"], "No such command 'zzz'."),
        (["server", "add"], "give the name of one server, or --from FILE."),
        (["server", "add", "SPA01"], "--administrator is needed."),
        (["server", "add", "SPA01", "--administrator", "A", "--host", "h"], "--user is needed with --host."),
    ],
)
def test_wrong_usage_is_status_2_with_what_is_wrong_and_how_it_goes(
    home: Path, arguments: list[str], words: str
) -> None:
    told = cloutui(*arguments, home=home)
    assert (told.status, told.out) == (WRONG_USAGE, "")
    first, *usage = told.err.splitlines()
    assert first.startswith("cloutui: ")
    assert words in first
    assert usage[0].startswith("Usage: cloutui")


@pytest.mark.parametrize("group", ["report", "cache", "server", "simulate"])
def test_a_group_without_a_command_tells_its_commands(group: str) -> None:
    told = cloutui(group)
    assert told.status == WRONG_USAGE
    assert told.err.startswith(f"Usage: cloutui {group} ")


@pytest.mark.parametrize(
    ("arguments", "what", "hint"),
    [
        (["demo"], "The demo needs a terminal.", "at least"),
        (["report", "jbos"], "No report “jbos”", "Did you mean “jobs”?"),
        (["report", "jobs", "--day", "21.11.2026"], "Report “jobs”:", "2026-11-21"),
        (["report", "jobs", "--from", "2026-11-22", "--to", "2026-11-21"], "2026-11-22 is after", "the earlier day"),
        (["report", "units", "--unit", "Nowhere"], "No unit “Nowhere” here, or not yours.", "Check the spelling"),
        (["act", "unit.creat", "name=X"], "There is no action “unit.creat”.", "Did you mean “unit.create”?"),
        (["act", "unit.create", "nam=X"], "unit.create has no parameter “nam”.", "Did you mean “name”?"),
        (["act", "unit.create", "X"], "“X” is not KEY=VALUE.", "Quote values"),
        (["act", "unit.create", "name=X", "parent=Nowhere"], "No unit “Nowhere”", "Check the spelling"),
        (["collect"], "There is no server to collect from.", "cloutui server add"),
        (["collect", "--server", "SPA01"], "No server “SPA01”", "Check the spelling"),
        (["server", "test"], "There is no server to test.", "cloutui server add"),
        (["server", "remove", "SPA01", "--confirm", "SPA01"], "No server “SPA01”", "Check the spelling"),
        (["server", "add", "--from", "nowhere.yaml"], "nowhere.yaml cannot be read", "YAML"),
        (["server", "add", "S", "--administrator", "A"], "There is no terminal", "--password-file"),
    ],
)
def test_what_is_refused_is_status_1_and_one_line_with_the_next_step(
    home: Path, arguments: list[str], what: str, hint: str
) -> None:
    told = cloutui(*arguments, home=home)
    assert (told.status, told.out) == (FAILED, "")
    (line,) = told.err.splitlines()
    assert line.startswith("cloutui: ")
    assert what in line
    assert hint in line


@pytest.mark.parametrize(
    "arguments", [["\x1b[31mred"], ["report", "\x1b]0;x\x07"], ["--\x1b[2J"], ["act", "a\x1b[1mb"]]
)
def test_what_a_person_typed_comes_back_without_control_characters(home: Path, arguments: list[str]) -> None:
    told = cloutui(*arguments, home=home)
    assert told.status in {FAILED, WRONG_USAGE}
    assert "\x1b" not in told.err
    assert "\x07" not in told.err


@pytest.fixture
def crashing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """`cloutui doctor` meets a mistake of ours."""

    @click.command()
    @click.pass_obj
    def doctor(invocation: Invocation) -> None:
        raise ZeroDivisionError("a secret of ours")

    monkeypatch.setattr("cloutui.cli.doctor.doctor", doctor)
    yield
    cloutui("--version")


def test_a_mistake_of_ours_is_an_id_and_a_log_file_never_a_traceback(home: Path, crashing: None) -> None:
    told = cloutui("doctor", home=home)
    assert (told.status, told.out) == (FAILED, "")
    log_file = home / "cloutui.log"
    words, _, rest = told.err.partition(", ")
    assert words == "cloutui: a mistake of ours"
    crash_id, _, where = rest.partition(". ")
    assert where == f"Details are in {log_file}.\n"
    log = log_file.read_text()
    assert f"crash {crash_id}" in log
    assert "ZeroDivisionError: a secret of ours" in log


def test_a_mistake_of_ours_where_nothing_can_be_written_is_no_traceback_either(crashing: None) -> None:
    told = cloutui("doctor", home=Path("/dev/null/home"))
    assert told.status == FAILED
    assert told.err.startswith("cloutui: a mistake of ours")
    assert "Traceback" not in told.err


@pytest.mark.parametrize("arguments", [["report", "units"], ["cache", "rebuild"], ["collect"]])
def test_a_home_that_cannot_be_made_is_explained(arguments: list[str]) -> None:
    told = cloutui(*arguments, home=Path("/dev/null/home"))
    assert told.status == FAILED
    assert told.err.startswith("cloutui: /dev/null/home cannot be used: ")
    assert len(told.err.splitlines()) == 1


def test_an_interruption_ends_in_one_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(invocation: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cloutui.cli.invocation.Invocation.installation", interrupted)
    told = cloutui("report", "units", home=home)
    assert (told.status, told.err) == (FAILED, "cloutui: stopped.\n")


def test_whoever_has_read_enough_is_no_failure(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(invocation: object) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr("cloutui.cli.invocation.Invocation.installation", closed)
    told = cloutui("report", "units", home=home)
    assert (told.status, told.err) == (DONE, "")


@pytest.mark.parametrize(
    "arguments", [["report", "units"], ["act", "unit.create", "name=X"], ["cache", "rebuild"], ["collect"]]
)
def test_a_second_process_on_the_same_home_is_told_who_is_the_first_when_that_does_not_let_others_in(
    home: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloutui.cli.attach._PATIENCE_S", 0.1)
    first = Ownership(Home.at(home))
    try:
        told = cloutui(*arguments, home=home)
        assert told.status == FAILED
        (line,) = told.err.splitlines()
        assert line.startswith(f"cloutui: {home} is open in process ")
        assert "another --home" in line
    finally:
        first.release()
    assert cloutui("report", "units", home=home).status == DONE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("colect: {}", "unknown key “colect”. Did you mean “collect”?"),
        ("collect: {events_every_s: 0}", "collect.events_every_s is too small. It must be 1 or more."),
        ("collect: [", "is not YAML"),
    ],
)
def test_a_bad_configuration_names_file_key_and_remedy(home: Path, text: str, words: str) -> None:
    (home / "config.yaml").write_text(text)
    told = cloutui("report", "units", home=home)
    assert told.status == FAILED
    (line,) = told.err.splitlines()
    assert str(home / "config.yaml") in line
    assert words in line


def test_broken_records_are_explained(home: Path) -> None:
    (home / "records.sqlite").write_bytes(b"not a database" * 1000)
    told = cloutui("report", "units", home=home)
    assert told.status == FAILED
    (line,) = told.err.splitlines()
    assert "records.sqlite" in line
    assert cloutui("cache", "rebuild", home=home).status == FAILED


def test_a_broken_cache_is_made_again_and_said_so_beside_the_answer(home: Path) -> None:
    (home / "cache.duckdb").write_bytes(b"not a database" * 1000)
    told = cloutui("report", "units", "--format", "csv", home=home)
    assert told.status == DONE
    assert "making it again from the archive" in told.err
    assert told.out.startswith("unit_id,")


def test_the_installed_program_takes_its_arguments_from_the_shell(home: Path) -> None:
    command = [sys.executable, "-m", "cloutui", "--home", str(home)]
    done = subprocess.run([*command, "report", "units"], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (DONE, "")
    assert "Nordhavn Backup" in done.stdout
    done = subprocess.run([*command, "zzz"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == WRONG_USAGE
