"""Actions from the command line once there are users: each class asks for what it asks for everywhere."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest

from cloutui.actions.perform import Context, perform_change
from cloutui.actions.proof import Proof
from cloutui.actions.registry import build
from cloutui.cli import attach
from cloutui.cli.program import DONE, FAILED
from cloutui.home import Home, Ownership
from cloutui.model.principal import local_principal
from cloutui.records.secrets import Secrets
from cloutui.records.store import Records
from tests.cli.running import cloutui

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WHY = "--reason=SRQ-1"


@pytest.fixture
def codes() -> tuple[str, str]:
    """Of now, and the one after it: kept, because the clock goes on while the test runs."""
    now, app = datetime.now(UTC), pyotp.TOTP(SEED)
    return app.at(now), app.at(now + timedelta(seconds=30))


@pytest.fixture
def home(home: Path, codes: tuple[str, str]) -> Path:
    """With this host's user as its first administrator, who has a second factor."""
    data = Home.at(home)
    secrets = Secrets.open("sealed", data.data_dir)
    with Records.open(data.records_file) as records:
        first = build("user.first", {"name": "op-01", "os_user": getpass.getuser(), "secret": SEED, "code": codes[0]})
        before = local_principal("op", records.root_unit_id, "command-line")
        perform_change(first, before, Proof(), Context(records=records, secrets=secrets))  # type: ignore[arg-type]
    return home


def last_line(home: Path) -> tuple[str, str, str]:
    with Records.open(Home.at(home).records_file) as records:
        line = records.activity(1)[0]
    return line.actor, line.action, line.reason


def test_a_note_needs_no_reason_and_a_change_does(home: Path) -> None:
    assert cloutui("act", "filter.save", "name=bad", "text=status:failed", home=home).status == DONE
    refused = cloutui("act", "unit.create", "name=Skov", home=home)
    assert (refused.status, "--reason" in refused.err) == (FAILED, True)
    assert cloutui("act", "unit.create", "name=Skov", WHY, home=home).status == DONE
    assert last_line(home) == ("op-01", "unit.create", "SRQ-1")


def test_what_destroys_needs_reason_name_and_code(home: Path, codes: tuple[str, str]) -> None:
    used, fresh = codes
    create = ["act", "role.create", "name=Night shift", "rights=node.view"]
    for given, stdin, missing in (
        (["--confirm=Night shift", "--code-stdin"], fresh, "reason"),
        ([WHY, "--code-stdin"], fresh, "Night shift"),
        ([WHY, "--confirm=Night shift"], "", "second factor"),
        ([WHY, "--confirm=Night shift", "--code-stdin"], "", "Standard input is empty"),
        ([WHY, "--confirm=Night shift", "--code-stdin"], "000000", "code is wrong"),
        ([WHY, "--confirm=Night shift", "--code-stdin"], used, "code is wrong"),
    ):
        told = cloutui(*create, *given, home=home, stdin=stdin)
        assert told.status == FAILED, given
        assert missing in told.err
    told = cloutui(*create, WHY, "--confirm=Night shift", "--code-stdin", home=home, stdin=fresh)
    assert (told.status, told.err) == (DONE, "")
    assert last_line(home) == ("op-01", "role.create", "SRQ-1")


def test_a_secret_is_read_and_what_is_shown_once_is_printed(home: Path) -> None:
    told = cloutui("act", "account.password", "password=-", home=home, stdin="four words are better\n")
    assert (told.status, told.err) == (DONE, "")
    assert "four" not in told.out
    invited = cloutui("act", "user.create", "name=op-02", "role=Reader", WHY, home=home)
    assert "invitation, shown this once:" in invited.out


def test_a_secret_that_is_written_out_is_refused_and_not_told(home: Path) -> None:
    told = cloutui("act", "account.password", "password=four words are better", home=home)
    assert (told.status, told.out) == (FAILED, "")
    assert "“password” is a secret" in told.err
    assert "password=-" in told.err
    assert "four" not in told.err
    assert last_line(home)[1] == "user.first"


def test_a_secret_is_left_to_the_process_that_has_the_files(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attach, "_PATIENCE_S", 0.0)
    owner = Ownership(Home.at(home))
    told = cloutui("act", "account.password", "password=-", home=home, stdin="")
    owner.release()
    assert "is open in process" in told.err, "nothing was read here"


def test_the_list_of_actions_stands_in_columns(home: Path) -> None:
    lines = cloutui("act", home=home).out.splitlines()
    width = max(len(line.split()[0]) for line in lines)
    assert all(line[width : width + 2] == "  " and line[width + 2] != " " for line in lines)


def test_a_command_has_no_write_mode_to_begin(home: Path) -> None:
    told = cloutui("act", "session.write", "reason=SRQ-1", home=home)
    assert (told.status, "--reason" in told.err) == (FAILED, True)


@pytest.mark.parametrize(
    "words",
    [
        ["act", "unit.create", "name=Skov", WHY],
        ["server", "add", "SPA01", "--administrator=CLOUTUI", "--password-file=-", WHY],
        ["server", "remove", "SPA01", "--confirm=SPA01", WHY],
        ["server", "test", "--accept-host-key=SHA256:x"],
        ["init", "--invite"],
        ["restore", "."],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_read_only_changes_nothing_and_says_why(home: Path, words: list[str]) -> None:
    before = last_line(home)
    told = cloutui("--read-only", *words, home=home, stdin="demo\n")
    assert (told.status, told.out) == (FAILED, "")
    assert "Nothing is changed from here: this was started with --read-only." in told.err
    assert last_line(home) == before
    assert not Home.at(home).config_file.exists()


def test_read_only_answers_reports(home: Path) -> None:
    told = cloutui("--read-only", "report", "units", home=home)
    assert (told.status, told.err) == (DONE, "")


def test_a_server_is_added_and_removed_once_there_are_users_too(home: Path, codes: tuple[str, str]) -> None:
    add = ["server", "add", "SPA01", "--administrator=CLOUTUI", "--password-file=-"]
    refused = cloutui(*add, home=home, stdin="demo\n")
    assert (refused.status, "--reason" in refused.err) == (FAILED, True)
    added = cloutui(*add, WHY, home=home, stdin="demo\n")
    assert added.status == DONE, added.err
    assert last_line(home) == ("op-01", "server.add", "SRQ-1")
    remove = ["server", "remove", "SPA01", "--confirm=SPA01", WHY]
    assert "second factor" in cloutui(*remove, home=home).err
    assert cloutui(*remove, "--code-stdin", home=home, stdin=codes[1]).status == DONE
    assert last_line(home) == ("op-01", "server.remove", "SRQ-1")
