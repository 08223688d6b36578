"""Opening the records: made once, private, migrated in one step, and explained when they cannot be read."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import delete, select, text

from cloutui.errors import Broken, Busy, NotFound
from cloutui.records import activity, daily_tables, engine, migrations, schema
from cloutui.records.store import Records
from tests.records.building import NOON, OPERATOR, a_line, a_rule, a_server, a_unit, facts, insert_row, logged, opened
from tests.rounds import rounds


def test_new_records_have_one_unit_and_one_line(records: Records) -> None:
    dimensions = records.dimensions()
    assert [(unit.name, unit.lo, unit.hi, unit.parent_id) for unit in dimensions.units] == [
        ("Nordhavn Backup", 0, 1, None)
    ]
    assert [line.action for line in records.activity()] == ["records.create"]
    assert records.verify_activity().is_ok


def test_records_are_the_owners_alone(records: Records) -> None:
    a_unit(records, "Fjord Retail")
    for file in records.path.parent.glob("records.sqlite*"):
        assert file.stat().st_mode & 0o077 == 0, file.name


def test_what_was_recorded_is_there_after_reopening(tmp_path: Path) -> None:
    with opened(tmp_path) as records:
        server_id = a_server(records)
        records.register_data_sources(server_id, facts("ACME-SQL01"), NOON)
        before = records.dimensions()
    with opened(tmp_path) as records:
        assert records.dimensions() == before
        assert records.server("spa01").server_id == server_id
        assert records.verify_activity().is_ok


def test_every_commit_is_on_disk_before_it_is_acknowledged(records: Records) -> None:
    with records.reading() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2  # FULL
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


def test_the_migrations_make_exactly_the_tables_of_the_schema(records: Records) -> None:
    assert daily_tables.comment.metadata is schema.metadata  # so that all tables are known
    with records.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_a_table_without_a_migration_would_be_noticed(records: Records) -> None:
    with records.reading() as connection:
        missing = schema.metadata.tables.keys() - {"setting"}
        without = type(schema.metadata)()
        for name in missing:
            schema.metadata.tables[name].to_metadata(without)
        assert compare_metadata(MigrationContext.configure(connection), without)


def test_the_named_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == migrations.HEAD


def test_records_that_are_up_to_date_open_at_a_glance_and_are_loaded_without_alembic(tmp_path: Path) -> None:
    opened(tmp_path).close()
    program = (
        "import sys; from pathlib import Path; import cloutui.model.principal, cloutui.records.rows, cloutui.actions;"
        "assert 'sqlalchemy' not in sys.modules, 'the model loads sqlalchemy';"
        "from cloutui.records.store import Records; Records.open(Path(sys.argv[1]) / 'records.sqlite').close();"
        "assert 'sqlalchemy' not in sys.modules, 'a glance is enough';"
        "records = Records.open(Path(sys.argv[1]) / 'records.sqlite'); records.load(); records.close();"
        "assert 'sqlalchemy' in sys.modules and 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, timeout=30)


def test_a_failure_in_the_middle_of_making_records_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(activity, "begin_chain", lambda _: (_ for _ in ()).throw(ZeroDivisionError))
        with pytest.raises(ZeroDivisionError):
            opened(tmp_path)
    connection = sqlite3.connect(tmp_path / "records.sqlite")
    assert connection.execute("SELECT * FROM sqlite_master").fetchall() == []
    connection.close()
    with opened(tmp_path) as records:
        assert records.verify_activity().is_ok


def test_several_who_open_new_records_at_once_make_them_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda _: opened(tmp_path), range(6)))
    assert {len(records.activity()) for records in together} == {1}
    for records in together:
        records.close()


@pytest.mark.parametrize("content", [b"garbage" * 1000, b"SQLite format 3\0" + b"\0" * 5000])
def test_a_file_that_is_no_database_is_explained(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "records.sqlite").write_bytes(content)
    with pytest.raises(Broken, match=r"records\.sqlite cannot be used") as broken:
        opened(tmp_path)
    assert broken.value.hint
    assert (tmp_path / "records.sqlite").read_bytes() == content


def test_a_folder_in_place_of_the_file_is_explained(tmp_path: Path) -> None:
    (tmp_path / "records.sqlite").mkdir()
    with pytest.raises(Broken, match="cannot be opened"):
        opened(tmp_path)


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "records.sqlite")
    connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    with pytest.raises(Broken, match="not records of cloutui"):
        opened(tmp_path)


def test_records_of_a_newer_release_are_not_touched(tmp_path: Path) -> None:
    opened(tmp_path).close()
    connection = sqlite3.connect(tmp_path / "records.sqlite")
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(Broken, match="newer release"):
        opened(tmp_path)


def test_records_that_lost_their_pages_are_explained(tmp_path: Path) -> None:
    opened(tmp_path).close()
    file = tmp_path / "records.sqlite"
    file.write_bytes(file.read_bytes()[: 4096 * 3])
    with pytest.raises(Broken):
        opened(tmp_path)


def test_a_writer_that_waited_too_long_says_who_is_in_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_S", 0.05)
    with opened(tmp_path) as records:
        other = sqlite3.connect(records.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy, match="open in another process"), logged(records):
            pass
        assert records.version() == 1, "readers never wait for a writer"
        other.execute("ROLLBACK")
        other.close()
        a_unit(records, "Fjord Retail")


def test_threads_take_turns_and_readers_see_whole_transactions(records: Records) -> None:
    def write(number: int) -> None:
        with logged(records) as tx:
            for half in "ab":
                tx.connection.execute(schema.unit.insert().values(name=f"{number}{half}", parent_id=1, created_at=NOON))

    def read(_: int) -> int:
        return len(records.dimensions().units) - 1

    with ThreadPoolExecutor(8) as pool:
        writes = [pool.submit(write, number) for number in range(20)]
        assert all(count % 2 == 0 for count in pool.map(read, range(40)))
        for done in writes:
            done.result()
    assert read(0) == 40
    assert records.verify_activity().entries == 21


@pytest.mark.parametrize("table", [schema.unit, schema.server, schema.assignment_rule])
def test_an_id_is_never_given_twice(records: Records, table: object) -> None:
    make = {schema.unit: a_unit, schema.server: a_server}.get(table, lambda r, _: a_rule(r, 1))
    first = make(records, "one")
    with logged(records) as tx:
        (key,) = table.primary_key  # type: ignore[attr-defined]
        tx.connection.execute(delete(table).where(key == first))
    assert make(records, "two") > first


def test_a_removed_server_is_no_longer_found(records: Records) -> None:
    server_id = a_server(records)
    with logged(records) as tx:
        tx.connection.execute(schema.server.update().values(removed_at=NOON))
    assert records.servers() == []
    assert [server.server_id for server in records.servers(removed=True)] == [server_id]
    assert [server.is_removed for server in records.dimensions().servers] == [True]
    with pytest.raises(NotFound):
        records.server("SPA01")
    assert a_server(records, "SPA01") > server_id, "its name is free again, its number is not"


def test_units_clocks_descend_and_change_by_the_day(records: Records) -> None:
    retail = a_unit(records, "Fjord Retail")
    acme = a_unit(records, "Acme ApS", retail)
    day = NOON.date()
    insert_row(records, schema.unit_setting, unit_id=retail, key="time_zone", value="Europe/Oslo")
    insert_row(records, schema.unit_setting, unit_id=acme, key="backup_day_start", value="06:00", valid_from=day)
    clocks = [tuple(clock) for clock in records.dimensions().unit_clocks]
    assert clocks == [
        (1, None, None, "UTC", 0),
        (retail, None, None, "Europe/Oslo", 0),
        (acme, None, day, "Europe/Oslo", 0),
        (acme, day, None, "Europe/Oslo", 21_600),
    ]


def test_many_data_sources_are_taken_in_and_read_in_seconds(records: Records) -> None:
    many = rounds(20_000, soak=100_000)
    server_id, retail = a_server(records), a_unit(records, "Fjord Retail")
    a_rule(records, retail, name="N*7")
    reported = facts(*(f"N{number}" for number in range(many)), domain="PD_WIN")
    started = time.process_time()
    assert records.register_data_sources(server_id, reported, NOON) == many
    taken_in = time.process_time()
    dimensions = records.dimensions()
    read = time.process_time()
    assert records.register_data_sources(server_id, reported, NOON) == 0
    known = time.process_time()
    assert len(dimensions.data_sources) == many
    assert len(dimensions.assignments) == many / 10
    # Generous, for a busy machine: a hundred thousand usually take 2.5, 0.3 and 0.4 seconds.
    assert taken_in - started < 8
    assert read - taken_in < 1
    assert known - read < 1.5


def test_an_older_version_of_the_dimensions_is_told_from_a_newer(records: Records) -> None:
    version = records.version()
    with records.begin() as tx:
        tx.bump_version()
        tx.append_activity(OPERATOR, a_line())
    assert records.version() == records.dimensions().version == version + 1
    with records.reading() as connection:
        assert connection.execute(select(schema.state.c.name)).scalars().all() == [schema.DIMENSIONS]
