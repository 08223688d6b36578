"""Who can write the whole file, and knows our code, is found by the signatures; who wipes it, by the witness."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from cloutui.errors import Invalid
from cloutui.records.activity import START
from cloutui.records.checkpoints import EVERY, EVERY_ENTRIES, Head, Signer, heads_in
from cloutui.records.secrets import Secrets
from cloutui.records.store import Records
from cloutui.records.transaction import UnloggedChange
from cloutui.records.witness import witness_named
from tests.records.building import NOON, OPERATOR, a_line
from tests.records.test_activity import (
    change_who,
    cut_the_tail,
    delete_one,
    edit,
    edit_and_rehash,
    forge_a_tail,
    intruder,
    rehash,
    swap,
)

Attack = Callable[[sqlite3.Connection], None]


class Log:
    """Records with a signer, a witness file, a clock, and a line every two minutes."""

    def __init__(self, folder: Path) -> None:
        self.now = NOON
        self.file = folder / "elsewhere" / "heads"
        self.file.parent.mkdir()
        self.records = Records.open(folder / "records.sqlite", clock=lambda: self.now)
        self.signer = Signer(Secrets.open("memory", folder))
        self.records.sign_with(self.signer, witness_named(str(self.file)))
        for number in range(9):
            self.write(f"Line {number}.")

    def write(self, sentence: str, *, after: timedelta = 2 * EVERY) -> None:
        self.now += after
        with self.records.begin() as tx:
            tx.append_activity(OPERATOR, a_line(sentence))

    def witnessed(self) -> list[Head]:
        return list(heads_in(self.file.read_text().splitlines()))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    made = Log(tmp_path)
    yield made
    made.records.close()


def rewrite_from(connection: sqlite3.Connection, seq: int) -> None:
    """A new chain from there on, with a head that fits."""
    last = connection.execute("SELECT max(seq) FROM activity").fetchone()[0] or 0
    digest = START
    for at in range(seq, last + 1):
        digest = rehash(connection, at)
    connection.execute("UPDATE activity_head SET seq = ?, hash = ?", (last, digest))


def rewrite_all(connection: sqlite3.Connection) -> None:
    edit(connection)
    rewrite_from(connection, 5)


def rewrite_with_checkpoints_of_ones_own(connection: sqlite3.Connection) -> None:
    """As `rewrite_all`, and whoever it is signs too, with the only key they have."""
    rewrite_all(connection)
    connection.execute("DELETE FROM activity_checkpoint")
    connection.row_factory = sqlite3.Row
    forger = Signer(Secrets.open("memory", Path()))
    key = forger._key()
    head = connection.execute("SELECT seq, hash FROM activity_head").fetchone()
    from cloutui.records.checkpoints import _said, _text

    signature = _text(key.sign(_said(Head(head["seq"], head["hash"]), "2026-11-21T12:30:00.000000Z")))
    row = (head["seq"], head["hash"], "2026-11-21T12:30:00.000000Z", forger.public_key, signature)
    connection.execute("INSERT INTO activity_checkpoint VALUES (?, ?, ?, ?, ?)", row)


def cut_the_tail_with_its_checkpoints(connection: sqlite3.Connection) -> None:
    cut_the_tail(connection)
    connection.execute("DELETE FROM activity_checkpoint WHERE seq >= 9")
    last = connection.execute("SELECT hash FROM activity WHERE seq = 8").fetchone()[0]
    connection.execute("UPDATE activity_head SET seq = 8, hash = ?", (last,))


def wipe(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM activity")
    connection.execute("DELETE FROM activity_checkpoint")
    connection.execute("UPDATE activity_head SET seq = 0, hash = ?", (START,))


FOUND_HERE = [edit, edit_and_rehash, delete_one, swap, change_who, forge_a_tail, cut_the_tail, rewrite_all]
FOUND_HERE += [rewrite_with_checkpoints_of_ones_own]
FOUND_BY_THE_WITNESS = [cut_the_tail_with_its_checkpoints, wipe]


@pytest.mark.parametrize("attack", FOUND_HERE)
def test_a_bent_log_is_found_without_any_witness(attack: Attack, log: Log) -> None:
    assert log.records.verify_activity().is_ok
    with intruder(log.records) as connection:
        attack(connection)
    assert not log.records.verify_activity().is_ok


@pytest.mark.parametrize("attack", [rewrite_all, rewrite_with_checkpoints_of_ones_own])
def test_it_is_the_signature_that_finds_a_new_chain(attack: Attack, log: Log, tmp_path: Path) -> None:
    """The negative control: whoever has no key to check with believes it."""
    with intruder(log.records) as connection:
        attack(connection)
    with Records.open(tmp_path / "records.sqlite") as unsigned:
        assert unsigned.verify_activity().is_ok


@pytest.mark.parametrize("attack", FOUND_HERE + FOUND_BY_THE_WITNESS)
def test_a_bent_log_is_found_with_a_witness(attack: Attack, log: Log) -> None:
    assert log.records.verify_activity(log.witnessed()).is_ok
    with intruder(log.records) as connection:
        attack(connection)
    found = log.records.verify_activity(log.witnessed())
    assert not found.is_ok
    assert found.problem
    assert found.bad_seq is not None


@pytest.mark.parametrize("attack", FOUND_BY_THE_WITNESS)
def test_without_a_witness_a_log_that_was_cut_clean_looks_whole(attack: Attack, log: Log) -> None:
    """The negative control, and the reason why there are witnesses."""
    with intruder(log.records) as connection:
        attack(connection)
    assert log.records.verify_activity().is_ok


def put_a_line_at_the_end(connection: sqlite3.Connection) -> None:
    """As we would: with a hash and a head that fit."""
    last = dict(connection.execute("SELECT * FROM activity ORDER BY seq DESC LIMIT 1").fetchone())
    last |= {"seq": last["seq"] + 1, "sentence": "Forged."}
    connection.execute(f"INSERT INTO activity VALUES ({', '.join(f':{name}' for name in last)})", last)
    connection.execute("UPDATE activity_head SET seq = ?, hash = ?", (last["seq"], rehash(connection, last["seq"])))


def test_what_is_newer_than_the_last_head_is_not_promised(log: Log) -> None:
    """The limit, as docs/activity.md has it: the witness knows how far the log had come, and not what comes next."""
    with intruder(log.records) as connection:
        put_a_line_at_the_end(connection)
    assert log.records.verify_activity(log.witnessed()).is_ok


def test_a_checkpoint_is_due_after_a_while_or_after_many_entries(log: Log) -> None:
    before = len(log.witnessed())
    for _ in range(EVERY_ENTRIES - 1):
        log.write("At once.", after=timedelta())
    assert len(log.witnessed()) == before
    log.write("One more.", after=timedelta())
    assert len(log.witnessed()) == before + 1
    log.write("Later.", after=EVERY)
    assert len(log.witnessed()) == before + 2


def test_at_the_end_nothing_is_left_unsigned(log: Log) -> None:
    log.write("Signed.")
    log.write("Just after.", after=timedelta())
    before = log.witnessed()
    assert before[-1].seq == log.records.activity(1)[0].seq - 1
    for _ in range(2):  # the second time there is nothing left to sign
        log.records.sign_what_is_left()
        assert [head.seq for head in log.witnessed()] == [*(head.seq for head in before), before[-1].seq + 1]
    assert log.records.verify_activity(log.witnessed()).is_ok


def test_once_nothing_is_left_no_writer_is_kept_waiting(log: Log) -> None:
    log.write("Signed.")
    with log.records.begin():
        pass  # no line of the log, so nothing to sign
    log.records.sign_what_is_left()
    with closing(sqlite3.connect(log.records.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        log.records.sign_what_is_left()


def test_what_was_not_done_is_told_to_nobody(log: Log) -> None:
    before = log.witnessed()
    log.now += EVERY
    with pytest.raises(UnloggedChange), log.records.begin() as tx:
        tx.bump_version()
    assert log.witnessed() == before
    assert log.records.verify_activity(before).is_ok


def test_a_witness_that_cannot_be_reached_stops_nobody_and_is_logged(
    log: Log, caplog: pytest.LogCaptureFixture
) -> None:
    log.file.unlink()
    log.file.mkdir()
    log.write("Still done.")
    assert "was not told" in caplog.text
    assert log.records.activity(1)[0].sentence == "Still done."


def test_a_head_is_found_in_a_line_of_syslog() -> None:
    line = f"Nov 22 14:52:03 host cloutui[412]: activity head 4417 {'ab' * 32}"
    assert list(heads_in([line, "nothing here", f"x{'ab' * 32}"])) == [Head(4417, "ab" * 32)]


def test_a_witness_is_named_plainly() -> None:
    assert witness_named(None) is None
    assert witness_named("syslog") is not None
    with pytest.raises(Invalid):
        witness_named("heads.txt")
