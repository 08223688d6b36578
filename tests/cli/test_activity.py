"""`cloutui activity`: the log is listed within one's sight, and read again beside whoever has the files open."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cloutui.home import Home
from cloutui.installation import Installation
from cloutui.settings import write_setting
from tests.cli.running import cloutui


@pytest.fixture
def witness(home: Path) -> Path:
    """The file that is told each head."""
    elsewhere = home.parent / "heads"
    write_setting(home / "config.yaml", "activity", "witness", str(elsewhere))
    return elsewhere


@pytest.fixture
def worked_in(home: Path, witness: Path) -> Path:
    """A home in which something was done."""
    assert cloutui("act", "unit.create", "name=Acme ApS", home=home).status == 0
    return home


def bend(home: Path, *statements: str) -> None:
    """As somebody does who can write the file, and takes away the triggers that keep us from it."""
    with closing(sqlite3.connect(home / "records.sqlite")) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        connection.executescript(";".join([*(f"DROP TRIGGER {name}" for (name,) in triggers), *statements]))


CUT = (
    "DELETE FROM activity WHERE seq > 1",
    "DELETE FROM activity_checkpoint",
    "UPDATE activity_head SET seq = 1, hash = (SELECT hash FROM activity WHERE seq = 1)",
)


def test_the_log_is_listed_as_the_report_of_it(worked_in: Path) -> None:
    told = cloutui("activity", "list", "--days", "1", "--format", "json", home=worked_in)
    assert told.status == 0, told.err
    newest = json.loads(told.out)["rows"][0]
    assert newest["action"] == "unit.create"
    assert "Acme ApS" in newest["sentence"]
    assert "Acme ApS" in cloutui("activity", "list", "--filter", "action:unit.create", home=worked_in).out


def test_a_log_as_it_was_written_is_verified_with_its_witness(worked_in: Path, witness: Path) -> None:
    told = cloutui("activity", "verify", "--witness", str(witness), home=worked_in)
    assert told.status == 0, told.out + told.err
    assert "all as they were written" in told.out
    assert f"  the {len(witness.read_text().splitlines())} heads that the witness kept are all there" in told.out


def test_the_witness_knows_of_the_last_line_when_a_process_has_ended(worked_in: Path, witness: Path) -> None:
    for name in ("Bolt", "Crest"):
        assert cloutui("act", "unit.create", f"name={name}", home=worked_in).status == 0
    told = cloutui("activity", "verify", home=worked_in)
    assert witness.read_text().splitlines()[-1] in told.out


def test_what_was_changed_is_found_and_where(worked_in: Path) -> None:
    bend(worked_in, "UPDATE activity SET sentence = 'Nothing.' WHERE seq = 2")
    told = cloutui("activity", "verify", home=worked_in)
    assert (told.status, told.out) == (1, "× entry 2: not as it was written; 1 entries were read.\n")


def test_an_end_cut_off_with_its_checkpoints_is_found_by_the_witness_alone(worked_in: Path, witness: Path) -> None:
    bend(worked_in, *CUT)
    alone = cloutui("activity", "verify", home=worked_in)
    assert alone.status == 0
    assert "--witness FILE" in alone.err  # that it would not be found is said
    told = cloutui("activity", "verify", "--witness", str(witness), home=worked_in)
    assert told.status == 1
    assert "an entry is gone, which the witness knows" in told.out


def test_a_chain_written_anew_does_not_fit_what_was_signed(worked_in: Path) -> None:
    """With a key of one's own, too: it is not the installation's."""
    bend(worked_in, "UPDATE activity_checkpoint SET public_key = 'AAAA'")
    told = cloutui("activity", "verify", home=worked_in)
    assert told.status == 1
    assert "was not signed by this installation" in told.out


@pytest.fixture
def owned(worked_in: Path) -> Iterator[Path]:
    """The files are open in this process."""
    opened = Installation.open(Home.at(worked_in))
    yield worked_in
    opened.close()


def test_it_is_verified_beside_the_owner_of_the_files(owned: Path) -> None:
    assert cloutui("activity", "verify", home=owned).status == 0


def test_reading_again_makes_no_files(tmp_path: Path) -> None:
    told = cloutui("activity", "verify", home=tmp_path / "nobody")
    assert told.status == 1
    assert "There are no records" in told.err
    assert not (tmp_path / "nobody" / "records.sqlite").exists()
    assert not list(tmp_path.rglob("*sealed*"))


def test_a_witness_without_heads_verifies_nothing(worked_in: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_text("nothing to see\n")
    told = cloutui("activity", "verify", "--witness", str(empty), home=worked_in)
    assert told.status == 1
    assert "holds no head" in told.err


def test_a_witness_must_be_named_by_an_absolute_path(home: Path) -> None:
    write_setting(home / "config.yaml", "activity", "witness", "heads")
    told = cloutui("act", "unit.create", "name=Acme ApS", home=home)
    assert told.status == 1
    assert "no absolute path" in told.err
    write_setting(home / "config.yaml", "activity", "witness", str(home / "heads"))
    assert cloutui("act", "unit.create", "name=Acme ApS", home=home).status == 0  # the files were let go of
