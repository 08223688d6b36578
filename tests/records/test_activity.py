"""The log's chain: whatever is done to the file, what is left of it tells."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from cloutui.model.action_class import ActionClass
from cloutui.records.activity import START, entry_hash
from cloutui.records.store import Records
from tests.records.building import NOON, OPERATOR, a_line, a_unit, logged, opened


@pytest.fixture
def ten_lines(tmp_path: Path) -> Iterator[Records]:
    with opened(tmp_path) as records:
        for number in range(9):
            with records.begin() as tx:
                tx.append_activity(OPERATOR, a_line(f"Line {number}.", after={"number": number}))
        yield records


@contextmanager
def intruder(records: Records) -> Iterator[sqlite3.Connection]:
    """Somebody with the file and an SQLite of their own, who drops the triggers first."""
    connection = sqlite3.connect(records.path)
    connection.row_factory = sqlite3.Row
    connection.executescript("DROP TRIGGER activity_no_update; DROP TRIGGER activity_no_delete;")
    yield connection
    connection.commit()
    connection.close()


def rehash(connection: sqlite3.Connection, seq: int) -> str:
    """Give one entry the hash that fits its content, as somebody who read our code would."""
    row = dict(connection.execute("SELECT * FROM activity WHERE seq = ?", (seq,)).fetchone())
    before = connection.execute("SELECT hash FROM activity WHERE seq = ?", (seq - 1,)).fetchone()
    digest = entry_hash(before["hash"] if before else START, row)
    connection.execute("UPDATE activity SET hash = ? WHERE seq = ?", (digest, seq))
    return digest


def edit(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE activity SET sentence = 'Nothing happened.' WHERE seq = 5")


def edit_and_rehash(connection: sqlite3.Connection) -> None:
    edit(connection)
    rehash(connection, 5)


def delete_one(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM activity WHERE seq = 5")


def delete_one_and_close_the_gap(connection: sqlite3.Connection) -> None:
    delete_one(connection)
    for seq in range(6, 11):
        connection.execute("UPDATE activity SET seq = ? WHERE seq = ?", (seq - 1, seq))


def swap(connection: sqlite3.Connection) -> None:
    for old, new in ((5, 99), (6, 5), (99, 6)):
        connection.execute("UPDATE activity SET seq = ? WHERE seq = ?", (new, old))


def forge_a_tail(connection: sqlite3.Connection) -> None:
    row = dict(connection.execute("SELECT * FROM activity WHERE seq = 10").fetchone())
    row |= {"seq": 11, "sentence": "Forged."}
    marks = ", ".join(f":{name}" for name in row)
    connection.execute(f"INSERT INTO activity VALUES ({marks})", row)
    rehash(connection, 11)


def cut_the_tail(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM activity WHERE seq >= 9")


def change_who(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE activity SET actor = 'somebody else' WHERE seq = 5")


def change_the_first(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE activity SET at = '2020-01-01T00:00:00.000000Z' WHERE seq = 1")


@pytest.mark.parametrize(
    ("attack", "bad_seq"),
    [
        (edit, 5),
        (edit_and_rehash, 6),
        (delete_one, 5),
        (delete_one_and_close_the_gap, 5),
        (swap, 5),
        (forge_a_tail, 11),
        (cut_the_tail, 9),
        (change_who, 5),
        (change_the_first, 1),
    ],
)
def test_a_change_to_the_file_is_found_at_its_place(
    ten_lines: Records, attack: Callable[[sqlite3.Connection], None], bad_seq: int
) -> None:
    assert ten_lines.verify_activity().is_ok, "before the attack all is well"
    with intruder(ten_lines) as connection:
        attack(connection)
    found = ten_lines.verify_activity()
    assert (found.is_ok, found.bad_seq) == (False, bad_seq)
    assert found.problem


def test_an_intruder_who_changes_nothing_is_no_problem(ten_lines: Records) -> None:
    with intruder(ten_lines):
        pass
    assert ten_lines.verify_activity().is_ok


@pytest.mark.parametrize("statement", ["UPDATE activity SET reason = 'x'", "DELETE FROM activity WHERE seq = 10"])
def test_our_own_code_cannot_change_what_was_written(ten_lines: Records, statement: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), logged(ten_lines) as tx:
        tx.connection.execute(text(statement))
    assert ten_lines.verify_activity().entries == 10


def test_every_column_is_covered_by_the_hash(ten_lines: Records) -> None:
    with ten_lines.reading() as connection:
        rows = connection.execute(text("SELECT * FROM activity ORDER BY seq LIMIT 2")).mappings().all()
    first, entry = dict(rows[0]), dict(rows[1])
    for column in entry.keys() - {"hash"}:
        changed: Any = {**entry, column: "changed"}
        assert entry_hash(first["hash"], changed) != entry["hash"], column
    assert entry_hash(first["hash"], entry) == entry["hash"]


def test_a_line_comes_back_as_it_was_told(records: Records) -> None:
    told = a_line(
        "Assigned “Ærø \x1b[31m”.",
        action_class=ActionClass.SERVICE,
        params={"node": "Ærø \ud800", "n": 1, "flag": True, "nothing": None},
        before={"unit_ids": {"1": 2}},
        after={"list": [1, "x"]},
        reason="ticket 4417",
        target_id=7,
        intent_seq=1,
    )
    with records.begin() as tx:
        tx.append_activity(OPERATOR, told)
    (line, _) = records.activity()
    assert (line.at, line.actor, line.face, line.session_id) == (NOON, "op", "terminal", OPERATOR.session_id)
    for field in ("sentence", "action_class", "params", "before", "after", "reason", "target_id", "intent_seq"):
        assert getattr(line, field) == getattr(told, field), field
    assert records.verify_activity().is_ok


def test_the_log_is_read_newest_first_by_pages_and_by_unit(records: Records) -> None:
    unit = a_unit(records, "Fjord Retail")
    for number in range(5):
        with records.begin() as tx:
            tx.append_activity(OPERATOR, a_line(str(number), unit_id=unit if number % 2 else 1))
    assert [line.sentence for line in records.activity(2)] == ["4", "3"]
    assert [line.sentence for line in records.activity(2, before_seq=records.activity(2)[-1].seq)] == ["2", "1"]
    assert [line.sentence for line in records.activity(unit_ids=[unit])] == ["3", "1"]
    assert records.activity(unit_ids=[]) == []


WRITER = """
import sys
from pathlib import Path
from tests.records.building import OPERATOR, a_line, opened
with opened(Path(sys.argv[1])) as records:
    print("open", flush=True)
    sys.stdin.readline()
    for number in range(100):
        with records.begin() as tx:
            tx.append_activity(OPERATOR, a_line(f"{sys.argv[2]} {number}"))
"""


def test_two_processes_write_one_chain(tmp_path: Path) -> None:
    opened(tmp_path).close()
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
    for writer in writers:  # both are ready: they start together
        assert writer.stdin is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    with opened(tmp_path) as records:
        assert records.verify_activity().is_ok
        said = [line.sentence for line in reversed(records.activity(1000))][1:]
    assert sorted(said) == sorted(f"{name} {number}" for name in ("one", "two") for number in range(100))
    for name in ("one", "two"):
        mine = [sentence for sentence in said if sentence.startswith(name)]
        assert mine == [f"{name} {number}" for number in range(100)], "nobody overtakes themselves"


def test_params_are_written_in_one_spelling(records: Records) -> None:
    with records.begin() as tx:
        tx.append_activity(OPERATOR, a_line(params={"b": 1, "a": "é"}))
    with records.reading() as connection:
        stored = connection.execute(text("SELECT params FROM activity WHERE seq = 2")).scalar_one()
    assert stored == '{"a":"\\u00e9","b":1}'
    assert json.loads(stored) == {"a": "é", "b": 1}
