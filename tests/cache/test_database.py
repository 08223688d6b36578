"""The cache's file: locked down, one snapshot a reader, and no question without an end."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from cloutui.cache.database import Database, TooSlow

ENDLESS = "SELECT count(*) FROM range(100_000_000_000) AS a(x), range(1000) AS b(y) WHERE x % 7 = y % 3"


@pytest.fixture
def database() -> Iterator[Database]:
    opened = Database(None)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/hostname')",
        "SELECT * FROM '/etc/hostname'",
        "COPY (SELECT 1) TO 'out.csv'",
        "ATTACH 'other.duckdb'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET threads = 1",
    ],
)
def test_no_statement_reaches_outside_of_the_file(database: Database, sql: str) -> None:
    with database.reader() as reader, pytest.raises(duckdb.Error):
        reader.execute(sql)


def test_a_question_that_takes_too_long_is_stopped_and_the_next_one_answered(database: Database) -> None:
    with pytest.raises(TooSlow, match=r"0\.05 s") as stopped, database.reader(limit_s=0.05) as reader:
        reader.execute(ENDLESS).fetchall()
    assert stopped.value.hint
    with database.reader() as reader:
        assert reader.execute("SELECT 42").fetchone() == (42,)


def test_a_reader_sees_one_snapshot_while_the_writer_goes_on(database: Database) -> None:
    def insert(con: duckdb.DuckDBPyConnection) -> None:
        con.execute("INSERT INTO applied VALUES ('jobs', 1, 'x')")

    with database.reader() as reader:
        assert reader.execute("SELECT count(*) FROM applied").fetchone() == (0,)
        database.write(insert)
        assert reader.execute("SELECT count(*) FROM applied").fetchone() == (0,)
    with database.reader() as reader:
        assert reader.execute("SELECT count(*) FROM applied").fetchone() == (1,)


def test_readers_work_at_the_same_time(database: Database) -> None:
    def ask(number: int) -> int:
        with database.reader() as reader:
            row = reader.execute("SELECT $n + count(*) FROM applied", {"n": number}).fetchone()
            assert row is not None
            return int(row[0])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(100))) == list(range(100))


def test_a_mistake_in_a_question_leaves_the_reader_usable(database: Database) -> None:
    for _ in range(3):
        with pytest.raises(duckdb.CatalogException), database.reader() as reader:
            reader.execute("SELECT * FROM nowhere")
    with database.reader() as reader:
        assert reader.execute("SELECT 42").fetchone() == (42,)


def test_what_the_writer_raises_reaches_the_one_who_asked(database: Database) -> None:
    def work(con: duckdb.DuckDBPyConnection) -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        database.write(work)
    assert database.write(lambda con: con.execute("SELECT 42").fetchone()) == (42,)


def test_a_new_file_is_said_to_be_new_and_an_old_one_is_not(tmp_path: Path) -> None:
    path = tmp_path / "cache.duckdb"
    for is_new in (True, False):
        opened = Database(path)
        assert opened.is_new == is_new
        opened.close()
